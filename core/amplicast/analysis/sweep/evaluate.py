"""Cases of one base, evaluated together; what no case moves is worked out once."""

from __future__ import annotations

import io
import json
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, cast

from amplicast.analysis.sweep.bases import Base, unpack
from amplicast.analysis.sweep.design import Keep
from amplicast.analysis.sweep.laid import LaidMath
from amplicast.analysis.sweep.quantiles import told
from amplicast.analysis.sweep.versions import require_same
from amplicast.analysis.sweep.yearly import Yearly
from amplicast.forecast.draws import changed_inputs
from amplicast.forecast.model import evaluate
from amplicast.forecast.outputs import OUTPUTS, output_coords
from amplicast.priors import Prior

if TYPE_CHECKING:
    from amplicast.engine.execute import Done, Shared, Task, Tell
    from amplicast.engine.incremental import Changes
    from amplicast.math import MathNamespace
    from amplicast.registry import Registry

__all__ = ["Evaluator", "evaluate_slice", "remember_registry", "statement"]

INPUTS_KEPT = 512
"""Inputs under changed beliefs that are kept for the next cases, 32 kB each of 4,000 draws."""

STAGES = ("load", "inputs", "model", "quantiles")

_HERE = threading.local()
_REGISTRIES: dict[str, Registry] = {}
_LOADING = threading.Lock()


class Evaluator:
    """The model of one base, and what it keeps from case to case.

    Parameters
    ----------
    base : Base
    keep : Keep
    moved : sequence of str
        Beliefs that any case moves.

    Attributes
    ----------
    seconds : dict of str to float
        Spent so far, by stage.
    """

    def __init__(self, base: Base, keep: Keep, moved: Sequence[str]) -> None:
        import numpy

        from amplicast.engine.incremental import Graph

        self.base, self.keep = base, keep
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self.draws = next(iter(base.inputs.values())).sizes["draw"]
        plan = self._plan()
        self._graph = Graph(base.inputs)
        found = evaluate(
            cast("MathNamespace", LaidMath(self._graph.math, moved)),
            plan,
            self._graph.symbols(),
            only=keep.outputs,
        )
        self._nodes = [found[output] for output in keep.outputs]
        coords = output_coords(plan)
        self._places = [
            {
                dim: [list(coords[dim]).index(label) for label in keep.labels[dim]]
                for dim in OUTPUTS[output].dims
            }
            for output in keep.outputs
        ]
        sizes = [[len(keep.labels[dim]) for dim in OUTPUTS[o].dims] for o in keep.outputs]
        ends = [*accumulate(math.prod(size) for size in sizes)]
        self._spans = [
            numpy.arange(end - math.prod(size), end).reshape(size[0], -1)
            for end, size in zip(ends, sizes, strict=True)
        ]
        self._inputs: OrderedDict[tuple[str, str], Any] = OrderedDict()
        reached = frozenset().union(*(node.needs for node in self._nodes))
        self._moved = [name for name in moved if name in reached]
        self._years = [list(coords["year"]).index(year) for year in keep.labels["year"]]
        self._yearly: Yearly | None = None
        self._ready = False

    def _plan(self) -> Any:
        """The base's plan with the pools, regimes and task classes that are kept."""
        plan, labels = self.base.plan, self.keep.labels
        return replace(
            plan,
            actors=tuple(each for each in plan.actors if each in labels["actor"]),
            regimes={
                name: copies for name, copies in plan.regimes.items() if name in labels["regime"]
            },
            task_classes=tuple(e for e in plan.task_classes if e in labels["task_class"]),
        )

    def _prepare(self) -> None:
        """Choose the way of evaluating, and work out what no case moves where it needs that."""
        if not self._ready:
            if Yearly.can(self._nodes, frozenset(self._moved)):
                self._yearly = Yearly(self._graph, self._nodes, frozenset(self._moved))
            else:
                self._graph.watch(self._nodes, self._moved)
            self._ready = True

    def work(self, name: str) -> int:
        """Elements that a change of a belief makes anew: what is dear moves seldom."""
        return self._graph.work(self._nodes, name) if name in self._moved else 0

    def cases(self, several: Sequence[Mapping[str, Prior]]) -> dict[str, Any]:
        """Quantiles and share defined of some cases, and draws where they are kept.

        Returns
        -------
        dict
            ``quantiles`` (case, value, quantile) and ``defined`` (case, value), values in the
            order of `Keep.places`; ``draws`` (case, value, draw).
        """
        import numpy

        started = time.perf_counter()
        self._prepare()
        self.seconds["model"] += time.perf_counter() - started
        started = time.perf_counter()
        changes = [
            {
                name: (statement(prior), self._input(name, prior))
                for name, prior in sorted(beliefs.items())
                if name in self._moved
            }
            for beliefs in several
        ]
        self.seconds["inputs"] += time.perf_counter() - started
        shape = (len(several), sum(len(self.keep.places(output)) for output in self.keep.outputs))
        found = {
            "quantiles": numpy.empty((*shape, len(self.keep.quantiles))),
            "defined": numpy.empty(shape),
        }
        if self.keep.draws:
            found["draws"] = numpy.empty((*shape, self.draws), dtype="float32")
        last: list[Any] = [None] * len(self._nodes)
        started = time.perf_counter()
        for case, output, rows, value in self._values(changes):
            drawn = time.perf_counter()
            if last[output] is None or last[output][0] is not value:
                values = self._rows(output, value)
                kept = values.astype("float32") if self.keep.draws else None
                last[output] = (value, kept, *told(values, self.keep.quantiles))
            _, kept, found["quantiles"][case, rows], found["defined"][case, rows] = last[output]
            if kept is not None:
                found["draws"][case, rows] = kept
            self.seconds["model"] += drawn - started
            started = time.perf_counter()
            self.seconds["quantiles"] += started - drawn
        return found

    def _values(self, changes: Sequence[Changes]) -> Iterator[tuple[int, int, Any, Any]]:
        """Case, output, its rows among all values, and the value; the same object if unmoved."""
        if self._yearly is None:
            for case, each in enumerate(changes):
                for output, value in enumerate(self._graph.evaluate(self._nodes, each)):
                    yield case, output, self._spans[output].reshape(-1), value
            return
        for place, year in enumerate(self._years):
            for case, values in enumerate(self._yearly.year(year, changes)):
                for output, value in enumerate(values):
                    yield case, output, self._spans[output][place], value

    def _rows(self, output: int, value: Any) -> Any:
        """A value as an array of its own (row, draw), in the order of `Keep.places`."""
        import numpy

        dims, at = (*OUTPUTS[self.keep.outputs[output]].dims, "draw"), self._places[output]
        if self._yearly is None:
            had, values = value.dims, value.values
        else:
            dims, had, values = dims[1:], self._yearly.axes, value
        # Dims that the output has not have one label, or are not there.
        order = [had.index(dim) for dim in dims if dim in had]
        rest = [axis for axis in range(len(had)) if axis not in order]
        values = values.transpose(*rest, *order)[(0,) * len(rest)]
        for axis, dim in enumerate(dims):
            if dim not in had:
                values = numpy.expand_dims(values, axis)
            elif dim in at and len(at[dim]) != values.shape[axis] > 1:
                values = values.take(at[dim], axis=axis)
        shape = [self.draws if dim == "draw" else len(at[dim]) for dim in dims]
        return numpy.array(numpy.broadcast_to(values, shape)).reshape(-1, self.draws)

    def _input(self, name: str, prior: Prior) -> Any:
        key = (name, statement(prior))
        if key not in self._inputs:
            base = self.base
            drawn = changed_inputs(base.plan, base.scenario, {name: prior}, draws=self.draws)[name]
            self._inputs[key] = drawn.transpose("draw", ...)
            if len(self._inputs) > INPUTS_KEPT:
                self._inputs.popitem(last=False)
        self._inputs.move_to_end(key)
        return self._inputs[key]


