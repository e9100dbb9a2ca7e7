"""Weights of stored draws under a moved belief, and whether they can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[numpy.float64]]

__all__ = ["ENOUGH", "GOOD", "USABLE", "Lamp", "Weights", "smoothed"]

GOOD, USABLE = 0.5, 0.7
"""Pareto k up to which weights are good, and up to which they may be used (Vehtari et al. 2024)."""

ENOUGH = 400.0
"""Effective draws below which the ends of an interval are noisy [draws]."""

Colour = Literal["green", "amber", "red"]


@dataclass(frozen=True)
class Lamp:
    """How far the weights can be trusted.

    Attributes
    ----------
    k : float
        Shape of the generalised Pareto tail of the raw weights.
    effective : float
        Draws of equal weight that are as good.
    """

    k: float
    effective: float

    @property
    def colour(self) -> Colour:
        """Green up to `GOOD` with draws `ENOUGH`, amber up to `USABLE`, red beyond."""
        if self.k <= GOOD and self.effective >= ENOUGH:
            return "green"
        return "amber" if self.k <= USABLE else "red"

    @property
    def text(self) -> str:
        """What the colour means, for people."""
        about = f"Pareto k {self.k:.2f}, {self.effective:,.0f} effective draws"
        if self.colour == "green":
            return f"Reliable: the draws carry this belief well ({about})."
        if self.colour == "amber":
            return f"Usable, with more noise: few draws carry this belief ({about})."
        return f"Too far from what was fitted, so it is not drawn ({about}). Refit to see it."


@dataclass(frozen=True)
class Weights:
    """Smoothed weights of draws.

    Attributes
    ----------
    shares : array
        Adding up to 1 (draw).
    lamp : Lamp
    """

    shares: Array
    lamp: Lamp

    def places(self) -> Any:
        """As many draws as there are, each as often as its weight asks for (systematic)."""
        import numpy

        count = len(self.shares)
        ladder = numpy.cumsum(self.shares)
        return numpy.searchsorted(ladder / ladder[-1], (numpy.arange(count) + 0.5) / count)


def smoothed(log_ratios: Array) -> Weights:
    """Pareto-smoothed importance weights from log ratios of densities (draw)."""
    import numpy
    from arviz_stats.base import array_stats

    if float(numpy.ptp(log_ratios)) == 0.0:
        count = len(log_ratios)
        return Weights(numpy.full(count, 1.0 / count), Lamp(-float("inf"), float(count)))
    # It expects minus the log weights, as leave-one-out has them.
    logs, k = array_stats.psislw(-log_ratios)
    shares = numpy.exp(logs - logs.max())
    shares /= shares.sum()
    return Weights(shares, Lamp(float(k), float(1.0 / (shares**2).sum())))
