"""Lines of how far ranks stand from even, over a band that even ones stay in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amplicast.report.charts.picture import Frame
from amplicast.report.charts.style import MUTED, inline

__all__ = ["RankLine", "rank_axis", "rank_panel"]

STEPS = (0.2, 0.1, 0.05, 0.02, 0.01)
"""Labels on both sides of zero, the largest that fits [fraction]."""


@dataclass(frozen=True)
class RankLine:
    """One line.

    Attributes
    ----------
    apart : sequence of float
        Cumulative share above an even one, by rank [fraction].
    look : mapping
        Properties of its mark: colour, width, dashes.
    """

    apart: Sequence[float]
    look: Mapping[str, Any] = field(default_factory=dict)


def rank_axis(name: str, span: Any) -> Any:
    """X of a field of ranks, 0 lowest and 1 highest, over a range in pixels."""
    import altair

    axis = altair.Axis(
        values=[0, 0.5, 1], labelExpr="{'0': 'lowest', '0.5': 'rank', '1': 'highest'}"
        "[format(datum.value, '~f')]", title=None, grid=False, ticks=False, labelFlush=True,
        domain=False,
    )  # fmt: skip
    scale = altair.Scale(domain=[0, 1], range=span, nice=False)
    return altair.X(f"{name}:Q", scale=scale, axis=axis)


def rank_panel(
    ranks: Sequence[float],
    allowed: Sequence[float],
    lines: Sequence[RankLine],
    *,
    most: float,
    frame: Frame,
) -> Any:
    """The chart of some lines over their band, the last one on top.

    Parameters
    ----------
    ranks : sequence of float
        Where band and lines are known, 0 lowest and 1 highest.
    allowed : sequence of float
        Half the width of the band [fraction].
    lines : sequence of RankLine
    most : float
        What must fit on the axis [fraction].
    frame : Frame
    """
    import altair

    across = rank_axis("rank", frame.within(44.0, 8.0))
    top = 1.08 * most
    step = next((each for each in STEPS if each <= top), 0.005)
    axis = altair.Axis(
        values=[-step, 0.0, step], title=None, ticks=False, domain=False, labelAlign="left",
        labelPadding=0, labelExpr="(datum.value ? format(100 * datum.value, '+d') : '0') + ' %'",
    )  # fmt: skip
    high = altair.Scale(domain=[-top, top], nice=False)

    def y(name: str) -> Any:
        return altair.Y(f"{name}:Q", scale=high, axis=axis)

    band = [
        {"rank": round(rank, 4), "low": round(-width, 5), "high": round(width, 5)}
        for rank, width in zip(ranks, allowed, strict=True)
    ]
    layers = [
        inline(band).mark_area(color="#E3E3E3").encode(x=across, y=y("low"), y2=altair.Y2("high")),
        inline([{"rank": 0, "end": 1, "zero": 0}])
        .mark_rule(color=MUTED, strokeWidth=0.8)
        .encode(x=across, x2=altair.X2("end"), y=y("zero")),
    ]
    for line in lines:
        rows = [
            {"rank": round(rank, 4), "apart": round(value, 5)}
            for rank, value in zip(ranks, line.apart, strict=True)
        ]
        layers.append(inline(rows).mark_line(**line.look).encode(x=across, y=y("apart")))
    return altair.layer(*layers)
