"""Loading and serial speed: the published worked cases, and the laws behind them."""

from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast.math import NUMPY
from amplicast.physics import latency, offload

GPT_3 = 350e9
"""Bytes of 175e9 parameters in 16 bits."""
LAYER = {"stages": 20.0, "load": 0.05, "compute": 0.04}


def seconds(resident: float, links: float) -> float:
    """Streaming the 300 GB of a model over PCIe 4."""
    return float(
        offload.stream_time(
            NUMPY, weight_bytes=300e9, resident_bytes=resident, links=links, link_bandwidth=31.5e9
        )
    )


@pytest.mark.parametrize(
    ("resident", "links", "published"), [(48e9, 8, 1.00), (48e9, 4, 2.00), (0.0, 8, 1.19)]
)
def test_streaming_takes_the_published_time(
    resident: float, links: float, published: float
) -> None:
    """300 GB over eight links of PCIe 4, over half of them, and with nothing resident."""
    assert seconds(resident, links) == pytest.approx(published, abs=0.005)
    assert seconds(400e9, links) == 0.0


def test_overlapped_loading_takes_the_published_time() -> None:
    """1.04 s instead of 1.80 s.

    The source's own inputs were not at hand: 20 stages of 0.05 s to load and 0.04 s to compute
    give both of its results.
    """
    assert offload.sequential_time(**LAYER) == pytest.approx(1.80)
    assert offload.pipelined_time(NUMPY, **LAYER) == pytest.approx(1.04)


@pytest.mark.parametrize(
    ("memory", "devices"), [(80e9, 5), (40e9, 9), (16e9, 22), (40e9 / 1000.0, 8750)]
)
def test_gpt_3_fits_on_the_published_number_of_devices(memory: float, devices: int) -> None:
    """5 A100 of 80 GB, 9 of 40 GB, 22 V100; a thousand times its size on 8,750 A100 of 40 GB."""
    assert math.ceil(offload.devices_to_hold(weight_bytes=GPT_3, memory_bytes=memory)) == devices


@given(st.integers(1, 4), st.integers(1, 8), st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_hosts_take_what_a_schedule_takes(
    hosts: int, stages: int, load: float, compute: float
) -> None:
    """The closed form is the end of a schedule that is stepped through stage by stage."""
    now = 0.0
    for _host in range(hosts):
        for stage in range(stages):
            loaded = (stage + 1) * load
            now = max(now, loaded) + compute
    found = offload.hosts_time(
        NUMPY, hosts=float(hosts), stages=float(stages), load=load, compute=compute
    )
    assert found == pytest.approx(now)
    assert (
        found <= offload.sequential_time(stages=hosts * stages, load=load, compute=compute) + 1e-9
    )


def test_ssd_decides_where_it_is_the_slower() -> None:
    """Beyond host memory the drives are read beside the links; the slower of the two counts."""
    model = {"weight_bytes": 1000e9, "resident_bytes": 200e9, "link_bandwidth": 100e9}
    in_memory = offload.tiered_time(NUMPY, **model, host_bytes=800e9, ssd_bandwidth=10e9)
    assert in_memory == pytest.approx(8.0)
    on_drives = offload.tiered_time(NUMPY, **model, host_bytes=300e9, ssd_bandwidth=10e9)
    assert on_drives == pytest.approx(50.0)
    fast = offload.tiered_time(NUMPY, **model, host_bytes=300e9, ssd_bandwidth=100e9)
    assert fast == pytest.approx(8.0)


@given(st.floats(1e-3, 10.0), st.floats(1e-6, 1e-3), st.floats(0.3, 1.5))
def test_fastest_step_is_the_least(weights: float, collective: float, exponent: float) -> None:
    """No other width is faster."""
    step, group = latency.fastest_step(weights=weights, collective=collective, exponent=exponent)
    others = group * numpy.geomspace(0.01, 100.0, 401)
    times = weights / others + collective * others**exponent
    assert step <= times.min() * (1.0 + 1e-12)
    assert step == pytest.approx(times.min(), rel=1e-3)


def slope(size: float, bandwidth: float) -> float:
    """Fastest step of a model whose depth grows with the cube root of its size."""
    step, _ = latency.fastest_step(
        weights=size / bandwidth, collective=1e-8 * size ** (1.0 / 3.0), exponent=0.5
    )
    return float(math.log(step))


def test_serial_speed_goes_with_root_of_size_and_cube_root_of_bandwidth() -> None:
    """Erdil's headline: latency about the square root of size, cube root of bandwidth."""
    by_bandwidth = (slope(1e12, 2e12) - slope(1e12, 1e12)) / math.log(2.0)
    by_size = (slope(2e12, 1e12) - slope(1e12, 1e12)) / math.log(2.0)
    assert by_bandwidth == pytest.approx(-1.0 / 3.0)
    assert by_size == pytest.approx(5.0 / 9.0)


def test_steps_follow_the_layers() -> None:
    """PaLM's 29 ms are 34.5 tokens/s; its 118 layers are 1.475 times 80, which would give 51."""
    step = 0.029
    assert 1.0 / step == pytest.approx(34.5, abs=0.05)
    assert latency.depth_step(1.0, layers=118.0, reference=80.0) == pytest.approx(1.475)
    shallow = latency.depth_step(step, layers=80.0, reference=118.0)
    assert 1.0 / shallow == pytest.approx(50.9, abs=0.05)


@given(st.floats(1.0, 100.0))
def test_fusing_copies_keeps_devices_and_loses_throughput(k: float) -> None:
    """`k` times less throughput buys k**2 speed, so k**3 copies fuse into one."""
    faster = latency.speed_for_throughput(k)
    assert faster == pytest.approx(k**2)
    assert latency.copies_fused(faster) == pytest.approx(k**3)
    assert latency.copies_fused(faster) / faster == pytest.approx(k)


def test_one_device_has_no_collectives() -> None:
    """On one device the layers alone count; every doubling adds the same."""
    overhead = [
        float(
            latency.layer_overhead(
                NUMPY, layers=80.0, layer_time=1e-4, collective=0.1, group=float(n)
            )
        )
        for n in (1, 2, 4, 8)
    ]
    assert overhead == pytest.approx([0.008, 0.0088, 0.0096, 0.0104])
