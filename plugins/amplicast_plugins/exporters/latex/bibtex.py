"""BibTeX of every source of a forecast, of the software and of the run itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from amplicast_plugins.exporters.latex.escape import escaped, key

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument
    from amplicast.report.registers import SourceRow

__all__ = ["cite", "write"]


def write(document: ForecastDocument) -> str:
    """Entries by key; the stamp of a run whose checks failed leads the file and its own entry."""
    entries = _sources(document.sources)
    for one in document.software:
        plugins = f"Plugins: {', '.join(one.plugins)}" if one.plugins else ""
        fields = {
            "title": escaped(one.name),
            "version": escaped(one.version),
            "year": document.created[:4],
            "note": escaped(plugins),
        }
        _add(entries, "software", f"{key(one.name)}-{key(one.version)}", fields)
    digest = document.forecast.provenance["scenario_digest"]
    fields = {
        "title": escaped(f"{document.scenario}: amplicast forecast, run {document.run}"),
        "author": escaped(document.forecast.scenario.author),
        "year": document.created[:4],
        "date": document.created[:10],
        "note": escaped(f"{document.stamp + '. ' if document.stamp else ''}Scenario {digest}"),
    }
    _add(entries, "misc", f"amplicast-run-{key(document.run)}", fields)
    head = f"% amplicast run {document.run}\n"
    if document.stamp:
        head += f"% {escaped(document.stamp)}\n"
    return head + "\n" + "\n".join(entries.values())


def cite(sources: Sequence[SourceRow]) -> str:
    """Entries of sources alone, by key."""
    return "\n".join(_sources(sources).values())


def _sources(sources: Sequence[SourceRow]) -> dict[str, str]:
    entries: dict[str, str] = {}
    for source in sources:
        grade = f"Grade {source.grade}. " if source.grade else ""
        fields = {
            "title": escaped(source.title),
            "year": str(source.year or ""),
            "url": _url(source.url),
            "urldate": escaped(source.accessed),
            "note": escaped(f"{grade}Used by {source.used_by}"),
        }
        _add(entries, "misc", key(source.key), fields)
    return entries


def _add(entries: dict[str, str], kind: str, name: str, fields: Mapping[str, str]) -> None:
    """Add one entry under a key of its own."""
    number, unique = 2, name
    while unique in entries:
        unique, number = f"{name}-{number}", number + 1
    filled = {field: text for field, text in fields.items() if text}
    # Doubled braces keep the capitals of titles, and names of bodies in one piece.
    double = {"title", "author"}
    lines = [
        f"  {field} = {'{{' + text + '}}' if field in double else '{' + text + '}'},"
        for field, text in filled.items()
    ]
    entries[unique] = "\n".join([f"@{kind}{{{unique},", *lines, "}", ""])


def _url(url: str) -> str:
    """An address in which nothing is left that BibTeX or LaTeX would act upon."""
    return (
        quote(url, safe=":/?=&;,+@!'()*~.-_[]%").replace("%", r"\%").replace("&", r"\&")
        if (url)
        else ""
    )
