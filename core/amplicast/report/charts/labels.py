"""Labels that stand beside what they name, pushed apart where they would overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amplicast.report.charts.style import SMALL, inline

__all__ = ["LETTER", "Label", "beside", "spread"]

GAP = 15.0
"""Least distance between the middles of two labels [px]."""

LETTER = 5.8
"""Width of a letter of small text [px]."""


@dataclass(frozen=True)
class Label:
    """Text at a height.

    Attributes
    ----------
    y : float
        Where it belongs, on the axis' own scale (linear, or log10).
    text, colour : str
    bold, slanted : bool
    """

    y: float
    text: str
    colour: str
    bold: bool = False
    slanted: bool = False


def spread(wanted: Sequence[float], *, gap: float, low: float, high: float) -> list[float]:
    """Places nearest to the wanted ones, at least `gap` apart, between `low` and `high`.

    In the order of the input. Least squares: neighbours that touch move as one block
    (pool-adjacent-violators). Where there is no room for the gap, it is made smaller.
    """
    count = len(wanted)
    if not count:
        return []
    gap = min(gap, (high - low) / max(count - 1, 1))
    order = sorted(range(count), key=lambda i: (wanted[i], i))
    blocks: list[tuple[float, int]] = []
    for place, i in enumerate(order):
        mean, size = wanted[i] - place * gap, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean = (before * many + mean * size) / (many + size)
            size += many
        blocks.append((mean, size))
    bases = [mean for mean, size in blocks for _ in range(size)]
    found = [0.0] * count
    for place, i in enumerate(order):
        base = min(max(bases[place], low), high - (count - 1) * gap)
        found[i] = base + place * gap
    return found


def beside(
    labels: Sequence[Label], *, x: Any, y: Any, at: float, ends: tuple[float, float], height: float
) -> list[Any]:
    """Layers of labels to the right of the place `at`.

    Parameters
    ----------
    labels : sequence of Label
    x, y : altair.X, altair.Y
        Encodings of the fields ``x`` and ``y``.
    at : float
        On the x axis.
    ends : tuple of float
        Of the y axis, on the scale of `Label.y`.
    height : float
        Of the panel [px].
    """
    import altair

    low, high = ends
    places = spread(
        [each.y for each in labels], gap=GAP * (high - low) / height, low=low, high=high
    )
    layers = []
    for style in sorted({(each.bold, each.slanted) for each in labels}):
        rows = [
            {"x": at, "y": round(place, 6), "text": each.text, "colour": each.colour}
            for each, place in zip(labels, places, strict=True)
            if (each.bold, each.slanted) == style
        ]
        bold, slanted = style
        layers.append(
            inline(rows)
            .mark_text(
                align="left", dx=7, fontSize=SMALL, fontWeight="bold" if bold else "normal",
                fontStyle="italic" if slanted else "normal",
            )
            .encode(
                x=x, y=y, text=altair.Text("text:N"), color=altair.Color("colour:N", scale=None)
            )
        )  # fmt: skip
    return layers
