"""Value of information: closed forms of a linear, a threshold and a log-normal decision."""

from __future__ import annotations

import math

import numpy
import pytest
from scipy.stats import norm
from tests.unit.block_models import linear, product

from amplicast.analysis.decision import Action, Decision, call
from amplicast.analysis.known import known_exactly, known_to
from amplicast.analysis.sobol import Estimate
from amplicast.analysis.voi import nested, perfect, spread_around
from amplicast.errors import ScenarioError

SDS = {"large": 1.0, "middle": 0.5, "small": 0.05, "idle": 0.0}

TOTAL = math.sqrt(sum(sd**2 for sd in SDS.values()))

OFFER = 0.3

SLOPED = Decision(
    name="Go or take the offer?",
    output="amplification",
    unit="OOM",
    actions=(Action(name="go", slope=1.0), Action(name="take", payoff=OFFER)),
)


def gain(sd: float) -> float:
    """EVPPI of a normal with that standard deviation against an offer above its mean of 0."""
    return sd * norm.pdf(OFFER / sd) - OFFER * norm.sf(OFFER / sd) if sd else 0.0


def right_calls(correlation: float) -> float:
    """Gain in right calls on the median of a normal, in 100, with a signal so correlated."""
    return 100.0 * math.asin(correlation) / math.pi


def same(answers):
    """The scale of the interval."""
    return answers


def near(told: Estimate, exact: float, slack: float = 0.0) -> bool:
    """Whether the closed form lies within 4 Monte Carlo errors."""
    return abs(told.value - exact) <= 4.0 * told.error + slack


@pytest.mark.parametrize("seed", range(3))
def test_linear_decision(seed: int) -> None:
    """Nested EVPPI is that in closed form, and exactly nothing for a block without effect."""
    model = linear(SDS, 4000, seed)
    found = nested(model, list(SDS), model.base, SLOPED.payoffs, same, seed=seed)
    for each in found:
        assert near(each.worth, gain(SDS[each.name]), 2e-4), each.name
        assert near(each.narrower, 1.0 - math.sqrt(1.0 - (SDS[each.name] / TOTAL) ** 2), 5e-3)
        assert (each.worth.value == 0.0) == (each.name == "idle") or each.name == "small"
    assert [each.name for each in found[:2]] == ["large", "middle"]


@pytest.mark.parametrize("seed", range(3))
def test_threshold_decision(seed: int) -> None:
    """The hardest call, where bias is worst; half a right call in 100 is left to it."""
    model = linear(SDS, 4000, seed)
    decision = call("amplification", float(numpy.median(model.base)))
    found = nested(model, list(SDS), model.base, decision.payoffs, same, seed=seed)
    for each in found:
        assert near(each.worth, right_calls(SDS[each.name] / TOTAL), 0.5), each.name


def test_lognormal_decision() -> None:
    """A call on a product of log-normals is one on a sum of normals; widths are in log units."""
    sigmas = {"large": 0.8, "small": 0.4}
    model = product(sigmas, 4000, 3)
    decision = call("copies", 1.0)
    total = math.hypot(*sigmas.values())
    found = nested(model, list(sigmas), model.base, decision.payoffs, numpy.log, seed=3)
    for each in found:
        rho = sigmas[each.name] / total
        assert near(each.worth, right_calls(rho), 0.7), each.name
        assert near(each.narrower, 1.0 - math.sqrt(1.0 - rho**2), 0.01), each.name


def test_regression_with_its_null_taken_off() -> None:
    """From given draws alone: the same worths, and nothing on average for what says nothing."""
    model = linear(SDS, 4000, 1)
    noise = {
        f"noise{i}": each
        for i, each in enumerate(numpy.random.default_rng(5).standard_normal((40, 4000)))
    }
    inputs = {**{name: model.blocks[name] for name in ("large", "middle")}, **noise}
    for decision, exact in (
        (SLOPED, gain),
        (call("amplification", 0.0), lambda sd: right_calls(sd / TOTAL)),
    ):
        found = known_exactly(inputs, model.base, decision.payoffs, same, seed=1, most=2)
        by_name = {each.name: each for each in found}
        for name in ("large", "middle"):
            slack = 0.05 * exact(SDS[name])  # a curve of degree 4 is no step
            assert near(by_name[name].worth, exact(SDS[name]), slack), name
        told = numpy.array([by_name[name].worth.value for name in noise])
        assert abs(told.mean()) <= 4.0 * told.std(ddof=1) / len(told) ** 0.5 + 1e-9
    assert found[2].null > 0.2  # what regression would have told of noise


@pytest.mark.parametrize("error", [0.3, 1.0, 3.0])
def test_measurement_with_an_error(error: float) -> None:
    """A measurement is worth what a block of its signal's spread would be."""
    model = linear(SDS, 4000, 2)
    signal = SDS["large"] ** 2 / math.hypot(SDS["large"], error)
    told = known_to(
        "large", model.blocks["large"], error, model.base, SLOPED.payoffs, same, seed=2
    ).worth
    assert near(told.worth, gain(signal), 0.01)
    assert near(told.narrower, 1.0 - math.sqrt(1.0 - (signal / TOTAL) ** 2), 0.01)


def test_a_measurement_finer_than_the_draws_is_refused() -> None:
    """The message names a precision that can be told."""
    model = linear(SDS, 4000, 2)
    with pytest.raises(ScenarioError, match=r"--precision large=0\.0"):
        known_to("large", model.blocks["large"], 1e-4, model.base, SLOPED.payoffs, same, seed=2)


def test_perfect_information_bounds_all() -> None:
    """To know everything is worth what an oracle gains, and no block more."""
    model = linear(SDS, 4000, 1)
    told = perfect(SLOPED.payoffs(model.base))
    assert near(told, gain(TOTAL))
    found = nested(model, list(SDS), model.base, SLOPED.payoffs, same, seed=1)
    assert all(each.worth.value <= told.value + 4.0 * each.worth.error for each in found)


def test_same_seed_same_numbers() -> None:
    """Also when other blocks are asked for beside."""
    model = linear(SDS, 1000, 1)
    one, *_ = nested(model, ["large"], model.base, SLOPED.payoffs, same, seed=1)
    two, *_ = nested(model, ["middle", "large"], model.base, SLOPED.payoffs, same, seed=1)
    assert one == two
    other, *_ = nested(model, ["large"], model.base, SLOPED.payoffs, same, seed=2)
    assert one != other


def test_spread_is_put_around_the_estimate() -> None:
    """The middle of resampled values, which is too high for a gain, is not used."""
    told = spread_around(1.0, [3.0, 5.0])
    assert told.value == 1.0
    assert (told.low + told.high) / 2.0 == pytest.approx(1.0)
    assert told.error == pytest.approx(math.sqrt(2.0))
