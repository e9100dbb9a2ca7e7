"""Products and ratios of log-normals are log-normal: the exact answer, with and without ties."""

from __future__ import annotations

import math
from typing import Any

import numpy
import pytest

from amplicast import Correlation, Prior, propagate

DRAWS = 100_000
BELIEFS = {
    "stock": Prior("1e7 to 4e7", unit="H100e"),
    "per_device": Prior("5 to 50", unit="copies"),
    "tokens": Prior("2 to 200", unit="tokens"),
}
POWERS = {"stock": 1.0, "per_device": 1.0, "tokens": -1.0}
LEVELS = {0.01: -2.3263478740408408, 0.05: -1.6448536269514722, 0.5: 0.0,
          0.83: 0.9541652531461944, 0.95: 1.6448536269514722}  # fmt: skip
"""Probability -> standard-normal quantile."""

TIES: dict[str, tuple[Correlation, ...]] = {
    "independent": (),
    "high together": (Correlation("per_device", "stock", 0.6),),
    "one high, one low": (Correlation("per_device", "stock", -0.9),),
    "a chain": (Correlation("per_device", "stock", 0.5), Correlation("stock", "tokens", 0.4)),
}


def copies(m: Any, x: Any) -> dict[str, Any]:
    """A product and ratio, also through logarithms."""
    logs = m.log(x["stock"]) + m.log(x["per_device"]) - m.log(x["tokens"])
    return {"straight": x["stock"] * x["per_device"] / x["tokens"], "by logs": m.exp(logs)}


def moments(ties: tuple[Correlation, ...]) -> tuple[float, float]:
    """Mean and standard deviation of the answer's natural logarithm, by hand."""
    mu, sigma = {}, {}
    for name, prior in BELIEFS.items():
        low, high = math.log(prior.quantile(0.05)), math.log(prior.quantile(0.95))
        mu[name] = (low + high) / 2.0
        sigma[name] = (high - low) / (2.0 * LEVELS[0.95])
    variance = sum(s * s for s in sigma.values())
    for tie in ties:
        pearson = 2.0 * math.sin(math.pi * tie.rank / 6.0)  # of the normal scores, Pearson 1907
        variance += 2.0 * pearson * POWERS[tie.a] * POWERS[tie.b] * sigma[tie.a] * sigma[tie.b]
    return sum(POWERS[name] * mu[name] for name in BELIEFS), math.sqrt(variance)


@pytest.mark.parametrize("ties", TIES.values(), ids=TIES)
def test_quantiles_are_the_exact_ones(ties: tuple[Correlation, ...]) -> None:
    """Each quantile lies within four Monte Carlo errors of its exact value."""
    found = propagate(copies, BELIEFS, draws=DRAWS, seed=11, correlations=ties).outputs
    mu, sigma = moments(ties)
    for values in found.values():
        logs = numpy.log(values.values)
        assert logs.shape == (DRAWS,)
        for p, z in LEVELS.items():
            density = math.exp(-0.5 * z * z) / (sigma * math.sqrt(2.0 * math.pi))
            error = math.sqrt(p * (1.0 - p) / DRAWS) / density
            assert numpy.quantile(logs, p) == pytest.approx(mu + sigma * z, abs=4.0 * error)


def test_the_errors_are_small_enough_to_tell_ties_apart() -> None:
    """With the tie left out of the hand calculation the same test would fail."""
    tied = TIES["high together"]
    found = propagate(copies, BELIEFS, draws=DRAWS, seed=11, correlations=tied).outputs
    low = float(numpy.quantile(numpy.log(found["straight"].values), 0.05))
    mu, sigma = moments(())
    error = math.sqrt(0.05 * 0.95 / DRAWS) * sigma * math.sqrt(2.0 * math.pi) * math.exp(1.353)
    assert abs(low - (mu + sigma * LEVELS[0.05])) > 10.0 * error


def test_a_belief_used_twice_is_drawn_once() -> None:
    """A quantity over itself is one in every draw, and its square is not a product of two."""

    def twice(m: Any, x: Any) -> dict[str, Any]:
        return {"one": x["stock"] / x["stock"], "square": x["stock"] * x["stock"]}

    done = propagate(twice, BELIEFS, draws=1000, seed=2)
    assert (done.outputs["one"] == 1.0).all()
    assert numpy.allclose(done.outputs["square"], done.beliefs["stock"] ** 2, rtol=1e-14)
