"""A fan: median, 66 % and 90 % bands by year, with names on the bands and numbers at their ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import atan2, degrees
from typing import Any

from amplicast.report.charts.labels import LETTER, Label, beside
from amplicast.report.charts.picture import Frame
from amplicast.report.charts.style import GREY, INK, MUTED, SMALL, Family, inline, pixel

__all__ = ["EDGE", "ROOM", "Fan", "Reference", "draw_fan", "drawn_bands"]

ROOM = 100.0
"""Room for the numbers to the right of the last year [px]."""

EDGE = 14.0
"""Room for half of a year's label, to the left of the first year [px]."""

NARROW = 270.0
"""Width that is taken for certain where a container sets it [px]."""

THICK = 15.0
"""Thickness from which a band carries its name [px]."""

THIN = 50.0
"""Height of a fan below which its numbers are told in two labels instead of five [px]."""


@dataclass(frozen=True)
class Reference:
    """A height that a reader knows: a thin dashed line with its name."""

    y: float
    text: str


@dataclass(frozen=True)
class Fan:
    """What a fan shows, on the plain scale of its axis (log10 where that is in words).

    Attributes
    ----------
    years : sequence of int
    bands : Mapping[str, sequence of float]
        Quantiles p05 to p95 by year.
    ends : tuple of float
        Of the y axis.
    told : Mapping[str, str]
        The last year's quantiles in words.
    family : Family
    references : sequence of Reference
    data_until : date or None
    ghost : sequence of float
        Median of another scenario, thin and grey; empty for none.
    """

    years: Sequence[int]
    bands: Mapping[str, Sequence[float]]
    ends: tuple[float, float]
    told: Mapping[str, str]
    family: Family
    references: Sequence[Reference] = ()
    data_until: date | None = None
    ghost: Sequence[float] = ()


def draw_fan(fan: Fan, frame: Frame, *, x: Callable[[Any], Any], y: Callable[[str], Any]) -> Any:
    """Layered chart of one fan.

    Parameters
    ----------
    fan : Fan
    frame : Frame
    x : callable
        ``x(range) -> altair.X`` of the field ``x``.
    y : callable
        ``y(field) -> altair.Y``.
    """
    import altair

    across = x(frame.within(EDGE, ROOM))
    base = inline(_rows(fan)).encode(x=across)
    layers = drawn_bands(fan, base, y=y)
    layers += _references(fan, across=across, y=y)
    layers += _last_data(fan, frame, across=across)
    if fan.ghost:
        pairs = zip(fan.years, fan.ghost, strict=True)
        layers.append(
            inline([{"x": year, "g": round(float(v), 5)} for year, v in pairs])
            .mark_line(color="#444444", strokeWidth=1.2, strokeDash=[4, 2])
            .encode(x=across, y=y("g"))
        )
    dots = altair.OverlayMarkDef(color=fan.family.median, size=22)
    layers.append(
        base.mark_line(color=fan.family.median, strokeWidth=2.5, point=dots).encode(y=y("p50"))
    )
    named, written = _names(fan, frame, x=across, y=y)
    layers += named
    layers += beside(
        [*_numbers(fan, frame, written), *_known(fan)],
        x=across, y=y("y"), at=fan.years[-1], ends=fan.ends, height=frame.height,
    )  # fmt: skip
    return altair.layer(*layers)


def _rows(fan: Fan) -> list[dict[str, float]]:
    return [
        {"x": year, **{name: round(float(fan.bands[name][i]), 5) for name in fan.bands}}
        for i, year in enumerate(fan.years)
    ]


def drawn_bands(fan: Fan, base: Any, *, y: Callable[[str], Any]) -> list[Any]:
    """Layers of both bands with their outlines; bars where there is one year only."""
    import altair

    bands = (("p05", "p95", fan.family.wide, 16), ("p17", "p83", fan.family.likely, 28))
    if len(fan.years) == 1:
        return [
            base.mark_bar(color=fill, stroke=fan.family.edge, size=size).encode(
                y=y(low), y2=altair.Y2(high)
            )
            for low, high, fill, size in bands
        ]
    areas = [
        base.mark_area(color=fill, opacity=1.0).encode(y=y(low), y2=altair.Y2(high))
        for low, high, fill, _ in bands
    ]
    edges = [
        base.mark_line(color=fan.family.edge, strokeWidth=1).encode(y=y(end))
        for end in ("p05", "p17", "p83", "p95")
    ]
    return areas + edges


