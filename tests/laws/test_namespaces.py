"""Every function is written once: NumPy and PyTensor give the same numbers, to 1e-9."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
import xarray

from amplicast import Registry, testing
from amplicast.math import NUMPY
from amplicast.testing.calls import calls_of
from amplicast.testing.pure import TOLERANCE, apart
from amplicast.testing.samples import given, own_draws, symbols

CONTRACT = Path(__file__).parents[1] / "contract"
REGISTRY = Registry.load([CONTRACT / "stranger.py", CONTRACT / "planned" / "plugin.py"])
DRAWS = 50

KINDS = (
    "techniques",
    "models",
    "supply",
    "costs",
    "demand",
    "serving",
    "combining",
    "equivalences",
)
PLUGINS = [(kind, id_) for kind in KINDS for id_ in getattr(REGISTRY, kind)]


@pytest.mark.parametrize("id_", REGISTRY.techniques)
def test_gains_of_techniques_agree(id_: str) -> None:
    """Gains over the whole domain, at parameters drawn from the priors."""
    assert testing.same_on_both_sides(REGISTRY.techniques[id_]) <= TOLERANCE


@pytest.mark.parametrize(("kind", "id_"), PLUGINS, ids=[f"{k}-{i}" for k, i in PLUGINS])
def test_functions_of_plugins_agree(kind: str, id_: str) -> None:
    """Every function of every plugin, its dims included, on every device that ships."""
    from amplicast.engine.tensors import XTENSOR

    plugin = REGISTRY.get(kind, id_)
    values, own = given(seed=3, draws=DRAWS), own_draws(plugin, seed=3, draws=DRAWS)
    calls = calls_of(plugin, list(REGISTRY.hardware.values()))
    assert calls
    for call in calls:
        ours = call.ask(NUMPY, values, own)
        theirs = call.ask(XTENSOR, symbols(values), symbols(own))
        assert ours.keys() == theirs.keys()
        far = {name: d for name in ours if (d := apart(ours[name], theirs[name])) > TOLERANCE}
        assert far == {}, call.name


def test_a_difference_is_seen() -> None:
    """The comparison itself can fail."""
    from amplicast.engine.tensors import XTENSOR

    one = xarray.DataArray([1.0, 2.0], dims=("draw",))
    same = XTENSOR.array([1.0, 2.0], dims=("draw",))
    other = XTENSOR.array([1.0, 2.1], dims=("draw",))
    assert apart(one, same) == 0.0
    assert apart(one, other) == pytest.approx(0.1 / 3.1)


def test_the_whole_forecast_agrees(finished: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """All outputs for 200 draws of the baseline, undefined ones in the same places.

    No operation is compiled as C, which takes minutes where the cache is empty.
    """
    from pytensor.link.c.basic import CLinker

    from amplicast.engine.propagate import compile_model
    from amplicast.forecast.model import evaluate
    from amplicast.forecast.outputs import OUTPUTS, output_coords

    plan = finished.plan
    inputs = {n: v.isel(draw=slice(0, 4000, 20)).copy() for n, v in finished.inputs().items()}
    ours = evaluate(NUMPY, plan, inputs)
    few = {name: values.isel(draw=slice(0, 2)) for name, values in inputs.items()}
    monkeypatch.setattr(CLinker, "make_thunk", None)
    compiled = compile_model(
        lambda m, x: evaluate(m, plan, x), few, coords=output_coords(plan), fused=False
    )
    theirs = compiled(inputs)
    assert set(ours) == set(theirs) == set(OUTPUTS)
    for name, values in theirs.items():
        stored = finished.outputs[name].isel(draw=slice(0, 4000, 20))
        for other in (ours[name], stored):
            pair = other.transpose(*values.dims).values
            assert (numpy.isnan(pair) == numpy.isnan(values.values)).all(), name
            scale = 1.0 + numpy.nan_to_num(abs(values.values))
            difference = numpy.nan_to_num(abs(pair - values.values) / scale)
            assert difference.max() <= TOLERANCE, name
