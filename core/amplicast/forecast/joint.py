"""The forecast as one PyMC model that can be conditioned on anything observed.

Evidence is in it as likelihood, beliefs as random variables, every output as a deterministic.
Add an observation and sample: what is known of copies, supply and efficiency moves together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amplicast.engine.environment import configure
from amplicast.forecast.draws import belief_dims, belief_priors, correlations_of
from amplicast.forecast.model import evaluate
from amplicast.forecast.outputs import output_coords
from amplicast.forecast.plan import Plan

if TYPE_CHECKING:
    import pymc

    from amplicast.beliefs import Correlation
    from amplicast.scenario import Scenario

__all__ = ["joint_model"]


def joint_model(
    plan: Plan, scenario: Scenario, *, outputs: Sequence[str] | None = None
) -> pymc.Model:
    """Every plugin's calibration, every belief and the whole forecast in one model.

    Parameters
    ----------
    outputs : sequence of str, optional
        Outputs to register, all of them by default. Only what a likelihood or a registered
        output needs is compiled, so name those that are observed or wanted.

    Returns
    -------
    pymc.Model
        Free variables ``<plugin>.<parameter>.z`` and ``<belief>.z`` (standard normal scores; of
        centred groups the levels themselves);
        deterministics ``<plugin>.<parameter>``, ``<belief>`` and the outputs, of
        `amplicast.forecast.outputs.OUTPUTS`, dims by name.
    """
    configure()
    import pymc
    import pymc.dims

    from amplicast.engine.latents import calibrated_parameters
    from amplicast.engine.model import add_to_model
    from amplicast.engine.tensors import XTENSOR

    calibrated = {plugin.id: calibrated_parameters(plugin) for plugin in plan.plugins}
    priors = belief_priors(plan, scenario, calibrated)
    dims = belief_dims(plan)
    coords = output_coords(plan)
    for plugin in plan.plugins:
        coords.update(plugin.coords)
    with pymc.Model(coords=coords) as model:
        values: dict[str, Any] = {}
        for plugin in plan.plugins:
            if calibrated[plugin.id]:
                made = add_to_model(plugin)
                values.update({f"{plugin.id}.{name}": value for name, value in made.items()})
        scores = correlated_scores(correlations_of(plan, scenario), tuple(priors), dims)
        for name, prior in sorted(priors.items()):
            values[name] = pymc.dims.Deterministic(
                name, XTENSOR.array(1.0, dims=()) * prior.transform(XTENSOR, scores[name])
            )
        found = evaluate(XTENSOR, plan, values)
        for name in found if outputs is None else outputs:
            pymc.dims.Deterministic(name, found[name])
    return model


def correlated_scores(
    correlations: Sequence[Correlation],
    names: tuple[str, ...],
    dims: dict[str, tuple[str, ...]],
) -> dict[str, Any]:
    """One standard-normal score per belief, tied by rank correlations."""
    import pymc.dims

    from amplicast.beliefs import factors

    free = {
        name: pymc.dims.Normal(f"{name}.z", 0.0, 1.0, dims=dims.get(name, ())) for name in names
    }
    scores = dict(free)
    for block, factor in factors(correlations).items():
        for i, name in enumerate(block):
            scores[name] = sum(
                float(factor[i, j]) * free[other] for j, other in enumerate(block[: i + 1])
            )
    return scores
