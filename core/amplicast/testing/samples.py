"""Inputs at which plugins are held to the laws: drawn, seeded, extreme ones among them."""

from __future__ import annotations

from typing import Any

from amplicast.concepts import Hardware, Plugin, Source
from amplicast.math import NUMPY

__all__ = ["DEVICES", "DRAWS", "YEARS", "given", "own_draws", "symbols"]

Value = Any

DRAWS = 400
YEARS = (2025.0, 2026.0, 2029.0, 2032.0)

_SAMPLE = Source(key="sample", title="A sample for laws; no device that can be bought", grade="D")


def _device(id_: str, rate: float, memory: float, bandwidth: float, power: float) -> Hardware:
    return Hardware(
        id=id_,
        summary="A sample for laws.",
        sources=(_SAMPLE,),
        limits="A sample for laws.",
        vendor="nobody",
        released="2024-01-01",
        flop_per_s={"bf16": 0.5 * rate, "fp8": rate},
        memory_bytes=memory,
        bandwidth=bandwidth,
        link_bandwidth=4.5e11,
        domain=8,
        power_w=power,
    )


DEVICES = (
    _device("sample-large", 5e15, 2e11, 8e12, 1200.0),
    _device("sample-small", 2e14, 1.6e10, 8e11, 200.0),
)
"""One device that holds a large model in its domain, and one that does not."""


def given(*, seed: int = 0, draws: int = DRAWS) -> dict[str, Value]:
    """What functions are told besides their own parameters, by name, labelled.

    Returns
    -------
    dict of str to xarray.DataArray
        Along ``draw``, ``year`` and ``spend`` as far as they apply.
    """
    import numpy
    import xarray

    generator = numpy.random.default_rng((seed, 8))
    sizes = {"draw": draws, "year": len(YEARS), "spend": 41}

    def uniform(low: float, high: float, *dims: str) -> Value:
        shape = tuple(sizes[dim] for dim in dims)
        return xarray.DataArray(generator.uniform(low, high, shape), dims=dims)

    return {
        "year": xarray.DataArray(list(YEARS), dims=("year",)),
        "world": 10.0 ** uniform(6.5, 8.5, "draw", "year"),
        "log10_training_flop": uniform(24.0, 29.0, "draw"),
        "pass_rate": uniform(0.001, 0.95, "draw"),
        "spend": uniform(0.0, 5.0, "draw", "spend"),
        "gain": uniform(0.0, 4.0, "draw", "spend"),
        "more": uniform(0.0, 4.0, "draw", "spend"),
        "active": 10.0 ** uniform(10.0, 12.5, "draw", "year"),
        "sparsity": uniform(1.0, 20.0, "draw", "year"),
        "tokens": 10.0 ** uniform(12.5, 14.5, "draw", "year"),
        "kv_bytes": 10.0 ** uniform(4.0, 5.5, "draw"),
        "speed": uniform(5.0, 120.0, "draw"),
        "input_tokens": 10.0 ** uniform(2.0, 4.5, "draw"),
        "output_tokens": 10.0 ** uniform(2.0, 4.0, "draw"),
    }


def own_draws(plugin: Plugin, *, seed: int = 0, draws: int = DRAWS) -> dict[str, Value]:
    """Draws of every parameter from its prior, by the name that a forecast gives it.

    Returns
    -------
    dict of str to xarray.DataArray
        ``<plugin>.<parameter>``, dims ``draw`` and the parameter's own.
    """
    import numpy
    import xarray

    generator = numpy.random.default_rng((seed, 7))
    found = {}
    for name, prior in sorted(plugin.priors.items()):
        dims = plugin.dims.get(name, ())
        shape = [len(YEARS) if dim == "year" else len(plugin.coords[dim]) for dim in dims]
        score = generator.standard_normal((draws, *shape))
        value = prior.transform(NUMPY, xarray.DataArray(score, dims=("draw", *dims)))
        found[f"{plugin.id}.{name}"] = xarray.DataArray(value)
    return found


def symbols(values: dict[str, Value]) -> dict[str, Value]:
    """The same values as constants of PyTensor."""
    from amplicast.engine.environment import configure

    configure()
    from pytensor.xtensor import as_xtensor

    return {name: as_xtensor(value.values, dims=value.dims) for name, value in values.items()}
