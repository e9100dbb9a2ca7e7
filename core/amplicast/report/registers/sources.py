"""All sources of a forecast: of its plugins, their evidence and devices, and of its assumptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amplicast.report.registers.columns import Register, column

if TYPE_CHECKING:
    from amplicast.concepts import Plugin, Source
    from amplicast.forecast import Forecast
    from amplicast.registry import Registry

__all__ = ["Software", "SourceRow", "software", "source_register", "source_row", "source_rows"]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")

JUDGEMENT = "judgement"


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """One source.

    Attributes
    ----------
    key, title, url, accessed, grade : str
    year : int or None
        As its title or its key says.
    used_by : str
        Plugins and assumptions that name it.
    """

    key: str = column("Citation key.")
    title: str = column("What it is.")
    year: int | None = column("Year, as its title or key says.", unit="year")
    url: str = column("Where it is.")
    accessed: str = column("When it was read.")
    grade: str = column("A direct measurement, B derived, C argument, D judgement.")
    used_by: str = column("Plugins and assumptions that name it.")


@dataclass(frozen=True, kw_only=True)
class Software:
    """A distribution that the forecast was made with.

    Attributes
    ----------
    name, version : str
    plugins : tuple of str
        Ids of the plugins in use that it ships.
    """

    name: str
    version: str
    plugins: tuple[str, ...] = ()


def source_rows(forecast: Forecast, registry: Registry) -> tuple[SourceRow, ...]:
    """Every source that the forecast names, by key; judgement is none."""
    plugins: tuple[Plugin, ...] = (*forecast.plan.plugins, *forecast.plan.hardware)
    users: dict[str, set[str]] = {}
    known: dict[str, Source] = {}
    for plugin in plugins:
        for source in _sources(plugin):
            known.setdefault(source.key, source)
            users.setdefault(source.key, set()).add(plugin.id)
        for name, prior in plugin.priors.items():
            users.setdefault(prior.source, set()).add(f"{plugin.id}.{name}")
    used = set(forecast.inputs())
    for name, assumption in forecast.scenario.assumptions.items():
        if name in used:
            users.setdefault(assumption.source, set()).add(name)
    for plugin in _every(registry):  # a scenario may cite what another plugin records
        for source in _sources(plugin):
            known.setdefault(source.key, source)
    return tuple(
        source_row(key, known.get(key), sorted(users[key]))
        for key in sorted(users)
        if key and key != JUDGEMENT
    )


def _sources(plugin: Plugin) -> Iterator[Source]:
    yield from plugin.sources
    for one in plugin.evidence:
        yield from one.sources


def _every(registry: Registry) -> Iterator[Plugin]:
    from amplicast.registry import KINDS

    for kind in KINDS:
        yield from getattr(registry, kind).values()


def source_row(key: str, source: Source | None, users: Iterable[str]) -> SourceRow:
    """One source as a row; where nothing is recorded of it, the key stands for the title."""
    title = source.title if source else key
    years = _YEAR.findall(title) or _YEAR.findall(key)
    return SourceRow(
        key=key,
        title=title,
        year=int(years[0]) if years else None,
        url=source.url if source else "",
        accessed=source.accessed if source else "",
        grade=source.grade if source else "",
        used_by=", ".join(users),
    )


def software(forecast: Forecast, registry: Registry) -> tuple[Software, ...]:
    """Amplicast itself, then every other distribution that ships a plugin in use, by name."""
    record = forecast.provenance
    used = set(record["plugins"])
    shipped: dict[tuple[str, str], set[str]] = {}
    for row in registry.rows():
        ids = {id_ for group in row.adds.values() for id_ in group} & used
        if ids:
            shipped.setdefault((row.distribution, row.version), set()).update(ids)
    own = "amplicast"
    version = record["versions"][own]
    ours = shipped.pop((own, version), set())
    others = sorted(shipped.items())
    return (
        Software(name=own, version=version, plugins=tuple(sorted(ours))),
        *(Software(name=n, version=v, plugins=tuple(sorted(ids))) for (n, v), ids in others),
    )


def source_register(rows: Sequence[SourceRow]) -> Register:
    """The rows as a table."""
    about = "Every source that a plugin in use or an assumption names. Grades as in the evidence."
    return Register.of("sources", "Sources", about, SourceRow, rows)
