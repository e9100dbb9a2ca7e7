"""What was measured: its own error on the scale of the family, and who published it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplicast.engine.families import interval_summary
from amplicast.engine.latents import place
from amplicast.engine.predictive import observed, scale_of

if TYPE_CHECKING:
    from amplicast.concepts import Evidence, Plugin
    from amplicast.engine.rows import Rows

__all__ = ["published", "source_column"]

Array = Any


def published(
    plugin: Plugin, evidence: Evidence, rows: Rows, *, mass: float = 0.9
) -> tuple[Array, Array]:
    """Return the ends of what was measured on the family's scale (point), by its own error.

    Counts have a binomial error: quantiles of the posterior of a share under Jeffreys' prior.
    NaN where the source states no error and the model's scatter stands for it.
    """
    import numpy
    from scipy import stats

    family, where = evidence.family, place(plugin, evidence)
    seen = observed(plugin, evidence, rows)
    tail = 0.5 - mass / 2.0
    if scale_of(evidence) == "share":
        trials = rows.column(family.trials, where)
        hits = seen * trials
        low, high = (stats.beta.ppf(p, hits + 0.5, trials - hits + 0.5) for p in (tail, 1.0 - tail))
        return numpy.where(hits > 0, low, 0.0), numpy.where(hits < trials, high, 1.0)
    deviation: Array = numpy.full(len(seen), numpy.nan)
    steps = stats.norm.isf(tail)
    if family.name == "interval":
        deviation = interval_summary(family, rows, where)[1]
    elif family.name == "estimate" and rows.covariance is not None:
        deviation = numpy.sqrt(numpy.diagonal(rows.covariance))
    elif family.scale in rows.numbers:
        deviation = rows.column(family.scale, where)
        if family.name == "student-t":
            steps = stats.t.isf(tail, family.degrees)
    return seen - steps * deviation, seen + steps * deviation


def source_column(evidence: Evidence, rows: Rows, by: str = "source") -> tuple[str, ...]:
    """Source of each row: its column `by`, or the evidence's id where that says nothing."""
    return tuple(record.get(by, "").strip() or evidence.id for record in rows.records)
