"""Shares of a difference: what each changed thing adds, averaged over the orders of changing.

Shapley's value (1953): the only rule by which shares add up to the whole, what changes nothing gets
nothing, and things that act alike get alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import factorial
from typing import Any

__all__ = ["EXACT", "Shares", "shapley_exact", "shapley_sampled", "shares_of"]

EXACT = 8
"""Things up to which every combination of them is worked out: 256."""

Worth = Callable[[int], Any]
"""``worth(set)``: an array of any shape; thing `i` is in the set where bit `i` is one."""


@dataclass(frozen=True)
class Shares:
    """What each thing adds.

    Attributes
    ----------
    values : array
        (thing, ...), adding up to the worth of all less that of none.
    error : array or None
        Standard error from sampling orders, of the same shape; None where nothing was sampled.
    evaluations : int
        Sets whose worth was worked out.
    """

    values: Any
    error: Any | None
    evaluations: int


def shares_of(worth: Worth, things: int, *, pairs: int, seed: int) -> Shares:
    """Exact shares of up to `EXACT` things, and sampled ones of more."""
    if things <= EXACT:
        return shapley_exact(worth, things)
    return shapley_sampled(worth, things, pairs=pairs, seed=seed)


def shapley_exact(worth: Worth, things: int) -> Shares:
    """Shares from every set of the things."""
    import numpy

    # One thing more or less at a time, so that a caller may keep what stays.
    known = {each: worth(each) for each in _one_by_one(things)}
    shares = []
    for thing in range(things):
        bit = 1 << thing
        share = numpy.zeros_like(known[0])
        for without in (each for each in known if not each & bit):
            size = without.bit_count()
            weight = factorial(size) * factorial(things - size - 1) / factorial(things)
            share = share + weight * (known[without | bit] - known[without])
        shares.append(share)
    values = numpy.stack(shares) if shares else numpy.zeros((0, *numpy.shape(known[0])))
    return Shares(values=values, error=None, evaluations=len(known))


def shapley_sampled(worth: Worth, things: int, *, pairs: int, seed: int) -> Shares:
    """Shares from sampled orders, each with its reverse, which halves the noise and more.

    Every order adds up to the whole, so their mean does too.
    """
    import numpy

    generator = numpy.random.default_rng([seed, 0x5A9])
    known: dict[int, Any] = {}

    def told(each: int) -> Any:
        if each not in known:
            known[each] = worth(each)
        return known[each]

    found = []
    for _ in range(pairs):
        order = [int(each) for each in generator.permutation(things)]
        found.append(0.5 * (_along(told, order) + _along(told, order[::-1])))
    spread = numpy.std(found, axis=0, ddof=1) if pairs > 1 else numpy.full_like(found[0], numpy.nan)
    return Shares(
        values=numpy.mean(found, axis=0), error=spread / pairs**0.5, evaluations=len(known)
    )


def _along(worth: Worth, order: list[int]) -> Any:
    """What each thing adds where they are changed in this order."""
    import numpy

    steps: dict[int, Any] = {}
    inside = 0
    for thing in order:
        steps[thing] = worth(inside | 1 << thing) - worth(inside)
        inside |= 1 << thing
    return numpy.stack([steps[thing] for thing in sorted(steps)])


def _one_by_one(things: int) -> Iterator[int]:
    """Every set, each of which differs from the one before in one thing (Gray's code)."""
    for place in range(1 << things):
        yield place ^ (place >> 1)
