"""Laws of the roofline, and the published points that it was not fitted to."""

import csv
import inspect
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast import Hardware, Registry
from amplicast.forecast.fleet import make_fleet
from amplicast.math import NUMPY
from amplicast.physics import serving
from amplicast_plugins.serving.roofline import ROOFLINE

HARDWARE = Registry.load().hardware
H200 = HARDWARE["h200"]

SPEEDS = (15.0, 50.0, 100.0, 200.0)
TASK = {"input_tokens": 4000.0, "output_tokens": 1000.0}
MIXTURE = {"total": 2e12, "active": 1e11, "kv_bytes": 1e5}
DENSE = {"total": 32e9, "active": 32e9, "kv_bytes": 131_072.0}


def _medians() -> dict[str, float]:
    """Medians of the beliefs, with what the fit gives, rounded."""
    fitted = {
        "log10_efficiency": -0.05,
        "log10_node_loss": -0.28,
        "log10_efficiency_experts": -0.46,
        "log10_fp4": -0.14,
        "log10_layer_time": -4.06,
        "collective": 0.076,
        "between_systems": 0.12,
        "between_settings": 0.15,
        "speed_scatter": 0.036,
        "prefill_utilisation": 0.48,
        "prefill_utilisation_experts": 0.19,
    }
    return {name: float(p.quantile(0.5)) for name, p in ROOFLINE.priors.items()} | fitted


def _on_h200(speed: float, **changes: float) -> float:
    arguments = {
        "memory_bytes": H200.memory_bytes,
        "bandwidth": H200.bandwidth,
        "flop_per_s": H200.flop_per_s["fp8"],
        "bytes_per_parameter": 1.0,
        "layers": 64.0,
        "layer_time": 2.3e-5,
        "collective": 0.01,
        "efficiency": 0.43,
        "weight_share": 0.5,
        "smallest": 8.0,
        "largest": 8.0,
        "input_tokens": 8000.0,
        "output_tokens": 2000.0,
    }
    return float(serving.group_streams(NUMPY, speed=speed, **(arguments | DENSE | changes)))


@pytest.mark.parametrize(("speed", "published"), [(15, 128), (50, 31), (100, 11), (200, 1.3)])
def test_32b_on_h200_is_of_the_published_order(speed: float, published: float) -> None:
    """An estimate for a 32B model on an H200 has 128 / 31 / 11 / 1.3 streams per device."""
    assert published / 2 < _on_h200(speed) < published * 2


@given(st.floats(1.0, 400.0), st.floats(1.0, 3.0))
def test_streams_never_increase_with_speed(speed: float, factor: float) -> None:
    """A faster stream costs more of the device, for dense models and mixtures alike."""
    for model in (DENSE, MIXTURE | {"smallest": 8.0, "largest": 512.0, "weight_share": 0.2}):
        assert _on_h200(speed * factor, **model) <= _on_h200(speed, **model) + 1e-9


@given(st.floats(5.0, 80.0), st.floats(1e-4, 1e-2), st.floats(1e-3, 1e-1), st.floats(1e-5, 1e-2))
def test_inverse_gives_back_the_step(
    speed: float, weights: float, active: float, stream: float
) -> None:
    """At the streams of a speed, one step takes exactly one token's time."""
    times = serving.DecodeTimes(weights=weights, active=active, stream=stream)
    streams = serving.streams_at_speed(
        NUMPY, speed=speed, times=times, largest=64.0, overhead=0.002, efficiency=0.5
    )
    if streams > 0:
        step = serving.step_time(NUMPY, streams, times=times, overhead=0.002, efficiency=0.5)
        assert math.isclose(step, 1.0 / speed, rel_tol=1e-9)


def test_no_streams_where_the_model_cannot_be_held() -> None:
    """Weights beyond the memory of the largest group leave no stream at any speed."""
    assert _on_h200(1.0, total=2e12, active=2e12) == 0.0
    assert _on_h200(1.0, total=0.9e12, active=0.9e12) > 0.0


def test_memory_bounds_slow_streams() -> None:
    """However slow, streams stop at what KV leaves room for."""
    held = (0.9 * H200.memory_bytes - 32e9 / 8) / (131_072 * 10_000)
    assert _on_h200(0.01) == pytest.approx(held)
    assert _on_h200(0.01, tokens_per_step=3.0) == pytest.approx(held)