def statement(prior: Prior) -> str:
    """What tells a belief from others."""
    return json.dumps([prior.dist, dict(prior.numbers), prior.unit])


def evaluate_slice(shared: Shared, task: Task, tell: Tell) -> Done:
    """Do the cases of one slice.

    Parameters
    ----------
    shared : Shared
        ``about`` (JSON: registry, versions, keep, moved beliefs) and a packed base for each key.
    task : Task
        ``base``, and ``cases``: place and beliefs of each.
    tell : callable
        Not needed: a slice is soon done.

    Returns
    -------
    Done
        ``content``: the slice's file; ``seconds`` by stage.
    """
    import numpy

    started = time.perf_counter()
    about = json.loads(shared["about"])
    require_same(about["versions"])
    evaluator = _evaluator(shared, about, task["base"])
    evaluator.seconds = dict.fromkeys(STAGES, 0.0)
    evaluator.seconds["load"] = time.perf_counter() - started
    arrays = evaluator.cases(
        [
            {name: Prior.from_dict(record) for name, record in case["beliefs"].items()}
            for case in task["cases"]
        ]
    )
    out = io.BytesIO()
    numpy.savez(
        out,
        sweep=numpy.array(about["sweep"]),
        cases=numpy.array([case["place"] for case in task["cases"]]),
        **arrays,
    )
    return {"content": out.getvalue(), "seconds": dict(evaluator.seconds)}


def _evaluator(shared: Shared, about: Mapping[str, Any], key: str) -> Evaluator:
    """The thread's evaluator of a base; one at a time, for their values are large."""
    name = (about["sweep"], key)
    if getattr(_HERE, "name", None) != name:
        _HERE.name, _HERE.evaluator = None, None
        base = unpack(shared[key], _registry(about["registry"]))
        evaluator = Evaluator(base, Keep.from_dict(about["keep"]), about["moved"])
        _HERE.name, _HERE.evaluator = name, evaluator
    found: Evaluator = _HERE.evaluator
    return found


def remember_registry(asked: Mapping[str, Any], registry: Registry) -> None:
    """Use this registry, rather than load it again, in this process."""
    _REGISTRIES[json.dumps(asked, sort_keys=True)] = registry


def _registry(asked: Mapping[str, Any]) -> Registry:
    from pathlib import Path

    from amplicast.registry import Registry

    name = json.dumps(asked, sort_keys=True)
    with _LOADING:
        if name not in _REGISTRIES:
            files = [Path(file) for file in asked["plugin_files"]]
            _REGISTRIES[name] = Registry.load(plugin_files=files, block=asked["block"])
    return _REGISTRIES[name]
