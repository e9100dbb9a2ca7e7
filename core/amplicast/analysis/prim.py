"""Scenario discovery: a box of inputs in whose draws something mostly holds, in a few words.

The patient rule induction method (Friedman & Fisher 1999, doi:10.1023/A:1008894516817; for
scenarios Bryant & Lempert 2010, doi:10.1016/j.techfore.2009.08.002) peels a twentieth of the
draws at a time, always from the end of an input where least is lost. Only inputs that say most
about it may limit a box. It is found on every second draw and told as it holds on the others, so it
is not praised for what chance put into it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from amplicast.analysis.given_data import binned, correlation_ratio
from amplicast.analysis.precision import share_interval
from amplicast.analysis.sobol import Estimate

__all__ = ["Box", "Limit", "discover"]

PEEL = 0.05
"""Share of the draws in the box that one step takes away."""

LEAST = 0.05
"""Share of the draws that a box keeps at the least."""

MOST = 4
"""Limits in a box; more would be no story."""

BINS = 10
"""Bins in which candidates are compared."""

CANDIDATES = 10
"""Inputs that may limit a box: those that by themselves settle most of whether it holds."""

LOSS = 0.02
"""Density that a limit must be worth to stay in the box."""

DIGITS = 2
"""Significant figures of a limit; shares are those of the rounded limits."""


@dataclass(frozen=True)
class Limit:
    """One input above or below a number."""

    name: str
    above: bool
    number: float

    def keeps(self, draws: Any) -> Any:
        """Draws inside the limit."""
        return draws >= self.number if self.above else draws <= self.number


@dataclass(frozen=True, kw_only=True)
class Box:
    """Limits, and what holds inside them, on draws that had no part in finding them.

    Attributes
    ----------
    limits : tuple of Limit
        The one that matters most first.
    base : Estimate
        Share of all draws in which it holds.
    density : Estimate
        Share of the draws in the box in which it holds.
    coverage : Estimate
        Of all draws in which it holds, the share that lies in the box.
    mass : float
        Share of the draws that the box keeps.
    """

    limits: tuple[Limit, ...]
    base: Estimate
    density: Estimate
    coverage: Estimate
    mass: float


def discover(
    inputs: Mapping[str, Any], hits: Any, *, density: float | None = None, digits: int = DIGITS
) -> Box | None:
    """The box with that density that covers most; None where nothing is found.

    Where no box gets so dense, it is the one that comes closest to both the density and to covering
    every hit (the largest product).

    Parameters
    ----------
    inputs : Mapping[str, array]
        Draws of every input that may limit the box (draw).
    hits : array
        Whether it holds in each draw (draw).
    density : float, optional
        By default half way from the share of all draws in which it holds to certainty.
    digits : int
        Significant figures of the limits.
    """
    import numpy

    told = numpy.asarray(hits, dtype=bool)
    learn, score = slice(0, None, 2), slice(1, None, 2)
    asked = (1.0 + float(told.mean())) / 2.0 if density is None else density
    names = _candidates(inputs, told, learn)
    x = numpy.stack([inputs[name] for name in names])
    steps = _peeled(x[:, learn], told[learn])
    boxes = [
        limits for step in steps
        if (limits := _simplified(_rounded(step, names, digits), inputs, told, learn))
    ]  # fmt: skip
    if not boxes:
        return None
    scored = [(_scores(limits, inputs, told, learn), limits) for limits in boxes]
    dense = [each for each in scored if each[0][0] >= asked]
    if dense:
        _, best = max(dense, key=lambda each: each[0][1])
    else:
        _, best = max(scored, key=lambda each: each[0][0] * each[0][1])
    return _told(best, inputs, told, score)


def _candidates(inputs: Mapping[str, Any], hits: Any, part: slice) -> list[str]:
    """Inputs by the share of variance of the hits that each settles alone."""
    held = hits[part][None].astype(float)
    told = {
        name: float(correlation_ratio(binned(draws[part], BINS), held)[0])
        for name, draws in inputs.items()
    }
    return sorted(told, key=lambda name: (-told[name], name))[:CANDIDATES]


def _peeled(x: Any, hits: Any) -> list[dict[tuple[int, bool], float]]:
    """Limits by (input, above) after every step; the whole first."""
    import numpy

    inside = numpy.ones(len(hits), dtype=bool)
    limits: dict[tuple[int, bool], float] = {}
    found = []
    while inside.sum() > LEAST * len(hits) and hits[inside].any() and not hits[inside].all():
        kept = x[:, inside]
        ends = numpy.quantile(kept, [PEEL, 1.0 - PEEL], axis=1)
        stays = numpy.stack([kept >= ends[0][:, None], kept <= ends[1][:, None]])
        size = stays.sum(axis=2)
        mean = (stays & hits[inside]).sum(axis=2) / numpy.maximum(size, 1)
        mean[(size == inside.sum()) | (size == 0)] = -1.0
        side, which = numpy.unravel_index(int(mean.argmax()), mean.shape)
        if mean[side, which] < 0.0:
            break
        number = float(ends[side, which])
        limits = {**limits, (int(which), bool(side == 0)): number}
        inside &= x[which] >= number if side == 0 else x[which] <= number
        found.append(limits)
    return found


def _rounded(
    limits: Mapping[tuple[int, bool], float], names: Sequence[str], digits: int
) -> tuple[Limit, ...]:
    return tuple(
        Limit(names[which], above, float(f"{number:.{digits}g}"))
        for (which, above), number in limits.items()
    )


def _simplified(
    limits: tuple[Limit, ...], inputs: Mapping[str, Any], hits: Any, part: slice
) -> tuple[Limit, ...]:
    """Without the limits that are worth least, until few are left that each are worth something."""
    while limits:
        whole = _scores(limits, inputs, hits, part)[0]
        without = {
            i: whole - _scores(limits[:i] + limits[i + 1 :], inputs, hits, part)[0]
            for i in range(len(limits))
        }
        worst = min(without, key=lambda i: without[i])
        if len(limits) <= MOST and without[worst] > LOSS:
            order = sorted(without, key=lambda i: -without[i])
            return tuple(limits[i] for i in order)
        limits = limits[:worst] + limits[worst + 1 :]
    return ()


def _scores(
    limits: Sequence[Limit], inputs: Mapping[str, Any], hits: Any, part: slice
) -> tuple[float, float]:
    """Density and coverage of a box."""
    inside = _inside(limits, inputs, part, len(hits[part]))
    both = float((inside & hits[part]).sum())
    return both / max(float(inside.sum()), 1.0), both / max(float(hits[part].sum()), 1.0)


def _inside(limits: Sequence[Limit], inputs: Mapping[str, Any], part: slice, size: int) -> Any:
    import numpy

    inside = numpy.ones(size, dtype=bool)
    for limit in limits:
        inside &= limit.keeps(inputs[limit.name][part])
    return inside


def _told(limits: tuple[Limit, ...], inputs: Mapping[str, Any], hits: Any, part: slice) -> Box:
    held = hits[part]
    inside = _inside(limits, inputs, part, len(held))
    return Box(
        limits=limits,
        base=_share(held),
        density=_share(held[inside]),
        coverage=_share(inside[held]),
        mass=float(inside.mean()),
    )


def _share(hits: Any) -> Estimate:
    """A share of draws with its interval (Wilson 1927)."""
    size = max(len(hits), 1)
    share = float(hits.sum()) / size
    smoothed = (share * size + 0.5) / (size + 1.0)
    error = sqrt(smoothed * (1.0 - smoothed) / size)
    low, high = share_interval(share, error)
    return Estimate(share, low, high, error)
