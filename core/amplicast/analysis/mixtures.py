"""Mixtures of two runs: some of what changed between them as in the second, the rest as before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from amplicast.analysis.comparison_inputs import Changed, apart, changed_inputs
from amplicast.analysis.replay import Answer, asked_alone, not_the_same
from amplicast.errors import Problem, RunError
from amplicast.forecast.inputs import label_of

if TYPE_CHECKING:
    from amplicast.engine.incremental import Graph
    from amplicast.forecast import Forecast
    from amplicast.forecast.plan import Plan

__all__ = ["Cause", "Mixtures", "causes"]

STRUCTURE: Mapping[str, str] = {
    "techniques": "techniques in use",
    "hardware": "devices in use",
    "line": "model",
    "serving": "serving",
    "cost": "cost",
    "demand": "demand",
    "combining": "rule of combining",
    "equivalence": "equivalence",
    "pools": "supply",
    "decision": "decision",
    "regimes": "copies wanted",
}
"""Fields of a plan that may differ between two runs, in words."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One thing that differs between two runs.

    Attributes
    ----------
    name : str
        Of the belief, the plugin whose calibration differs, or the field of the plan.
    kind : {"belief", "calibration", "structure", "draws"}
        ``draws``: inputs that are stated alike and drawn otherwise.
    label : str
        What people call it.
    before, after : str
        What either run says, where a few words can tell it.
    inputs : tuple of str
        That change with it.
    """

    name: str
    kind: Literal["belief", "calibration", "structure", "draws"]
    label: str
    before: str = ""
    after: str = ""
    inputs: tuple[str, ...] = ()


def causes(before: Forecast, after: Forecast) -> tuple[Cause, ...]:
    """Everything that differs: each belief, calibration and part of the plan by itself.

    The calibrated inputs of a plugin are one cause, since evidence ties them together.

    Raises
    ------
    RunError
        Their draws cannot be put together: other years, or another number of draws.
    """
    import numpy

    problems = list(_unmixable(before, after))
    if problems:
        raise RunError(*problems)
    stated = {change.name: change for change in changed_inputs(before, after)}
    beliefs = {*before.provenance["beliefs"], *after.provenance["beliefs"]}
    plugins = (*before.plan.plugins, *after.plan.plugins)
    left, right = before.inputs(), after.inputs()
    fits: dict[str, list[str]] = {}
    others: list[str] = []
    found = list(_structure(before.plan, after.plan))
    for name in sorted(left.keys() & right.keys()):
        if numpy.array_equal(left[name].values, right[name].values):
            continue
        if name not in beliefs:
            fits.setdefault(name.partition(".")[0], []).append(name)
        elif name in stated:
            told = stated[name]
            found.append(
                Cause(
                    name=name,
                    kind="belief",
                    label=label_of(name, plugins),
                    before=told.before,
                    after=told.after,
                    inputs=(name,),
                )
            )
        else:
            others.append(name)
    found += [_calibration(id_, names, stated) for id_, names in sorted(fits.items())]
    if others:
        label = "inputs stated alike, drawn otherwise"
        found.append(Cause(name="draws", kind="draws", label=label, inputs=tuple(others)))
    return tuple(found)


def _calibration(id_: str, names: Sequence[str], stated: Mapping[str, Changed]) -> Cause:
    """What evidence gave otherwise, with the priors that were changed, if any were."""
    told = {
        name.partition(".")[2].replace("_", " "): stated[name] for name in names if name in stated
    }
    return Cause(
        name=id_,
        kind="calibration",
        label=f"calibration of {id_.replace('-', ' ')}",
        before="; ".join(f"{name} {one.before}" for name, one in sorted(told.items())),
        after="; ".join(f"{name} {one.after}" for name, one in sorted(told.items())),
        inputs=tuple(names),
    )


def _structure(before: Plan, after: Plan) -> Iterator[Cause]:
    for part, label in STRUCTURE.items():
        left, right = (_ids(getattr(plan, part)) for plan in (before, after))
        if part in {"pools", "regimes"}:  # those that only one run has are not asked for
            shared = left.keys() & right.keys()
            left, right = ({key: each[key] for key in shared} for each in (left, right))
        if left != right:
            texts = _apart(left, right)
            yield Cause(name=part, kind="structure", label=label, before=texts[0], after=texts[1])


def _ids(value: Any) -> Any:
    """A part of a plan by the ids of its plugins; their beliefs are inputs, and differ apart."""
    if isinstance(value, Mapping):
        return {key: getattr(each, "id", each) for key, each in value.items()}
    if isinstance(value, tuple):
        return {each.id: each.id for each in value}
    return {"": getattr(value, "id", value)}


def _apart(left: Mapping[str, Any], right: Mapping[str, Any]) -> tuple[str, str]:
    """What either side has that the other lacks."""
    keys = sorted(key for key in left.keys() | right.keys() if left.get(key) != right.get(key))
    one, two = (
        ", ".join(str(side[key]) for key in keys if key in side) or "none" for side in (left, right)
    )
    return one, two


def _unmixable(before: Forecast, after: Forecast) -> Iterator[Problem]:
    if before.plan.years != after.plan.years:
        yield Problem(
            code="AMP-R130",
            what="a difference cannot be attributed between runs of other years",
            why=f"They run from {before.plan.years[0]} to {before.plan.years[-1]}, and from "
            f"{after.plan.years[0]} to {after.plan.years[-1]}: what is drawn anew every year "
            "does not belong together.",
            fix="run both scenarios with the same years",
        )
    sizes = before.outputs.sizes["draw"], after.outputs.sizes["draw"]
    if sizes[0] != sizes[1]:
        yield Problem(
            code="AMP-R131",
            what=f"a difference cannot be attributed between {sizes[0]:,} and {sizes[1]:,} draws",
            why="Inputs of one run are put beside those of the other, draw by draw.",
            fix="run both with the same --draws and --chains",
        )


@dataclass
class Mixtures:
    """Answers of every mixture of two runs.

    Attributes
    ----------
    before, after : Forecast
    causes : sequence of Cause
        All that differs between them.
    answers : sequence of Answer
        At places that both runs have.
    reaching : tuple of Cause
        Those from which there is a path to one of the answers.

    Raises
    ------
    RunError
        The stored draws of a run come out otherwise today.
    """

    before: Forecast
    after: Forecast
    causes: Sequence[Cause]
    answers: Sequence[Answer]
    reaching: tuple[Cause, ...] = field(init=False)
    _graphs: dict[tuple[str, ...], tuple[Graph, dict[str, Any], Plan]] = field(
        init=False, repr=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Hold both ends to their stored draws."""
        import numpy

        every = frozenset(cause.name for cause in self.causes)
        for run, changed in ((self.before, frozenset[str]()), (self.after, every)):
            told = self.draws(changed)
            for answer, values in zip(self.answers, told, strict=True):
                kept = answer.draws(run, run.scenarios[0])
                if not numpy.allclose(values, kept, rtol=1e-6, atol=1e-9, equal_nan=True):
                    raise RunError(not_the_same(answer.output))
        needs = frozenset[str]().union(
            *(node.needs for _, wanted, _ in self._graphs.values() for node in wanted.values())
        )
        self.reaching = tuple(
            cause for cause in self.causes if cause.kind == "structure" or needs & set(cause.inputs)
        )

    @property
    def apart(self) -> tuple[str, ...]:
        """Why the draws of the two are not common, which is a cause of its own."""
        return apart(self.before, self.after)

    def draws(self, changed: frozenset[str]) -> Any:
        """Every answer where the causes of these names are as in the second run (answer, draw)."""
        import numpy

        structure = [c.name for c in self.causes if c.kind == "structure" and c.name in changed]
        graph, wanted, plan = self._written(tuple(structure))
        after = self.after.inputs()
        changes = {
            name: (1, _bare(after[name]))
            for cause in self.causes
            if cause.name in changed
            for name in cause.inputs
        }
        found = dict(zip(wanted, graph.evaluate(list(wanted.values()), changes), strict=True))
        labels: dict[str, Sequence[Any]] = {
            "year": plan.years,
            "actor": plan.actors,
            "regime": tuple(plan.regimes),
            "task_class": plan.task_classes,
        }
        told = []
        for answer in self.answers:
            at = {dim: labels[dim].index(label) for dim, label in answer.place}
            value = found[answer.output]
            value = value.isel({dim: place for dim, place in at.items() if dim in value.dims})
            told.append(numpy.broadcast_to(value.values, (self.before.outputs.sizes["draw"],)))
        return numpy.stack(told)

    def _written(self, structure: tuple[str, ...]) -> tuple[Graph, dict[str, Any], Plan]:
        """The model with these parts of the plan as in the second run, written down once."""
        from amplicast.engine.incremental import Graph
        from amplicast.forecast.model import evaluate

        if structure not in self._graphs:
            parts = {part: getattr(self.after.plan, part) for part in structure}
            plan = asked_alone(replace(self.before.plan, **parts), self.answers)
            inputs = {**self.after.inputs(), **self.before.inputs()}
            graph = Graph({name: _bare(values) for name, values in inputs.items()})
            names = {answer.output for answer in self.answers}
            wanted = evaluate(graph.math, plan, graph.symbols(), only=names)
            changing = {name for cause in self.causes for name in cause.inputs}
            nodes = list(wanted.values())
            needed = frozenset[str]().union(*(node.needs for node in nodes))
            graph.watch(nodes, sorted(changing & needed))
            self._graphs[structure] = graph, wanted, plan
        return self._graphs[structure]


def _bare(values: Any) -> Any:
    return values.drop_vars(list(values.coords)).transpose("draw", ...)
