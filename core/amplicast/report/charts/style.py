"""What all pictures share: colours, type, and the house style."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

__all__ = [
    "BLUE",
    "DASHES",
    "GREY",
    "INK",
    "MUTED",
    "ORANGE",
    "SERIES",
    "SERIES_TEXT",
    "SMALL",
    "TEXT",
    "Family",
    "drawing",
    "inline",
    "pixel",
    "specification",
    "svg",
    "themed",
]

SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
"""Colours of series, told apart by the colour-blind and dark enough on white."""

SERIES_TEXT = ("#005A8E", "#A34700", "#00704F", "#93406D")
"""The same, darker: readable as text."""

DASHES: tuple[list[int], ...] = ([], [7, 3], [2, 3], [8, 3, 2, 3])
"""Their dashes, so that colour never tells alone."""

INK = "#222222"
MUTED = "#595959"
"""Text that is second in rank; 7 : 1 on white."""

GREY = "#BBBBBB"
"""Lines that only guide the eye; never text."""

TEXT, SMALL = 12, 11
"""Sizes of type [px]."""


@dataclass(frozen=True)
class Family:
    """Colours of one quantity: a fan is known by its family.

    Attributes
    ----------
    wide, edge, likely, median : str
        90 % band, the outlines of both bands, 66 % band, median.
    """

    wide: str
    edge: str
    likely: str
    median: str


BLUE = Family("#cfe1f2", "#4a90c2", "#6aaed6", "#08306b")
"""Amplification. Fills are pale, so outlines and median carry the contrast."""

ORANGE = Family("#fde0c5", "#c8742b", "#f3a766", "#6e2f00")
"""Copies."""

_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


def themed(chart: Any) -> Any:
    """The chart with the house style."""
    # One change for all: a chart is copied, with its data, by every one.
    return chart.properties(config=_config())


def specification(chart: Any, *, width: float, height: float) -> dict[str, Any]:
    """The chart of this size with the house style, as Vega-Lite; the chart is not copied."""
    size = {"width": width, "height": height}
    found: dict[str, Any] = chart.to_dict(validate=False)
    return found | size | {"config": _config().to_dict(validate=False)}


@cache
def _config() -> Any:
    import altair

    return altair.Config(
        font=_FONT,
        background="white",
        view=altair.ViewConfig(stroke=None),
        axis=altair.AxisConfig(
            labelColor=INK, titleColor=INK, gridColor="#E5E5E5", labelFontSize=TEXT,
            titleFontSize=TEXT, titleFontWeight="normal", domainColor="#888888", tickCount=6,
        ),
        title=altair.TitleConfig(
            fontSize=14, fontWeight="bold", anchor="start", color=INK, frame="bounds",
            subtitleFontSize=TEXT, subtitleColor=MUTED, subtitlePadding=4,
        ),
        text=altair.MarkConfig(fontSize=SMALL, color=INK),
    )  # fmt: skip


def inline(rows: Any) -> Any:
    """A chart over rows that lie in the specification itself: nothing is fetched."""
    import altair

    # Altair copies lists with everything in them, again and again; tuples it leaves alone.
    return altair.Chart(altair.Data(values=tuple(rows)))  # type: ignore[no-untyped-call]


def pixel(channel: Literal["x", "y", "y2"], place: float) -> Any:
    """A channel that is at the same place of every panel [px].

    Altair would take ``altair.value`` too, and work out its class anew each time.
    """
    import altair

    classes: dict[str, Any] = {"x": altair.XValue, "y": altair.YValue, "y2": altair.Y2Value}
    return classes[channel](place)


def svg(chart: Any) -> str:
    """The chart as SVG text; the same chart gives the same bytes."""
    # Tests hold every picture to the grammar; here that check would take longer than the drawing.
    return drawing(chart.to_dict(validate=False))


def drawing(grammar: dict[str, Any]) -> str:
    """A Vega-Lite specification as SVG text; the same one gives the same bytes."""
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(json.dumps(grammar), allowed_base_urls=[])
    return text