def _numbers(fan: Fan, frame: Frame, written: frozenset[str]) -> list[Label]:
    """The last year's quantiles; where the bands are thin, the wide interval in one label."""
    last = {name: float(fan.bands[name][-1]) for name in fan.bands}
    median = Label(last["p50"], fan.told["p50"], fan.family.median, bold=True)
    room = (last["p95"] - last["p05"]) * frame.height / (fan.ends[1] - fan.ends[0])
    if room < THIN:
        text = f"90 %: {fan.told['p05']} to {fan.told['p95']}"
        return [Label(min(last["p05"], last["p50"]), text, INK), median]
    ends = (("p95", "90 %"), ("p83", "66 %"), ("p17", ""), ("p05", ""))
    return [
        median,
        *(
            Label(
                last[name], fan.told[name] + (f" ({of})" if of and of not in written else ""), INK
            )
            for name, of in ends
        ),
    ]


def _known(fan: Fan) -> list[Label]:
    return [
        Label(each.y, each.text, MUTED, slanted=True)
        for each in fan.references
        if fan.ends[0] < each.y < fan.ends[1]
    ]


def _references(fan: Fan, *, across: Any, y: Callable[[str], Any]) -> list[Any]:
    import altair

    inside = [each for each in fan.references if fan.ends[0] < each.y < fan.ends[1]]
    if not inside:
        return []
    rows = [{"x": fan.years[0], "x2": fan.years[-1], "r": round(each.y, 5)} for each in inside]
    rule = inline(rows).mark_rule(color="#666666", strokeDash=[2, 3], strokeWidth=1)
    return [rule.encode(x=across, x2=altair.X2("x2"), y=y("r"))]


def _last_data(fan: Fan, frame: Frame, *, across: Any) -> list[Any]:
    """A line at the date of the last observation; years are told at their ends."""
    import altair

    if fan.data_until is None:
        return []
    until = fan.data_until
    place = until.year - 1 + until.timetuple().tm_yday / (366 if until.year % 4 == 0 else 365)
    if not fan.years[0] <= place <= fan.years[-1]:
        return []
    base = inline([{"x": round(place, 3), "text": f"last data: {until:%b %Y}"}]).encode(x=across)
    return [
        base.mark_rule(color=GREY, strokeWidth=1),
        base.mark_text(
            align="left", baseline="bottom", dx=4, dy=-3, fontSize=SMALL, color=MUTED
        ).encode(y=pixel("y", frame.height), text=altair.Text("text:N")),
    ]


def _names(
    fan: Fan, frame: Frame, *, x: Any, y: Callable[[str], Any]
) -> tuple[list[Any], frozenset[str]]:
    """Names along the slope of bands that are thick and long enough, and which were written."""
    import altair

    layers: list[Any] = []
    written = []
    across = (frame.width or NARROW) - EDGE - ROOM
    for low, high, text in (("p83", "p95", "90 % (very likely)"), ("p50", "p83", "66 % (likely)")):
        best = _roomiest(fan, frame, low=low, high=high, length=LETTER * len(text), across=across)
        if best is None:
            continue
        middle = [(fan.bands[high][i] + fan.bands[low][i]) / 2.0 for i in range(len(fan.years))]
        rise = (middle[best + 1] - middle[best - 1]) * frame.height / (fan.ends[1] - fan.ends[0])
        run = (fan.years[best + 1] - fan.years[best - 1]) / (fan.years[-1] - fan.years[0])
        written.append(text.partition(" (")[0])
        layers.append(
            inline([{"x": fan.years[best], "n": round(middle[best], 5), "text": text}])
            .mark_text(fontSize=SMALL, color=INK, angle=_angle(rise, run, frame))
            .encode(x=x, y=y("n"), text=altair.Text("text:N"))
        )
    return layers, frozenset(written)


def _roomiest(
    fan: Fan, frame: Frame, *, low: str, high: str, length: float, across: float
) -> int | None:
    """Latest year around which a text has room between two quantiles."""
    scale = frame.height / (fan.ends[1] - fan.ends[0])
    first, last = fan.years[0], fan.years[-1]
    for i in range(len(fan.years) - 2, 0, -1):
        side = min(fan.years[i] - first, last - fan.years[i]) * across / (last - first)
        near = range(i - 1, i + 2)
        thick = min((fan.bands[high][j] - fan.bands[low][j]) * scale for j in near)
        if side >= length / 2.0 and thick >= THICK:
            return i
    return None


def _angle(rise: float, run: float, frame: Frame) -> Any:
    """Slope of a line on the screen, clockwise [degrees]."""
    import altair

    taken = EDGE + ROOM
    if frame.width is None:
        return altair.expr(f"-atan2({rise:.3f}, {run:.5f} * (width - {taken:g})) * 180 / PI")
    return round(-degrees(atan2(rise, run * (frame.width - taken))), 2) % 360.0
