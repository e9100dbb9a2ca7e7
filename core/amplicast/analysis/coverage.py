"""How many trials rows of the same series are worth, and what chance allows of their coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

__all__ = ["Coverage", "coverage", "effective_trials", "share_band"]

CHANCE = 0.9
"""Of perfect intervals, the share whose score lies in the band."""

FARTHEST = 3.5
"""Normal score at which a share of draws of 0 or 1 is taken."""


@dataclass(frozen=True)
class Coverage:
    """Rows inside central intervals of one mass.

    Attributes
    ----------
    mass : float
    inside, rows : int
    trials : int
        Independent rows that they are worth.
    low, high : float
        Where the middle 90 % of perfect intervals score with so many trials [fraction].
    """

    mass: float
    inside: int
    rows: int
    trials: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of the rows inside."""
        return self.inside / self.rows

    @property
    def allowed(self) -> bool:
        """Chance explains it: the share is in the band, to the nearest trial."""
        slack = 0.5 / self.trials
        return self.low - slack <= self.share <= self.high + slack


def effective_trials(pits: Sequence[float], series: Sequence[str]) -> int:
    """Independent rows that rows of some series are worth, at least one per series.

    The design effect ``1 + (m - 1) rho`` of series of mean length ``m`` (Kish 1965), with ``rho``
    the correlation of normal scores inside a series about zero, where perfect intervals have it:
    a common error of all rows counts as correlation.

    Parameters
    ----------
    pits : sequence of float
        Share of the draws below each row.
    series : sequence of str
    """
    import numpy
    from scipy.special import ndtri

    scores = numpy.clip(ndtri(numpy.asarray(pits)), -FARTHEST, FARTHEST)
    groups = [scores[[each == name for each in series]] for name in sorted(set(series))]
    pairs = sum(float(group.sum() ** 2 - (group**2).sum()) for group in groups)
    many = sum(len(group) * (len(group) - 1) for group in groups)
    square = float((scores**2).mean())
    if not many or square == 0.0:
        return len(scores)
    rho = min(max(pairs / many / square, 0.0), 1.0)
    size = float((numpy.array([len(group) for group in groups]) ** 2).sum()) / len(scores)
    return max(floor(len(scores) / (1.0 + (size - 1.0) * rho)), len(groups))


def share_band(trials: int, mass: float) -> tuple[float, float]:
    """Where `CHANCE` of perfect scores of so many independent rows fall [fraction]."""
    import numpy
    from scipy.special import bdtr

    up_to = bdtr(numpy.arange(trials + 1), trials, mass)
    low, high = numpy.searchsorted(up_to, [0.5 - CHANCE / 2, 0.5 + CHANCE / 2])
    return float(low) / trials, float(high) / trials


def coverage(mass: float, pits: Sequence[float], series: Sequence[str]) -> Coverage:
    """Rows inside their central interval of `mass`, beside what chance allows."""
    tail, trials = 0.5 - mass / 2.0, effective_trials(pits, series)
    inside = sum(tail <= each <= 1.0 - tail for each in pits)
    return Coverage(mass, inside, len(pits), trials, *share_band(trials, mass))
