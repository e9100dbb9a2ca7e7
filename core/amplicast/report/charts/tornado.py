"""What moves the answer most (F7)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any

from amplicast.analysis.tornado import Driver, drivers
from amplicast.report.charts.axes import log_ends, log_labels, log_ticks, oom_labels, oom_ticks
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.passing import threshold_of
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import Place, opening, place_of
from amplicast.report.charts.style import INK, MUTED, SERIES, SMALL, TEXT, inline, pixel
from amplicast.report.words import count, factor, oom, percent

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["MOST", "amount", "answer_of", "tornado"]

MOST = 7
"""Inputs that are shown; the others are summed up in a line."""

ROW = 42.0
"""Height of a row: its name above its bar [px]."""

SIDE = 62.0
"""Room for the numbers at the ends of bars [px]."""


def tornado(
    forecast: Forecast,
    *,
    quantity: str = "copies",
    scenario: str | None = None,
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
    year: int | None = None,
) -> Picture:
    """Medians of the answer where each input is low and where it is high, the largest first.

    Raises
    ------
    ScenarioError
        The run has no such label, or the quantity is not drawn so.
    """
    quantity = threshold_of(quantity, None).quantity
    place = place_of(
        forecast, scenario=scenario, actor=actor, regime=regime, task_class=task_class, year=year
    )
    answer = answer_of(place, quantity)
    copies = quantity == "copies"
    found = drivers(forecast, answer, scenario=place.scenario)
    base = float(answer.median())
    shown = [each for each in found if each.certain][:MOST]
    others = [each for each in found if each not in shown]
    tasks = "" if copies else f", {place.task_class} tasks"
    aim = "" if copies else f"; {place.wanted}"
    what = "AI copies that can run" if copies else "amplification"
    rest = _rest(others, copies=copies)
    return Picture(
        name="tornado",
        title=f"What moves the number most: {'AI copies' if copies else 'amplification'} in "
        f"{place.year}, {place.pool}",
        subtitle=(
            f"{place.story}{tasks}{aim}; median with the input at its 5 % (blue), 95 % (orange)",
            rest,
        ),
        panels=(Panel(partial(_panel, shown, base, copies)),),
        columns=1, width=520, height=ROW * max(len(shown), 1) + 18.0,
        caption=caption(
            forecast,
            what=f"Median of {what}{tasks} in {place.year}, pool {place.pool!r}, where an input is "
            "at the low and at the high end of its range",
            where=f"{place.story} scenario{aim}; {place.copy}",
            meaning="Ends of bars: the draws in which the input lies in its lowest or highest "
            "tenth, whose middle is its 5 % or 95 % value; inputs that evidence ties together stay "
            f"tied. Vertical line: the median of all draws, {_answer(base, copies)}. "
            f"{_told(shown, copies)} {opening(rest)}.",
        ),
        alt=alt_text(
            f"Tornado chart of the median of {what}{tasks} in {place.year}, {place.pool}; all "
            f"draws: {_answer(base, copies)}.",
            *(
                f"{each.label} {amount(each.low, each.unit)} to "
                f"{amount(each.high, each.unit)}: {_answer(each.at_low, copies)} to "
                f"{_answer(each.at_high, copies)}."
                for each in shown[:3]
            ),
        ),
        values=Values(
            (
                "input", "unit", "5 %", "95 %",
                *(f"median at {end} [{'copies' if copies else 'OOM'}]" for end in ("5 %", "95 %")),
                "standard error [OOM of the median]",
            ),
            tuple(
                (
                    each.name, each.unit, each.low, each.high,
                    *(10.0**v if copies else v for v in (each.at_low, each.at_high)), each.error,
                )
                for each in found
            ),
        ),
    )  # fmt: skip


def answer_of(place: Place, quantity: str) -> Any:
    """Draws of a headline at a place, copies as log10."""
    import numpy

    draws = place.draws(quantity).sel(year=place.year)
    if quantity != "copies":
        return draws
    with numpy.errstate(divide="ignore"):  # none at all: below every other
        return numpy.log10(draws)


def amount(number: float, unit: str) -> str:
    """A number at two significant figures, three from ten on, with what its unit needs."""
    if unit == "fraction":
        return percent(number)
    if abs(number) >= 1000.0:
        return count(number) if number > 0.0 else f"-{count(-number)}"
    return f"{number:.{3 if abs(number) >= 10.0 else 2}g}"


def _answer(height: float, copies: bool) -> str:
    if not copies:
        return f"{oom(height)} OOM"
    return count(10.0**height) if isfinite(height) else "none"


def _rest(others: Sequence[Driver], *, copies: bool) -> str:
    """What all inputs that are not shown can do."""
    if not others:
        return "no other input varies"
    largest = max(each.moves for each in others)
    by = f"less than {factor(largest)}" if copies else f"less than {oom(largest + 0.05)} OOM"
    return f"each of the other {len(others)} inputs moves it by {by}, or by no more than chance"


def _told(shown: Sequence[Driver], copies: bool) -> str:
    if not shown:
        return "No input moves it by more than chance."
    first = shown[0]
    unit = "" if first.unit in {"1", "fraction"} else f" {first.unit}"
    return (
        f"Most: {first.label}, from {_answer(first.at_low, copies)} at "
        f"{amount(first.low, first.unit)} to {_answer(first.at_high, copies)} at "
        f"{amount(first.high, first.unit)}{unit}."
    )


def _panel(shown: Sequence[Driver], base: float, copies: bool, frame: Frame) -> Any:
    import altair

    heights = [v for each in shown for v in (each.at_low, each.at_high)] + [base]
    if copies:
        low, high = log_ends([10.0**v for v in heights])
        ticks = log_ticks((low, high))
        words = log_labels(ticks)
    else:
        low, high = min(heights) - 0.05, max(heights) + 0.05
        ticks = [t for t in oom_ticks((low, high)) if low <= t <= high]
        if len(ticks) < 2:  # all within half an OOM or so
            ticks = [t for i in range(100) if low <= (t := round(low + 0.1 * i, 1)) <= high]
        words = oom_labels(ticks)
    scale = altair.Scale(domain=[low, high], range=frame.within(SIDE, SIDE), nice=False)
    axis = altair.Axis(
        values=ticks, tickCount=len(ticks) + 1, labelExpr=words, title=None, ticks=False,
        domain=False, labelOverlap="greedy", labelFlush=False,
    )  # fmt: skip

    def x(field: str) -> Any:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    count_ = max(len(shown), 1)
    rising = altair.Scale(domain=[count_, -18.0 / ROW], nice=False)

    def height(field: str) -> Any:
        return altair.Y(f"{field}:Q", scale=rising, axis=None)

    y = height("row")
    rows = [
        {
            "row": i + 0.66, "above": i + 0.22, "base": round(base, 5), "name": _title(each),
            "end": round(answer, 5), "side": side, "text": amount(value, each.unit),
            "left": int((answer, side == "low") <= (other, side != "low")),
        }
        for i, each in enumerate(shown)
        for side, value, answer, other in (
            ("low", each.low, each.at_low, each.at_high),
            ("high", each.high, each.at_high, each.at_low),
        )
    ]  # fmt: skip
    names = inline([row for row in rows if row["side"] == "low"])

    def named(**look: Any) -> Any:
        return names.mark_text(align="left", fontSize=TEXT, limit=frame.limit, **look).encode(
            x=pixel("x", 0), y=height("above"), text=altair.Text("name:N")
        )

    line = inline([{"base": round(base, 5), "text": f"median {_answer(base, copies)}"}])
    layers: list[Any] = [
        line.mark_rule(color=INK, strokeWidth=1.5).encode(
            x=x("base"), y=pixel("y", 16), y2=pixel("y2", frame.height)
        ),
        named(color="white", stroke="white", strokeWidth=4),  # the line passes behind the names
    ]
    for side, colour in (("low", SERIES[0]), ("high", SERIES[1])):
        drawn = inline([row for row in rows if row["side"] == side])
        layers.append(
            drawn.mark_bar(color=colour, size=13, opacity=0.9).encode(
                x=x("base"), x2=altair.X2("end"), y=y
            )
        )
    for left, align, dx in ((1, "right", -5), (0, "left", 5)):
        layers.append(
            inline([row for row in rows if row["left"] == left])
            .mark_text(align=align, dx=dx, fontSize=SMALL, color=INK)
            .encode(x=x("end"), y=y, text=altair.Text("text:N"))
        )
    layers += [
        named(color=INK),
        line.mark_text(
            align="center", baseline="top", fontSize=SMALL, fontWeight="bold", color=MUTED
        ).encode(x=x("base"), y=pixel("y", 0), text=altair.Text("text:N")),
    ]
    return altair.layer(*layers)


def _title(driver: Driver) -> str:
    """Name and unit; a number without unit on both sides of zero is a score."""
    unit = "" if driver.unit in {"1", "fraction"} else f", {driver.unit}"
    if driver.unit == "1" and driver.low < 0.0 and not driver.label.endswith("score"):
        unit = ", score"
    return f"{opening(driver.label)}{unit}"
