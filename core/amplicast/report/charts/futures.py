"""Twenty possible futures over the band that they come from (F13)."""

from __future__ import annotations

from functools import partial
from math import log10
from typing import TYPE_CHECKING, Any

from amplicast.report.charts.axes import log_axis, log_ends, nice_ends, oom_axis, year_axis
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.fan import EDGE, ROOM, Fan
from amplicast.report.charts.headline import amplification_fan, copies_fan
from amplicast.report.charts.labels import Label, beside
from amplicast.report.charts.passing import threshold_of
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import place_of, quantiles
from amplicast.report.charts.style import INK, inline
from amplicast.report.words import interval, value

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["FUTURES", "futures"]

FUTURES = 20
"""Lines: fewer would be read as the forecast."""


def futures(
    forecast: Forecast,
    *,
    quantity: str = "copies",
    scenario: str | None = None,
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
) -> Picture:
    """Twenty draws at evenly spaced quantiles of the last year, so that none is picked by hand.

    Raises
    ------
    ScenarioError
        The run has no such label, or the quantity is not drawn so.
    """
    import numpy

    quantity = threshold_of(quantity, None).quantity
    place = place_of(forecast, scenario=scenario, actor=actor, regime=regime, task_class=task_class)
    draws = place.draws(quantity).transpose("draw", "year").values
    whole = draws[numpy.isfinite(draws).all(axis=1)]
    order = numpy.argsort(whole[:, -1], kind="stable")
    at = ((numpy.arange(FUTURES) + 0.5) / FUTURES * len(order)).astype(int)
    chosen = whole[order[at]] if len(order) else whole
    found = quantiles(place.draws(quantity))
    copies = quantity == "copies"
    numbers = [float(v) for v in found.values.ravel() if v == v]
    ends = log_ends(numbers) if copies else nice_ends([*numbers, *chosen.ravel().tolist()])
    fan = (
        copies_fan(place, found, ends, dated=False)
        if copies
        else amplification_fan(place, found, ends)
    )
    unit = "copies" if copies else "OOM"
    first, last = place.years[0], place.years[-1]
    low, high = (float(found.sel(quantile=name)[-1]) for name in ("p05", "p95"))
    tasks = "" if copies else f"; {place.task_class} tasks; {place.wanted}"
    what = "AI copies that can run" if copies else "Capability amplification"
    inside = what if copies else what.lower()
    definition = place.copy if copies else "OOM of training compute over the deployed model"
    lines = [[_height(float(v), ends[0], copies=copies) for v in row] for row in chosen]
    return Picture(
        name="futures",
        title=f"{what}: {FUTURES} possible futures, {place.pool}",
        subtitle=(f"{place.story}{tasks}; {definition}; ends of years",),
        panels=(Panel(partial(_panel, fan, lines, quantity)),),
        columns=1, width=520, height=300,
        caption=caption(
            forecast,
            what=f"{what}, {FUTURES} of the {len(whole):,} futures that were drawn, pool "
            f"{place.pool!r}, from {first} to {last}",
            where=f"{place.story} scenario{tasks}; {definition}",
            meaning=f"Each line is one future, all equally likely; they are taken at even steps of "
            f"the value in {last}, not by hand. Band: 90 % (very likely) interval, in {last} "
            f"{interval(low, high, unit)}{'' if copies else ' OOM'}.",
        ),
        alt=alt_text(
            f"Line chart, {first} to {last}: {FUTURES} example futures of {inside}, "
            f"{place.pool}, over the 90 percent band.",
            f"In {last} the lines end between {_ends(chosen, unit)}; the band runs from "
            f"{value(low, unit)} to {value(high, unit)}.",
        ),
        values=Values(
            ("future", *(str(year) for year in place.years)),
            tuple((i + 1, *(float(v) for v in row)) for i, row in enumerate(chosen)),
        ),
    )  # fmt: skip


def _ends(chosen: Any, unit: str) -> str:
    if not len(chosen):
        return "nowhere"
    return f"{value(float(chosen[0, -1]), unit)} and {value(float(chosen[-1, -1]), unit)}"


def _height(number: float, low: float, *, copies: bool) -> float:
    """Place on the axis; what is below it lies on its bottom."""
    if not copies:
        return round(number, 5)
    return round(max(log10(number), low), 5) if number > 0.0 else low


def _panel(fan: Fan, lines: list[list[float]], quantity: str, frame: Frame) -> Any:
    import altair

    def y(field: str) -> Any:
        return (log_axis if quantity == "copies" else oom_axis)(field, fan.ends)

    x = year_axis(fan.years, span=frame.within(EDGE, ROOM))
    band = [
        {"x": year, "a": round(a, 5), "b": round(b, 5)}
        for year, a, b in zip(fan.years, fan.bands["p05"], fan.bands["p95"], strict=True)
    ]
    base = inline(band).encode(x=x)
    layers = [
        base.mark_area(color=fan.family.wide, opacity=0.6).encode(y=y("a"), y2=altair.Y2("b")),
        *(
            base.mark_line(color=fan.family.edge, strokeWidth=1).encode(y=y(end))
            for end in ("a", "b")
        ),
    ]
    rows = [
        {"x": year, "f": number, "y": height}
        for number, line in enumerate(lines)
        for year, height in zip(fan.years, line, strict=True)
    ]
    mark = {"color": fan.family.median, "strokeWidth": 1.1, "opacity": 0.75}
    futures = inline(rows).mark_line(**mark) if len(fan.years) > 1 else inline(rows).mark_tick()
    layers.append(futures.encode(x=x, y=y("y"), detail="f:N"))
    labels = [
        Label(fan.bands["p95"][-1], f"{fan.told['p95']} (90 %)", INK),
        Label(fan.bands["p05"][-1], fan.told["p05"], INK),
    ]
    layers += beside(labels, x=x, y=y("y"), at=fan.years[-1], ends=fan.ends, height=frame.height)
    return altair.layer(*layers)
