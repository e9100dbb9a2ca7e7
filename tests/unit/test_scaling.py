"""The loss law and the coverage law against closed forms, published spans and limits."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaln

from amplicast import physics
from amplicast.math import NUMPY

HOFFMANN = {"alpha": 0.33917, "beta": 0.28491}
LAW = {"ln_n_term": -0.9712, "ln_d_term": -0.9779, "alpha": 0.3473, "beta": 0.3672}


@pytest.mark.parametrize(
    ("alpha", "beta", "largest", "inference", "training"),
    [
        (0.34, 0.28, 1.015, 0.707, 1.214),
        (0.33917, 0.28491, 1.004, 0.699, 1.199),
        (0.3527, 0.3527, 0.854, 0.598, 1.011),
    ],
)
def test_efficient_span_is_the_published_one(
    alpha: float, beta: float, largest: float, inference: float, training: float
) -> None:
    """Between slopes 1/6 and 6; the second row is the published 0.7 and 1.2 OOM."""
    law = {"alpha": alpha, "beta": beta}
    low, high = (physics.saving_at_slope(NUMPY, s, **law) for s in (1 / 6, 6.0))
    cost = [physics.training_cost(NUMPY, x, **law) for x in (low, high)]
    assert physics.largest_saving(NUMPY, **law) == pytest.approx(largest, abs=5e-4)
    assert high - low == pytest.approx(inference, abs=5e-4)
    assert cost[1] - cost[0] == pytest.approx(training, abs=5e-4)


@pytest.mark.parametrize(("saving", "cost"), [(0.3, 0.08), (0.5, 0.28), (0.7, 0.74), (1.0, 6.86)])
def test_training_cost_of_a_saving(saving: float, cost: float) -> None:
    """One OOM of inference costs nearly seven of training: "2 for 1" is out of reach."""
    assert physics.training_cost(NUMPY, saving, **HOFFMANN) == pytest.approx(cost, abs=5e-3)


@given(st.floats(0.1, 0.8), st.floats(0.1, 0.8), st.floats(0.0, 20.0))
def test_slope_is_the_derivative_of_the_cost(alpha: float, beta: float, slope: float) -> None:
    """The saving at a slope, the slope there and the cost's derivative agree; 0 at the optimum."""
    law = {"alpha": alpha, "beta": beta}
    x = physics.saving_at_slope(NUMPY, slope, **law)
    assert physics.training_cost_slope(NUMPY, x, **law) == pytest.approx(slope, rel=1e-6, abs=1e-9)
    step = 1e-5
    rise = physics.training_cost(NUMPY, x + step, **law) - physics.training_cost(
        NUMPY, x - step, **law
    )
    assert rise / (2 * step) == pytest.approx(slope, rel=1e-4, abs=1e-4)


@given(st.floats(18.0, 30.0))
def test_equivalent_compute_is_the_compute_at_the_optimum(log10_flop: float) -> None:
    """A compute-optimal model has all of its FLOP, and its share of the loss is beta's."""
    params, tokens = physics.optimal_allocation(NUMPY, log10_training_flop=log10_flop, **LAW)
    assert math.log10(6 * params * tokens) == pytest.approx(log10_flop, abs=1e-9)
    found = physics.equivalent_compute(NUMPY, params=params, tokens=tokens, **LAW)
    assert found == pytest.approx(log10_flop, abs=1e-9)


@given(st.floats(18.0, 28.0), st.floats(-1.5, 1.5))
def test_equivalent_compute_is_at_most_the_compute(log10_flop: float, shift: float) -> None:
    """Away from the optimum, at fixed compute, a model counts for less; loss says the same."""
    params, tokens = physics.optimal_allocation(NUMPY, log10_training_flop=log10_flop, **LAW)
    off = {"params": params * 10**shift, "tokens": tokens / 10**shift}
    equal = physics.equivalent_compute(NUMPY, **off, **LAW)
    assert equal <= log10_flop + 1e-9
    best = physics.optimal_allocation(NUMPY, log10_training_flop=equal, **LAW)
    losses = [
        physics.log_loss(NUMPY, params=n, tokens=d, ln_e=0.5973, **LAW)
        for n, d in ((off["params"], off["tokens"]), best)
    ]
    assert losses[0] == pytest.approx(losses[1], abs=1e-9)


def test_overtraining_is_the_same_trade_seen_from_the_optimum() -> None:
    """A smaller model at equal loss costs what the scale-free trade-off says, at any scale."""
    exponents = {"alpha": LAW["alpha"], "beta": LAW["beta"]}
    cost = physics.training_cost(NUMPY, 0.5, **exponents)
    for log10_flop in (20.0, 27.0):
        params, tokens = physics.optimal_allocation(NUMPY, log10_training_flop=log10_flop, **LAW)
        small = params / 10**0.5
        more = tokens * 10 ** (cost + 0.5)
        found = physics.equivalent_compute(NUMPY, params=small, tokens=more, **LAW)
        assert found == pytest.approx(log10_flop, abs=1e-9)


def test_centres_are_the_geometric_means_of_the_runs(repository: Path) -> None:
    """The constants are what the digitised runs give, and the law fits them to 0.8 % of loss."""
    path = next(
        (
            folder / "shared/data/chinchilla_loss.csv"
            for folder in (repository, repository.parent)
            if (folder / "shared/data/chinchilla_loss.csv").is_file()
        ),
        None,
    )
    if path is None:
        pytest.skip("the digitised runs (chinchilla_loss.csv) are not on this machine")
    with path.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["outlier"] == "0"]
    params, tokens, loss = (
        numpy.array([float(row[name]) for row in rows])
        for name in ("params", "tokens", "loss_nats_per_token")
    )
    assert numpy.log(params).mean() == pytest.approx(physics.LN_PARAMS_CENTRE, abs=1e-12)
    assert numpy.log(tokens).mean() == pytest.approx(physics.LN_TOKENS_CENTRE, abs=1e-12)
    law = physics.log_loss(NUMPY, params=params, tokens=tokens, ln_e=0.5973, **LAW)
    assert (law - numpy.log(loss)).std() == pytest.approx(0.0075, abs=0.0005)


@given(st.floats(-6.0, 2.0), st.floats(-2.0, 6.0), st.floats(0.0, 6.0))
def test_coverage_is_the_ratio_of_beta_functions(ln_a: float, ln_b: float, samples: float) -> None:
    """``1 - B(a, b + k) / B(a, b)``, to the accuracy that the plain ratio has."""
    a, b, k = math.exp(ln_a), math.exp(ln_b), 10.0**samples
    plain = -math.expm1(betaln(a, b + k) - betaln(a, b))
    found = physics.coverage(NUMPY, log10_samples=samples, a=a, b=b)
    assert found == pytest.approx(plain, rel=1e-6, abs=1e-7)


@given(st.floats(-15.0, 5.0), st.floats(-20.0, 12.0))
def test_coverage_at_one_sample_is_the_mean_success(ln_a: float, ln_b: float) -> None:
    """Log odds are ``ln a - ln b`` at one sample, rise with samples, and stay finite."""
    samples = numpy.linspace(0.0, 12.0, 61)
    odds = physics.coverage_log_odds(
        NUMPY, log10_samples=samples, a=math.exp(ln_a), b=math.exp(ln_b)
    )
    assert odds[0] == pytest.approx(ln_a - ln_b, abs=1e-9)
    assert numpy.isfinite(odds).all()
    assert (numpy.diff(odds) >= -1e-9).all()
