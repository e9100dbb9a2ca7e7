"""Axes: whole years, powers of ten in words, orders of magnitude with their factors."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

from amplicast.report.words import count, factor

__all__ = [
    "chance_axis",
    "log_axis",
    "log_ends",
    "log_labels",
    "log_ticks",
    "nice_ends",
    "oom_axis",
    "oom_labels",
    "oom_ticks",
    "year_axis",
]

WIDE = 34.0
"""Room that the label of a year takes [px]."""

MOST_TICKS = 9
"""Ticks of an axis before some are left out."""


def year_axis(years: Sequence[int], *, span: Any) -> Any:
    """X of the field ``x``: whole years and nothing between them, the last one always.

    Parameters
    ----------
    years : sequence of int
    span : list
        Range in pixels; see `Frame.within`.
    """
    import altair

    first, last = years[0], years[-1]
    room = span[1] - span[0] if isinstance(span[1], int | float) else WIDE * len(years)
    step = max(1, ceil(WIDE * len(years) / room))
    shown = list(years)[::-1][::step][::-1]
    domain = [first, last] if last > first else [first - 0.5, last + 0.5]
    axis = altair.Axis(
        values=shown, tickCount=len(shown) + 1, format="d", labelOverlap="greedy", grid=False,
        title=None, labelFlush=False, labelSeparation=4,
    )  # fmt: skip
    return altair.X("x:Q", scale=altair.Scale(domain=domain, range=span), axis=axis)


def log_ends(values: Sequence[float], *, least: float = 1.0) -> tuple[float, float]:
    """Whole powers of ten around positive values, as exponents."""
    from math import log10

    kept = [log10(max(each, least)) for each in values if each > 0.0] or [0.0]
    low, high = floor(min(kept) + 1e-9), ceil(max(kept) - 1e-9)
    return float(low), float(max(high, low + 1))


def log_axis(field: str, ends: tuple[float, float], *, labels: bool = True) -> Any:
    """Y of a field that is a log10: one tick per factor of ten, in words.

    A field on this axis holds exponents, so that labels can be pushed apart on a plain scale.
    """
    import altair

    ticks = log_ticks(ends)
    axis = altair.Axis(
        values=ticks, labelExpr=log_labels(ticks), title=None,
        tickCount=len(ticks) + 1, ticks=False, domain=False, labelPadding=6, **_shown(labels),
    )  # fmt: skip
    return altair.Y(f"{field}:Q", scale=altair.Scale(domain=list(ends), nice=False), axis=axis)


def log_ticks(ends: tuple[float, float]) -> list[float]:
    """Whole exponents, every second or third where there are many."""
    low, high = round(ends[0]), round(ends[1])
    step = max(1, ceil((high - low) / MOST_TICKS))
    return [float(each) for each in range(low, high + 1, step)]


def log_labels(ticks: Sequence[float]) -> str:
    """Expression for tick labels: what ten to that power is, in words."""
    words = ", ".join(f"'{round(each)}': '{count(10.0**each)}'" for each in ticks)
    return f"{{{words}}}[format(datum.value, 'd')]"


def nice_ends(values: Sequence[float], *, step: float = 0.5) -> tuple[float, float]:
    """Ends of an axis in OOM around the values and zero."""
    low = floor(min(*values, 0.0) / step + 1e-9) * step
    high = ceil(max(*values, step) / step - 1e-9) * step
    return low, high


def oom_ticks(ends: tuple[float, float]) -> list[float]:
    """Whole OOM, or halves where there are few."""
    low, high = ends
    step = 0.5 if high - low <= 2.0 else float(max(1, ceil((high - low) / MOST_TICKS)))
    first = ceil(low / step - 1e-9)
    return [round(i * step, 1) for i in range(first, floor(high / step + 1e-9) + 1)]


def oom_labels(ticks: Sequence[float], *, factors: bool = True) -> str:
    """Expression for tick labels: ``2 (×100)`` at whole OOM, the number alone between."""
    told = {
        f"{each:.1f}": f"{each:g}"
        + (f" ({factor(each)})" if factors and each and each == round(each) else "")
        for each in ticks
    }
    minus = chr(0x2212)  # with which Vega writes numbers below zero
    words = ", ".join(f"'{k}': '{text}'".replace("-", minus) for k, text in told.items())
    return f"{{{words}}}[format(datum.value, '.1f')]"


def oom_axis(field: str, ends: tuple[float, float], *, labels: bool = True) -> Any:
    """Y in OOM, with the factor in brackets at whole OOM."""
    import altair

    ticks = oom_ticks(ends)
    axis = altair.Axis(
        values=ticks, labelExpr=oom_labels(ticks), title=None, ticks=False, domain=False,
        tickCount=len(ticks) + 1, labelPadding=6, **_shown(labels),
    )  # fmt: skip
    return altair.Y(f"{field}:Q", scale=altair.Scale(domain=list(ends), nice=False), axis=axis)


def _shown(labels: bool) -> dict[str, Any]:
    """Labels, or none that take no width and as much height, so that panels of a row line up."""
    return {} if labels else {"labelLimit": 1, "labelOpacity": 0}


def chance_axis(field: str, *, labels: bool = True) -> Any:
    """Y from 0 to 100 %, with lines where the IPCC's words begin and end."""
    import altair

    ticks = [0.0, 0.1, 0.33, 0.66, 0.9, 1.0]
    axis = altair.Axis(
        values=ticks, tickCount=len(ticks) + 1, title=None, ticks=False, domain=False,
        labelExpr="format(100 * datum.value, 'd') + ' %'", labelPadding=6, **_shown(labels),
    )  # fmt: skip
    return altair.Y(f"{field}:Q", scale=altair.Scale(domain=[0, 1], nice=False), axis=axis)
