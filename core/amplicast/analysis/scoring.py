"""Score central intervals against what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["MASS", "TAILS", "Scored", "scored"]

Array = Any

MASS = 0.9
"""Mass of the intervals that are scored."""

TAILS = (0.5 - MASS / 2, 0.5, 0.5 + MASS / 2)
"""Their ends, and the median."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Intervals against what was measured, on the family's scale.

    Attributes
    ----------
    inside : int
        Rows inside their 90 % interval.
    width : float
        Median width of the interval.
    score : float
        Mean interval score (Gneiting & Raftery 2007, equation 43): width plus 20 times the
        distance by which a row falls outside; less is better.
    errors : tuple of float
        Distance of each row from the median of what was foreseen.
    """

    inside: int
    width: float
    score: float
    errors: tuple[float, ...] = ()


def scored(low: Array, high: Array, values: Array, middle: Array) -> Scored:
    """Score 90 % intervals and their medians against what was measured, each (point)."""
    import numpy

    outside = numpy.maximum(low - values, 0.0) + numpy.maximum(values - high, 0.0)
    width = high - low
    return Scored(
        inside=int(((low <= values) & (values <= high)).sum()),
        width=float(numpy.median(width)),
        score=float((width + 2.0 / (1.0 - MASS) * outside).mean()),
        errors=tuple(float(each) for each in numpy.abs(middle - values)),
    )
