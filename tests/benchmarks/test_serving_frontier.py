"""The serving frontier of 30 devices, 40 models, 4 precisions and 50 speeds: time and memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy
import pytest
import xarray

from amplicast import Hardware, Registry
from amplicast.analysis.serving_frontier import streams_by_block
from amplicast.forecast.fleet import PRECISIONS
from amplicast.math import NUMPY

pytestmark = pytest.mark.benchmark

REGISTRY = Registry.load()
SERVER = REGISTRY.serving["roofline"]
SPEEDS = tuple(numpy.geomspace(2.0, 400.0, 50))
TASK = {"input_tokens": 4000.0, "output_tokens": 1000.0}
DRAWS = 1000
BLOCKS = 40 * len(PRECISIONS)


def devices() -> list[Hardware]:
    """Thirty devices: the installed ones, and the same with more memory and bandwidth."""
    known = list(REGISTRY.hardware.values())
    return [
        replace(
            known[i % len(known)],
            id=f"device-{i}",
            memory_bytes=known[i % len(known)].memory_bytes * (1.0 + 0.1 * i),
            bandwidth=known[i % len(known)].bandwidth * (1.0 + 0.1 * i),
        )
        for i in range(30)
    ]


def models() -> dict[str, dict[str, float]]:
    """Forty models of 1e9 to 1e13 parameters, every other one a mixture of experts."""
    sizes = numpy.geomspace(1e9, 1e13, 40)
    return {
        f"model-{i}": {
            "total": float(size),
            "active": float(size / (1.0 + 15.0 * (i % 2))),
            "kv_bytes": float(2e3 * size**0.15),
        }
        for i, size in enumerate(sizes)
    }


def inputs(draws: int) -> dict[str, xarray.DataArray]:
    """Parameters of the server from its beliefs; their medians where one draw is asked for."""
    generator = numpy.random.default_rng(1)
    scores = generator.standard_normal if draws > 1 else numpy.zeros
    return {
        f"{SERVER.id}.{name}": prior.transform(
            NUMPY, xarray.DataArray(scores(draws), dims=("draw",))
        )
        for name, prior in sorted(SERVER.priors.items())
    }


def sweep(draws: int, blocks: int = BLOCKS) -> int:
    """Evaluate the blocks and keep the quantiles; return how many numbers were kept."""
    found = streams_by_block(
        SERVER,
        inputs(draws),
        devices(),
        models(),
        task=TASK,
        precisions=tuple(PRECISIONS),
        speeds=SPEEDS,
    )
    kept = [values for (_, _, values), _ in zip(found, range(blocks), strict=False)]
    return sum(values.size for values in kept)


def test_median_frontier(benchmark) -> None:
    """At the medians of the beliefs."""
    assert benchmark.pedantic(sweep, args=(1,), rounds=3) == BLOCKS * 3 * 30 * 50


def test_quantiles_of_a_block(benchmark) -> None:
    """One model in one precision, a thousand draws; memory does not grow with the blocks."""
    assert benchmark.pedantic(sweep, args=(DRAWS, 1), rounds=2) == 3 * 30 * 50
    tracemalloc.start()
    sweep(DRAWS, 4)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    benchmark.extra_info["peak_bytes"] = peak
    assert peak < 1e9
