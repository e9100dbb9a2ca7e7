"""Ranks of true values among their posteriors: uniform or not, and how far they may stray.

Tested by Kolmogorov-Smirnov over all parameters together, drawn as the difference of the
distribution function from a straight line with a band (Säilynoja et al. 2022).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

__all__ = ["LEVEL", "POINTS", "RANKS", "Ranks", "SimulatedCalibration", "rank_test"]

Array = Any

RANKS = 59
"""Nearly independent draws of each posterior that the truth is ranked among."""

LEVEL = 0.01
"""Chance that a right calibration is refused, over all its parameters together."""

POINTS = 20
"""Parts of equally many ranks, at whose ends distribution functions are compared."""

TRIALS = 40_000
"""Simulated sets of uniform ranks from which the width of the band is found."""


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """Ranks of one parameter's true values among its posteriors.

    Attributes
    ----------
    name : str
        With ``[index]`` for an element.
    ranks : tuple of int
        0 to `RANKS`, one per simulation.
    p_value : float
        Chance of a distance this large from uniform ranks (Kolmogorov-Smirnov, ties broken at
        random).
    """

    name: str
    ranks: tuple[int, ...]
    p_value: float

    @property
    def apart(self) -> tuple[float, ...]:
        """Share of ranks up to each of `POINTS` places, less what is expected there."""
        import numpy

        ends = numpy.arange(1, POINTS) / POINTS
        below = [(numpy.array(self.ranks) < end * (RANKS + 1)).mean() for end in ends]
        return tuple(float(each) for each in below - ends)


@dataclass(frozen=True, kw_only=True)
class SimulatedCalibration:
    """What simulations say of one plugin's calibration.

    Attributes
    ----------
    plugin : str
    simulations, diverged, short : int
        How many; in how many of them some draw diverged, or the effective draws of some parameter
        are fewer than half of `RANKS`, even at the second try.
    table : tuple of Ranks
        The most uneven first.
    shift : float
        Standard deviations by which the simulated rows were moved on purpose.
    seconds : Mapping[str, float]
        Spent by stage, summed over workers; not on what was kept from before.
    """

    plugin: str
    simulations: int
    diverged: int
    short: int
    table: tuple[Ranks, ...]
    shift: float = 0.0
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def p_value(self) -> float:
        """Smallest p-value times the number of parameters (Bonferroni), at most 1."""
        return min(1.0, self.table[0].p_value * len(self.table))

    @property
    def passed(self) -> bool:
        """Whether all parameters together pass at `LEVEL`."""
        return self.p_value >= LEVEL

    @property
    def allowed(self) -> tuple[float, ...]:
        """Band that all parameters stay in everywhere, except in `LEVEL` of right calibrations."""
        import numpy

        ends = numpy.arange(1, POINTS) / POINTS
        deviation = numpy.sqrt(ends * (1.0 - ends) / self.simulations)
        return tuple(float(v) for v in _steps(self.simulations, len(self.table)) * deviation)

    @property
    def outside(self) -> tuple[Ranks, ...]:
        """Parameters that leave the band somewhere."""
        return tuple(
            each
            for each in self.table
            if any(abs(v) > most for v, most in zip(each.apart, self.allowed, strict=True))
        )


@cache
def _steps(simulations: int, parameters: int) -> float:
    """Standard deviations within which uniform ranks stay everywhere, of all parameters."""
    import numpy

    generator = numpy.random.default_rng(20220401)
    ends = numpy.arange(1, POINTS) / POINTS
    parts = generator.multinomial(simulations, [1.0 / POINTS] * POINTS, size=TRIALS)
    apart = parts.cumsum(axis=1)[:, :-1] / simulations - ends
    farthest = (numpy.abs(apart) / numpy.sqrt(ends * (1.0 - ends) / simulations)).max(axis=1)
    return float(numpy.quantile(farthest, (1.0 - LEVEL) ** (1.0 / parameters)))


def rank_test(name: str, ranks: Array, generator: Any) -> Ranks:
    """Test ranks for being uniform; `generator` breaks ties."""
    import numpy
    from scipy.stats import kstest

    plain = numpy.asarray(ranks)
    places = (plain + generator.uniform(size=len(plain))) / (RANKS + 1)
    p_value = float(kstest(places, "uniform").pvalue)
    return Ranks(name=name, ranks=tuple(plain.tolist()), p_value=p_value)
