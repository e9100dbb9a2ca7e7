"""Does a calibration give back what it was told? Simulation-based calibration (Talts et al. 2018).

Parameters are drawn from the priors, rows from the parameters, and the model is fitted to those
rows: over many simulations the true value must lie anywhere in its posterior equally often. The
model is compiled once; each simulation exchanges its data.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sbc_ranks import RANKS, SimulatedCalibration, rank_test
from amplicast.engine.fit import SamplerSettings
from amplicast.engine.latents import coords, latents, place, rows_of, values
from amplicast.engine.predictive import predict, scale_of
from amplicast.errors import PluginError, Problem
from amplicast.math import NUMPY

if TYPE_CHECKING:
    import numpy

    from amplicast.concepts import Evidence, Plugin
    from amplicast.engine.rows import Rows

__all__ = ["SIMULATIONS", "simulate_calibration"]

Array = Any

SIMULATIONS = 100
"""By default: enough to see a posterior that is a third of its width aside or too wide."""

TUNE, DRAWS = 300, 600
"""Of each simulation's one chain; its draws are thinned to `RANKS`."""

MOST_AGAIN = 4
"""Times as many draws where a chain was too short, diverged, or both."""

Report = Callable[[float], None]
"""``report(share_done)``."""


def simulate_calibration(
    plugin: Plugin,
    *,
    simulations: int,
    seed: int,
    shift: float = 0.0,
    cores: int | None = None,
    report: Report = lambda done: None,
) -> SimulatedCalibration:
    """Rank true values among the posteriors of rows that were simulated from them.

    Parameters
    ----------
    plugin : Plugin
        With evidence and at least one calibrated parameter.
    simulations : int
    seed : int
        Each plugin gets its own from this and its id.
    shift : float
        Negative control: every simulated row is moved by so many standard deviations of its own
        predictive distribution, which the model knows nothing of. Ranks must then be uneven.
    cores : int, optional
        Simulations side by side; ranks do not depend on it.
    report : callable
        ``report(share_done)``.

    Raises
    ------
    PluginError
        The model cannot be fitted to rows of its own.
    """
    import numpy
    import nutpie
    import pymc

    from amplicast.engine.environment import configure
    from amplicast.engine.model import add_to_model

    configure()
    digest = hashlib.sha256(f"sbc:{seed}:{plugin.id}".encode()).digest()
    generator = numpy.random.default_rng(int.from_bytes(digest[:8], "big"))
    rows = rows_of(plugin)
    truth = _scores(plugin, rows, simulations, generator)
    simulated = _rows(plugin, rows, truth, generator, shift)
    with pymc.Model() as model:
        add_to_model(plugin)
    names = [f"{plugin.id}.{name}.z" for name in truth]
    compiled = nutpie.compile_pymc_model(model, var_names=names)
    settings = SamplerSettings(draws=DRAWS, tune=TUNE, chains=1, cores=1).attempts(plugin)[0]
    seeds = generator.integers(2**31, size=simulations).tolist()

    def simulated_ranks(number: int) -> _One:
        data = compiled.with_data(**{name: rows[number] for name, rows in simulated.items()})
        true = {name: score[number] for name, score in truth.items()}
        found = _rank(data, plugin, true, settings, seeds[number])
        if found.diverged or found.short:
            again = replace(
                settings, draws=MOST_AGAIN * DRAWS, tune=MOST_AGAIN * TUNE, target_accept=0.99
            )
            found = _rank(data, plugin, true, again, seeds[number] + 1)
        return found

    # The compiled function holds no lock of the interpreter, so threads are enough.
    done: list[_One] = []
    with ThreadPoolExecutor(cores or os.cpu_count() or 1) as pool:
        try:
            for one in pool.map(simulated_ranks, range(simulations)):
                done.append(one)
                report(len(done) / simulations)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    ranks = {name: numpy.stack([one.ranks[name] for one in done]) for name in truth}
    table = [
        rank_test(f"{name}{_label(index)}", ranks[name][:, *index], generator)
        for name in sorted(ranks)
        for index in numpy.ndindex(*ranks[name].shape[1:])
    ]
    return SimulatedCalibration(
        plugin=plugin.id,
        simulations=simulations,
        diverged=sum(one.diverged for one in done),
        short=sum(one.short for one in done),
        table=tuple(sorted(table, key=lambda each: (each.p_value, each.name))),
        shift=shift,
    )


