"""Do the rows lie where a model would put them: before it saw them, and after."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.latents import rows_of
from amplicast.engine.predictive import draw_values, observed, predict

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.posterior import Posterior

__all__ = ["MASS", "RARE", "RowsInside", "predictive_coverage", "rows_inside"]

Array = Any

MASS = 0.9
"""Of the central intervals."""

RARE = 0.01
"""Chance below which so few rows inside count as odd."""

DRAWS = 2000
"""Draws from the priors."""


@dataclass(frozen=True, kw_only=True)
class RowsInside:
    """Rows of one evidence inside their intervals.

    Attributes
    ----------
    inside, rows : int
    chance : float
        Chance of as few or fewer inside, over rows that the same model makes: rows that share a
        parameter miss together, which a binomial chance would not know.
    """

    inside: int
    rows: int
    chance: float

    @property
    def odd(self) -> bool:
        """Fewer rows are inside than the model would have it."""
        return self.chance < RARE


def rows_inside(drawn: Array, seen: Array) -> RowsInside:
    """Count rows inside the central interval of their own draws.

    Parameters
    ----------
    drawn : numpy.ndarray
        Joint draws of all rows (draw, point).
    seen : numpy.ndarray
        What was measured (point).
    """
    import numpy

    finite = numpy.isfinite(drawn).all(axis=1)
    drawn = drawn[finite]
    low, high = numpy.quantile(drawn, [0.5 - MASS / 2, 0.5 + MASS / 2], axis=0)
    inside = int(((low <= seen) & (seen <= high)).sum())
    made = ((low <= drawn) & (drawn <= high)).sum(axis=1)
    return RowsInside(inside=inside, rows=len(seen), chance=float((made <= inside).mean()))


def predictive_coverage(plugin: Plugin, posterior: Posterior | None) -> dict[str, RowsInside]:
    """Rows inside, of every evidence of a plugin by its id: by the posterior, or by the priors."""
    import numpy

    rows = rows_of(plugin)
    digest = hashlib.sha256(f"{plugin.id}:{posterior and posterior.digest}".encode()).digest()
    generator = numpy.random.default_rng(list(digest[:4]))
    with numpy.errstate(all="ignore"):  # priors reach where a predictor overflows
        found = draw_values(plugin, rows, posterior, draws=DRAWS, generator=generator)
        return {
            evidence.id: rows_inside(
                predict(plugin, evidence, rows[evidence.id], found, generator=generator),
                observed(plugin, evidence, rows[evidence.id]),
            )
            for evidence in sorted(plugin.evidence, key=lambda one: one.id)
        }
