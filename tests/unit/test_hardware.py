"""Accelerators: one per file, dense rates, figures in SI."""

import importlib
import pkgutil

import pytest

import amplicast_plugins.hardware as room
from amplicast import Hardware

H100E = {
    "a100-80gb": 0.315,
    "b200": 2.274,
    "gb200-nvl72": 2.527,
    "h100-sxm": 1.0,
    "h200": 1.0,
    "mi300x": 1.321,
    "tpu-v5p": 0.464,
    "trainium2": 0.656,
}
"""Dense 8-bit peak over 1.979e15 FLOP/s, from the published rates."""


def _devices() -> list[Hardware]:
    found = []
    for module in pkgutil.iter_modules(room.__path__):
        plugin = importlib.import_module(f"{room.__name__}.{module.name}")
        found.extend(plugin.amplicast_register_hardware())
    return found


DEVICES = _devices()
each = pytest.mark.parametrize("device", DEVICES, ids=lambda d: d.id)


def test_every_file_contributes_its_device() -> None:
    """The room holds these eight, each once."""
    assert sorted(device.id for device in DEVICES) == sorted(H100E)


@each
def test_h100e_is_that_of_the_published_rate(device: Hardware) -> None:
    """The reporting unit follows from the 8-bit rate."""
    assert device.h100e == pytest.approx(H100E[device.id], abs=1e-3)


@each
def test_rates_are_dense(device: Hardware) -> None:
    """Eight bits run at about twice sixteen; a sparse figure would break the ratio."""
    eight = max(device.flop_per_s.get(key, 0.0) for key in ("fp8", "int8"))
    assert 1.9 < eight / device.flop_per_s["bf16"] < 2.1


@each
def test_figures_are_in_si(device: Hardware) -> None:
    """FLOP per byte, seconds to read the memory once, and joules per FLOP are of their order."""
    assert 100 < device.flop_per_s["bf16"] / device.bandwidth < 400
    assert 0.015 < device.memory_bytes / device.bandwidth < 0.06
    assert 3e-13 < device.power_w / device.flop_per_s["bf16"] < 2e-12
    assert 0.05 < device.link_bandwidth / device.bandwidth < 0.5
    assert device.it_power_w is None or device.it_power_w > device.power_w


@each
def test_sources_and_traps_are_told(device: Hardware) -> None:
    """Every device names its sources and says that its rates are dense."""
    assert device.sources
    assert "Dense rates" in device.limits
