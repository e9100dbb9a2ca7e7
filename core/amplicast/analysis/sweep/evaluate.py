"""Cases of one base, evaluated one after the other; what no case moves is worked out once."""

from __future__ import annotations

import io
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.bases import Base, unpack
from amplicast.analysis.sweep.design import Keep
from amplicast.analysis.sweep.laid import LaidMath
from amplicast.analysis.sweep.versions import require_same
from amplicast.forecast.draws import changed_inputs
from amplicast.forecast.model import evaluate
from amplicast.forecast.outputs import OUTPUTS, output_coords
from amplicast.priors import Prior

if TYPE_CHECKING:
    from amplicast.engine.execute import Done, Shared, Task
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
        from amplicast.engine.incremental import Graph

        self.base, self.keep = base, keep
        self.seconds = dict.fromkeys(STAGES, 0.0)
        self.draws = next(iter(base.inputs.values())).sizes["draw"]
        plan = self._plan()
        self._graph = Graph(base.inputs)
        found = evaluate(
            LaidMath(self._graph.math, moved), plan, self._graph.symbols(), only=keep.outputs
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
        self._inputs: OrderedDict[tuple[str, str], Any] = OrderedDict()
        reached = frozenset().union(*(node.needs for node in self._nodes))
        self._moved = [name for name in moved if name in reached]
        self._graph.watch(self._nodes, self._moved)

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

    def work(self, name: str) -> int:
        """Elements that a change of a belief makes anew: what is dear moves seldom."""
        return self._graph.work(self._nodes, name) if name in self._moved else 0

    def case(self, beliefs: Mapping[str, Prior]) -> Any:
        """Values that are kept of one case, in the order of `Keep.places` (value, draw)."""
        import numpy

        started = time.perf_counter()
        changes = {
            name: (statement(prior), self._input(name, prior))
            for name, prior in sorted(beliefs.items())
            if name in self._moved
        }
        drawn = time.perf_counter()
        found = self._graph.evaluate(self._nodes, changes)
        self.seconds["inputs"] += drawn - started
        self.seconds["model"] += time.perf_counter() - drawn
        parts = []
        for output, places, value in zip(self.keep.outputs, self._places, found, strict=True):
            dims = (*OUTPUTS[output].dims, "draw")
            if "draw" not in value.dims:
                value = value.expand_dims(draw=self.draws)
            for dim, at in places.items():
                if len(at) != value.sizes[dim]:
                    value = value.isel({dim: at})
            parts.append(value.transpose(*dims).values.reshape(-1, self.draws))
        values = numpy.empty((sum(len(part) for part in parts), self.draws))
        return numpy.concatenate(parts, out=values)

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


def told(values: Any, quantiles: Sequence[float]) -> tuple[Any, Any]:
    """Quantiles over the defined draws (value, quantile), and their share; sorts in place.

    The numbers are those of ``numpy.nanquantile``. Sorting rows that lie in order takes a tenth of
    its time: sorted, undefined draws come last, and every quantile is between two neighbours.
    """
    import numpy

    values.sort(axis=-1)
    draws = values.shape[-1]
    defined = draws - numpy.isnan(values).sum(axis=-1)
    place = numpy.maximum(defined - 1, 0)[:, None] * numpy.asarray(quantiles)
    below = numpy.floor(place).astype("int64")
    above = numpy.minimum(below + 1, numpy.maximum(defined - 1, 0)[:, None])
    low = numpy.take_along_axis(values, below, axis=-1)
    high = numpy.take_along_axis(values, above, axis=-1)
    part = place - below
    with numpy.errstate(invalid="ignore"):
        step = high - low
        # Rounded as NumPy does: from the nearer end, and exactly where both ends are one.
        between = numpy.where(part < 0.5, low + step * part, high - step * (1.0 - part))
        found = numpy.where(high == low, low, between)
    return found, defined / draws


def evaluate_slice(shared: Shared, task: Task) -> Done:
    """Do the cases of one slice.

    Parameters
    ----------
    shared : Shared
        ``about`` (JSON: registry, versions, keep, moved beliefs) and a packed base for each key.
    task : Task
        ``base``, and ``cases``: place and beliefs of each.

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
    keep, rows, shares, draws = evaluator.keep, [], [], []
    for case in task["cases"]:
        beliefs = {name: Prior.from_dict(record) for name, record in case["beliefs"].items()}
        values = evaluator.case(beliefs)
        before = time.perf_counter()
        if keep.draws:
            draws.append(values.astype("float32"))
        row, share = told(values, keep.quantiles)
        rows.append(row)
        shares.append(share)
        evaluator.seconds["quantiles"] += time.perf_counter() - before
    out = io.BytesIO()
    arrays: dict[str, Any] = {"draws": numpy.stack(draws)} if keep.draws else {}
    numpy.savez(
        out,
        sweep=numpy.array(about["sweep"]),
        cases=numpy.array([case["place"] for case in task["cases"]]),
        quantiles=numpy.stack(rows),
        defined=numpy.stack(shares),
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
