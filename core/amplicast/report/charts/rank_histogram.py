"""How often a true value fell into each part of its posterior, beside what chance allows."""

from __future__ import annotations

from typing import Any

from amplicast.analysis.sbc_ranks import RANKS, Ranks
from amplicast.report.charts.picture import Frame
from amplicast.report.charts.rank_panel import rank_axis
from amplicast.report.charts.style import BLUE, MUTED, SERIES, inline

__all__ = ["PARTS", "USUAL", "counts_of", "rank_histogram", "usual_counts"]

PARTS = 10
"""Bars."""

USUAL = 0.99
"""Of right calibrations, the share in which a single bar ends in the grey."""


def counts_of(one: Ranks) -> list[int]:
    """Ranks in each of `PARTS` equal parts, the lowest first."""
    parts = [rank * PARTS // (RANKS + 1) for rank in one.ranks]
    return [parts.count(part) for part in range(PARTS)]


def usual_counts(simulations: int) -> tuple[float, float]:
    """Where a single bar of a right calibration ends in `USUAL` of cases."""
    from scipy.stats import binom

    low, high = binom.interval(USUAL, simulations, 1.0 / PARTS)
    return float(low), float(high)


def rank_histogram(one: Ranks, frame: Frame) -> Any:
    """The chart of one parameter: bars over the band, those outside it in another colour."""
    import altair

    counts, simulations = counts_of(one), len(one.ranks)
    low, high = usual_counts(simulations)
    top = 1.05 * max(*counts, high)
    even = simulations / PARTS
    left = altair.Axis(
        values=[0.0, even], title=None, ticks=False, domain=False, format="~g", labelPadding=6
    )
    x = rank_axis("from", frame.within(4.0, 8.0))
    up = altair.Scale(domain=[0.0, top], nice=False)

    def y(name: str) -> Any:
        return altair.Y(f"{name}:Q", scale=up, axis=left)

    whole = inline([{"from": 0, "to": 1, "low": low, "high": high, "even": even}])
    bars = [
        {"from": part / PARTS, "to": (part + 0.9) / PARTS, "zero": 0, "count": count,
         "colour": BLUE.likely if low <= count <= high else SERIES[1]}
        for part, count in enumerate(counts)
    ]  # fmt: skip
    return altair.layer(
        whole.mark_rect(color="#E3E3E3").encode(
            x=x, x2=altair.X2("to"), y=y("low"), y2=altair.Y2("high")
        ),
        inline(bars)
        .mark_rect(opacity=0.9)
        .encode(
            x=x, x2=altair.X2("to"), y=y("zero"), y2=altair.Y2("count"),
            color=altair.Color("colour:N", scale=None),
        ),
        whole.mark_rule(color=MUTED, strokeWidth=0.8).encode(
            x=x, x2=altair.X2("to"), y=y("even")
        ),
    )  # fmt: skip
