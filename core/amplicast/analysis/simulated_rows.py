"""Parameters drawn from the priors of a calibration, and the rows that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amplicast.engine.latents import coords, latents, place, values
from amplicast.engine.predictive import predict, scale_of
from amplicast.math import NUMPY

if TYPE_CHECKING:
    import numpy

    from amplicast.concepts import Evidence, Plugin
    from amplicast.engine.rows import Rows

__all__ = ["as_table", "drawn_rows", "drawn_scores", "values_of"]

Array = Any


def values_of(plugin: Plugin, rows: Mapping[str, Rows], scores: Mapping[str, Array]) -> Any:
    """Parameters and levels of groups under scores (draw, ...)."""
    import xarray

    named = {
        latent.name: xarray.DataArray(scores[latent.name], dims=("draw", *latent.dims))
        for latent in latents(plugin, rows)
    }
    return values(NUMPY, plugin, rows, named)


def drawn_scores(
    plugin: Plugin, rows: Mapping[str, Rows], simulations: int, generator: numpy.random.Generator
) -> dict[str, Array]:
    """True scores by latent, (simulation, ...)."""
    labels = coords(plugin, rows)
    return {
        latent.name: generator.standard_normal(
            (simulations, *(len(labels[dim]) for dim in latent.dims))
        )
        for latent in latents(plugin, rows)
    }


def drawn_rows(
    plugin: Plugin,
    rows: Mapping[str, Rows],
    truth: Mapping[str, Array],
    generator: numpy.random.Generator,
    shift: float,
) -> dict[str, Array]:
    """Simulated rows by evidence, (simulation, point), on the scale of its family."""
    import numpy

    found = values_of(plugin, rows, truth)
    data = {}
    for evidence in plugin.evidence:
        table = rows[evidence.id]
        drawn = predict(plugin, evidence, table, found, generator=generator)
        if shift:
            again = [
                predict(plugin, evidence, table, found, generator=generator) for _ in range(32)
            ]
            drawn = drawn + shift * numpy.std(again, axis=0)
        if shift and scale_of(evidence) == "share":
            drawn = numpy.clip(drawn, 0.0, 1.0)
        data[evidence.id] = drawn
    return data


def as_table(evidence: Evidence, table: Rows, drawn: Array, plugin: Plugin) -> Array:
    """Rows on the family's scale as the model observes them: counts, or the value in its unit."""
    import numpy

    if scale_of(evidence) == "share":
        trials = table.column(evidence.family.trials, place(plugin, evidence)).astype("int64")
        return numpy.rint(drawn * trials).astype("int64")
    return numpy.exp(drawn) if evidence.family.name == "log-normal" else drawn