def test_deepseek_decode_is_foretold() -> None:
    """DeepSeek's H800 ran 88 streams per decoding GPU at 21 tokens/s: within a fifth.

    The KV of its latent attention is kept in 16 bits (70,272 bytes per token), the mean context is
    4,989 and 144 devices share the experts.
    """
    p = _medians()
    streams = serving.group_streams(
        NUMPY,
        memory_bytes=80e9,
        bandwidth=3.35e12,
        flop_per_s=1.979e15,
        total=671e9,
        active=37e9,
        bytes_per_parameter=1.0,
        kv_bytes=70_272.0,
        input_tokens=4289.0,
        output_tokens=1400.0,
        speed=21.0,
        layers=61.0,
        layer_time=10.0 ** p["log10_layer_time"],
        collective=p["collective"],
        efficiency=10.0 ** p["log10_efficiency_experts"],
        weight_share=p["weight_share"],
        smallest=144.0,
        largest=144.0,
    )
    assert streams == pytest.approx(88, rel=0.2)


def test_deepseek_fleet_follows_from_its_decoding_share() -> None:
    """88 streams at 21 tokens/s, 1.58 computed input tokens per output token at 4,026/s: 51."""
    streams = serving.share_with_prefill(
        88.0, speed=21.0, prefill=1 / 4026, input_tokens=31.0 * 0.437, output_tokens=8.58
    )
    assert streams == pytest.approx(51, abs=0.5)


@given(st.floats(0.0, 3.0), st.floats(0.1, 30.0))
def test_marginal_cost_gives_device_time_of_a_longer_task(x: float, prefill: float) -> None:
    """1 + kappa (10**x - 1) is the device time of a task whose extra FLOP are all decoded."""
    i, o, d, p = 3000.0, 500.0, 1.0, prefill
    kappa = serving.marginal_cost(
        streams=1.0, speed=1.0 / d, prefill=p, input_tokens=i, output_tokens=o
    )
    more = (i + o) * (10.0**x - 1.0)
    assert 1 + kappa * (10.0**x - 1) == pytest.approx((i * p + (o + more) * d) / (i * p + o * d))


def test_marginal_cost_is_one_where_cost_is_proportional_to_flop() -> None:
    """Kappa is 1 if prefill and decode cost the same per token, or there is no input."""
    same = {"streams": 4.0, "speed": 25.0, "output_tokens": 500.0}
    assert serving.marginal_cost(**same, prefill=0.01, input_tokens=900.0) == pytest.approx(1.0)
    assert serving.marginal_cost(**same, prefill=0.5, input_tokens=0.0) == pytest.approx(1.0)
    free = serving.marginal_cost(**same | {"streams": 0.0}, prefill=0.5, input_tokens=1500.0)
    assert free == pytest.approx(4.0)


def _served(model: dict[str, float], *devices: Hardware) -> tuple[Any, Any]:
    """Streams and marginal cost by device and speed."""
    speed = NUMPY.array([0.5, *SPEEDS, 1e4], dims=("speed",))
    fleet = make_fleet(NUMPY, devices)
    served = ROOFLINE.serve(NUMPY, fleet=fleet, model=model, task=TASK, speed=speed, **_medians())
    streams, kappa = (value.transpose("hardware", "speed").values for value in served)
    return streams, kappa


@pytest.mark.parametrize("model", [DENSE, MIXTURE], ids=["dense", "mixture"])
def test_plugin_is_finite_and_monotone(model: dict[str, float]) -> None:
    """The plugin's streams fall with speed, and its marginal cost is finite where none run."""
    streams, kappa = _served(model, HARDWARE["a100-80gb"], H200)
    assert streams.shape == kappa.shape == (2, 6)
    assert (np.diff(streams) <= 1e-12).all()
    assert (streams[:, 0] > 0).all()
    assert (streams[:, -1] == 0).all()
    assert (kappa > 0).all()
    assert kappa[:, -1] == pytest.approx(5.0)


