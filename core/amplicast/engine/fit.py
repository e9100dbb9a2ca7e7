"""Fit one plugin to its evidence: build, compile, sample, judge, and once try harder."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from amplicast.engine import gate
from amplicast.engine.environment import configure
from amplicast.engine.latents import coords, latents, values
from amplicast.engine.model import add_to_model
from amplicast.engine.posterior import Posterior, digest_of
from amplicast.errors import PluginError, Problem
from amplicast.math import NUMPY

if TYPE_CHECKING:
    import xarray

    from amplicast.concepts import Plugin
    from amplicast.engine.rows import Rows

__all__ = ["SamplerSettings", "fit"]

Report = Callable[[str, float], None]
"""``report(stage, share_done)``."""


@dataclass(frozen=True, kw_only=True)
class SamplerSettings:
    """How the posterior is sampled (nutpie's NUTS).

    Attributes
    ----------
    draws, tune, chains : int
        Per chain: kept draws, and steps of adaptation before them.
    seed : int
        Each plugin gets its own from this and its id, so its draws do not depend on the others.
    target_accept : float
    adaptation : {"auto", "diag", "draw_diag", "low_rank"}
        How the mass matrix is adapted. ``auto``: ``draw_diag`` where a plugin has groups, whose
        scale and levels a low-rank matrix follows badly, else ``low_rank``, which follows the
        correlations of a curve's parameters.
    max_depth : int
        Of the trees; a draw that reaches it fails the gate.
    cores : int or None
        Processor cores to use, all of them if None. Draws do not depend on it.
    """

    draws: int = 1000
    tune: int = 800
    chains: int = 4
    seed: int = 0
    target_accept: float = 0.95
    adaptation: Literal["auto", "diag", "draw_diag", "low_rank"] = "auto"
    max_depth: int = 12
    cores: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Everything that decides the draws; `cores` does not."""
        return {name: value for name, value in asdict(self).items() if name != "cores"}

    def attempts(self, plugin: Plugin) -> tuple[SamplerSettings, SamplerSettings]:
        """Return how a plugin is sampled, and how once more where that fails the gate."""
        adaptation = self.adaptation
        if adaptation == "auto":
            grouped = any(evidence.groups for evidence in plugin.evidence)
            adaptation = "draw_diag" if grouped else "low_rank"
        first = replace(self, adaptation=adaptation)
        return first, replace(first, target_accept=0.99, tune=2 * self.tune)

    def seed_of(self, plugin: str) -> int:
        """Return the seed of one plugin's fit."""
        text = f"{self.seed}:{plugin}".encode()
        return int.from_bytes(hashlib.sha256(text).digest()[:4], "big")


def _sample(
    compiled: Any,
    plugin: str,
    settings: SamplerSettings,
    cores: int,
    report: Callable[[float], None],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return draws of the scores and the sampler's statistics, (chain, draw, ...)."""
    import nutpie

    total = settings.chains * (settings.draws + settings.tune)

    def heard(chains: Any) -> None:
        report(sum(chain.finished_draws for chain in chains) / total)

    try:
        tree = nutpie.sample(
            compiled,
            draws=settings.draws,
            tune=settings.tune,
            chains=settings.chains,
            cores=cores,
            seed=settings.seed_of(plugin),
            target_accept=settings.target_accept,
            adaptation=settings.adaptation,
            maxdepth=settings.max_depth,
            save_warmup=False,
            progress_bar=False,
            progress_callback=heard,
            progress_rate=200,
        )
    except (RuntimeError, ValueError) as error:
        raise PluginError(
            Problem(
                code="AMP-E531",
                what=f"its evidence cannot be sampled: {str(error).strip().splitlines()[0]}",
                why="The predictor or the likelihood is not finite where the priors put it.",
                fix="evaluate the predictor at the prior's 5 % and 95 % points and mend it",
                where=plugin,
            )
        ) from error
    stats = tree["sample_stats"]
    wanted = ("diverging", "energy", "maxdepth_reached", "n_steps")
    return (
        {str(name): draws.values for name, draws in tree["posterior"].data_vars.items()},
        {name: stats[name].values for name in wanted if name in stats},
    )


def _labelled(
    plugin: Plugin, rows: Mapping[str, Rows], draws: Mapping[str, Any]
) -> tuple[xarray.Dataset, xarray.Dataset]:
    """Return values and scores as datasets with the plugin's own dims and units."""
    import numpy
    import xarray

    variables = latents(plugin, rows)
    chains, length = next(iter(draws.values())).shape[:2]
    labels = {dim: list(names) for dim, names in coords(plugin, rows).items()}
    axes = {"chain": numpy.arange(chains), "draw": numpy.arange(length), **labels}
    scores = {
        latent.name: xarray.DataArray(
            draws[f"{plugin.id}.{latent.name}.z"], dims=("chain", "draw", *latent.dims)
        )
        for latent in variables
    }
    # A fixed value is repeated for every draw, so that all values have the same dims.
    every = xarray.DataArray(numpy.zeros((chains, length)), dims=("chain", "draw"))
    found = {}
    for name, value in values(NUMPY, plugin, rows, scores).items():
        parameter = next((one.parameter for one in variables if one.name == name), name)
        unit = plugin.priors[parameter].unit
        found[name] = (value + every).transpose("chain", "draw", ...).assign_attrs(unit=unit)
    used = {str(dim) for value in found.values() for dim in value.dims}
    own = {dim: names for dim, names in axes.items() if dim in used}
    return xarray.Dataset(found, own), xarray.Dataset(scores, own)


def fit(
    plugin: Plugin,
    rows: Mapping[str, Rows],
    settings: SamplerSettings,
    *,
    key: str = "",
    report: Report = lambda stage, done: None,
) -> Posterior:
    """Fit one plugin in this process.

    A fit that fails the gate is sampled once more with `target_accept` 0.99 and twice the
    adaptation; the second verdict stands.

    Parameters
    ----------
    plugin : Plugin
        With at least one calibrated parameter whose prior is not fixed.
    rows : Mapping[str, Rows]
        See `amplicast.engine.model.rows_of`.
    settings : SamplerSettings
    key : str
        Stored with the result.
    report : callable
        ``report(stage, share)`` with the stages ``compiles``, ``samples``, ``samples again``.

    Raises
    ------
    PluginError
        The evidence cannot be sampled at all.
    """
    configure()
    report("compiles", 0.0)
    started = time.perf_counter()
    import nutpie
    import pymc

    names = [f"{plugin.id}.{latent.name}.z" for latent in latents(plugin, rows)]
    with pymc.Model() as model:
        add_to_model(plugin)
    compiled = nutpie.compile_pymc_model(model, var_names=names, freeze_model=True)
    compiled_at = time.perf_counter()
    cores = min(settings.cores or 1, settings.chains)

    def attempt(tried: SamplerSettings, stage: str) -> Any:
        draws, sampling = _sample(compiled, plugin.id, tried, cores, partial(report, stage))
        found, scores = _labelled(plugin, rows, draws)
        table = gate.statistics(
            plugin.id, {str(name): array.values for name, array in scores.data_vars.items()}
        )
        return found, scores, table, gate.judge(plugin.id, table, sampling), sampling

    first, second = settings.attempts(plugin)
    tried, attempts = first, 1
    found, scores, table, verdict, sampling = attempt(tried, "samples")
    if not verdict.passed:
        tried, attempts = second, 2
        found, scores, table, verdict, sampling = attempt(tried, "samples again")
    return Posterior(
        plugin=plugin.id,
        values=found,
        scores=scores,
        statistics=table,
        verdict=verdict,
        sampling={
            "attempts": attempts,
            "divergences": int(sampling["diverging"].sum()),
            "gradients_per_draw": float(sampling["n_steps"].mean()),
            "smallest_bfmi": float(gate.bfmi(sampling["energy"]).min()),
            "settings": tried.to_dict(),
            "compile_seconds": round(compiled_at - started, 2),
            "sample_seconds": round(time.perf_counter() - compiled_at, 2),
        },
        evidence={name: table_rows.records for name, table_rows in rows.items()},
        key=key,
        digest=digest_of(found, scores),
    )
