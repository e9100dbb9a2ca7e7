"""How many copies can each be amplified so far: the frontier turned around, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

__all__ = ["copies_at_gain"]


def copies_at_gain(copies: Any, gain: Any, gains: Sequence[float]) -> Any:
    """Copies that can each be amplified so far, draw by draw; none where no spend reaches it.

    Parameters
    ----------
    copies : array
        Copies when each spends so much (draw, spend), falling.
    gain : array
        Amplification at the same spends (draw, spend), non-decreasing [OOM].
    gains : sequence of float
        At which to tell, from 0 [OOM].

    Returns
    -------
    array
        (draw, gain) [copies].
    """
    import numpy

    with numpy.errstate(divide="ignore"):
        logs = numpy.log10(copies)
    wanted = numpy.asarray(gains, dtype=float)
    rising = numpy.maximum.accumulate(gain, axis=1)
    # The least spend that reaches a gain counts: flat stretches of a curve buy nothing.
    place = (rising[:, None, :] < wanted[None, :, None] - 1e-9).sum(axis=2)
    unreached = place == gain.shape[1]
    upper = numpy.minimum(place, gain.shape[1] - 1)
    lower = numpy.maximum(upper - 1, 0)
    pick = partial(numpy.take_along_axis, axis=1)
    width = pick(rising, upper) - pick(rising, lower)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        share = numpy.where(width > 0.0, (wanted[None] - pick(rising, lower)) / width, 0.0)
    at_low, at_high = pick(logs, lower), pick(logs, upper)
    with numpy.errstate(invalid="ignore"):
        told = numpy.where(share > 0.0, at_low + share * (at_high - at_low), at_low)
    told = numpy.where(place == 0, logs[:, :1], told)
    return numpy.where(unreached | ~numpy.isfinite(told), 0.0, 10.0**told)
