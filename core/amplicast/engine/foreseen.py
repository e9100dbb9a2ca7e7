"""What a fit says of its own rows: given back with them, and foreseen without each of them.

Small summaries that a run keeps, so that a picture of the evidence needs neither the tables of a
plugin nor a fit. Everything is on the scale of the family (see `amplicast.engine.predictive`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.latents import rows_of
from amplicast.engine.measured import published, source_column
from amplicast.engine.predictive import (
    draw_values,
    log_likelihood,
    observed,
    predict,
    predict_one,
    scale_of,
)

if TYPE_CHECKING:
    import xarray

    from amplicast.concepts import Plugin
    from amplicast.engine.posterior import Posterior

__all__ = ["GOOD_K", "LEVELS", "Foreseen", "summaries"]

Array = Any

LEVELS = (0.05, 0.1, 0.17, 0.25, 0.5, 0.75, 0.83, 0.9, 0.95)
"""Quantiles that are kept: the median and the ends of the 50, 66, 80 and 90 % intervals."""

GOOD_K = 0.7
"""Pareto shape up to which a row left out by weights is foreseen reliably (Vehtari et al. 2024)."""


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """One row and what was said of it by a fit that had not seen it, on the family's scale.

    Attributes
    ----------
    plugin, evidence, row, source : str
    scale : {"value", "log", "share"}
    observed : float
    quantiles : tuple of float
        At `LEVELS`.
    reliable : bool
        Whether the weights that leave the row out can be trusted; always so after a refit.
    """

    plugin: str
    evidence: str
    row: str
    source: str
    scale: str
    observed: float
    quantiles: tuple[float, ...]
    reliable: bool = True

    def at(self, level: float) -> float:
        """The quantile at one of `LEVELS`."""
        return self.quantiles[LEVELS.index(round(level, 6))]

    def inside(self, mass: float) -> bool:
        """Whether the central interval of this mass holds the row."""
        low, high = self.ends(mass)
        return low <= self.observed <= high

    def ends(self, mass: float) -> tuple[float, float]:
        """Ends of the central interval of this mass."""
        return self.at(0.5 - mass / 2.0), self.at(0.5 + mass / 2.0)


def summaries(plugin: Plugin, posterior: Posterior) -> xarray.Dataset:
    """Summarise every row that a fit was given, evidence by evidence.

    Rows are left out by Pareto-smoothed importance sampling, without another fit (Vehtari et al.
    2017): easier than foreseeing a source, of which the other rows remain.

    Returns
    -------
    xarray.Dataset
        Along ``row``: `evidence`, `source`, `scale`, `observed`, the ends `low` and `high` of its
        published 90 % interval (NaN without one) and `pareto_k`; along ``row`` and ``level``:
        quantiles of `fitted` (with the row) and of `foreseen` (without it).
    """
    import numpy
    import xarray

    tables = rows_of(plugin)
    seed = hashlib.sha256(f"{posterior.digest}:rows".encode()).digest()[:4]
    generator = numpy.random.default_rng(list(seed))
    found = draw_values(plugin, tables, posterior, draws=0, generator=generator)
    names = ("row", "evidence", "source", "scale", "observed", "low", "high", "pareto_k")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    fitted, foreseen = [], []
    for evidence in sorted(plugin.evidence, key=lambda one: one.id):
        rows = tables[evidence.id]
        size = len(rows.labels)
        low, high = published(plugin, evidence, rows)
        drawn = predict(plugin, evidence, rows, found, generator=generator)
        alone = predict_one(plugin, evidence, rows, found, generator=generator)
        weights, shapes = _weights(log_likelihood(plugin, evidence, rows, found))
        columns["row"] += rows.labels
        columns["evidence"] += [evidence.id] * size
        columns["source"] += source_column(evidence, rows)
        columns["scale"] += [scale_of(evidence)] * size
        columns["observed"] += observed(plugin, evidence, rows).tolist()
        columns["low"] += low.tolist()
        columns["high"] += high.tolist()
        columns["pareto_k"] += shapes.tolist()
        fitted.append(numpy.quantile(drawn, LEVELS, axis=0).T)
        foreseen.append(weighted_quantiles(alone, weights, LEVELS))
    table = {name: ("row", values) for name, values in columns.items() if name != "row"}
    return xarray.Dataset(
        {
            **table,
            "fitted": (("row", "level"), numpy.concatenate(fitted)),
            "foreseen": (("row", "level"), numpy.concatenate(foreseen)),
        },
        coords={"row": columns["row"], "level": list(LEVELS)},
    )


def _weights(density: Array) -> tuple[Array, Array]:
    """Weights of every draw that leave a row out (draw, point), and their Pareto shapes (point).

    Parameters
    ----------
    density : numpy.ndarray
        Log likelihood of each row (draw, point).
    """
    import warnings

    import numpy
    from arviz_stats.base import array_stats as untyped

    array_stats: Any = untyped
    with warnings.catch_warnings():
        # A bad shape is kept and told beside the row.
        warnings.simplefilter("ignore")
        # The library takes the log likelihood and turns its sign itself.
        logs, shapes = array_stats.psislw(numpy.ascontiguousarray(density.T), axis=-1)
    weights = numpy.exp(logs - logs.max(axis=-1, keepdims=True))
    return (weights / weights.sum(axis=-1, keepdims=True)).T, numpy.asarray(shapes)


def weighted_quantiles(draws: Array, weights: Array, levels: Sequence[float]) -> Array:
    """Quantiles of weighted draws (point, level).

    Parameters
    ----------
    draws, weights : numpy.ndarray
        (draw, point); weights sum to one over draws.
    levels : sequence of float
    """
    import numpy

    order = numpy.argsort(draws, axis=0, kind="stable")
    values = numpy.take_along_axis(draws, order, axis=0)
    mass = numpy.take_along_axis(weights, order, axis=0)
    middle = numpy.cumsum(mass, axis=0) - mass / 2.0
    return numpy.array(
        [
            numpy.interp(levels, middle[:, point], values[:, point])
            for point in range(draws.shape[1])
        ]
    )
