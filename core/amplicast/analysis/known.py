"""What one input would be worth to know, exactly or to a stated precision, from the stored draws.

Exactly: payoffs are smoothed over the ranks of the input, and the best action is chosen along the
curve (regression, Strong, Oakley & Brennan 2014, doi:10.1177/0272989X13505910). To a precision: a
measurement is drawn, and the draws are weighted by how likely they make it, which also moves what
evidence ties to the input. Choosing where nothing is learnt looks like a gain too: the answer in
another order tells how large (the null), which is taken off and shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amplicast.analysis.voi import ENDS, Heights, Payoffs, Worth, expected, spread_around
from amplicast.errors import Problem, ScenarioError

__all__ = ["Measured", "known_exactly", "known_to"]

DEGREE = 4
"""Of the polynomial over ranks by which payoffs are smoothed."""

BINS = 20
"""Bins of the input in which the width of the interval is taken."""

SHUFFLES = 20
"""Orders of the answer in which an input says nothing of it."""

RESAMPLES = 100

FEW = 4
"""Orders that are tried for each resampled set."""

MEASUREMENTS = 400
"""Measurements that are drawn for a stated precision."""

FEWEST = 50.0
"""Draws that a measurement must leave, in effect, for their quantiles to be told."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """An input measured with a standard error, in its own unit."""

    name: str
    error: float
    worth: Worth


def known_exactly(
    inputs: Mapping[str, Any],
    base: Any,
    payoffs: Payoffs,
    heights: Heights,
    *,
    seed: int,
    most: int,
) -> list[Worth]:
    """What each input would be worth, the most valuable first.

    Parameters
    ----------
    inputs : Mapping[str, array]
        Draws of every input (draw).
    base : array
        The answer (draw).
    payoffs, heights : callable
    seed : int
    most : int
        Inputs at the top that get an interval.
    """
    import numpy

    generator = numpy.random.default_rng([seed, 0xB125])
    paid, told = payoffs(base), heights(base)
    best, _ = expected(paid)
    curves = _curves(len(base))
    orders = [generator.permutation(len(base)) for _ in range(SHUFFLES)]

    def nothing(rows: Any, orders: Any) -> Any:
        found = [_ordered(order, paid[:, rows], told[rows], best, curves) for order in orders]
        return numpy.mean(found, axis=0)

    def about(draws: Any, rows: Any, null: Any) -> tuple[float, float]:
        order = numpy.argsort(draws[rows], kind="stable")
        gain, width = _ordered(order, paid[:, rows], told[rows], best, curves)
        return gain - null[0], 1.0 - width / null[1]

    every = slice(None)
    null = nothing(every, orders)
    values = {name: about(draws, every, null) for name, draws in sorted(inputs.items())}
    names = sorted(values, key=lambda name: (*(-each for each in values[name]), name))
    resampled = generator.integers(len(base), size=(RESAMPLES, len(base)))
    again = [(rows, nothing(rows, orders[:FEW])) for rows in resampled]
    found = []
    for place, name in enumerate(names):
        spread = [about(inputs[name], *each) for each in again] if place < most else []
        worth, narrower = (
            spread_around(value, [each[i] for each in spread] or [value, value])
            for i, value in enumerate(values[name])
        )
        found.append(Worth(name=name, worth=worth, narrower=narrower, null=float(null[0])))
    return found


def _curves(size: int) -> Any:
    """Orthonormal polynomials over ranks (draw, degree)."""
    import numpy

    places = numpy.linspace(-1.0, 1.0, size)
    return numpy.linalg.qr(numpy.polynomial.legendre.legvander(places, DEGREE))[0]


def _ordered(order: Any, paid: Any, told: Any, best: int, curves: Any) -> tuple[float, float]:
    """Gain of choosing along the order, and mean width of the interval in a bin of it."""
    import numpy

    smooth = curves @ (curves.T @ paid[:, order].T)
    gain = float((smooth.max(axis=1) - smooth[:, best]).mean())
    size = len(order) // BINS
    bins = told[order[: BINS * size]].reshape(BINS, size)
    low, high = numpy.quantile(bins, ENDS, axis=1)
    return gain, float((high - low).mean())


def known_to(
    name: str,
    draws: Any,
    error: float,
    base: Any,
    payoffs: Payoffs,
    heights: Heights,
    *,
    seed: int,
) -> Measured:
    """What a measurement of one input with a normal error would be worth.

    Parameters
    ----------
    name : str
    draws : array
        Of the input (draw).
    error : float
        Standard error of the measurement, in the input's unit.
    base : array
        The answer (draw).
    payoffs, heights : callable
    seed : int

    Raises
    ------
    ScenarioError
        So exact a measurement leaves too few draws.
    """
    import numpy

    generator = numpy.random.default_rng([seed, 0x3EA5, *name.encode()])
    paid, told = payoffs(base), heights(base)
    best, _ = expected(paid)
    true = generator.permutation(len(draws))[:MEASUREMENTS]
    seen = draws[true] + error * generator.standard_normal(len(true))
    weights = numpy.exp(-0.5 * ((seen[:, None] - draws) / error) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    left = float(numpy.median(1.0 / (weights**2).sum(axis=1)))
    if not left >= FEWEST:
        raise ScenarioError(_too_fine(name, error, error * FEWEST / max(left, 1.0)))
    gains, widths = _weighted(weights, paid, told, best)
    orders = [generator.permutation(len(base)) for _ in range(SHUFFLES)]
    nulls = [_weighted(weights, paid[:, order], told[order], best) for order in orders]
    null = float(numpy.mean([each.mean() for each, _ in nulls]))
    whole = float(numpy.mean([each.mean() for _, each in nulls]))
    again = generator.integers(len(true), size=(RESAMPLES, len(true)))
    return Measured(
        name=name,
        error=error,
        worth=Worth(
            name=name,
            worth=spread_around(gains.mean() - null, gains[again].mean(axis=1)),
            narrower=spread_around(1.0 - widths.mean() / whole, widths[again].mean(axis=1) / whole),
            null=null,
        ),
    )


def _weighted(weights: Any, paid: Any, told: Any, best: int) -> tuple[Any, Any]:
    """Gain and width of the interval for each measurement."""
    import numpy

    means = weights @ paid.T
    order = numpy.argsort(told, kind="stable")
    ordered = told[order]
    upto = numpy.cumsum(weights[:, order], axis=1)
    last = len(ordered) - 1
    low, high = (ordered[numpy.minimum((upto < end).sum(axis=1), last)] for end in ENDS)
    return means.max(axis=1) - means[:, best], high - low


def _too_fine(name: str, error: float, able: float) -> Problem:
    return Problem(
        code="AMP-V120",
        what=f"a measurement of {name} to {error:g} leaves too few draws to say what it is worth",
        why=f"Fewer than {FEWEST:.0f} draws, in effect, lie so close to a typical measurement.",
        fix=f"--precision {name}={able:.1g}, or read its row in the table of exact knowledge",
    )
