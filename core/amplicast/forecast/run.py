"""From a scenario to a forecast: calibrate, draw, evaluate, account for the variance."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from amplicast.forecast.draws import belief_priors, draw_inputs
from amplicast.forecast.forecast import Forecast, label
from amplicast.forecast.model import evaluate
from amplicast.forecast.must_hold import Judged, judged_on, require_outputs
from amplicast.forecast.outputs import HEADLINES, output_coords
from amplicast.forecast.plan import Plan, make_plan
from amplicast.forecast.shares import variance_shares

if TYPE_CHECKING:
    import xarray

    from amplicast.engine.execute import Where
    from amplicast.engine.posterior import Posterior
    from amplicast.engine.progress import Progress
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = ["run"]

PACKAGES = ("amplicast", "pymc", "pytensor", "nutpie", "numba", "numpy", "xarray", "scipy")

MOVED = 0.1
"""Share of a parameter's prior variance that evidence must remove for its block to count."""


def run(
    scenario: Scenario,
    registry: Registry,
    *,
    variants: Sequence[str] = (),
    cores: int | None = None,
    where: Where | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Forecast:
    """Calibrate what evidence informs, draw beliefs, and propagate all of it at once.

    Parameters
    ----------
    scenario : Scenario
    registry : Registry
    variants : sequence of str
        Variants of the scenario to draw beside the reference, on the same draws.
    cores : int, optional
        Calibrations that run side by side; the result does not depend on it.
    where : Where, optional
        Where they run, instead of in processes of this machine; nor does it depend on that.
    progress : Progress, optional
        Shows the calibrations; silent by default.
    say : callable
        Receives one line per stage.

    Returns
    -------
    Forecast
        Its diagnostics name every check that failed.
    """
    from amplicast.engine.calibrate import SamplerSettings, calibrate
    from amplicast.engine.latents import calibrated_parameters
    from amplicast.engine.propagate import compile_model

    require_outputs(scenario)
    plan = make_plan(scenario, registry)
    calibrated = {plugin.id: calibrated_parameters(plugin) for plugin in plan.plugins}
    settings = SamplerSettings(
        draws=scenario.compute.draws,
        chains=scenario.compute.chains,
        seed=scenario.compute.seed,
        cores=cores,
    )
    posteriors = calibrate(plan.plugins, settings=settings, progress=progress, where=where)
    inputs = draw_inputs(
        plan, scenario, posteriors, calibrated=calibrated, variants=tuple(variants)
    )
    say("forecasting: one compiled model, all draws at once")
    few = {name: values.isel(draw=slice(0, 2)) for name, values in inputs.items()}
    compiled = compile_model(
        lambda m, x: evaluate(m, plan, x), few, coords=output_coords(plan), fused=False
    )
    outputs = label(compiled(inputs), plan)
    informed = informed_inputs(plan, posteriors)
    reference = {
        name: values.isel(scenario=0) if "scenario" in values.dims else values
        for name, values in inputs.items()
    }
    shares = variance_shares(plan, reference, informed, names=HEADLINES)
    record = provenance(
        scenario,
        plan,
        posteriors,
        scenarios=(scenario.name, *variants),
        beliefs=sorted(belief_priors(plan, scenario, calibrated)),
        informed=informed,
        judged=judged_on(plan, scenario, outputs),
    )
    record["failed_checks"] += unsound(outputs)
    tree = assemble(plan, inputs, outputs, posteriors, shares)
    tree.attrs["provenance"] = json.dumps(record, sort_keys=True)
    return Forecast(tree=tree, plan=plan, scenario=scenario)


NEEDED = ("stock", "copies", "token_demand", "training_compute")
"""Outputs that are numbers in every draw, whatever the scenario."""


def unsound(outputs: xarray.Dataset) -> list[str]:
    """What no forecast may say: an output that is no finite number where it must be one."""
    import numpy

    wrong = {name: ~numpy.isfinite(outputs[name]) for name in NEEDED}
    able = outputs["feasible"] > 0.5
    wrong["amplification"] = ~numpy.isfinite(outputs["amplification"]) & able
    return [
        f"{name} is not a finite number in {float(where.mean()):.1%} of what was drawn"
        for name, where in wrong.items()
        if where.any()
    ]


def informed_inputs(plan: Plan, posteriors: Mapping[str, Posterior]) -> list[str]:
    """Inputs that count as evidence.

    A block of parameters that evidence links counts when the evidence removed at least a tenth
    of the prior variance of one of them; a block it did not move counts as belief.
    """
    from amplicast.engine.latents import blocks

    informed = []
    for plugin in plan.plugins:
        if plugin.id not in posteriors:
            continue
        moved = {
            row.name.removeprefix(f"{plugin.id}.").split("[")[0]
            for row in posteriors[plugin.id].statistics
            if row.contraction >= MOVED
        }
        for block in blocks(plugin):
            if moved & set(block):
                informed += [f"{plugin.id}.{name}" for name in block]
    return sorted(informed)


def provenance(
    scenario: Scenario,
    plan: Plan,
    posteriors: Mapping[str, Posterior],
    *,
    scenarios: Sequence[str],
    beliefs: Sequence[str],
    informed: Sequence[str],
    judged: Sequence[Judged],
) -> dict[str, Any]:
    """Everything that says how the run came about; its digest is the run's id."""
    record: dict[str, Any] = {
        "scenario": scenario.to_dict(),
        "scenarios": list(scenarios),
        "scenario_digest": scenario.digest(),
        "plugins": {
            plugin.id: {"kind": type(plugin).__name__, "version": plugin.version}
            for plugin in (*plan.plugins, *plan.hardware)
        },
        "posteriors": {id_: posteriors[id_].digest for id_ in sorted(posteriors)},
        "versions": {name: version(name) for name in PACKAGES},
        "beliefs": list(beliefs),
        "informed": list(informed),
        "checks_made": ["chains", "finite", "divergences", "tree depth", "r_hat", "ess", "bfmi"],
        "failed_checks": [
            f"{id_}: {finding}"
            for id_ in sorted(posteriors)
            for finding in posteriors[id_].verdict.findings
        ]
        + [_failure(each) for each in judged if each.fails],
    }
    # Its digest stands for the scenario: where a file lies does not make another run.
    content = json.dumps(record | {"scenario": None}, sort_keys=True).encode()
    record["run"] = hashlib.sha256(content).hexdigest()[:7]
    record["must_hold"] = [each.to_dict() for each in judged]
    record["created"] = datetime.now(UTC).isoformat(timespec="seconds")
    return record


def _failure(told: Judged) -> str:
    """A broken belief in the form of a failed check."""
    return (
        f"beliefs.{told.belief.name}: FAIL belief: it does not hold in {told.broken:.1%} of the "
        f"draws, at most {1.0 - told.belief.chance:.1%} may. Try: find the assumption that its "
        "source contradicts."
    )


def assemble(
    plan: Plan,
    inputs: Mapping[str, xarray.DataArray],
    outputs: xarray.Dataset,
    posteriors: Mapping[str, Posterior],
    shares: Mapping[str, xarray.DataArray],
) -> xarray.DataTree:
    """Draws, posteriors with their statistics and evidence, and the shares, in one tree."""
    import xarray

    from amplicast.engine.foreseen import summaries

    plugins = {plugin.id: plugin for plugin in plan.plugins}
    groups: dict[str, xarray.Dataset] = {
        "/inputs": xarray.Dataset(inputs),
        "/forecast": outputs,
        "/diagnostics": xarray.Dataset(
            {f"share_{name}": values for name, values in shares.items()}
        ),
    }
    for id_, posterior in sorted(posteriors.items()):
        rows = posterior.statistics
        groups[f"/posterior/{id_}"] = posterior.values
        groups[f"/sample_stats/{id_}"] = xarray.Dataset(
            {
                key: ("score", [getattr(row, key) for row in rows])
                for key in ("mean", "sd", "r_hat", "ess_bulk", "ess_tail", "contraction")
            },
            coords={"score": [row.name for row in rows]},
            attrs={"sampling": json.dumps(_sampling(posterior), sort_keys=True)},
        )
        groups[f"/evidence/{id_}"] = summaries(plugins[id_], posterior).assign_attrs(
            {name: json.dumps(list(map(dict, e))) for name, e in posterior.evidence.items()}
        )
    return xarray.DataTree.from_dict(groups)


def _sampling(posterior: Posterior) -> dict[str, Any]:
    """What the sampler did; without the seconds, which differ from one machine to the next."""
    return {
        name: value for name, value in posterior.sampling.items() if not name.endswith("_seconds")
    }
