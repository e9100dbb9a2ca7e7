"""How much inference buys how much training: the trade-off curve of one technique."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.report.charts.style import GREY, INK, SERIES, themed

if TYPE_CHECKING:
    import xarray

__all__ = ["PublishedPoint", "Tradeoff", "tradeoff_chart"]

POINTS = 81
"""Points at which the bands are drawn."""

MASSES = (("p05", "p95"), ("p17", "p83"))
"""Ends of the 90 % and of the 66 % band."""


@dataclass(frozen=True)
class PublishedPoint:
    """A trade-off that somebody published: spend and gain [OOM]."""

    spend: float
    gain: float
    label: str


@dataclass(frozen=True)
class Tradeoff:
    """Draws of one curve.

    Attributes
    ----------
    title : str
        Of its panel.
    spend, gain : xarray.DataArray
        Along ``spend`` and ``draw`` [OOM].
    efficient : tuple of float
        Median spends between which the exchange rate is better than 6:1, or none.
    """

    title: str
    spend: xarray.DataArray
    gain: xarray.DataArray
    efficient: tuple[float, float] | None


def tradeoff_chart(curves: Sequence[Tradeoff], *, points: Sequence[PublishedPoint] = ()) -> Any:
    """One panel per task class on shared axes: median, 66 % and 90 % bands, efficient span.

    Parameters
    ----------
    curves : sequence of Tradeoff
    points : sequence of PublishedPoint
        Drawn in every panel, with their labels.
    """
    import altair

    tables = [_bands(curve) for curve in curves]
    published = [(point.spend, point.gain) for point in points]
    spends = [row["spend"] for table in tables for row in table] + [x for x, _ in published]
    gains = [row[end] for table in tables for row in table for end in ("p05", "p95")]
    gains += [y for _, y in published]
    x = altair.Scale(domain=[min(spends), max(*spends, 0.1)], nice=False)
    y = altair.Scale(domain=[min(*gains, 0.0), max(*gains, 0.1)], nice=True)
    panels = [
        _panel(curve, table, points, x=x, y=y, first=number == 0)
        for number, (curve, table) in enumerate(zip(curves, tables, strict=True))
    ]
    return themed(altair.hconcat(*panels, spacing=16))


def _bands(curve: Tradeoff) -> list[dict[str, float]]:
    """Quantiles of the gain on one grid of spends; a draw ends where its domain ends."""
    import numpy

    spend = curve.spend.transpose("draw", "spend").values
    gain = curve.gain.transpose("draw", "spend").values
    grid = numpy.linspace(spend.min(), spend.max(), POINTS)
    on_grid = numpy.stack(
        [numpy.interp(grid, s, g) for s, g in zip(spend[:1000], gain[:1000], strict=True)]
    )
    ends = {"p05": 0.05, "p17": 0.17, "p50": 0.5, "p83": 0.83, "p95": 0.95}
    found = numpy.quantile(on_grid, list(ends.values()), axis=0)
    return [
        {"spend": round(float(at), 4)}
        | {name: round(float(found[i, place]), 4) for i, name in enumerate(ends)}
        for place, at in enumerate(grid)
    ]


def _panel(
    curve: Tradeoff,
    table: list[dict[str, float]],
    points: Sequence[PublishedPoint],
    *,
    x: Any,
    y: Any,
    first: bool,
) -> Any:
    import altair

    across = altair.X("spend:Q", scale=x, title="inference per task, OOM")
    title = "training that it stands in for, OOM" if first else None
    layers: list[Any] = []
    if curve.efficient:
        low, high = curve.efficient
        layers.append(
            _chart([{"low": low, "high": high}])
            .mark_rect(color=GREY, opacity=0.25)
            .encode(x=altair.X("low:Q", scale=x), x2="high:Q")
        )
    chart = _chart(table)
    for (low_end, high_end), opacity in zip(MASSES, (0.22, 0.38), strict=True):
        layers.append(
            chart.mark_area(color=SERIES[0], opacity=opacity).encode(
                x=across, y=altair.Y(f"{low_end}:Q", scale=y, title=title), y2=f"{high_end}:Q"
            )
        )
    layers.append(
        chart.mark_line(color=SERIES[0], strokeWidth=2).encode(
            x=across, y=altair.Y("p50:Q", scale=y, title=title)
        )
    )
    if points:
        layers += _dots(
            points, ends=x["domain"], x=across, y=altair.Y("p50:Q", scale=y, title=title)
        )
    return altair.layer(*layers).properties(width=230, height=200, title=curve.title)


def _dots(points: Sequence[PublishedPoint], *, ends: Sequence[float], x: Any, y: Any) -> list[Any]:
    """Points with labels that run towards the middle of the panel."""
    import altair

    low, high = ends
    layers: list[Any] = []
    for point in points:
        left = point.spend < (low + high) / 2.0
        dot = _chart([{"spend": point.spend, "p50": point.gain, "label": point.label}])
        dot = dot.encode(x=x, y=y)
        layers += [
            dot.mark_point(color=SERIES[1], filled=True, size=45, opacity=1.0),
            dot.mark_text(
                align="left" if left else "right", dx=7 if left else -7, color=INK, fontSize=10
            ).encode(text=altair.Text("label:N")),
        ]
    return layers


def _chart(rows: Sequence[Mapping[str, Any]]) -> Any:
    import altair

    return altair.Chart(altair.Data(values=list(rows)))  # type: ignore[no-untyped-call]
