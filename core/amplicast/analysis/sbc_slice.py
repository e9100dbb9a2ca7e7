"""Some simulations of one calibration: parameters, their rows, a fit to those, and ranks."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sbc_ranks import RANKS
from amplicast.analysis.simulated_rows import as_table, drawn_rows, drawn_scores, values_of
from amplicast.engine.fit import SamplerSettings
from amplicast.engine.jobs import read_job, require_same_fit
from amplicast.engine.latents import latents, place, rows_of
from amplicast.engine.predictive import log_likelihood
from amplicast.errors import PluginError, Problem

if TYPE_CHECKING:
    import numpy

    from amplicast.concepts import Plugin
    from amplicast.engine.execute import Done, Shared, Task, Tell
    from amplicast.engine.rows import Rows

__all__ = ["LIKELIHOOD", "SLICE", "generator_of", "settings_of", "simulate_job", "simulate_slice"]

Array = Any

SLICE = 10
"""Simulations that are done, and kept, together."""

LIKELIHOOD = "log likelihood"
"""Ranked beside the parameters: it sees rows that do not fit, which levels of groups may hide
from the parameters themselves (Modrák et al. 2023)."""

TUNE, DRAWS, ACCEPT = 250, 400, 0.9
"""Of each simulation's one chain; its draws are thinned to `RANKS`. A fit that is quoted is sampled
with more care (`SamplerSettings`); here two hundred small errors would show in the ranks."""

LONGER = 4
"""Times as many draws at the second try, where a chain was too short."""


def settings_of(plugin: Plugin) -> SamplerSettings:
    """How a simulation is sampled at first."""
    settings = SamplerSettings(draws=DRAWS, tune=TUNE, chains=1, cores=1, target_accept=ACCEPT)
    return settings.attempts(plugin)[0]


def generator_of(plugin: Plugin, seed: int, part: object) -> numpy.random.Generator:
    """Randomness of one part of a plugin's simulations, whatever else is simulated."""
    import numpy

    digest = hashlib.sha256(f"sbc:{seed}:{plugin.id}:{part}".encode()).digest()
    return numpy.random.default_rng(int.from_bytes(digest[:8], "big"))


def simulate_job(shared: Shared, task: Task, tell: Tell) -> Done:
    """Do one slice in a process that has to find the plugin first; ``job`` is its record."""
    job = task["job"]
    plugin = read_job(job)
    require_same_fit(plugin, job["key"], SamplerSettings(**job["settings"]))
    return simulate_slice(plugin, shared, task, tell)


def simulate_slice(plugin: Plugin, shared: Shared, task: Task, tell: Tell) -> Done:
    """Do the simulations of one slice.

    Parameters
    ----------
    plugin : Plugin
    shared : Shared
        Nothing is needed.
    task : Task
        ``number`` of the slice, its ``size``, ``seed`` and ``shift`` (see
        `amplicast.analysis.sbc.simulate_calibration`), and ``name``, which tells models apart.
    tell : callable
        Hears how many are ``done``.

    Returns
    -------
    Done
        ``ranks`` by name (simulation, ...); ``diverged`` and ``short`` (simulation); ``seconds``
        by stage.

    Raises
    ------
    PluginError
        The model cannot be fitted to rows of its own.
    """
    model, compiling = _compiled(plugin, task["name"])
    compiled_at = time.perf_counter()
    generator = generator_of(plugin, task["seed"], task["number"])
    # Always as many as in a whole slice, so that fewer are the first of more.
    truth = drawn_scores(plugin, model.rows, SLICE, generator)
    drawn = drawn_rows(plugin, model.rows, truth, generator, task["shift"])
    seeds = generator.integers(2**31, size=SLICE).tolist()
    simulated_at = time.perf_counter()
    found: list[_One] = []
    for number in range(task["size"]):
        true = {name: score[number : number + 1] for name, score in truth.items()}
        seen = {name: values[number] for name, values in drawn.items()}
        found.append(_simulated(model, true, seen, seeds[number]))
        tell({"done": len(found)})
    return {
        "ranks": {name: [one.ranks[name] for one in found] for name in found[0].ranks},
        "diverged": [one.diverged for one in found],
        "short": [one.short for one in found],
        "seconds": {
            "compile": compiling,
            "simulate": simulated_at - compiled_at,
            "sample": time.perf_counter() - simulated_at,
        },
    }


