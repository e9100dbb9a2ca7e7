"""``amplicast serving``: the frontier obeys its laws, in every precision, and mistakes are told."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy
import pytest
import xarray
from tests.unit.command_line import call

from amplicast import Registry
from amplicast.analysis.serving_frontier import ServingFrontier, streams, streams_by_block
from amplicast.forecast.fleet import PRECISIONS, make_fleet, peak
from amplicast.math import NUMPY
from amplicast.report.serving import serving_record, serving_text

REGISTRY = Registry.load()
SERVER = REGISTRY.serving["roofline"]
HARDWARE = tuple(REGISTRY.hardware.values())
MODEL = {"active": 37e9, "total": 671e9, "kv_bytes": 35_136.0}
TASK = {"input_tokens": 1000.0, "output_tokens": 500.0}
SPEEDS = (5.0, 20.0, 60.0, 200.0)


def inputs(draws: int = 60) -> dict[str, Any]:
    """Draws from the beliefs."""
    generator = numpy.random.default_rng(3)
    return {
        f"roofline.{name}": prior.transform(
            NUMPY, xarray.DataArray(generator.standard_normal(draws), dims=("draw",))
        )
        for name, prior in sorted(SERVER.priors.items())
    }


@pytest.mark.parametrize("precision", PRECISIONS)
def test_streams_are_finite_and_fall_with_speed(precision: str) -> None:
    """In every precision, on every device, in every draw."""
    found = streams(
        SERVER, inputs(), HARDWARE, model=MODEL, task=TASK, precision=precision, speeds=SPEEDS
    ).transpose("draw", "hardware", "speed")
    assert numpy.isfinite(found.values).all()
    assert (numpy.diff(found.values, axis=2) <= 1e-9).all()
    assert (found.values[..., 0] > 0.0).any()


def test_peak_is_of_the_precision() -> None:
    """FP4 where a device has it, 8 bits where not; half of it in 16 bits."""
    by_id = {device.id: i for i, device in enumerate(HARDWARE)}
    fleets = {name: make_fleet(NUMPY, HARDWARE, precision=name) for name in PRECISIONS}
    four, eight, sixteen = (fleets[n] for n in ("4-bit", "8-bit", "16-bit"))
    for id_, has in (("b200", 1.0), ("h200", 0.0)):
        at = by_id[id_]
        assert four.fp4.values[at] == has
        assert four.flop_per_s.values[at] == (1.0 + has) * eight.flop_per_s.values[at]
        assert sixteen.flop_per_s.values[at] == pytest.approx(eight.flop_per_s.values[at] / 2)
    numpy.testing.assert_array_equal(four.h100e.values, eight.h100e.values)


def test_blocks_are_the_quantiles_of_the_draws() -> None:
    """One block after the other gives what all draws together give."""
    given = inputs()
    blocks = list(
        streams_by_block(
            SERVER,
            given,
            HARDWARE,
            {"mine": MODEL, "twice": {name: 2.0 * size for name, size in MODEL.items()}},
            task=TASK,
            precisions=("8-bit", "4-bit"),
            speeds=SPEEDS,
        )
    )
    assert [(name, precision) for name, precision, _ in blocks] == [
        ("mine", "8-bit"),
        ("twice", "8-bit"),
        ("mine", "4-bit"),
        ("twice", "4-bit"),
    ]
    whole = streams(
        SERVER, given, HARDWARE, model=MODEL, task=TASK, precision="4-bit", speeds=SPEEDS
    )
    expected = whole.quantile([0.05, 0.5, 0.95], dim="draw").transpose(
        "quantile", "hardware", "speed"
    )
    assert blocks[2][2].values == pytest.approx(expected.values)


def frontier() -> ServingFrontier:
    """Three draws of a made-up device; the fastest speed is out of reach in two."""
    return ServingFrontier(
        hardware=REGISTRY.hardware["h200"],
        precision="8-bit",
        speeds=(10.0, 100.0),
        streams=xarray.DataArray([[36.0, 0.0], [36.0, 0.0], [36.0, 2.0]], dims=("draw", "speed")),
        devices=xarray.DataArray([5.2, 5.2, 5.2], dims=("draw",)),
    )


def test_a_token_costs_what_its_device_does() -> None:
    """360 tokens/s are 0.77 hours per million, at 700 W 0.54 kWh; out of reach is null."""
    record = serving_record(frontier(), served="a model")
    slow, fast = record["points"]
    assert slow["device_hours_per_million"]["p50"] == pytest.approx(1e6 / 360 / 3600)
    assert slow["kwh_per_million"]["p50"] == pytest.approx(0.7 * 1e6 / 360 / 3600)
    assert record["fewest_devices"]["p50"] == 6
    assert fast["in_reach"] == pytest.approx(1 / 3)
    assert fast["device_hours_per_million"]["p95"] is None
    json.dumps(record, allow_nan=False)
    text = str(serving_text(frontier(), served="a model"))
    assert "out of reach" in text
    assert "Fewest devices that hold the weights: 6;" in text
    assert not math.isnan(fast["streams"]["p95"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--speeds", "10,fast"), "AMP-C140"),
        (("--precision", "5-bit"), "AMP-C141"),
        (("--active", 37e9), "AMP-C143"),
        (("--kv", 1e5), "AMP-C143"),
        (("--active", 37e9, "--total", 1e9, "--kv", 1e5), "AMP-C143"),
    ],
)
def test_mistakes_are_answered_with_a_remedy(arguments: tuple[Any, ...], code: str) -> None:
    """Never a traceback, and before anything is fitted."""
    assert code in call("serving", *arguments, code=3).stderr


def test_unknown_device_is_named() -> None:
    """With the near one."""
    assert "h200" in call("serving", "--hardware", "h2000", code=5).stderr


def test_every_usable_device_serves_in_eight_bits() -> None:
    """At the rate that it is counted by; one without 8-bit units widens the weights."""
    usable = [device for device in HARDWARE if device.flop_per_s]
    assert {"v100-sxm2", "tpu-v3"} <= {device.id for device in usable}
    for device in usable:
        numpy.testing.assert_equal(peak(device, PRECISIONS["8-bit"])[1], device.flop_per_s_8bit)
