"""The two headlines by year: amplification (F1) and AI copies (F2)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import log10
from typing import TYPE_CHECKING, Any

from amplicast.report.charts.axes import log_axis, log_ends, nice_ends, oom_axis, year_axis
from amplicast.report.charts.captions import BANDS, alt_text, caption, last_data
from amplicast.report.charts.fan import Fan, Reference, draw_fan
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, Place, opening, place_of, quantiles
from amplicast.report.charts.style import BLUE, ORANGE
from amplicast.report.words import count, gain, interval, oom, percent

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["amplification", "amplification_fan", "copies", "copies_fan", "references"]

OFTEN = 0.95
"""Chance that the copies can be run from which the title need not speak of it [fraction]."""


def references() -> list[Reference]:
    """One million, and as many as there are people."""
    from amplicast.analysis.copies import MILLION, PEOPLE

    return [
        Reference(log10(MILLION), "1 million"),
        Reference(log10(PEOPLE), "world population"),
    ]


def copies(forecast: Forecast, *, scenario: str | None = None, actor: str | None = None) -> Picture:
    """How many AI copies could run, by year.

    Raises
    ------
    ScenarioError
        The run has no such scenario or pool.
    """
    place = place_of(forecast, scenario=scenario, actor=actor)
    found = quantiles(place.draws("copies"))
    ends = log_ends([float(each) for each in found.values.ravel()])
    q = {name: float(found.sel(quantile=name)[-1]) for name in LEVELS}
    first, last = place.years[0], place.years[-1]
    fan = copies_fan(place, found, ends)
    draw = partial(_copies_panel, fan)
    start = float(found.sel(quantile="p50")[0])
    return Picture(
        name="copies",
        title=f"AI copies that can run: {place.pool}",
        subtitle=(f"{place.story}; ends of years; {place.copy}",),
        panels=(Panel(draw),),
        columns=1, width=520, height=300,
        caption=caption(
            forecast,
            what=f"AI copies that can run at the same time on the inference compute of the pool "
            f"{place.pool!r}, from {first} to {last}",
            where=f"{place.story} scenario; {place.copy}",
            meaning=f"{BANDS} In {last} the median is {count(q['p50'])}; 66 %: "
            f"{interval(q['p17'], q['p83'], 'copies')}; 90 %: "
            f"{interval(q['p05'], q['p95'], 'copies')}.",
        ),
        alt=alt_text(
            f"Fan chart, {first} to {last}, log axis. Median number of AI copies, {place.pool}, "
            f"goes from {count(start)} to {count(q['p50'])}.",
            f"In {last} the 90 percent interval runs from {count(q['p05'])} to {count(q['p95'])}.",
            f"Scenario: {place.story}.",
        ),
        values=_values(place.years, found, "copies"),
    )  # fmt: skip


def copies_fan(
    place: Place, found: Any, ends: tuple[float, float], *, dated: bool = True, known: bool = True
) -> Fan:
    """Fan of copies, as log10."""
    import numpy

    logs = numpy.log10(numpy.maximum(found, 10.0 ** ends[0]))
    return Fan(
        years=place.years,
        bands={name: [float(v) for v in logs.sel(quantile=name).values] for name in LEVELS},
        ends=ends,
        told={name: count(float(found.sel(quantile=name)[-1])) for name in LEVELS},
        family=ORANGE,
        references=references() if known else (),
        data_until=last_data(place.forecast) if dated else None,
    )


def _copies_panel(fan: Fan, frame: Frame) -> Any:
    return draw_fan(
        fan, frame, x=lambda span: year_axis(fan.years, span=span),
        y=lambda field: log_axis(field, fan.ends, labels=frame.first),
    )  # fmt: skip


def amplification(
    forecast: Forecast,
    *,
    scenario: str | None = None,
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
) -> Picture:
    """How much amplification, by year; a panel per task class, or the named class alone.

    Raises
    ------
    ScenarioError
        The run has no such scenario, pool, regime or task class.
    """
    place = place_of(forecast, scenario=scenario, actor=actor, regime=regime, task_class=task_class)
    classes = (task_class,) if task_class else tuple(forecast.plan.task_classes)
    places = [
        place_of(forecast, scenario=scenario, actor=actor, regime=regime, task_class=each)
        for each in classes
    ]
    found = [quantiles(each.draws("amplification")) for each in places]
    ends = nice_ends([float(v) for each in found for v in each.values.ravel() if v == v])
    first, last = place.years[0], place.years[-1]
    panels = tuple(
        Panel(
            partial(_amplification_panel, amplification_fan(each, q, ends)),
            () if task_class else (f"{opening(each.task_class)} tasks",),
        )
        for each, q in zip(places, found, strict=True)
    )
    feasible = [float(v) for v in place.draws("feasible").mean("draw").values]
    often = min(feasible) >= OFTEN
    where = "" if often else f" where they can be run ({percent(feasible[-1])} in {last})"
    told = "; ".join(
        f"{each.task_class}: {_told(q, -1)}" for each, q in zip(places, found, strict=True)
    )
    single = len(panels) == 1
    name = f", {task_class} tasks" if task_class else ""
    return Picture(
        name="amplification",
        title=f"Capability amplification: {place.pool}{name}",
        subtitle=(
            f"{place.story}; {place.wanted}{where}; ends of years",
            "orders of magnitude (OOM) of training compute, over the deployed model",
        ),
        panels=panels,
        columns=len(panels), width=520 if single else 285, height=300 if single else 240,
        caption=caption(
            forecast,
            what=f"Training compute that inference stands in for, beyond what the deployed model "
            f"already gains, pool {place.pool!r}, from {first} to {last}",
            where=f"{place.story} scenario, conditional on running {place.wanted} "
            f"(can be run in {first}: {percent(feasible[0])}; in {last}: {percent(feasible[-1])})",
            meaning=f"{BANDS} In {last}, {told}.",
        ),
        alt=alt_text(
            f"Fan chart{'' if single else f' in {len(panels)} panels'}, {first} to {last}.",
            *(
                f"{opening(each.task_class)}: median {_oom(q, 'p50', 0)} OOM in {first}, "
                f"{_oom(q, 'p50', -1)} in {last}, then 90 percent {_oom(q, 'p05', -1)} to "
                f"{_oom(q, 'p95', -1)}."
                for each, q in zip(places, found, strict=True)
            ),
            f"{opening(place.pool)}, {place.wanted}.",
        ),
        values=Values(
            ("task class", "year", *LEVELS),
            tuple(
                (each.task_class, *row)
                for each, q in zip(places, found, strict=True)
                for row in _values(place.years, q, "OOM").rows
            ),
        ),
    )  # fmt: skip


def _told(found: Any, place: int) -> str:
    q = {name: float(found.sel(quantile=name)[place]) for name in LEVELS}
    return f"median {gain(q['p50'])}, 90 %: {interval(q['p05'], q['p95'], 'OOM')} OOM"


def _oom(found: Any, name: str, place: int) -> str:
    return oom(float(found.sel(quantile=name)[place]))


def amplification_fan(
    place: Place, found: Any, ends: tuple[float, float], *, dated: bool = False
) -> Fan:
    """Fan of amplification [OOM]."""
    last = {name: float(found.sel(quantile=name)[-1]) for name in LEVELS}
    return Fan(
        years=place.years,
        bands={name: [float(v) for v in found.sel(quantile=name).values] for name in LEVELS},
        ends=ends,
        told={name: gain(v) if name == "p50" else f"{oom(v)}" for name, v in last.items()},
        family=BLUE,
        data_until=last_data(place.forecast) if dated else None,
    )


def _amplification_panel(fan: Fan, frame: Frame) -> Any:
    return draw_fan(
        fan, frame, x=lambda span: year_axis(fan.years, span=span),
        y=lambda field: oom_axis(field, fan.ends, labels=frame.first),
    )  # fmt: skip


def _values(years: Sequence[int], found: Any, unit: str) -> Values:
    rows = tuple(
        (year, *(_number(found.sel(quantile=name)[i]) for name in LEVELS))
        for i, year in enumerate(years)
    )
    return Values(("year", *(f"{name} [{unit}]" for name in LEVELS)), rows)


def _number(value: Any) -> float | None:
    number = float(value)
    return number if number == number else None
