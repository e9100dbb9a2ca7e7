"""Whether and when a threshold of amplification or of copies is passed, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amplicast.errors import Problem, ScenarioError
from amplicast.report.charts.place import Place
from amplicast.report.words import count

__all__ = ["QUANTITIES", "Threshold", "threshold_of"]

QUANTITIES = ("amplification", "copies")
"""What a threshold may be of."""


@dataclass(frozen=True)
class Threshold:
    """A height of one quantity.

    Attributes
    ----------
    quantity : {"amplification", "copies"}
    height : float
        [OOM] or [copies].
    """

    quantity: str
    height: float

    @property
    def text(self) -> str:
        """``1 OOM (×10) of amplification``, ``1 million copies``."""
        if self.quantity == "copies":
            return f"{count(self.height)} copies"
        return f"{self.height:g} OOM (×{count(10.0**self.height)}) of amplification"

    def reached(self, place: Place) -> Any:
        """Whether a draw is at the threshold or above it, along ``draw`` and ``year``.

        Where the copies of the regime cannot be run there is no amplification: not reached.
        """
        return (place.draws(self.quantity) >= self.height).transpose("draw", "year")

    def first_year(self, place: Place) -> Any:
        """First year by whose end a draw has reached it (draw); infinite where in none."""
        import numpy

        reached = self.reached(place).values
        years = numpy.asarray(place.years, dtype=float)
        return numpy.where(reached.any(axis=1), years[reached.argmax(axis=1)], numpy.inf)


def threshold_of(quantity: str, height: float | None) -> Threshold:
    """The threshold that is asked for; 1 OOM or a million copies by default.

    Raises
    ------
    ScenarioError
        The quantity has no thresholds, or the number is none of its.
    """
    from amplicast.analysis.copies import MILLION

    problems: Sequence[Problem] = ()
    if quantity not in QUANTITIES:
        problems = [
            Problem(
                code="AMP-P102",
                what=f"{quantity!r} has no thresholds",
                why=f"They are drawn for {' and '.join(QUANTITIES)}.",
                fix="--quantity amplification",
            )
        ]
    elif quantity == "copies" and height is not None and not height > 0.0:
        problems = [
            Problem(
                code="AMP-P103",
                what=f"a number of copies is positive, and {height:g} is not",
                fix="--threshold 1e6",
            )
        ]
    if problems:
        raise ScenarioError(*problems)
    usual = MILLION if quantity == "copies" else 1.0
    return Threshold(quantity, usual if height is None else height)
