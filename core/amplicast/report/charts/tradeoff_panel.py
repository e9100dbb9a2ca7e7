"""One trade-off curve: bands round its median, the efficient region, published points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.report.charts.axes import nice_ends, oom_labels, oom_ticks
from amplicast.report.charts.style import BLUE, GREY, INK, SERIES, SMALL, inline

if TYPE_CHECKING:
    import xarray

    from amplicast.analysis.tradeoffs import PublishedPoint
    from amplicast.report.charts.picture import Frame

__all__ = ["Axes", "Curve", "tradeoff_panel"]


@dataclass(frozen=True)
class Curve:
    """What is drawn of one technique.

    Attributes
    ----------
    title, most : str
        Of its panel, and the largest gain in words.
    spend : numpy.ndarray
        [OOM].
    gain : xarray.DataArray
        Along ``quantile`` and ``spend`` [OOM].
    efficient : tuple of float or None
        Ends of the efficient region [OOM].
    points : tuple of PublishedPoint
    """

    title: str
    most: str
    spend: Any
    gain: xarray.DataArray
    efficient: tuple[float, float] | None
    points: tuple[PublishedPoint, ...]


@dataclass(frozen=True)
class Axes:
    """Ends that the panels share: spend, gain [OOM]."""

    spend: tuple[float, float]
    gain: tuple[float, float]

    @classmethod
    def around(cls, curves: Sequence[Curve]) -> Axes:
        """Ends around every band and point."""
        points = [point for curve in curves for point in curve.points]
        spends = [float(each) for curve in curves for each in curve.spend[[0, -1]]]
        gains = [float(end) for curve in curves for end in (curve.gain.min(), curve.gain.max())]
        return cls(
            nice_ends([*spends, *(point.spend for point in points)]),
            nice_ends([*gains, *(point.gain for point in points)]),
        )


def tradeoff_panel(curve: Curve, axes: Axes, frame: Frame) -> Any:
    """The chart of one curve."""
    import altair

    def axis(ends: tuple[float, float], title: str | None) -> Any:
        ticks = oom_ticks(ends)
        return altair.Axis(
            values=ticks, tickCount=len(ticks) + 1, title=title, ticks=False, domain=False,
            labelExpr=oom_labels(ticks, factors=False), titleFontSize=SMALL,
        )  # fmt: skip

    across, up = (altair.Scale(domain=list(ends), nice=False) for ends in (axes.spend, axes.gain))
    bottom = axis(axes.spend, "inference per task, OOM")
    left = axis(axes.gain, "training that it stands in for, OOM" if frame.first else None)

    def x(field: str) -> Any:
        return altair.X(f"{field}:Q", scale=across, axis=bottom)

    def y(field: str) -> Any:
        return altair.Y(f"{field}:Q", scale=up, axis=left)

    rows = _rows(curve)
    layers: list[Any] = []
    if curve.efficient:
        low, high = curve.efficient
        shade = inline([{"low": round(low, 4), "high": round(high, 4)}])
        layers.append(
            shade.mark_rect(color=GREY, opacity=0.35).encode(x=x("low"), x2=altair.X2("high"))
        )
    # Few layers: what a grammar takes to compile grows with them, and a page has many panels.
    bands = [
        {"spend": at, "low": row[low], "high": row[high], "fill": fill}
        for low, high, fill in (("p05", "p95", BLUE.wide), ("p17", "p83", BLUE.likely))
        for at, row in rows
    ]
    lines = [
        {"spend": at, "gain": row[level], "level": level, "ink": ink, "wide": wide}
        for level, ink, wide in _LINES
        for at, row in rows
    ]
    layers += [
        inline(bands)
        .mark_area(opacity=1.0)
        .encode(
            x=x("spend"), y=y("low"), y2=altair.Y2("high"), fill=altair.Fill("fill:N", scale=None)
        ),
        inline(lines)
        .mark_line()
        .encode(
            x=x("spend"), y=y("gain"), detail=altair.Detail("level:N"),
            stroke=altair.Stroke("ink:N", scale=None),
            strokeWidth=altair.StrokeWidth("wide:Q", scale=None),
        ),
    ]  # fmt: skip
    return altair.layer(*layers, *_dots(curve.points, axes.spend, x=x, y=y))


_LINES = (
    ("p05", BLUE.edge, 0.75), ("p95", BLUE.edge, 0.75), ("p17", BLUE.edge, 0.75),
    ("p83", BLUE.edge, 0.75), ("p50", BLUE.median, 2.0),
)  # fmt: skip
"""Quantile, colour and width [px] of each line, the last on top."""


def _rows(curve: Curve) -> list[tuple[float, dict[str, float]]]:
    """Quantiles of the gain by spend."""
    levels = [str(level) for level in curve.gain["quantile"].values]
    table = curve.gain.transpose("spend", "quantile").values
    return [
        (
            round(float(at), 4),
            {level: round(float(each), 4) for level, each in zip(levels, row, strict=True)},
        )
        for at, row in zip(curve.spend, table, strict=True)
    ]


def _dots(
    points: Sequence[PublishedPoint], ends: tuple[float, float], *, x: Any, y: Any
) -> list[Any]:
    """Points with labels that run towards the middle of the panel."""
    import altair

    layers: list[Any] = []
    for point in points:
        left = point.spend < sum(ends) / 2.0
        dot = inline([{"spend": point.spend, "gain": point.gain, "label": point.label}])
        dot = dot.encode(x=x("spend"), y=y("gain"))
        beside: dict[str, Any] = {"align": "left" if left else "right", "dx": 7 if left else -7}
        halo = {"stroke": "white", "strokeWidth": 3, "strokeJoin": "round"}
        text = dot.encode(text=altair.Text("label:N"))
        layers += [
            text.mark_text(**beside, **halo, fontSize=SMALL),
            text.mark_text(**beside, color=INK, fontSize=SMALL),
            dot.mark_point(color=SERIES[1], filled=True, size=45, opacity=1.0),
        ]
    return layers
