"""The forecast as one PyMC model: an observation moves copies, supply and efficiency together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy
import pytest

from amplicast import Forecast

pytestmark = pytest.mark.slow(minutes=25)

ACTOR, YEAR = "world", 2026
OUTPUTS = ("token_capacity", "copies", "stock")
BELIEFS = ("inference_share", "roofline.log10_efficiency_experts", "roofline.new_system")
CHAINS, DRAWS = 4, 1000


@dataclass(frozen=True)
class Observation:
    """A count of the tokens that the world could serve, as a log-normal with this median."""

    median: float
    sigma: float


@dataclass(frozen=True)
class Mean:
    """A posterior mean and its Monte Carlo error."""

    value: float
    error: float


@pytest.fixture(scope="module")
def stored(finished: Forecast) -> dict[str, Any]:
    """Unconditioned draws of what is compared, at one place; outputs as log10."""
    place = {"actor": ACTOR, "year": YEAR}
    with numpy.errstate(divide="ignore"):  # a pool that can serve nothing
        outputs = {n: numpy.log10(finished.outputs[n].sel(place).values) for n in OUTPUTS}
    inputs = finished.inputs()
    return outputs | {name: inputs[name].values for name in BELIEFS}


@pytest.fixture(scope="module")
def observation(stored: dict[str, Any]) -> Observation:
    """A count where 1.5 standard deviations above the middle would be, half as wide as belief."""
    middle, high = numpy.quantile(stored["token_capacity"], [0.5, 0.9332])
    return Observation(median=10.0**high, sigma=numpy.log(10.0) * (high - middle) / 3.0)


@pytest.fixture(scope="module")
def conditioned(finished: Forecast, observation: Observation, cache_dir: str) -> Any:
    """Draws of every free variable and of what is compared, given the observation."""
    import pymc
    import pymc.dims

    from amplicast.engine.tensors import XTENSOR
    from amplicast.forecast.joint import joint_model

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
        model = joint_model(finished.plan, finished.scenario, outputs=OUTPUTS)
        with model:
            place = {
                "actor": finished.plan.actors.index(ACTOR),
                "year": finished.plan.years.index(YEAR),
            }
            capacity = model["token_capacity"].isel(place)
            pymc.dims.LogNormal(
                "count",
                mu=XTENSOR.log(capacity),
                sigma=observation.sigma,
                observed=XTENSOR.array(observation.median, dims=()),
            )
            return pymc.sample(
                draws=DRAWS,
                tune=800,
                chains=CHAINS,
                cores=2,
                random_seed=3,
                nuts_sampler="nutpie",
                backend="numba",
                var_names=[variable.name for variable in model.free_RVs] + [*OUTPUTS, *BELIEFS],
                nuts={"target_accept": 0.95, "adaptation": "draw_diag"},
                compile_kwargs={"freeze_model": True},
                progressbar=False,
                compute_convergence_checks=False,
            )


def sampled(tree: Any, name: str) -> Mean:
    """Mean of a quantity over the conditioned draws."""
    from arviz_stats.base import array_stats

    draws = tree["posterior"][name]
    if name in OUTPUTS:
        draws = numpy.log10(draws.sel(actor=ACTOR, year=YEAR))
    values = draws.transpose("chain", "draw").values
    error = array_stats.mcse(values, chain_axis=0, draw_axis=1, method="mean")
    return Mean(float(values.mean()), float(error))


def weighted(stored: dict[str, Any], observation: Observation) -> dict[str, Mean]:
    """The same means by weighting the unconditioned draws with the likelihood: NumPy alone."""
    off = (stored["token_capacity"] * numpy.log(10.0) - numpy.log(observation.median)) / (
        observation.sigma
    )
    weight = numpy.exp(-0.5 * off**2)
    weight /= weight.sum()
    assert 1.0 / (weight**2).sum() > 200.0  # effective draws, enough to compare with
    found = {}
    for name, values in stored.items():
        used = weight > 0.0
        mean = float((weight[used] * values[used]).sum())
        error = float(numpy.sqrt((weight[used] ** 2 * (values[used] - mean) ** 2).sum()))
        found[name] = Mean(mean, error)
    return found


def test_sampler_passes_the_gate(conditioned: Any) -> None:
    """No failure is detected in any free variable of the whole joint model."""
    from amplicast.engine import gate

    free = {n: v.values for n, v in conditioned["posterior"].data_vars.items() if n.endswith(".z")}
    assert len(free) > 50
    sampling = conditioned["sample_stats"]
    verdict = gate.judge(
        "joint",
        gate.statistics("joint", free),
        {n: v.values for n, v in sampling.data_vars.items()},
    )
    assert verdict.passed, str(verdict)


def test_agrees_with_weighted_draws(
    conditioned: Any, stored: dict[str, Any], observation: Observation
) -> None:
    """Sampling the joint model and weighting plain draws give the same posterior means."""
    expected = weighted(stored, observation)
    for name, there in expected.items():
        here = sampled(conditioned, name)
        allowed = 4.0 * numpy.hypot(here.error, there.error)
        assert abs(here.value - there.value) <= allowed, (name, here, there)


def test_observation_moves_what_it_should(conditioned: Any, stored: dict[str, Any]) -> None:
    """More capacity than expected: more copies, a larger stock and better serving are likelier."""
    for name in ("copies", "stock", "roofline.new_system"):
        here = sampled(conditioned, name)
        before = stored[name][numpy.isfinite(stored[name])].mean()
        assert here.value > before + 4.0 * here.error, name
