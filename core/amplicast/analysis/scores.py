"""Scores of what was foreseen against what came: intervals, CRPS, density, and skill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = [
    "MASS", "MASSES", "TAILS", "Scored", "Skill", "covers", "crps", "log_score", "pit", "scored",
    "skill",
]  # fmt: skip

Array = Any

MASS = 0.9
"""Mass of the intervals that are scored."""

TAILS = (0.5 - MASS / 2, 0.5, 0.5 + MASS / 2)
"""Their ends, and the median."""

MASSES = (0.5, 0.66, 0.8, 0.9)
"""Central intervals whose coverage is told."""

RESAMPLES = 4000


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


def crps(draws: Array, seen: float) -> float:
    """Continuous ranked probability score, less is better; of a single draw, its error.

    ``E|X - y| - E|X - X'| / 2`` with both means over the draws (Gneiting & Raftery 2007,
    equation 21), the second from their order.
    """
    import numpy

    ordered = numpy.sort(numpy.asarray(draws, dtype=float).reshape(-1))
    size = len(ordered)
    ranks = 2.0 * numpy.arange(1, size + 1) - size - 1.0
    spread = float((ranks * ordered).sum()) / size**2
    return float(numpy.abs(ordered - seen).mean()) - spread


def log_score(draws: Array, seen: float) -> float:
    """Minus the log of the density that was foreseen where it came [nat], less is better.

    The density is a Gaussian kernel's over the draws (Scott's bandwidth); beyond the draws it falls
    as the kernel does, so that a figure far outside costs much, and an exact one little.
    """
    import numpy
    from scipy.special import logsumexp

    values = numpy.asarray(draws, dtype=float).reshape(-1)
    low, high = numpy.quantile(values, [0.25, 0.75])
    spread = min(float(values.std()), float(high - low) / 1.349) or float(values.std())
    width = max(spread * len(values) ** -0.2, 1e-9)
    z = (values - seen) / width
    return float(
        numpy.log(len(values) * width * numpy.sqrt(2.0 * numpy.pi)) - logsumexp(-z * z / 2)
    )


def pit(draws: Array, seen: float) -> float:
    """Share of the draws below what came; even over many figures where intervals are right."""
    import numpy

    values = numpy.asarray(draws, dtype=float).reshape(-1)
    return float((values < seen).mean() + 0.5 * (values == seen).mean())


def covers(draws: Array, seen: float, *, mass: float) -> bool:
    """Whether the central interval of that mass holds what came."""
    import numpy

    low, high = numpy.quantile(draws, [0.5 - mass / 2, 0.5 + mass / 2])
    return bool(low <= seen <= high)


@dataclass(frozen=True)
class Skill:
    """Share of a rule's CRPS that is saved, with its 90 % interval.

    Attributes
    ----------
    value : float
        1 is perfect, 0 no better than the rule, below 0 worse.
    low, high : float or None
        5 and 95 % points over resampled series; None where there is a single series, which says
        nothing of others.
    """

    value: float
    low: float | None
    high: float | None


def skill(ours: Sequence[float], rule: Sequence[float], series: Sequence[str]) -> Skill | None:
    """``1 - sum(ours) / sum(rule)``, whole series resampled: points of a series are alike.

    None where the rule makes no error at all.
    """
    import numpy

    names = sorted(set(series))
    sums = numpy.array(
        [
            [sum(v for v, s in zip(values, series, strict=True) if s == name) for name in names]
            for values in (ours, rule)
        ]
    )
    if sums[1].sum() == 0.0:
        return None
    value = 1.0 - float(sums[0].sum() / sums[1].sum())
    if len(names) == 1:
        return Skill(value, None, None)
    chosen = numpy.random.default_rng(1).integers(0, len(names), (RESAMPLES, len(names)))
    totals = sums[:, chosen].sum(axis=2)
    kept = totals[1] > 0.0
    resampled = 1.0 - totals[0][kept] / totals[1][kept]
    low, high = numpy.quantile(resampled, [0.05, 0.95])
    return Skill(value, float(low), float(high))
