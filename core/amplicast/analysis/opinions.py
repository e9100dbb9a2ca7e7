"""One distribution from several forecasters' draws: linear and logarithmic opinion pools.

Linear: a mixture, in which whoever is right is not known. Logarithmic: the normalised weighted
geometric mean of densities, in which forecasters correct each other; externally Bayesian (Genest &
Zidek 1986, doi:10.1214/ss/1177013825). Probabilities of events are averaged by weight, or by weight
in log-odds.

Draws say nothing of a density but through an estimate: a Gaussian kernel on the scale given, with
Silverman's bandwidth, shrunk so that it leaves the variance as it is. It smooths edges and spikes
narrower than the bandwidth. Draws say little of tails: beyond the outermost hundredth on either end
the density goes on as that of a normal, on which a pool between distant forecasters rests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amplicast.prior_families import z_of

__all__ = [
    "linear_chance", "linear_quantiles", "logarithmic_chance", "logarithmic_quantiles",
]  # fmt: skip

CELLS = 4096
"""Of the grid on which densities are multiplied."""

REACH = 4.0
"""Bandwidths from its middle at which a kernel ends."""

FEWEST = 20
"""Draws from which a density is estimated."""

TAIL = 0.01
"""Share of the draws at either end beyond which the density is that of a normal."""

LEAST = 0.01
"""Overlap up to which forecasters exclude each other; two normals six spreads apart have it."""


def linear_quantiles(samples: Sequence[Any], weights: Sequence[float], levels: Any) -> Any:
    """Quantiles of the mixture (level); of one forecaster, those of its draws.

    Parameters
    ----------
    samples : sequence of array
        Draws of each forecaster (draw).
    weights : sequence of float
        Of each forecaster, whatever the number of its draws; they need not add up to one.
    levels : array
        Probabilities [fraction].
    """
    import numpy

    parts = [(each, weight) for each, weight in zip(samples, weights, strict=True) if len(each)]
    if not sum(weight for _, weight in parts) > 0.0:
        return numpy.full(len(levels), numpy.nan)
    if len(parts) == 1:
        return numpy.quantile(parts[0][0], levels)
    values = numpy.concatenate([each for each, _ in parts])
    shares = numpy.concatenate([numpy.full(len(each), w / len(each)) for each, w in parts])
    order = numpy.argsort(values, kind="stable")
    values, shares = values[order], shares[order] / shares.sum()
    middles = numpy.cumsum(shares) - 0.5 * shares
    return numpy.interp(levels, middles, values)


def logarithmic_quantiles(
    samples: Sequence[Any], weights: Sequence[float], levels: Any
) -> tuple[Any, float]:
    """Quantiles of the normalised geometric mean of densities (level), and their overlap.

    Parameters
    ----------
    samples : sequence of array
        Draws of each forecaster on the scale on which densities are estimated (draw).
    weights : sequence of float
        They need not add up to one.
    levels : array

    Returns
    -------
    array
        Not numbers where a forecaster has too few draws, or nothing in common with the others.
    float
        Integral of the geometric mean: 1 where all agree, 0 where they exclude each other.
    """
    import numpy

    nothing = numpy.full(len(levels), numpy.nan), 0.0
    kept = [(each, w) for each, w in zip(samples, weights, strict=True) if w > 0.0]
    if not kept or any(len(each) < FEWEST for each, _ in kept):
        return nothing
    widths = [_bandwidth(each) for each, _ in kept]
    if not all(width > 0.0 for width in widths):
        return nothing
    margin = REACH * max(widths)
    low = min(float(each.min()) for each, _ in kept) - margin
    high = max(float(each.max()) for each, _ in kept) + margin
    step = (high - low) / (CELLS - 1)
    total = sum(w for _, w in kept)
    logs = numpy.zeros(CELLS)
    with numpy.errstate(divide="ignore"):
        for (each, weight), width in zip(kept, widths, strict=True):
            logs += weight / total * numpy.log(_density(each, width, low=low, step=step))
    mean = numpy.exp(logs)
    upto = numpy.concatenate([[0.0], numpy.cumsum(0.5 * (mean[1:] + mean[:-1]))]) * step
    overlap = float(upto[-1])
    if not overlap > LEAST:
        return nothing
    inside = numpy.concatenate([[True], numpy.diff(upto) > 0.0])
    grid = low + step * numpy.arange(CELLS)
    return numpy.interp(levels, upto[inside] / overlap, grid[inside]), min(overlap, 1.0)


def _bandwidth(draws: Any) -> float:
    """Silverman's rule of thumb (1986, equation 3.31)."""
    import numpy

    low, high = map(float, numpy.quantile(draws, [0.25, 0.75]))
    scales = [float(draws.std()), (high - low) / 1.349]
    spread = min((scale for scale in scales if scale > 0.0), default=0.0)
    return float(0.9 * spread / len(draws) ** 0.2)


def _density(draws: Any, width: float, *, low: float, step: float) -> Any:
    """Kernel estimate on the grid (cell); draws are drawn together so that the variance stays."""
    import numpy

    sd = float(draws.std())
    middle = float(draws.mean())
    places = middle + (draws - middle) / (1.0 + (width / sd) ** 2) ** 0.5
    at = (places - low) / step
    cell = numpy.floor(at).astype(int)
    part = at - cell
    counts = numpy.bincount(cell, 1.0 - part, CELLS) + numpy.bincount(cell + 1, part, CELLS)
    half = min(int(numpy.ceil(REACH * width / step)), (CELLS - 1) // 2)
    kernel = numpy.exp(-0.5 * (numpy.arange(-half, half + 1) * step / width) ** 2)
    density = numpy.convolve(counts, kernel / kernel.sum(), "same") / (len(draws) * step)
    return _continued(density, draws, low=low, step=step)


def _continued(density: Any, draws: Any, *, low: float, step: float) -> Any:
    """The density with either tail that of the normal about the median with the same quantile."""
    import numpy

    grid = low + step * numpy.arange(CELLS)
    middle = float(numpy.median(draws))
    for share in (TAIL, 1.0 - TAIL):
        end = float(numpy.quantile(draws, share))
        sd = (end - middle) / z_of(share)
        if sd > 0.0:
            level = numpy.interp(end, grid, density)
            beyond = (grid - end) * (end - middle) > 0.0
            fall = ((grid[beyond] - middle) ** 2 - (end - middle) ** 2) / (2.0 * sd**2)
            density[beyond] = level * numpy.exp(-fall)
    return density / (density.sum() * step)


def linear_chance(chances: Sequence[float], weights: Sequence[float]) -> float:
    """Weighted mean of probabilities."""
    total = sum(weights)
    return sum(p * w for p, w in zip(chances, weights, strict=True)) / total


def logarithmic_chance(chances: Sequence[float], weights: Sequence[float]) -> float:
    """Weighted mean in log-odds; a probability of 0 or 1 must have been drawn in before."""
    from math import exp, log

    total = sum(weights)
    odds = sum(w * log(p / (1.0 - p)) for p, w in zip(chances, weights, strict=True)) / total
    return 1.0 / (1.0 + exp(-odds))
