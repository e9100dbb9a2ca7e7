"""Quantiles of draws, some of which may be undefined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["told"]


def told(values: Any, quantiles: Sequence[float]) -> tuple[Any, Any]:
    """Quantiles over the defined draws (value, quantile), and their share; sorts in place.

    The numbers are those of ``numpy.nanquantile``. Sorting rows that lie in order takes a tenth of
    its time: sorted, undefined draws come last, and every quantile is between two neighbours.
    """
    import numpy

    values.sort(axis=-1)
    draws = values.shape[-1]
    defined = numpy.full(len(values), draws)
    if numpy.isnan(values[:, -1]).any():
        defined -= numpy.isnan(values).sum(axis=-1)
    place = numpy.maximum(defined - 1, 0)[:, None] * numpy.asarray(quantiles)
    below = numpy.floor(place).astype("int64")
    above = numpy.minimum(below + 1, numpy.maximum(defined - 1, 0)[:, None])
    low = numpy.take_along_axis(values, below, axis=-1)
    high = numpy.take_along_axis(values, above, axis=-1)
    part = place - below
    with numpy.errstate(invalid="ignore"):
        step = high - low
        # Rounded as NumPy does: from the nearer end, and exactly where both ends are one.
        between = numpy.where(part < 0.5, low + step * part, high - step * (1.0 - part))
        found = numpy.where(high == low, low, between)
    return found, defined / draws
