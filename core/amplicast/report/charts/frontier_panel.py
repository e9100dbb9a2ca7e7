"""One panel of the frontier: copies against amplification, down to the wall where it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import log10
from typing import Any

from amplicast.report.charts.axes import log_axis, oom_labels, oom_ticks
from amplicast.report.charts.headline import references
from amplicast.report.charts.labels import LETTER, Label, beside
from amplicast.report.charts.picture import Frame
from amplicast.report.charts.place import LEVELS, Place
from amplicast.report.charts.style import INK, MUTED, ORANGE, SMALL, inline, pixel
from amplicast.report.words import count

__all__ = ["REACHED", "Curve", "draw_frontier"]

EDGE = 8.0
"""Room to the left of the axis [px]."""

REACHED = 0.05
"""Share of draws that must reach a gain for the axis to go there [fraction]."""


@dataclass(frozen=True)
class Curve:
    """The frontier at one place.

    Attributes
    ----------
    place : Place
    gains : tuple of float
        [OOM]
    bands : dict of list
        Quantiles p05 to p95 of copies by gain; 0 where so many draws do not reach it.
    reached : list of float
        Share of draws in which the gain can be had at all [fraction].
    cost : float
        Median fall of copies for the first OOM of gain, where it can be had [OOM].
    """

    place: Place
    gains: tuple[float, ...]
    bands: dict[str, list[float]]
    reached: list[float]
    cost: float

    def reach(self, gain: float) -> float:
        """Share of draws in which a gain can be had."""
        steps = [i for i, each in enumerate(self.gains) if each <= gain + 1e-9]
        return self.reached[steps[-1]] if self.gains[-1] >= gain - 1e-9 else 0.0


def draw_frontier(curve: Curve, ends: tuple[float, float], widest: float, frame: Frame) -> Any:
    """Layered chart of one frontier; `widest` is the end of the axis [OOM]."""
    import altair

    low, high = ends
    ticks = oom_ticks((0.0, widest))
    known = [each for each in references() if low < each.y < high]
    room = 14.0 + LETTER * max((len(each.text) for each in known), default=0)
    x = altair.X(
        "x:Q",
        scale=altair.Scale(domain=[0.0, widest], range=frame.within(EDGE, room), nice=False),
        axis=altair.Axis(
            values=ticks, tickCount=len(ticks) + 1, labelExpr=oom_labels(ticks, factors=False),
            title="amplification of each copy, OOM", grid=False, titleAnchor="start",
        ),
    )  # fmt: skip
    y = partial(_height, ends, frame.first)
    lines = {q: _falling(curve.gains, curve.bands[q], low) for q in LEVELS}
    layers: list[Any] = []
    for first, last, fill in (("p05", "p95", ORANGE.wide), ("p17", "p83", ORANGE.likely)):
        bottom = dict(lines[first])
        rows = [{"x": gain, "a": bottom.get(gain, low), "b": top} for gain, top in lines[last]]
        layers.append(
            inline(rows).mark_area(color=fill, opacity=1.0).encode(x=x, y=y("a"), y2=altair.Y2("b"))
        )
    layers += [
        inline([{"x": gain, "m": v} for gain, v in lines[q]])
        .mark_line(color=ORANGE.edge, strokeWidth=1)
        .encode(x=x, y=y("m"))
        for q in ("p05", "p17", "p83", "p95")
    ]
    if known:
        layers.append(
            inline([{"x": 0.0, "x2": widest, "r": round(each.y, 5)} for each in known])
            .mark_rule(color="#666666", strokeDash=[2, 3], strokeWidth=1)
            .encode(x=x, x2=altair.X2("x2"), y=y("r"))
        )
    line = [{"x": gain, "m": v} for gain, v in lines["p50"]]
    layers.append(
        inline(line).mark_line(color=ORANGE.median, strokeWidth=2.5).encode(x=x, y=y("m"))
    )
    layers += _told(line, low, x=x, y=y)
    layers += _price(curve, widest, x=x)
    if curve.gains[-1] == widest:
        layers += _names(lines, frame, ends, x=x, y=y)
    labels = [Label(each.y, each.text, MUTED, slanted=True) for each in known]
    layers += beside(labels, x=x, y=y("y"), at=widest, ends=ends, height=frame.height)
    return altair.layer(*layers)


def _falling(
    gains: Sequence[float], copies: Sequence[float], low: float
) -> list[tuple[float, float]]:
    """Places of a line down to the bottom of the axis, as log10; where it gets there it ends."""
    found = []
    for gain, number in zip(gains, copies, strict=True):
        height = max(log10(number), low) if number > 0.0 else low
        found.append((gain, round(height, 5)))
        if height <= low:
            break
    return found


def _price(curve: Curve, widest: float, *, x: Any) -> list[Any]:
    """What the first OOM costs, in the free corner."""
    import altair

    if curve.reach(1.0) < REACHED:
        lines = ["1 OOM of amplification", "is out of reach"]
    else:
        fewer = count(10.0**curve.cost)
        lines = ["1 OOM of amplification", f"divides copies by {fewer}"]
    base = inline([{"x": widest, "text": text, "row": i} for i, text in enumerate(lines)])
    return [
        base.transform_filter(f"datum.row == {i}")
        .mark_text(align="right", baseline="top", dy=7 + 14 * i, fontSize=SMALL, color=INK)
        .encode(x=x, y=pixel("y", 0), text=altair.Text("text:N"))
        for i in range(len(lines))
    ]


def _names(
    lines: dict[str, list[tuple[float, float]]],
    frame: Frame,
    ends: tuple[float, float],
    *,
    x: Any,
    y: Any,
) -> list[Any]:
    """Names of the bands, left in them, where they are thick."""
    import altair

    scale = frame.height / (ends[1] - ends[0])
    rows = []
    for low, high, text in (("p05", "p17", "90 %"), ("p17", "p50", "66 %")):
        place = min(3, len(lines[low]) - 1)
        at, bottom = lines[low][place]
        top = lines[high][place][1]
        if (top - bottom) * scale >= 18.0:
            rows.append({"x": at, "y": round((top + bottom) / 2.0, 5), "text": text})
    mark = inline(rows).mark_text(align="left", fontSize=SMALL, color=INK)
    return [mark.encode(x=x, y=y("y"), text=altair.Text("text:N"))] if rows else []


def _told(line: Sequence[dict[str, float]], low: float, *, x: Any, y: Any) -> list[Any]:
    """The median at whole gains."""
    import altair

    marks = [
        row | {"text": count(10.0 ** row["m"])}
        for row in line
        if abs(row["x"] - round(row["x"])) < 1e-9 and row["m"] > low
    ]
    base = inline(marks).encode(x=x, y=y("m"))
    return [
        base.mark_point(color=ORANGE.median, filled=True, size=40, opacity=1.0),
        base.mark_text(
            align="left", dx=7, dy=-8, fontSize=SMALL, fontWeight="bold", color=ORANGE.median
        ).encode(text=altair.Text("text:N")),
    ]


def _height(ends: tuple[float, float], labels: bool, field: str) -> Any:
    return log_axis(field, ends, labels=labels)
