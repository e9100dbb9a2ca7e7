"""Amplified or many: what copies cost in amplification, at the same compute (F9)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from amplicast.analysis.amplified import copies_at_gain
from amplicast.report.charts.axes import log_ends
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.frontier_panel import REACHED, Curve, draw_frontier
from amplicast.report.charts.picture import Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, Place, opening, place_of
from amplicast.report.words import count, percent

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["frontier"]

STEP = 0.05
"""Distance of the gains at which the frontier is drawn [OOM]."""

DECADES = 7.0
"""Powers of ten of copies that are shown, from the top."""


def frontier(
    forecast: Forecast,
    *,
    scenario: str | None = None,
    actor: str | None = None,
    task_class: str | None = None,
    year: int | None = None,
) -> Picture:
    """How many copies can each be amplified how far; a panel per task class, or by year for one.

    Raises
    ------
    ScenarioError
        The run has no such scenario, pool, task class or year.
    """
    names = {"scenario": scenario, "actor": actor}
    place = place_of(forecast, **names, task_class=task_class, year=year)
    years = place.years
    if task_class and year is None:
        chosen = dict.fromkeys((years[0], years[len(years) // 2], years[-1]))
        places = [place_of(forecast, **names, task_class=task_class, year=each) for each in chosen]
    else:
        classes = (task_class,) if task_class else forecast.plan.task_classes
        places = [place_of(forecast, **names, task_class=c, year=year) for c in classes]
    curves = [_curve(each) for each in places]
    by_year = len({curve.place.year for curve in curves}) > 1
    shown = [v for curve in curves for q in ("p17", "p95") for v in curve.bands[q] if v >= 1.0]
    low, high = log_ends(shown)
    ends = (max(low, high - DECADES), high)
    widest = max(curve.gains[-1] for curve in curves)
    panels = tuple(
        Panel(
            partial(draw_frontier, curve, ends, widest),
            (str(curve.place.year) if by_year else f"{opening(curve.place.task_class)} tasks",)
            if len(curves) > 1
            else (),
        )
        for curve in curves
    )
    single = len(panels) == 1
    when = f"{years[0]} to {years[-1]}" if by_year else f"end of {place.year}"
    tasks = f", {task_class} tasks" if task_class else ""
    return Picture(
        name="frontier",
        title=f"Amplified or many: {place.pool}{tasks}, {when}",
        subtitle=(
            f"{place.story}; copies that run at the same time if each is amplified so far over",
            "the deployed model, in orders of magnitude (OOM) of training compute",
        ),
        panels=panels,
        columns=len(panels), width=520 if single else 290, height=300 if single else 260,
        caption=caption(
            forecast,
            what=f"Copies that the inference compute of the pool {place.pool!r} runs if each copy "
            f"spends enough to be amplified over the deployed model, {when}{tasks}",
            where=f"{place.story} scenario; {place.copy}",
            meaning="Every point of a curve uses all of the compute: more amplification means "
            "fewer copies. Line: median; dark band: 66 % (likely) interval; light band: 90 % "
            "(very likely). A band or line ends where so many draws cannot be amplified so "
            "far. At 0 a copy is as good as the deployed model, which already thinks; copies "
            f"that give bare answers: {count(_bare(place))} in {place.year} (median). "
            f"{_costs(curves, by_year)}",
        ),
        alt=alt_text(
            f"Frontier of copies against amplification, {place.pool}, {when}, log axis.",
            *(_alt(curve, by_year) for curve in curves),
        ),
        values=Values(
            (
                "task class", "year", "amplification [OOM]", *(f"{q} [copies]" for q in LEVELS),
                "reached",
            ),
            tuple(
                (
                    curve.place.task_class, curve.place.year, gain,
                    *(curve.bands[q][i] for q in LEVELS), curve.reached[i],
                )
                for curve in curves
                for i, gain in enumerate(curve.gains)
            ),
        ),
    )  # fmt: skip


def _curve(place: Place) -> Curve:
    import numpy

    copies = place.draws("frontier_copies", year=place.year).transpose("draw", "frontier_spend")
    gain = place.draws("frontier_gain", year=place.year).transpose("draw", "frontier_spend")
    most = float(numpy.quantile(gain.max("frontier_spend").values, 1.0 - REACHED))
    gains = tuple(round(i * STEP, 2) for i in range(max(int(most / STEP + 1e-9), 10) + 2))
    found = copies_at_gain(copies.values, gain.values, gains)
    bands = {
        name: [float(v) for v in numpy.quantile(found, p, axis=0)] for name, p in LEVELS.items()
    }
    one = copies_at_gain(copies.values, gain.values, (0.0, 1.0))
    both = one[(one > 0.0).all(axis=1)]
    cost = float(numpy.median(numpy.log10(both[:, 0] / both[:, 1]))) if len(both) else float("nan")
    able = copies.values[:, 0] > 0.0
    reached = (
        [float(v) for v in (found[able] > 0.0).mean(axis=0)] if able.any() else [0.0] * len(gains)
    )
    return Curve(place, gains, bands, reached, cost)


def _bare(place: Place) -> float:
    """Median number of copies that spend nothing on amplification."""
    return float(place.draws("copies").sel(year=place.year).median())


def _label(curve: Curve, by_year: bool) -> str:
    return str(curve.place.year) if by_year else curve.place.task_class


def _costs(curves: Sequence[Curve], by_year: bool) -> str:
    """What the first OOM costs, in a sentence per curve."""
    told = []
    for curve in curves:
        chance = curve.reach(1.0)
        if chance < REACHED:
            told.append(f"{_label(curve, by_year)}: 1 OOM out of reach")
            continue
        told.append(
            f"{_label(curve, by_year)}: 1 OOM divides copies by {count(10.0**curve.cost)} "
            f"where it can be had ({percent(chance)} of draws)"
        )
    return f"Price of amplification (the median of the draws' own): {'; '.join(told)}."


def _alt(curve: Curve, by_year: bool) -> str:
    many = count(curve.bands["p50"][0])
    far = curve.gains.index(1.0) if 1.0 in curve.gains else None
    few = curve.bands["p50"][far] if far is not None else 0.0
    then = f"{count(few)} with 1 OOM more" if few >= 1.0 else "none with 1 OOM more"
    return f"{opening(_label(curve, by_year))}: {many} like the deployed model, {then}."
