"""The whole baseline, re-evaluated on stored draws: through the engine and written by hand.

Run with ``make bench``. The same inputs give the same outputs, so the arithmetic is the same; what
differs is labels, plugins and a namespace on one side, and positions and nothing else on the other.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.benchmark

AXES = ("task_class", "technique", "frontier_spend", "year", "actor", "regime", "draw")
"""Order of the axes by hand."""

FIGURES = ("memory_bytes", "bandwidth", "domain", "h100e")


def load_by_hand():
    """`by_hand.py`, which lies beside this file and is in no package."""
    path = Path(__file__).with_name("by_hand.py")
    spec = importlib.util.spec_from_file_location("amplicast_by_hand", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    devices["mix"] = np.stack([x[f"mix.{device.id}"] for device in plan.hardware])
    share = sys.modules[plan.pools["world"].stock.__module__].share_sold_in_base_year
    forecast = load_by_hand().forecast
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
