"""Laws that hold for every device that ships, through the serving plugin that ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st

from amplicast import Hardware, Registry
from amplicast.forecast.fleet import make_fleet
from amplicast.math import NUMPY

REGISTRY = Registry.load()
USABLE = [device for device in REGISTRY.hardware.values() if device.h100e > 0.0]
MODELS = {
    "8B dense": {"total": 8e9, "active": 8e9, "kv_bytes": 65_536.0},
    "70B dense": {"total": 7e10, "active": 7e10, "kv_bytes": 163_840.0},
    "671B mixture": {"total": 6.71e11, "active": 3.7e10, "kv_bytes": 35_136.0},
}
TASK = {"input_tokens": 1000.0, "output_tokens": 500.0}

ROOFLINE = REGISTRY.serving["roofline"]
BELIEFS = {name: float(prior.quantile(0.5)) for name, prior in ROOFLINE.priors.items()}

models = st.sampled_from(sorted(MODELS))
speeds = st.floats(5.0, 200.0)
factors = st.floats(1.0, 10.0)


def streams(devices: Sequence[Hardware], model: str, speed: float) -> xarray.DataArray:
    """Streams of each device, at the medians of the roofline's beliefs."""
    served, _ = ROOFLINE.serve(
        NUMPY,
        fleet=make_fleet(NUMPY, devices),
        model=MODELS[model],
        task=TASK,
        speed=speed,
        **BELIEFS,
    )
    assert served.sizes == {"hardware": len(devices)}
    return served


def fewer(now: xarray.DataArray, before: xarray.DataArray) -> list[str]:
    """Devices that serve fewer than before, but for rounding."""
    less = now.values < before.values * (1.0 - 1e-9)
    return [device.id for device, lost in zip(USABLE, less, strict=True) if lost]


@given(models, speeds, factors)
def test_more_bandwidth_never_serves_fewer(model: str, speed: float, factor: float) -> None:
    """At any speed and for any model."""
    faster = [replace(device, bandwidth=factor * device.bandwidth) for device in USABLE]
    assert fewer(streams(faster, model, speed), streams(USABLE, model, speed)) == []


@given(models, speeds, factors)
def test_more_memory_never_serves_fewer(model: str, speed: float, factor: float) -> None:
    """At any speed and for any model."""
    larger = [replace(device, memory_bytes=factor * device.memory_bytes) for device in USABLE]
    assert fewer(streams(larger, model, speed), streams(USABLE, model, speed)) == []


@given(models, speeds, factors)
def test_a_higher_speed_never_serves_more(model: str, speed: float, factor: float) -> None:
    """The speed-concurrency frontier falls."""
    assert fewer(streams(USABLE, model, speed), streams(USABLE, model, factor * speed)) == []


def test_a_loss_is_seen() -> None:
    """At ten times the speed every device serves fewer."""
    slow, fast = (streams(USABLE, "8B dense", speed) for speed in (20.0, 200.0))
    assert fewer(fast, slow) == [device.id for device in USABLE]


def test_what_does_not_fit_is_not_served() -> None:
    """A device whose group cannot hold the weights runs no stream, and no error either."""
    tiny = [replace(device, memory_bytes=1e5) for device in USABLE]
    assert not streams(tiny, "671B mixture", 20.0).any()
    assert streams(USABLE, "8B dense", 20.0).any()


@pytest.mark.parametrize("device", USABLE, ids=lambda device: device.id)
def test_a_device_serves_alone_what_it_serves_beside_others(device: Hardware) -> None:
    """So that laws of the whole fleet hold for each."""
    beside = streams(USABLE, "70B dense", 20.0).values[USABLE.index(device)]
    assert float(streams([device], "70B dense", 20.0).item()) == pytest.approx(beside, rel=1e-12)