@dataclass(frozen=True)
class _Model:
    """A plugin's model, compiled once; data are exchanged."""

    plugin: Plugin
    rows: Mapping[str, Rows]
    compiled: Any


_COMPILING = threading.Lock()
_LAST: dict[str, _Model] = {}
"""The model that this process compiled last, by name: slices of one plugin follow each other."""


def _compiled(plugin: Plugin, name: str) -> tuple[_Model, float]:
    """The model, and the seconds that this call took to compile it."""
    import nutpie
    import pymc

    from amplicast.engine.environment import configure
    from amplicast.engine.model import add_to_model

    with _COMPILING:
        started = time.perf_counter()
        if name not in _LAST:
            configure()
            rows = rows_of(plugin)
            with pymc.Model() as model:
                add_to_model(plugin)
            names = [f"{plugin.id}.{latent.name}.z" for latent in latents(plugin, rows)]
            compiled = nutpie.compile_pymc_model(model, var_names=names)
            _LAST.clear()
            _LAST[name] = _Model(plugin, rows, compiled)
        return _LAST[name], time.perf_counter() - started


@dataclass(frozen=True)
class _One:
    """One simulation: rank of everything that is ranked, and whether its chain can be trusted."""

    ranks: Mapping[str, Any]
    diverged: bool
    short: bool


def _simulated(
    model: _Model, truth: Mapping[str, Array], seen: Mapping[str, Array], seed: int
) -> _One:
    """Fit simulated rows, once more with care where the chain cannot be trusted, and rank."""
    plugin = model.plugin
    tables = {
        f"{place(plugin, each)}.observed": as_table(
            each, model.rows[each.id], seen[each.id], plugin
        )
        for each in plugin.evidence
    }
    data = model.compiled.with_data(**tables)
    settings = settings_of(plugin)
    chain = _sampled(data, plugin, settings, seed)
    if chain.diverged or chain.short:
        again = replace(
            settings,
            draws=LONGER * DRAWS if chain.short else DRAWS,
            tune=2 * TUNE,
            target_accept=0.99 if chain.diverged else settings.target_accept,
        )
        chain = _sampled(data, plugin, again, seed + 1)
    ranks = {name: (chain.draws[name] < truth[name]).sum(axis=0).tolist() for name in truth}
    ranks[LIKELIHOOD] = _likelihood_rank(model, truth, chain.draws, seen)
    return _One(ranks, chain.diverged, chain.short)


@dataclass(frozen=True)
class _Chain:
    """`RANKS` draws of every score, (draw, ...), and whether they can be trusted."""

    draws: Mapping[str, Array]
    diverged: bool
    short: bool


def _sampled(data: Any, plugin: Plugin, settings: SamplerSettings, seed: int) -> _Chain:
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
    draws, fewest = {}, float("inf")
    for variable, values_ in tree["posterior"].data_vars.items():
        drawn = values_.values[0]
        draws[str(variable).removeprefix(f"{plugin.id}.").removesuffix(".z")] = drawn[picked]
        flat = drawn.reshape(1, len(drawn), -1)
        each = array_stats.ess(flat, chain_axis=0, draw_axis=1)
        fewest = min(fewest, float(numpy.min(each)))
    diverged = bool(tree["sample_stats"]["diverging"].values.any())
    return _Chain(draws, diverged, not fewest >= RANKS / 2)


def _likelihood_rank(
    model: _Model,
    truth: Mapping[str, Array],
    draws: Mapping[str, Array],
    seen: Mapping[str, Array],
) -> int:
    """Rank of the rows' log density under the truth among those under the posterior."""
    import numpy

    plugin = model.plugin
    together = {name: numpy.concatenate([truth[name], draws[name]]) for name in truth}
    found = values_of(plugin, model.rows, together)
    density = numpy.zeros(RANKS + 1)
    for each in plugin.evidence:
        table = model.rows[each.id]
        density += log_likelihood(plugin, each, table, found, seen=seen[each.id]).sum(axis=1)
    return int((density[1:] < density[0]).sum())
