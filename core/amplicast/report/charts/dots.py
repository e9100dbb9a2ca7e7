"""When a threshold is passed, in fifty dots (F5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import ceil, inf, isfinite
from typing import TYPE_CHECKING, Any

from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.passing import Threshold, threshold_of
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, Place, opening, place_of
from amplicast.report.charts.style import BLUE, INK, ORANGE, SMALL, inline, pixel
from amplicast.report.likelihood import Chance, chance_of
from amplicast.report.words import year as year_text

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["DOTS", "dots", "quantile_dots"]

DOTS = 50
"""Dots, each one chance in fifty."""

HEIGHT = 220.0
"""Of a panel, at most [px]."""

LARGEST = 17.0
"""Diameter of a dot with its gap, at most [px]."""

GUESSED = 330.0
"""Width that is taken for certain where a container sets it [px]."""


def quantile_dots(years: Any, number: int = DOTS) -> list[float]:
    """Quantiles that stand for equal shares of the draws (Kay et al. 2016), sorted.

    Parameters
    ----------
    years : array
        Year of each draw; infinite where never.
    number : int
    """
    import numpy

    ordered = numpy.sort(numpy.asarray(years, dtype=float))
    places = ((numpy.arange(number) + 0.5) / number * len(ordered)).astype(int)
    return [float(v) for v in ordered[numpy.minimum(places, len(ordered) - 1)]]


@dataclass(frozen=True)
class Stack:
    """Dots of one place.

    Attributes
    ----------
    place : Place
    dots : list of float
        Year of each; infinite after the last year.
    quantiles : Mapping[str, float]
    chances : Mapping[int, Chance]
        Of passing by the end of each year.
    """

    place: Place
    dots: list[float]
    quantiles: Mapping[str, float]
    chances: Mapping[int, Chance]

    def by(self, year: float) -> int:
        """Dots up to a year."""
        return sum(each <= year for each in self.dots)


def dots(
    forecast: Forecast,
    *,
    quantity: str = "amplification",
    threshold: float | None = None,
    scenario: str | None = None,
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
    year: int | None = None,
) -> Picture:
    """Fifty dots of the year in which a threshold is passed; a panel per task class, or one.

    Raises
    ------
    ScenarioError
        The run has no such label, or the quantity no thresholds.
    """
    what = threshold_of(quantity, threshold)
    names: dict[str, Any] = {"scenario": scenario, "actor": actor, "regime": regime, "year": year}
    place = place_of(forecast, task_class=task_class, **names)
    single = quantity == "copies" or task_class is not None
    classes = (place.task_class,) if single else forecast.plan.task_classes
    stacks = [_stack(what, place_of(forecast, task_class=each, **names)) for each in classes]
    first, last = place.years[0], place.years[-1]
    middle = year or place.years[len(place.years) // 2]
    most = max(_tallest(stack) for stack in stacks)
    frame = Frame(520.0 if single else 285.0, HEIGHT)
    wide, pitch = _pitch(most, len(place.years) + 1.6, frame)
    rows = ceil(most / wide)
    tasks = f", {place.task_class} tasks" if single and quantity != "copies" else ""
    aim = "" if quantity == "copies" else f"; {place.wanted}"
    named = {stack.place.task_class: stack for stack in stacks}
    return Picture(
        name="dots",
        title=f"Year by whose end {what.text} can be had",
        subtitle=(f"{place.pool}{tasks}; {place.story}{aim}; each dot is a chance of 2 %",),
        panels=tuple(
            Panel(
                partial(_panel, stack, most, ORANGE.median if quantity == "copies" else BLUE.edge),
                () if single else (f"{opening(name)} tasks", _median(stack, last)),
            )
            for name, stack in named.items()
        ),
        columns=len(stacks), width=frame.width or 0.0, height=ceil((rows + 1.6) * pitch),
        caption=caption(
            forecast,
            what=f"Year by whose end at least {what.text} can be had for the first time, pool "
            f"{place.pool!r}{tasks}, in {DOTS} dots of equal chance",
            where=f"{place.story} scenario{aim}",
            meaning=" ".join(
                f"{'' if single else opening(name) + ': '}{stack.by(middle)} of {DOTS} dots "
                f"fall by {middle}: {stack.chances[middle].text} chance; {_median(stack, last)}."
                for name, stack in named.items()
            ),
        ),
        alt=alt_text(
            f"Dot plot, {first} to {last}, of the year by whose end {what.text} can be had.",
            *(
                f"{'' if single else opening(name) + ': '}{stack.by(middle)} of {DOTS} dots "
                f"by {middle}, {DOTS - stack.by(last)} after {last}; {_median(stack, last)}."
                for name, stack in named.items()
            ),
        ),
        values=Values(
            ("task class", "dots", "year"),
            tuple(
                (name, sum(each == at for each in stack.dots), label)
                for name, stack in named.items()
                for at, label in [*((y, str(y)) for y in place.years), (inf, f"after {last}")]
            ),
        ),
    )  # fmt: skip


def _stack(what: Threshold, place: Place) -> Stack:
    import numpy

    passed = what.first_year(place)
    ordered = numpy.sort(passed)
    quantiles = {
        name: float(ordered[min(int(p * len(ordered)), len(ordered) - 1)])
        for name, p in LEVELS.items()
    }
    chances = {year: chance_of(passed <= year) for year in place.years}
    return Stack(place, quantile_dots(passed), quantiles, chances)


def _median(stack: Stack, last: int) -> str:
    """Median with the wide interval; the first year stands for itself and all before."""
    first = stack.place.years[0]
    q = {
        name: f"by {first}" if v == first else year_text(v, last=last)
        for name, v in stack.quantiles.items()
    }
    if q["p05"] == q["p95"]:
        return f"median {q['p50']}, as all of the 90 % interval"
    return f"median {q['p50']} (90 %: {q['p05']} to {q['p95']})"


def _tallest(stack: Stack) -> int:
    return max(stack.dots.count(each) for each in set(stack.dots))


def _pitch(most: int, columns: float, frame: Frame) -> tuple[int, float]:
    """Dots side by side, and the diameter that is largest so [px]."""
    step = ((frame.width or GUESSED) - 18.0) / columns

    def diameter(wide: int) -> float:
        return min(frame.height / (ceil(most / wide) + 1.6), 0.92 * step / wide, LARGEST)

    best = max(range(1, 9), key=lambda wide: (round(diameter(wide), 3), -wide))
    return best, diameter(best)


def _panel(stack: Stack, most: int, colour: str, frame: Frame) -> Any:
    import altair

    years = stack.place.years
    never = years[-1] + 1.6
    columns = len(years) + 1.6
    wide, pitch = _pitch(most, columns, frame)
    step = ((frame.width or GUESSED) - 18.0) / columns
    rows = _placed(stack.dots, never, wide, pitch / step)
    each = max(1, ceil(36.0 / step))
    # The label of what comes after is long.
    shown = [*(y for y in years[::each] if (never - y) * step >= 56.0 or each == 1), never]
    axis = altair.Axis(
        values=shown, tickCount=len(shown) + 1, title=None, grid=False, domain=False, ticks=False,
        labelExpr=f"datum.value > {years[-1]} ? 'after {years[-1]}' : format(datum.value, 'd')",
        labelFlush=False, labelOverlap=False,
    )  # fmt: skip
    scale = altair.Scale(
        domain=[years[0] - 0.5, never + 0.5], range=frame.within(4.0, 14.0), nice=False
    )
    x = altair.X("x:Q", axis=axis, scale=scale)
    top = frame.height / pitch
    y = altair.Y("y:Q", scale=altair.Scale(domain=[0, top], nice=False), axis=None)
    sums = [
        {"x": at, "y": ceil(many / wide) + 0.7, "text": str(many)}
        for at in [*years, never]
        if (many := sum((never if not isfinite(d) else d) == at for d in stack.dots))
    ]
    rule = inline([{"a": 0}]).mark_rule(color="#888888").encode(y=pixel("y", frame.height))
    marks = [
        inline([row for row in rows if row["late"] == late])
        .mark_point(filled=True, opacity=1.0, color=fill, size=(0.86 * pitch) ** 2 * 0.7854)
        .encode(x=x, y=y)
        for late, fill in ((0, colour), (1, "#8A8A8A"))
    ]
    numbers = (
        inline(sums)
        .mark_text(fontSize=SMALL, color=INK)
        .encode(x=x, y=y, text=altair.Text("text:N"))
    )
    return altair.layer(rule, *marks, numbers)


def _placed(
    found: Sequence[float], never: float, wide: int, pitch: float
) -> list[dict[str, float]]:
    """Dots in stacks of `wide` columns around their year, `pitch` years apart."""
    rows = []
    places = [each if isfinite(each) else never for each in found]
    for at in sorted(set(places)):
        many = places.count(at)
        for number in range(many):
            row = number // wide
            inside = min(wide, many - row * wide)
            across = (number % wide - (inside - 1) / 2.0) * pitch
            rows.append({"x": round(at + across, 4), "y": row + 0.5, "late": int(at == never)})
    return rows
