"""Ten log-normal beliefs, one product and ratio, a million draws: three ways in one run.

Run with ``make bench``. Sampling is included everywhere; compiling is left out and printed. The
ways take turns and the fastest round of each counts, so that whatever else the machine does
falls on all of them.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
import squigglepy

from amplicast import Correlation, Prior, propagate

pytestmark = pytest.mark.benchmark
DRAWS = 1_000_000
LOW, HIGH = 2.0, 50.0
MU = (np.log(LOW) + np.log(HIGH)) / 2
SIGMA = (np.log(HIGH) - np.log(LOW)) / (2 * 1.6448536269514722)
NAMES = tuple(f"belief_{i}" for i in range(10))
BELIEFS = {name: Prior(f"{LOW} to {HIGH}", unit="1", dist="lognormal") for name in NAMES}
RANK = 0.5
PAIR = (Correlation(NAMES[0], NAMES[1], RANK),)


def ratio(x):
    """Product of five beliefs over the product of the other five."""
    top, bottom = x[0], x[5]
    for values in x[1:5]:
        top = top * values
    for values in x[6:]:
        bottom = bottom * values
    return top / bottom


def ours(correlations=()):
    """Stated beliefs through one compiled PyMC model; returns values and seconds of compiling."""
    found = propagate(
        lambda m, x: {"copies": ratio([x[name] for name in NAMES])},
        BELIEFS,
        draws=DRAWS,
        seed=1,
        correlations=correlations,
    )
    return found.outputs["copies"].values, found.compile_seconds


def by_hand():
    """What a careful person writes in NumPy."""
    generator = np.random.default_rng(1)
    return ratio([np.exp(MU + SIGMA * generator.standard_normal(DRAWS)) for _ in NAMES]), 0.0


def with_squigglepy(rank=0.0):
    """Use squigglepy's expression form; `correlate` returns the beliefs that are tied."""
    beliefs = [squigglepy.lognorm(LOW, HIGH, credibility=90) for _ in NAMES]
    if rank:
        beliefs[:2] = squigglepy.correlate((beliefs[0], beliefs[1]), [[1, rank], [rank, 1]])
    return squigglepy.sample(ratio(beliefs), n=DRAWS), 0.0


def take_turns(benchmark, ways, *, rounds, log_variance):
    """Print the fastest round of each way, of values with the right median and spread."""
    best, compiling = dict.fromkeys(ways, np.inf), 0.0

    def all_ways():
        nonlocal compiling
        for _ in range(rounds):
            for name, way in ways.items():
                started = time.perf_counter()
                values, compiled = way()
                best[name] = min(best[name], time.perf_counter() - started - compiled)
                compiling = max(compiling, compiled)
                logs = np.log(values)
                assert np.median(logs) == pytest.approx(0.0, abs=0.03), name
                assert np.var(logs) == pytest.approx(log_variance, rel=0.02), name

    benchmark.pedantic(all_ways, rounds=1)
    benchmark.extra_info.update(best, compiling=compiling)
    shown = ", ".join(f"{name} {seconds:.3f} s" for name, seconds in best.items())
    print(f"\n{shown}; compiling, left out: {compiling:.2f} s")


def test_ten_lognormals(benchmark):
    """The aim: within twice the time of NumPy by hand, and not behind the peer."""
    ways = {"amplicast": ours, "numpy": by_hand, "squigglepy": with_squigglepy}
    take_turns(benchmark, ways, rounds=5, log_variance=10 * SIGMA**2)


def test_one_correlated_pair(benchmark):
    """The aim: five times as fast as the peer, which sorts to correlate."""
    ways = {"amplicast": lambda: ours(PAIR), "squigglepy": lambda: with_squigglepy(RANK)}
    tied = 2 * SIGMA**2 * PAIR[0].pearson
    take_turns(benchmark, ways, rounds=3, log_variance=10 * SIGMA**2 + tied)
