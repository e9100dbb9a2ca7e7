"""What a change does not reach is not done again, and nobody can tell by the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy
import pytest

from amplicast import Forecast, Prior
from amplicast.engine.incremental import Graph
from amplicast.forecast.draws import changed_inputs
from amplicast.forecast.forecast import evaluate_draws
from amplicast.forecast.model import evaluate
from amplicast.math import NUMPY

DIMS = ("draw", "year", "actor", "regime", "task_class")


@pytest.fixture
def graph() -> Graph:
    """Two inputs of three draws."""
    return Graph({name: NUMPY.array([1.0, 2.0, 4.0], dims=("draw",)) for name in ("a", "b")})


def test_only_what_is_reached_is_done_again(graph: Graph) -> None:
    """A kept value that does not depend on the change is the same object as before."""
    calls: list[str] = []

    def counted(name: str):
        def function(*values):
            calls.append(name)
            return values[0] + values[1]

        return function

    x = graph.symbols()
    slow = graph.write("slow", counted("slow"), x["a"], x["a"])
    total = graph.write("total", counted("total"), slow, x["b"])
    graph.watch([total], ["b"])
    first = graph.evaluate([total])[0]
    calls.clear()
    changed = {"b": ("ten", NUMPY.array([10.0, 10.0, 10.0], dims=("draw",)))}
    assert graph.evaluate([total], changed)[0].values.tolist() == [12.0, 14.0, 18.0]
    assert calls == ["total"]
    calls.clear()
    assert graph.evaluate([total])[0].values.tolist() == first.values.tolist()
    assert calls == []


def test_what_is_written_twice_is_there_once(graph: Graph) -> None:
    """Equal operations on equal operands are one node; a constant is told by its value and kind."""
    x, m = graph.symbols(), graph.math
    assert m.exp(x["a"]) + 1.0 is m.exp(x["a"]) + 1.0
    assert x["a"] + 1.0 is not x["a"] + 2.0
    assert x["a"] - 1.0 is not 1.0 - x["a"]
    assert x["a"].sum("draw") is not x["b"].sum("draw")
    assert m.array([1.0], dims=("x",)) is not m.array([2.0], dims=("x",))


def test_a_choice_by_value_is_refused(graph: Graph) -> None:
    """A plugin that branches on a number would be wrong for the next one."""
    x = graph.symbols()
    with pytest.raises(TypeError, match=r"m\.where"):
        bool(x["a"] > x["b"])


@pytest.mark.parametrize("regime", ["deployed", "internal", "project"])
@pytest.mark.parametrize(
    "changes",
    [
        {"inference_share": "0.2 to 0.5"},
        {"task_pass_rate": "0.1 to 0.2"},
        {"served_size": "0.3 to 0.4", "lab_demand_share": "0.1 to 0.2"},
    ],
    ids=lambda changes: "+".join(changes),
)
def test_a_changed_forecast_is_the_whole_forecast(
    brief: Forecast, regime: str, changes: dict[str, str]
) -> None:
    """One place under a change has, to the last bit, the numbers of a whole evaluation."""
    plan, scenario, inputs = brief.plan, brief.scenario, brief.inputs()
    bare = {name: values.drop_vars(list(values.coords)) for name, values in inputs.items()}
    graph = Graph(bare)
    place = replace(plan, actors=("world",), regimes={regime: plan.regimes[regime]})
    only = ("amplification", "copies")
    nodes = evaluate(graph.math, place, graph.symbols(), only=only)
    graph.watch(list(nodes.values()), ["inference_share", "task_pass_rate", "served_size"])
    graph.evaluate(list(nodes.values()))
    priors = {
        name: Prior(text, unit=scenario.assumptions[name].prior.unit)
        for name, text in changes.items()
    }
    new = changed_inputs(plan, scenario, priors, draws=bare["inference_share"].sizes["draw"])
    told = {name: (changes[name], values) for name, values in new.items()}
    found = dict(zip(nodes, graph.evaluate(list(nodes.values()), told), strict=True))
    whole = evaluate_draws(plan, {**inputs, **new}, only=only)
    at = {"actor": plan.actors.index("world"), "regime": list(plan.regimes).index(regime)}
    for name in only:
        here = whole[name].isel({dim: i for dim, i in at.items() if dim in whole[name].dims})
        mine = found[name].isel({dim: 0 for dim in at if dim in found[name].dims})
        order = [dim for dim in DIMS if dim in here.dims]
        assert numpy.array_equal(
            mine.transpose(*order).values, here.transpose(*order).values, equal_nan=True
        )
