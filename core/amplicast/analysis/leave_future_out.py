"""Leave the future out: what each date's evidence foresaw of the next, by fits to the past alone.

Rows of a trend cannot be left out one by one, since later ones tell of them; so the evidence is cut
at its latest dates in turn, fitted anew to what was before (Bürkner, Gabry & Vehtari 2020), and the
next date is scored as a hindcast is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from amplicast.analysis.dated import dates_of, has_dates, is_dated
from amplicast.analysis.hindcast import Foreseen, hindcasts
from amplicast.engine.latents import rows_of

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.calibrate import SamplerSettings
    from amplicast.engine.execute import Where
    from amplicast.engine.progress import Progress

__all__ = ["STEPS", "LeftFutureOut", "cutoffs_of", "leave_future_out"]

STEPS = 3
"""Latest dates that are foreseen in turn, each by a fit of its own."""

FEWEST = 3
"""Dated rows that a fit must have seen."""


@dataclass(frozen=True, kw_only=True)
class LeftFutureOut:
    """The next date of every evidence, as each date before it foresaw it.

    Attributes
    ----------
    steps : int
    figures : tuple of Foreseen
        Rows of the first date after a cutoff.
    scales : Mapping[tuple of str, str]
        By plugin and evidence: ``value``, ``log`` (natural) or ``share``.
    short : tuple of str
        Plugins with too few dates for any step.
    failed : tuple of str
        Fits that did not pass the gate, ``plugin until date``.
    """

    steps: int
    figures: tuple[Foreseen, ...]
    scales: Mapping[tuple[str, str], str]
    short: tuple[str, ...]
    failed: tuple[str, ...]


def cutoffs_of(plugin: Plugin, steps: int = STEPS) -> tuple[date, ...]:
    """The last dates of a plugin's evidence but one, each with enough rows up to it."""
    tables = rows_of(plugin)
    days = sorted(
        day
        for evidence in plugin.evidence
        if is_dated(evidence)
        for day in dates_of(plugin, evidence, tables[evidence.id])
    )
    found = sorted(set(days))[:-1]
    return tuple(day for day in found if sum(d <= day for d in days) >= FEWEST)[-steps:]


def leave_future_out(
    plugins: Iterable[Plugin],
    *,
    steps: int = STEPS,
    settings: SamplerSettings | None = None,
    progress: Progress | None = None,
    where: Where | None = None,
) -> LeftFutureOut:
    """Foresee each of the latest dates of each plugin's evidence from what was before it.

    Parameters
    ----------
    plugins : iterable of Plugin
        Those without dated evidence are passed over.
    steps : int
        Fits per plugin at the most.
    settings, progress, where
        See `amplicast.engine.calibrate.calibrate`.
    """
    dated = [(plugin, cutoffs_of(plugin, steps)) for plugin in plugins if has_dates(plugin)]
    asked = [([plugin], cutoff) for plugin, cutoffs in dated for cutoff in cutoffs]
    figures: list[Foreseen] = []
    scales: dict[tuple[str, str], str] = {}
    failed = []
    for found in hindcasts(asked, settings=settings, progress=progress, where=where):
        rows = [figure for figure in found.figures if figure.kind == "row"]
        following = min((figure.when for figure in rows), default=None)
        figures += [figure for figure in rows if figure.when == following]
        scales |= found.scales
        failed += [f"{id_} until {found.cutoff}" for id_ in found.failed]
    return LeftFutureOut(
        steps=steps,
        figures=tuple(figures),
        scales=scales,
        short=tuple(plugin.id for plugin, cutoffs in dated if not cutoffs),
        failed=tuple(failed),
    )
