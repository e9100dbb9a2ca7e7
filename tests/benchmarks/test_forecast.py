"""The whole baseline, re-evaluated on stored draws: through the engine and written by hand.

Run with ``make bench``. The same inputs give the same outputs, so the arithmetic is the same; what
differs is labels, plugins and a namespace on one side, and positions and nothing else on the other.
"""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from tests.benchmarks.by_hand import forecast
from tests.benchmarks.turns import fastest

pytestmark = pytest.mark.benchmark

AXES = (
    "task_class",
    "technique",
    "mechanism",
    "frontier_spend",
    "year",
    "actor",
    "hardware",
    "regime",
    "draw",
)
"""Order of the axes by hand."""

FIGURES = ("memory_bytes", "bandwidth", "domain", "h100e")


@pytest.fixture(scope="module")
def inputs(finished):
    """Joint draws of the reference, in memory."""
    return {name: values.load() for name, values in finished.inputs().items()}


@pytest.fixture(scope="module")
def by_hand(finished, inputs):
    """The forecast by hand, bound to plain arrays of the same draws."""
    plan = finished.plan
    assert (plan.actors, tuple(plan.regimes.values())) == (
        ("leading-lab", "world"),
        (None, 1e6, 1e3),
    )
    x = {
        name: np.ascontiguousarray(values.transpose(..., "draw").values)
        for name, values in inputs.items()
    }
    devices = {name: np.array([getattr(d, name) for d in plan.hardware]) for name in FIGURES}
    devices["flop_per_s"] = np.array([device.flop_per_s_8bit for device in plan.hardware])
    watts = [(device.power_w, device.it_power_w or np.nan) for device in plan.hardware]
    devices["power_w"], devices["it_power_w"] = np.array(watts).T
    devices["mix"] = np.stack([x[f"mix.{device.id}"] for device in plan.hardware])
    share = sys.modules[plan.pools["world"].stock.__module__].share_sold_in_base_year
    return lambda: forecast(x, years=plan.years, devices=devices, sold=np.array(share()))


def test_by_hand_is_the_same_forecast(finished, inputs, by_hand):
    """Every output, every draw, to 1e-9."""
    from amplicast.forecast.forecast import evaluate_draws

    ours, theirs = evaluate_draws(finished.plan, inputs), by_hand()
    assert set(ours) == set(theirs)
    for name, values in ours.items():
        axes = [axis for axis in AXES if axis in values.dims]
        np.testing.assert_allclose(
            theirs[name], values.transpose(*axes).values, rtol=1e-9, atol=1e-9, err_msg=name
        )


def test_one_scenario(benchmark, finished, inputs, by_hand):
    """Re-evaluating all draws, beside the same arithmetic by hand; the aim is three times it."""
    from amplicast.forecast.forecast import evaluate_draws

    ways = {"amplicast": lambda: evaluate_draws(finished.plan, inputs), "by hand": by_hand}
    fastest(benchmark, ways, rounds=7)


@pytest.mark.parametrize("changed", ["inference_share", "lab-fleet.share_ceiling", "serial_speed"])
def test_added_scenario(benchmark, finished, inputs, changed):
    """What one more of ten scenarios costs, both headlines; the aim is 50 ms.

    Shares, fleets and demand leave models and techniques as they are; the serial speed does not.
    """
    import xarray

    from amplicast.forecast.forecast import evaluate_draws
    from amplicast.forecast.outputs import HEADLINES

    def scenarios(number):
        factor = xarray.DataArray(np.linspace(0.9, 1.0, number), dims=("scenario",))
        varied = {**inputs, changed: inputs[changed] * factor}
        return lambda: evaluate_draws(finished.plan, varied, only=HEADLINES)

    fastest(benchmark, {"ten scenarios": scenarios(10), "one": scenarios(1)}, rounds=3)
    ten, one = (benchmark.extra_info[name] for name in ("ten scenarios", "one"))
    benchmark.extra_info["one more"] = (ten - one) / 9.0


@pytest.mark.parametrize("changes", [[], ["--set", "inference_share=0.5 to 0.8"]])
def test_whole_process(benchmark, run_folder, changes):
    """An answer from a saved run, start of the process included; the aim is 1.5 s."""
    resource = pytest.importorskip("resource")
    command = [sys.executable, "-m", "amplicast.cli", "forecast", str(run_folder), *changes]
    seconds = []

    def ask():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    benchmark.pedantic(ask, rounds=5, warmup_rounds=1)
    benchmark.extra_info["processor"] = min(seconds)
    print(f"\nprocessor {min(seconds):.2f} s, wall {benchmark.stats.stats.min:.2f} s")


def test_no_sampler_is_imported(run_folder):
    """Re-evaluating a saved run imports neither PyMC nor PyTensor nor Numba."""
    command = [sys.executable, "-X", "importtime", "-m", "amplicast.cli", "forecast"]
    command += [str(run_folder), "--set", "inference_share=0.5 to 0.8"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    imported = {line.rpartition("|")[2].strip() for line in shown.splitlines()}
    assert "xarray" in imported
    assert not {"pymc", "pytensor", "numba"} & imported