@dataclass(frozen=True)
class _One:
    """One simulation: rank of every true score, and whether its chain can be trusted."""

    ranks: Mapping[str, Array]
    diverged: bool
    short: bool


def _rank(
    data: Any, plugin: Plugin, truth: Mapping[str, Array], settings: SamplerSettings, seed: int
) -> _One:
    """Sample one posterior, and rank the true scores in it."""
    import numpy
    import nutpie
    from arviz_stats.base import array_stats as untyped

    array_stats: Any = untyped
    try:
        tree = nutpie.sample(
            data, draws=settings.draws, tune=settings.tune, chains=1, cores=1, seed=seed,
            target_accept=settings.target_accept, adaptation=settings.adaptation,
            maxdepth=settings.max_depth, save_warmup=False, progress_bar=False,
        )  # fmt: skip
    except (RuntimeError, ValueError) as error:
        raise PluginError(
            Problem(
                code="AMP-E541",
                what="rows simulated from its own priors cannot be fitted: "
                + str(error).strip().splitlines()[0],
                why="The predictor or the likelihood is not finite where the priors put it.",
                fix="evaluate the predictor at the prior's 1 % and 99 % points and mend it",
                where=plugin.id,
            )
        ) from error
    picked = numpy.linspace(0, settings.draws - 1, RANKS).round().astype(int)
    ranks, fewest = {}, float("inf")
    for name, score in truth.items():
        drawn = tree["posterior"][f"{plugin.id}.{name}.z"].values[0]
        ranks[name] = (drawn[picked] < score).sum(axis=0)
        flat = drawn.reshape(1, len(drawn), -1)
        each = array_stats.ess(flat, chain_axis=0, draw_axis=1)
        fewest = min(fewest, float(numpy.min(each)))
    diverged = bool(tree["sample_stats"]["diverging"].values.any())
    return _One(ranks, diverged, not fewest >= RANKS / 2)


def _label(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _scores(
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


def _rows(
    plugin: Plugin,
    rows: Mapping[str, Rows],
    truth: Mapping[str, Array],
    generator: numpy.random.Generator,
    shift: float,
) -> dict[str, Array]:
    """Simulated rows by the name of the model's data, (simulation, point), as tables hold them."""
    import numpy
    import xarray

    scores = {
        latent.name: xarray.DataArray(truth[latent.name], dims=("draw", *latent.dims))
        for latent in latents(plugin, rows)
    }
    found = values(NUMPY, plugin, rows, scores)
    data = {}
    for evidence in plugin.evidence:
        table = rows[evidence.id]
        drawn = predict(plugin, evidence, table, found, generator=generator)
        if shift:
            again = [
                predict(plugin, evidence, table, found, generator=generator) for _ in range(32)
            ]
            drawn = drawn + shift * numpy.std(again, axis=0)
        data[f"{place(plugin, evidence)}.observed"] = _as_table(evidence, table, drawn, plugin)
    return data


def _as_table(evidence: Evidence, table: Rows, drawn: Array, plugin: Plugin) -> Array:
    """Rows on the family's scale as the model observes them: counts, or the value in its unit."""
    import numpy

    if scale_of(evidence) == "share":
        trials = table.column(evidence.family.trials, place(plugin, evidence)).astype("int64")
        return numpy.clip(numpy.rint(drawn * trials), 0, trials).astype("int64")
    return numpy.exp(drawn) if evidence.family.name == "log-normal" else drawn
