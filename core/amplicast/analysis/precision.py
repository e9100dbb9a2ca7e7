"""How exact a number is that comes from draws: Monte Carlo errors of shares and quantiles."""

from __future__ import annotations

from math import sqrt
from typing import Any

__all__ = [
    "Z",
    "difference_error",
    "quantile_error",
    "quantile_errors",
    "share_error",
    "share_interval",
]

BATCHES = 20
"""Batches of consecutive draws whose means are compared; draws of one chain are alike."""

Z = 1.6448536269514722
"""Half of the width of a 90 % interval, in standard errors."""


def share_error(hits: Any) -> float:
    """Monte Carlo standard error of a share: the larger of two estimates.

    One takes draws as independent, with half a hit added on either side so that it is never zero;
    the other compares batches of consecutive draws, so it sees that draws of one chain are alike.

    Parameters
    ----------
    hits : array
        Whether each draw is a hit (draw).
    """
    import numpy

    told = numpy.asarray(hits, dtype=float).reshape(-1)
    size = len(told)
    smoothed = (told.sum() + 0.5) / (size + 1.0)
    independent = sqrt(smoothed * (1.0 - smoothed) / size)
    if size < 2 * BATCHES:
        return independent
    means = told[: size - size % BATCHES].reshape(BATCHES, -1).mean(axis=1)
    return max(independent, float(means.std(ddof=1)) / sqrt(BATCHES))


def share_interval(share: float, error: float) -> tuple[float, float]:
    """90 % Monte Carlo interval of a share (Wilson 1927), inside 0 to 1.

    Parameters
    ----------
    share, error : float
        Share of draws, and its Monte Carlo standard error [fraction].
    """
    size = _draws(share, error)
    centre = (share + Z**2 / (2.0 * size)) / (1.0 + Z**2 / size)
    half = Z / (1.0 + Z**2 / size) * sqrt(share * (1.0 - share) / size + (Z / (2.0 * size)) ** 2)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def _draws(share: float, error: float) -> float:
    """Independent draws from which `share_error` would tell this error of this share."""
    low, high = 0.0, 0.25 / error**2
    for _ in range(60):
        size = (low + high) / 2.0
        smoothed = (share * size + 0.5) / (size + 1.0)
        if smoothed * (1.0 - smoothed) > size * error**2:
            low = size
        else:
            high = size
    return high


def quantile_error(draws: Any, p: float) -> float:
    """Monte Carlo standard error of a quantile, from the draws around it.

    Half of the distance between the quantiles whose probabilities lie one standard error of the
    share below them to either side.

    Parameters
    ----------
    draws : array
        Values (draw); those that are not numbers are left out.
    p : float
        Probability of the quantile [fraction].
    """
    import numpy

    values = numpy.asarray(draws, dtype=float).reshape(-1)
    values = values[numpy.isfinite(values)]
    if len(values) < 2:
        return float("nan")
    error = share_error(values <= numpy.quantile(values, p))
    low, high = numpy.quantile(values, [max(p - error, 0.0), min(p + error, 1.0)])
    return float(high - low) / 2.0


def quantile_errors(values: Any, p: float) -> Any:
    """`quantile_error` of many quantities at once, all of them defined in every draw (place).

    Parameters
    ----------
    values : numpy.ndarray
        (draw, place).
    p : float
        Probability of the quantile [fraction].
    """
    import numpy

    ordered = numpy.sort(values, axis=0)
    size = len(ordered)

    def at(probability: Any) -> Any:
        place = numpy.broadcast_to(probability * (size - 1.0), ordered.shape[1:])
        below = numpy.floor(place).astype(int)
        above = numpy.minimum(below + 1, size - 1)
        columns = numpy.arange(ordered.shape[1])
        low, high = ordered[below, columns], ordered[above, columns]
        return low + (place - below) * (high - low)

    hits = values <= at(p)
    smoothed = (hits.sum(axis=0) + 0.5) / (size + 1.0)
    error = numpy.sqrt(smoothed * (1.0 - smoothed) / size)
    if size >= 2 * BATCHES:
        kept = hits[: size - size % BATCHES]
        means = kept.reshape(BATCHES, -1, kept.shape[1]).mean(axis=1)
        error = numpy.maximum(error, means.std(axis=0, ddof=1) / sqrt(BATCHES))
    return (at(numpy.minimum(p + error, 1.0)) - at(numpy.maximum(p - error, 0.0))) / 2.0


def difference_error(first: Any, last: Any, *, paired: bool) -> float:
    """Monte Carlo standard error of the difference between two medians.

    Parameters
    ----------
    first, last : array
        Values (draw); those that are not numbers are left out.
    paired : bool
        Draws of the same number belong together: batches of them are compared, so what both sides
        share cancels out. Otherwise the sides are independent.
    """
    import warnings

    import numpy

    size = min(len(first), len(last))
    if not paired or size < 2 * BATCHES:
        return float(numpy.hypot(quantile_error(first, 0.5), quantile_error(last, 0.5)))
    kept = size - size % BATCHES
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # batches in which nothing is defined
        one, two = (
            numpy.nanmedian(numpy.asarray(each)[:kept].reshape(BATCHES, -1), axis=1)
            for each in (first, last)
        )
        steps = two - one
    steps = steps[numpy.isfinite(steps)]
    return float(steps.std(ddof=1) / sqrt(len(steps))) if len(steps) > 1 else float("nan")
