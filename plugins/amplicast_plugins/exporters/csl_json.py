"""CSL-JSON of every source, of the software and of the run, for reference managers and pandoc."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from amplicast import Exporter, Source, hookimpl

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument
    from amplicast.report.registers import SourceRow


def write(document: ForecastDocument) -> str:
    """A list of items; that of a run whose checks failed says so."""
    return _text(_items(document))


def cite(sources: Sequence[SourceRow]) -> str:
    """Items of sources alone."""
    return _text(_sources(sources))


def _text(items: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(items), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _sources(sources: Sequence[SourceRow]) -> Iterator[dict[str, Any]]:
    for source in sources:
        grade = f"Grade {source.grade}. " if source.grade else ""
        item: dict[str, Any] = {
            "id": source.key,
            "type": "webpage" if source.url else "document",
            "title": source.title,
            "URL": source.url,
            "issued": _date(str(source.year or "")),
            "accessed": _date(source.accessed),
            "note": f"{grade}Used by {source.used_by}",
        }
        yield {name: value for name, value in item.items() if value}


def _items(document: ForecastDocument) -> Iterator[dict[str, Any]]:
    yield from _sources(document.sources)
    for one in document.software:
        item: dict[str, Any] = {
            "id": f"{one.name}-{one.version}",
            "type": "software",
            "title": one.name,
            "version": one.version,
            "issued": _date(document.created[:4]),
            "note": f"Plugins: {', '.join(one.plugins)}" if one.plugins else "",
        }
        yield {name: value for name, value in item.items() if value}
    stamp = f"{document.stamp}. " if document.stamp else ""
    author = document.forecast.scenario.author
    item = {
        "id": f"amplicast-run-{document.run}",
        "type": "dataset",
        "title": f"{document.scenario}: amplicast forecast, run {document.run}",
        "author": [{"literal": author}] if author else [],
        "issued": _date(document.created[:10]),
        "note": f"{stamp}Scenario {document.forecast.provenance['scenario_digest']}",
    }
    yield {name: value for name, value in item.items() if value}


def _date(text: str) -> dict[str, Any]:
    """A year, a month or a day; nothing where it is none."""
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        return {}
    return {"date-parts": [[int(part) for part in text.split("-")]]}


CSL = Exporter(
    id="csl-json",
    summary="CSL-JSON of every source, of the software and of the run.",
    write=write,
    cite=cite,
    suffix=".csl.json",
    reads="document",
    sources=(
        Source(
            key="csl",
            title="Citation Style Language, CSL-JSON",
            url="https://citationstyles.org",
            grade="A",
        ),
    ),
    limits="Authors stand in the titles, as the sources are recorded.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute CSL-JSON."""
    return [CSL]
