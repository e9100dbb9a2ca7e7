"""Dated evidence: which plugins have it, and what of it was there on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from amplicast.analysis.fewer_rows import with_rows
from amplicast.engine.latents import place, rows_of

if TYPE_CHECKING:
    from amplicast.concepts import Evidence, Plugin
    from amplicast.engine.rows import Rows
    from amplicast.registry import Registry

__all__ = ["Frozen", "dated_plugins", "dates_of", "frozen_at", "has_dates", "is_dated"]


def is_dated(evidence: Evidence) -> bool:
    """Whether rows have dates and series, so that later ones can be held back."""
    return bool(evidence.series)


def has_dates(plugin: Plugin) -> bool:
    """Whether some of a plugin's evidence can be held back by date."""
    return any(is_dated(evidence) for evidence in plugin.evidence)


def dated_plugins(registry: Registry) -> dict[str, Plugin]:
    """Every installed plugin of which a hindcast can be made, by id, sorted."""
    kinds = (registry.supply, registry.demand, registry.models, registry.serving)
    found = {id_: plugin for kind in kinds for id_, plugin in kind.items() if has_dates(plugin)}
    return dict(sorted(found.items()))


def dates_of(plugin: Plugin, evidence: Evidence, rows: Rows) -> list[date]:
    """Date of each row."""
    return [date.fromisoformat(text) for text in rows.text("date", place(plugin, evidence))]


@dataclass(frozen=True)
class Frozen:
    """Plugins with the rows up to a cutoff alone, and why evidence stays out."""

    cutoff: date
    known: Mapping[str, Plugin]
    early: Mapping[str, Plugin]
    left_out: dict[tuple[str, str], str]


def frozen_at(plugins: Iterable[Plugin], cutoff: date, folder: Path) -> Frozen:
    """Plugins as they would have been on a day; their tables are written to a folder."""
    known = {p.id: p for p in plugins if has_dates(p)}
    left_out: dict[tuple[str, str], str] = {}
    early = {}
    for id_ in sorted(known):
        kept = _early_rows(known[id_], cutoff, left_out)
        if any((id_, evidence.id) not in left_out for evidence in known[id_].evidence):
            name = f"{id_}-until-{cutoff.isoformat()}"
            early[id_] = with_rows(known[id_], kept, id_=name, folder=folder)
    return Frozen(cutoff, known, early, left_out)


def _early_rows(
    plugin: Plugin, cutoff: date, left_out: dict[tuple[str, str], str]
) -> dict[str, list[bool]]:
    rows, kept = rows_of(plugin), {}
    for evidence in plugin.evidence:
        table = rows[evidence.id]
        where = (plugin.id, evidence.id)
        if not is_dated(evidence):
            kept[evidence.id] = [False] * len(table.labels)
            left_out[where] = "its rows have no dates"
            continue
        kept[evidence.id] = [day <= cutoff for day in dates_of(plugin, evidence, table)]
        if all(kept[evidence.id]):
            left_out[where] = "nothing came later"
        elif not any(kept[evidence.id]):
            left_out[where] = "there was no evidence yet"
    return kept
