"""Are the draws enough: Monte Carlo error of every exported quantile against its interval."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from amplicast.analysis.precision import quantile_error, quantile_errors
from amplicast.forecast.outputs import OUTPUTS
from amplicast.forecast.quantiles import QUANTILES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amplicast.forecast import Forecast

__all__ = ["ALLOWED", "Exactness", "exactness"]

Array = Any

ALLOWED = 0.1
"""Standard error of a quantile over the width of the 90 % interval that it belongs to."""

FEWEST = 100
"""Draws in which a quantity must be defined for its quantiles to be judged."""


@dataclass(frozen=True, kw_only=True)
class Exactness:
    """The least exact quantile of one output, over all places.

    Attributes
    ----------
    output : str
    place : Mapping
        Labels by dim, with the scenario.
    level : float
        Of the quantile.
    share : float
        Its standard error over the width of the 90 % interval there, on the output's own scale.
    judged, above : int
        Quantiles that were judged, and those above `ALLOWED`.
    """

    output: str
    place: Mapping[str, Any]
    level: float
    share: float
    judged: int
    above: int

    @property
    def passed(self) -> bool:
        """Every quantile is exact enough."""
        return self.above == 0

    @property
    def times(self) -> int:
        """By how much draws must be multiplied, since errors fall with their root."""
        return max(ceil((self.share / ALLOWED) ** 2), 1)


def exactness(forecast: Forecast) -> tuple[Exactness, ...]:
    """The least exact quantile of every output whose intervals have a width, the worst first."""
    found = [one for name in OUTPUTS if (one := _least_exact(forecast, name)) is not None]
    return tuple(sorted(found, key=lambda one: (-one.share, one.output)))


def _least_exact(forecast: Forecast, name: str) -> Exactness | None:
    import numpy

    values = forecast.outputs[name]
    dims = [str(dim) for dim in values.dims if dim != "draw"]
    array = values.transpose("draw", *dims).values
    if set(numpy.unique(array)) <= {0.0, 1.0}:
        return None  # yes or no: its quantiles say nothing, its mean is told
    shape = array.shape[1:]
    flat = array.reshape(len(array), -1).astype(float)
    if OUTPUTS[name].log:
        with numpy.errstate(all="ignore"):
            flat = numpy.log10(flat)
    shares = _shares(numpy.where(numpy.isfinite(flat), flat, numpy.nan), QUANTILES)
    judged = numpy.isfinite(shares)
    if not judged.any():
        return None
    level, place = numpy.unravel_index(int(numpy.nanargmax(shares)), shares.shape)
    index = numpy.unravel_index(int(place), shape) if shape else ()
    labels = {
        dim: forecast.scenarios[i] if dim == "scenario" else values[dim].values[i].item()
        for dim, i in zip(dims, index, strict=True)
    }
    return Exactness(
        output=name,
        place=labels,
        level=QUANTILES[int(level)],
        share=float(shares[level, place]),
        judged=int(judged.sum()),
        above=int((shares[judged] > ALLOWED).sum()),
    )


def _shares(flat: Array, levels: Sequence[float]) -> Array:
    """Errors over widths (level, place); nan where a quantity is constant or hardly defined."""
    import numpy

    shares = numpy.full((len(levels), flat.shape[1]), numpy.nan)
    whole = ~numpy.isnan(flat).any(axis=0)
    for part in numpy.array_split(numpy.flatnonzero(whole), max(int(whole.sum()) // 500, 1)):
        if len(part):
            low, high = numpy.quantile(flat[:, part], [levels[0], levels[-1]], axis=0)
            width = numpy.where(high > low, high - low, numpy.nan)
            errors = [quantile_errors(flat[:, part], level) for level in levels]
            shares[:, part] = numpy.stack(errors) / width
    for place in numpy.flatnonzero(~whole):
        known = flat[~numpy.isnan(flat[:, place]), place]
        if len(known) < FEWEST:
            continue
        low, high = numpy.quantile(known, [levels[0], levels[-1]])
        if high > low:
            shares[:, place] = [quantile_error(known, level) / (high - low) for level in levels]
    return shares
