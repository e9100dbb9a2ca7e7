"""Rows of evidence as pictures tell them: their unit, their sources with grades, and a calibration.

Evidence is compared on the scale of its likelihood, which is not the same for all: shares of
successes, natural logs, or the value itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import log
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, ScenarioError
from amplicast.report.charts.place import place_of, quantiles, spoken
from amplicast.report.prose import counted

if TYPE_CHECKING:
    from amplicast.concepts import Evidence, Plugin
    from amplicast.forecast import Forecast

__all__ = ["Unit", "calibration_of", "grade_of", "heading", "shortened", "unit_of_rows"]

MOST_LETTERS = 34
"""Of the name of a source; some are sentences."""

LETTERS = 84
"""Of a line below the title of a panel."""


@dataclass(frozen=True)
class Unit:
    """How rows of one evidence are told.

    Attributes
    ----------
    name : str
        ``fraction``, ``OOM``, or empty for a value in the table's own unit.
    title : str
        Of the axis.
    step : float
        What a number on the family's scale is multiplied by.
    """

    name: str
    title: str
    step: float = 1.0


def heading(evidence: Evidence, rows: int) -> tuple[str, ...]:
    """Title of a panel: which evidence, how many rows, and what they teach."""
    first = evidence.informs.partition(". ")[0].rstrip(".")
    return f"{spoken(evidence.id)}: {counted(rows, 'row')}", *wrap(first, LETTERS)


def unit_of_rows(evidence: Evidence, scale: str) -> Unit:
    """How the rows of an evidence are told, whose likelihood works on `scale`."""
    column = evidence.family.value
    if scale == "share":
        return Unit("fraction", "share of successes")
    if scale == "log":
        return Unit("OOM", "OOM (log10 of the value)", 1.0 / log(10.0))
    if column.startswith("log10_"):
        what = column.removeprefix("log10_").replace("_", " ").replace(" per s", "/s")
        return Unit("OOM", f"OOM (log10 of {what.replace('flop', 'FLOP')})")
    return Unit("", "value, in the unit of the table")


def shortened(source: str) -> str:
    """The name of a source, cut where it is a sentence."""
    return source if len(source) <= MOST_LETTERS else f"{source[: MOST_LETTERS - 1].rstrip()}…"


def grade_of(evidence: Evidence, source: str) -> str:
    """Grade of a source: A direct measurement, B derived, C argument, D judgement.

    Where rows do not name one of the evidence's sources, the weakest grade of all of them.
    """
    known = {each.key: each.grade for each in evidence.sources}
    return known.get(source) or max(known.values(), default="")


def _leading(forecast: Forecast, calibrated: Sequence[str]) -> str:
    """The calibrated technique that brings most gain at the usual place; else the first."""
    place = place_of(forecast)
    values = forecast.output("contribution", place.scenario)
    here = values.sel(actor=place.actor, regime=place.regime, year=place.year)
    best = quantiles(here).sel(quantile="p50").transpose("technique", ...)
    order = sorted(
        (-float(one.max()), str(name))
        for name, one in zip(best["technique"].values, best, strict=True)
        if str(name) in calibrated
    )
    return order[0][1] if order else sorted(calibrated)[0]


def calibration_of(forecast: Forecast, kept: dict[str, Any], plugin: str | None) -> Plugin:
    """The named calibration of the run, or the technique that brings most.

    Raises
    ------
    ScenarioError
        The run calibrated no such plugin.
    """
    if not kept or (plugin is not None and plugin not in kept):
        near = get_close_matches(plugin or "", kept, n=1) or sorted(kept)[:1]
        raise ScenarioError(
            Problem(
                code="AMP-P109",
                what=f"this run has no calibration {plugin!r}"
                if kept
                else "nothing was calibrated",
                why=f"It calibrated: {', '.join(kept) or 'nothing'}.",
                fix=f"--plugin {near[0]}" if near else "choose plugins with evidence",
            )
        )
    name = plugin or _leading(forecast, list(kept))
    return next(each for each in forecast.plan.plugins if each.id == name)
