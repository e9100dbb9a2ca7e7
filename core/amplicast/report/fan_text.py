"""A small fan of each headline for a terminal: one bar a year, drawn with block characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log10
from typing import TYPE_CHECKING

from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.charts.axes import MOST_TICKS, log_ends, nice_ends
from amplicast.report.charts.place import LEVELS, Place, place_of, quantiles
from amplicast.report.layout import Grid, grid
from amplicast.report.words import count, value

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["ASCII", "BLOCKS", "Marks", "bar", "fans"]

CELLS = 46
"""Characters of a bar; with year and median it fits 80 columns."""

ORDER = ("copies", "amplification")


@dataclass(frozen=True)
class Marks:
    """Characters of a bar: 90 % and 66 % interval, median, line of the grid."""

    outer: str
    inner: str
    median: str
    rule: str


BLOCKS = Marks("░", "▓", "█", "·")
ASCII = Marks("-", "=", "#", ".")


def fans(
    forecast: Forecast, scenario: str, quantities: Sequence[str], *, ascii_only: bool = False
) -> list[Grid]:
    """Fans of those headlines of a scenario that are named in `quantities`.

    They show the first pool, the last regime and the middle task class, as the pictures do.
    """
    marks = ASCII if ascii_only else BLOCKS
    place = place_of(forecast, scenario=scenario)
    return [_fan(place, name, marks) for name in ORDER if name in quantities]


def bar(
    numbers: Sequence[float], ends: tuple[float, float], ticks: Sequence[float], marks: Marks
) -> str:
    """Quantiles p05, p17, p50, p83 and p95 as one line of characters between two ends."""
    low, inner_low, median, inner_high, high = (_cell(each, ends) for each in numbers)
    line = [" "] * CELLS
    for tick in ticks:
        line[_cell(tick, ends)] = marks.rule
    for first, last, mark in ((low, high, marks.outer), (inner_low, inner_high, marks.inner)):
        line[first : last + 1] = mark * (last + 1 - first)
    line[median] = marks.median
    return "".join(line)


def _cell(number: float, ends: tuple[float, float]) -> int:
    """Place of a number on the axis; what lies beyond an end stands at it."""
    share = (number - ends[0]) / (ends[1] - ends[0])
    return round(min(max(share, 0.0), 1.0) * (CELLS - 1))


def _fan(place: Place, name: str, marks: Marks) -> Grid:
    about = OUTPUTS[name]
    found = quantiles(place.draws(name)).transpose("year", "quantile")
    known = [float(each) for each in found.values.ravel() if isfinite(each)]
    ends = log_ends(known) if about.log else nice_ends(known)
    labels = _labels(ends, log=about.log)
    rows = [["", _axis(labels, ends), "median"]]
    for year in place.years:
        told = dict(zip(LEVELS, (float(each) for each in found.sel(year=year)), strict=True))
        if not all(map(isfinite, told.values())):
            rows.append([str(year), "the copies cannot be run"])
            continue
        scaled = [_scaled(each, ends, log=about.log) for each in told.values()]
        rows.append([str(year), bar(scaled, ends, list(labels), marks),
                     value(told["p50"], about.unit)])  # fmt: skip
    where = (
        place.actor if name == "copies" else (f"{place.actor}, {place.regime}, {place.task_class}")
    )
    what = "AI copies" if name == "copies" else "Amplification, OOM"
    key = f"{marks.median} median, {marks.inner} 66 %, {marks.outer} 90 %"
    return grid(f"{what}: {where}; {key}", rows)


def _scaled(number: float, ends: tuple[float, float], *, log: bool) -> float:
    if not log:
        return number
    return log10(number) if number > 0.0 else ends[0]


def _labels(ends: tuple[float, float], *, log: bool) -> dict[float, str]:
    """Whole powers of ten in words, or whole OOM."""
    first, last = round(ends[0] + 0.49), round(ends[1] - 0.49)
    step = 1 + (last - first) // MOST_TICKS
    whole = range(first, last + 1, step)
    return {float(each): count(10.0**each) if log else str(each) for each in whole}


def _axis(labels: dict[float, str], ends: tuple[float, float]) -> str:
    """Labels at their places: all, or every second, third ... as there is room."""
    line = [" "] * CELLS
    for step in range(1, len(labels) + 1):
        line, free, fits = [" "] * CELLS, 0, True
        for tick, label in list(labels.items())[::step]:
            start = min(_cell(tick, ends), CELLS - len(label))
            fits &= start >= free
            line[start : start + len(label)] = label
            free = start + len(label) + 1
        if fits:
            break
    return "".join(line)
