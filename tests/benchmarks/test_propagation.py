"""Ten log-normal beliefs, one product and ratio, a million draws: three ways in one run.

Run with ``make bench``. Sampling is included everywhere; compiling is left out and printed.
"""

from __future__ import annotations

import numpy as np
import pytest

from amplicast import Correlation, Prior
from amplicast.beliefs import draw
from amplicast.engine.propagate import compile_model

pytestmark = pytest.mark.benchmark
DRAWS = 1_000_000
LOW, HIGH = 2.0, 50.0
MU = (np.log(LOW) + np.log(HIGH)) / 2
SIGMA = (np.log(HIGH) - np.log(LOW)) / (2 * 1.6448536269514722)
NAMES = tuple(f"belief_{i}" for i in range(10))
BELIEFS = {name: Prior(f"{LOW} to {HIGH}", unit="1", dist="lognormal") for name in NAMES}
PAIR = (Correlation("belief_0", "belief_1", 0.5),)


def copies(m, x):
    """Product of five beliefs over the product of the other five."""
    top, bottom = x[NAMES[0]], x[NAMES[5]]
    for name in NAMES[1:5]:
        top = top * x[name]
    for name in NAMES[6:]:
        bottom = bottom * x[name]
    return {"copies": top / bottom}


def ours(correlations=()):
    """Our path: stated beliefs, one compiled PyMC model."""
    import xarray

    few = {
        name: xarray.DataArray(values, dims=("draw",))
        for name, values in draw(BELIEFS, draws=2, seed=1).items()
    }
    compiled = compile_model(copies, few)
    print(f"\ncompiling took {compiled.compile_seconds:.2f} s (left out)")

    def once():
        drawn = draw(BELIEFS, draws=DRAWS, seed=1, correlations=correlations)
        return compiled(
            {name: xarray.DataArray(values, dims=("draw",)) for name, values in drawn.items()}
        )["copies"].values

    return once


def by_hand():
    """What a careful person writes in NumPy."""
    generator = np.random.default_rng(1)
    draws = [np.exp(MU + SIGMA * generator.standard_normal(DRAWS)) for _ in NAMES]
    top, bottom = draws[0], draws[5]
    for values in draws[1:5]:
        top = top * values
    for values in draws[6:]:
        bottom = bottom * values
    return top / bottom


def with_squigglepy(correlated=False):
    """squigglepy's expression form."""
    squigglepy = pytest.importorskip("squigglepy")
    beliefs = [squigglepy.lognorm(LOW, HIGH, credibility=90) for _ in NAMES]
    if correlated:
        squigglepy.correlate((beliefs[0], beliefs[1]), [[1, 0.5], [0.5, 1]])
    top, bottom = beliefs[0], beliefs[5]
    for belief in beliefs[1:5]:
        top = top * belief
    for belief in beliefs[6:]:
        bottom = bottom * belief
    return squigglepy.sample(top / bottom, n=DRAWS)


@pytest.mark.benchmark(group="ten log-normals")
def test_amplicast(benchmark):
    """Through the engine: within Monte Carlo error of the exact median, which is 1."""
    values = benchmark(ours())
    assert np.median(values) == pytest.approx(1.0, abs=0.05)


@pytest.mark.benchmark(group="ten log-normals")
def test_numpy(benchmark):
    """By hand."""
    assert np.median(benchmark(by_hand)) == pytest.approx(1.0, abs=0.05)


@pytest.mark.benchmark(group="ten log-normals")
def test_squigglepy(benchmark):
    """The peer."""
    values = benchmark.pedantic(with_squigglepy, rounds=3)
    assert np.median(values) == pytest.approx(1.0, abs=0.05)


@pytest.mark.benchmark(group="ten log-normals, one correlated pair")
def test_amplicast_correlated(benchmark):
    """Through the engine, with a rank correlation."""
    values = benchmark(ours(PAIR))
    assert np.median(values) == pytest.approx(1.0, abs=0.05)


@pytest.mark.benchmark(group="ten log-normals, one correlated pair")
def test_squigglepy_correlated(benchmark):
    """The peer, with a correlation."""
    values = benchmark.pedantic(lambda: with_squigglepy(True), rounds=1)
    assert np.median(values) == pytest.approx(1.0, abs=0.05)
