"""Every function is written once: NumPy and PyTensor give the same numbers, to 1e-9."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy
import pytest
import xarray

from amplicast import Context, Plugin, Registry, testing
from amplicast.forecast.fleet import make_fleet
from amplicast.forecast.parameters import parameters
from amplicast.math import NUMPY

CONTRACT = Path(__file__).parents[1] / "contract"
REGISTRY = Registry.load([CONTRACT / "stranger.py", CONTRACT / "planned" / "plugin.py"])
DRAWS = 50
YEARS = (2025.0, 2026.0, 2029.0, 2032.0)
TOLERANCE = 1e-9
Values = Mapping[str, Any]

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


def drawn(plugin: Plugin) -> dict[str, xarray.DataArray]:
    """Draws of every parameter from its prior, by the name that a forecast gives it."""
    generator = numpy.random.default_rng(7)
    found = {}
    for name, prior in sorted(plugin.priors.items()):
        dims = plugin.dims.get(name, ())
        shape = tuple(len(YEARS) if d == "year" else len(plugin.coords[d]) for d in dims)
        score = generator.standard_normal((DRAWS, *shape))
        value = prior.transform(NUMPY, xarray.DataArray(score, dims=("draw", *dims)))
        found[f"{plugin.id}.{name}"] = xarray.DataArray(value)
    return found


def given() -> dict[str, xarray.DataArray]:
    """What functions are told besides their own parameters."""
    generator = numpy.random.default_rng(8)

    def uniform(low: float, high: float, *dims: str) -> xarray.DataArray:
        shape = tuple({"draw": DRAWS, "year": len(YEARS), "spend": 41}[d] for d in dims)
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


def called(m: Any, kind: str, plugin: Any, x: Values, own: Values) -> Iterator[tuple[str, Any]]:
    """Every function of a plugin at the same values, on one side."""

    def call(function: Any, *values: Any, **named: Any) -> Any:
        return function(m, *values, **named, **parameters(plugin, function, own))

    if kind == "techniques":
        for task_class in plugin.task_classes:
            context = Context(
                task_class=task_class,
                log10_training_flop=x["log10_training_flop"],
                pass_rate=x["pass_rate"],
            )
            yield f"exchange {task_class}", call(plugin.exchange, x["spend"], context=context)
            if plugin.lift is not None:
                yield f"lift {task_class}", call(plugin.lift, x["spend"], context=context)
            for end, value in zip("lh", call(plugin.domain, context=context), strict=True):
                yield f"domain {task_class} {end}", value
        if plugin.base_compute is not None:
            yield "base", call(plugin.base_compute, params=x["active"], tokens=x["tokens"])
        if plugin.planned is not None:
            flop, tokens = x["log10_training_flop"], x["tokens"]
            yield from call(
                plugin.planned, log10_equivalent_flop=flop, lifetime_tokens=tokens
            ).items()
    elif kind == "models":
        yield from call(plugin.path, year=x["year"]).items()
    elif kind == "supply":
        world = None if plugin.actor == "world" else x["world"]
        yield "stock", call(plugin.stock, year=x["year"], world=world)
    elif kind == "costs":
        yield "hour", call(plugin.hour, year=x["year"])
    elif kind == "demand":
        yield from call(plugin.rate, year=x["year"]).items()
    elif kind == "equivalences":
        task = {name: x[name] for name in ("input_tokens", "output_tokens")}
        yield "person", call(plugin.tokens_per_second, speed=x["speed"], task=task)
    elif kind == "serving":
        model = {"active": x["active"], "total": x["active"] * x["sparsity"]} | {
            name: x[name] for name in ("log10_training_flop", "tokens", "kv_bytes")
        }
        task = {name: x[name] for name in ("input_tokens", "output_tokens")}
        fleet = make_fleet(m, list(REGISTRY.hardware.values()))
        results = call(plugin.serve, fleet=fleet, model=model, task=task, speed=x["speed"])
        yield from zip(("streams", "kappa"), results, strict=True)
    else:
        gains = [x["gain"], x["more"], 0.5 * x["spend"]]
        for number in (1, 2, 3):
            yield f"within {number}", call(plugin.within, gains[:number])
        for task_class in ("general", "sequential", "verifiable", "game"):
            joint, best = x["gain"] + x["more"], m.maximum(x["gain"], x["more"])
            yield task_class, call(plugin.cap, joint, best_single=best, task_class=task_class)


def apart(ours: Any, theirs: Any) -> float:
    """Largest difference of a value on the two sides, relative to 1 + its size."""
    from amplicast.engine.environment import configure

    configure()
    import pytensor

    if not hasattr(theirs, "type"):
        assert ours == theirs
        return 0.0
    compiled = pytensor.function([], theirs.values, mode="FAST_COMPILE")()
    ordered = xarray.DataArray(ours).transpose(*theirs.type.dims).values
    assert ordered.shape == compiled.shape
    assert (numpy.isnan(ordered) == numpy.isnan(compiled)).all()
    return float(numpy.nanmax(abs(ordered - compiled) / (1.0 + abs(compiled))))


@pytest.mark.parametrize("id_", REGISTRY.techniques)
def test_gains_of_techniques_agree(id_: str) -> None:
    """Gains over the whole domain, at parameters drawn from the priors."""
    assert testing.same_on_both_sides(REGISTRY.techniques[id_]) <= TOLERANCE


@pytest.mark.parametrize(("kind", "id_"), PLUGINS, ids=[f"{k}-{i}" for k, i in PLUGINS])
def test_functions_of_plugins_agree(kind: str, id_: str) -> None:
    """Every function of every plugin, its dims included, at parameters drawn from the priors."""
    from amplicast.engine.environment import configure

    configure()
    from pytensor.xtensor import as_xtensor

    from amplicast.engine.tensors import XTENSOR

    plugin = REGISTRY.get(kind, id_)
    sides = []
    for m in (NUMPY, XTENSOR):
        both: list[Values] = [
            values
            if m is NUMPY
            else {n: as_xtensor(v.values, dims=v.dims) for n, v in values.items()}
            for values in (given(), drawn(plugin))
        ]
        sides.append(dict(called(m, kind, plugin, *both)))
    ours, theirs = sides
    assert ours.keys() == theirs.keys()
    assert ours
    assert {name: d for name in ours if (d := apart(ours[name], theirs[name])) > TOLERANCE} == {}


def test_a_difference_is_seen() -> None:
    """The comparison itself can fail."""
    from amplicast.engine.tensors import XTENSOR

    one = xarray.DataArray([1.0, 2.0], dims=("draw",))
    same = XTENSOR.array([1.0, 2.0], dims=("draw",))
    other = XTENSOR.array([1.0, 2.1], dims=("draw",))
    assert apart(one, same) == 0.0
    assert apart(one, other) == pytest.approx(0.1 / 3.1)


def test_the_whole_forecast_agrees(finished: Any) -> None:
    """All outputs for 200 draws of the baseline, undefined ones in the same places."""
    from amplicast.engine.propagate import compile_model
    from amplicast.forecast.model import evaluate
    from amplicast.forecast.outputs import OUTPUTS, output_coords

    plan = finished.plan
    inputs = {n: v.isel(draw=slice(0, 4000, 20)).copy() for n, v in finished.inputs().items()}
    ours = evaluate(NUMPY, plan, inputs)
    few = {name: values.isel(draw=slice(0, 2)) for name, values in inputs.items()}
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