@pytest.mark.parametrize("model", [DENSE, MIXTURE], ids=["dense", "mixture"])
def test_plugin_serves_devices_side_by_side_as_alone(model: dict[str, float]) -> None:
    """A device's figures do not depend on which others are in the fleet."""
    both = np.stack(_served(model, HARDWARE["a100-80gb"], HARDWARE["tpu-v5p"]), axis=1)
    alone = [
        np.stack(_served(model, device), axis=1)[0]
        for device in (HARDWARE["a100-80gb"], HARDWARE["tpu-v5p"])
    ]
    np.testing.assert_array_equal(both, alone)


@given(
    st.floats(5.0, 300.0),
    st.floats(1.0, 3.0),
    st.sampled_from(["memory_bytes", "bandwidth", "flop_per_s"]),
    st.floats(1e9, 3e12),
    st.floats(0.0, 1.0),
    st.floats(0.05, 0.5),
)
def test_a_better_device_never_runs_fewer_streams(
    speed: float, factor: float, figure: str, total: float, sparsity: float, share: float
) -> None:
    """More memory, bandwidth or arithmetic never cost a stream, dense models and mixtures alike."""
    model = {"total": total, "active": total ** (1.0 - 0.3 * sparsity), "weight_share": share}
    model |= {"smallest": 1.0, "largest": 512.0, "layer_time": 8e-5, "collective": 0.08}
    before = {
        "memory_bytes": H200.memory_bytes,
        "bandwidth": H200.bandwidth,
        "flop_per_s": H200.flop_per_s["fp8"],
    }[figure]
    less = _on_h200(speed, **model)
    assert _on_h200(speed, **model, **{figure: factor * before}) >= less * (1.0 - 1e-12)


def test_the_useful_group_gives_most_streams() -> None:
    """No other width runs as many streams of a large mixture as the one in closed form."""
    given_ = {"layer_time": 8e-5, "collective": 0.5, "weight_share": 0.5, "speed": 20.0}
    model = MIXTURE | {"layers": 90.0} | given_
    best = _on_h200(**model, smallest=1.0, largest=2048.0)
    fixed = [_on_h200(**model, smallest=n, largest=n) for n in np.geomspace(30.0, 1000.0, 40)]
    assert 0 < max(fixed) <= best * (1.0 + 1e-12)
    assert max(fixed) > 0.95 * best


def test_fewer_bits_serve_more() -> None:
    """At equal arithmetic, half a byte per parameter runs more streams than 8 or 16 bits."""
    halved, whole, doubled = (
        _served(MIXTURE | {"bytes_per_parameter": size}, H200)[0] for size in (0.5, 1.0, 2.0)
    )
    assert (halved[:, 1:3] > whole[:, 1:3]).all()
    assert (whole[:, 1:3] > doubled[:, 1:3]).all()


def test_deeper_models_are_slower() -> None:
    """A model that states more layers runs no more streams at any speed, and fewer at some."""
    shallow, _ = _served(MIXTURE | {"layers": 40.0}, H200)
    deep, _ = _served(MIXTURE | {"layers": 160.0}, H200)
    assert (deep <= shallow).all()
    assert (deep < shallow).any()


@pytest.mark.parametrize(("file", "rows"), [("throughput.csv", 66), ("steps.csv", 95)])
def test_tables_are_whole_and_near_their_prediction(file: str, rows: int) -> None:
    """At the fit's medians half of the rows lie within 20 %, all within a factor 2.2."""
    p, misses = _medians(), []
    for evidence in ROOFLINE.evidence:
        if evidence.table.path.name != file:
            continue
        with Path(evidence.table.path).open(encoding="utf-8", newline="") as text:
            mine = [r for r in csv.DictReader(text) if r["kind"] == evidence.where["kind"]]
        words = {"row", "model", "hardware", "kind", "system", "setting", "source"}
        columns = {k: np.array([float(r[k]) for r in mine]) for k in mine[0] if k not in words}
        measured = columns["log10_tokens_per_s"]
        assert measured == pytest.approx(np.log10(columns["tokens_per_s"]), abs=1e-5)
        taken = {k: p[k] for k in inspect.signature(evidence.predictor).parameters if k in p}
        misses.extend(evidence.predictor(NUMPY, columns, **taken) - measured)
        assert evidence.naive is not None
        assert (evidence.naive(NUMPY, columns) > measured).all(), "above the peak"
    assert len(misses) == rows
    assert np.median(np.abs(misses)) < math.log10(1.2)
    assert np.abs(misses).max() < math.log10(2.2)
