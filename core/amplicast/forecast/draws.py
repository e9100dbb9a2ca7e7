"""The inputs of a forecast as joint draws: calibrated posteriors beside fresh beliefs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.inputs import ENGINE_INPUTS
from amplicast.forecast.plan import Plan

if TYPE_CHECKING:
    import xarray

    from amplicast.beliefs import Correlation
    from amplicast.engine.posterior import Posterior
    from amplicast.priors import Prior
    from amplicast.scenario import Scenario

NO_WEIGHT = "Every device in use needs a weight."

__all__ = [
    "belief_dims",
    "belief_priors",
    "changed_inputs",
    "correlations_of",
    "draw_inputs",
    "stack_posterior",
]


def belief_priors(
    plan: Plan, scenario: Scenario, calibrated: Mapping[str, Sequence[str]]
) -> dict[str, Prior]:
    """Beliefs that enter the forecast fresh: engine inputs and uncalibrated parameters.

    Parameters
    ----------
    calibrated : Mapping[str, sequence of str]
        By plugin id, the parameters that evidence informs.

    Raises
    ------
    ScenarioError
        An engine input has no value in the scenario.
    """
    needed = [*ENGINE_INPUTS, *(f"mix.{device.id}" for device in plan.hardware)]
    missing = [name for name in needed if name not in scenario.assumptions]
    if missing:
        raise ScenarioError(
            *(
                Problem(
                    code="AMP-S161",
                    what=f"the assumption {name!r} has no value",
                    why=ENGINE_INPUTS[name].about if name in ENGINE_INPUTS else NO_WEIGHT,
                    fix=f'add [assumptions."{name}"], or start from based_on = "builtin:baseline"',
                    where=scenario.name,
                )
                for name in missing
            )
        )
    priors = {name: scenario.assumptions[name].prior for name in needed}
    for plugin in plan.plugins:
        for parameter, prior in plugin.priors.items():
            if parameter not in calibrated.get(plugin.id, ()):
                priors[f"{plugin.id}.{parameter}"] = prior
    return priors


def belief_dims(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Dims of the inputs that are not scalar, by ``<plugin>.<parameter>``."""
    return {
        f"{plugin.id}.{parameter}": dims
        for plugin in plan.plugins
        for parameter, dims in plugin.dims.items()
    }


def correlations_of(plan: Plan, scenario: Scenario) -> tuple[Correlation, ...]:
    """Rank correlations of the scenario, and of its plugins where it says nothing of the pair."""
    from amplicast.beliefs import Correlation

    stated = {frozenset({pair.a, pair.b}) for pair in scenario.correlations}
    own = (
        Correlation(a=f"{plugin.id}.{pair.a}", b=f"{plugin.id}.{pair.b}", rank=pair.rank)
        for plugin in plan.plugins
        for pair in plugin.correlations
    )
    kept = (pair for pair in own if frozenset({pair.a, pair.b}) not in stated)
    return (*scenario.correlations, *kept)


def dim_sizes(plan: Plan) -> dict[str, int]:
    """Length of every dim that an input may have besides ``draw``."""
    sizes = {"year": len(plan.years)}
    for plugin in plan.plugins:
        sizes.update({dim: len(labels) for dim, labels in plugin.coords.items()})
    return sizes


def stack_posterior(plan: Plan, posteriors: Mapping[str, Posterior]) -> dict[str, xarray.DataArray]:
    """Calibrated draws with chain and draw stacked once, by input name."""
    stacked = {}
    for plugin in plan.plugins:
        if plugin.id in posteriors:
            draws = posteriors[plugin.id].stacked()
            for parameter in sorted(set(plugin.priors) & {str(name) for name in draws.data_vars}):
                values = draws[parameter]
                dims = tuple(str(dim) for dim in values.dims)
                stacked[f"{plugin.id}.{parameter}"] = _labelled(values.values, dims)
    return stacked


def draw_inputs(
    plan: Plan,
    scenario: Scenario,
    posteriors: Mapping[str, Posterior],
    *,
    calibrated: Mapping[str, Sequence[str]],
    variants: tuple[str, ...] = (),
) -> dict[str, xarray.DataArray]:
    """Joint draws of every input.

    Variants share the standard-normal scores of the reference, so their differences carry no
    sampling noise of their own. An input that a variant changes has dims ``(scenario, draw)``.
    """
    from amplicast.beliefs import scores
    from amplicast.math import NUMPY

    inputs = stack_posterior(plan, posteriors)
    draws = max((values.sizes["draw"] for values in inputs.values()), default=0)
    draws = draws or scenario.compute.draws * scenario.compute.chains
    priors = belief_priors(plan, scenario, calibrated)
    dims, sizes = belief_dims(plan), dim_sizes(plan)
    shapes = {name: tuple(sizes[d] for d in dims[name]) for name in priors if name in dims}
    z = scores(
        tuple(priors),
        draws=draws,
        seed=scenario.compute.seed,
        correlations=correlations_of(plan, scenario),
        shapes=shapes,
    )
    changed = {name for variant in variants for name in scenario.variants[variant]}
    for name, prior in sorted(priors.items()):
        score = _labelled(z[name], ("draw", *dims.get(name, ())))
        if name not in changed:
            inputs[name] = prior.transform(NUMPY, score)
            continue
        versions = [prior] + [scenario.variants[v].get(name, prior) for v in variants]
        inputs[name] = NUMPY.stack(
            [version.transform(NUMPY, score) for version in versions], dim="scenario"
        )
    _refuse_calibrated(changed - set(priors), scenario)
    return {name: _as_array(value, draws) for name, value in sorted(inputs.items())}


def changed_inputs(
    plan: Plan,
    scenario: Scenario,
    changes: Mapping[str, Prior],
    *,
    draws: int,
) -> dict[str, xarray.DataArray]:
    """Inputs under changed beliefs, on the scores that `draw_inputs` used."""
    from amplicast.beliefs import scores
    from amplicast.math import NUMPY

    dims, sizes = belief_dims(plan), dim_sizes(plan)
    correlations = correlations_of(plan, scenario)
    partners = {name for pair in correlations for name in (pair.a, pair.b)}
    names = tuple(sorted(set(changes) | partners))
    z = scores(
        names,
        draws=draws,
        seed=scenario.compute.seed,
        correlations=correlations,
        shapes={name: tuple(sizes[d] for d in dims[name]) for name in names if name in dims},
    )
    return {
        name: _as_array(
            prior.transform(NUMPY, _labelled(z[name], ("draw", *dims.get(name, ())))), draws
        )
        for name, prior in sorted(changes.items())
    }


def _refuse_calibrated(names: set[str], scenario: Scenario) -> None:
    if names:
        raise ScenarioError(
            *(
                Problem(
                    code="AMP-S162",
                    what=f"a variant changes {name!r}, which evidence calibrates",
                    why="Variants share the calibrated draws, so they may change beliefs only.",
                    fix=f"put {name!r} under [assumptions] of a scenario of its own and compare",
                    where=scenario.name,
                )
                for name in sorted(names)
            )
        )


def _labelled(values: Any, dims: tuple[str, ...]) -> xarray.DataArray:
    import xarray

    return xarray.DataArray(values, dims=dims)


def _as_array(value: Any, draws: int) -> xarray.DataArray:
    """Fixed beliefs become constant draws, so that every input has the dim ``draw``."""
    import numpy
    import xarray

    if isinstance(value, xarray.DataArray) and "draw" in value.dims:
        return value
    return xarray.DataArray(numpy.full(draws, float(value)), dims=("draw",))
