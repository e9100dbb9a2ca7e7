"""A saved run as a function of its blocks: each block of inputs from any draw, evaluated anew.

Inputs of one plugin that evidence fits together are dependent, so no input of a fit may be changed
alone; blocks are independent of each other, so their draws may be put together at will. Taking the
draws of a whole block from elsewhere needs no sampler and no fitted distribution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, RunError, ScenarioError

if TYPE_CHECKING:
    from amplicast.engine.incremental import Graph
    from amplicast.forecast import Forecast
    from amplicast.forecast.plan import Plan

__all__ = ["Answer", "Block", "Model", "Replay", "asked_alone", "blocks_of", "not_the_same"]

Rows = Any
"""Numbers of draws, one for each evaluation (evaluation)."""

Model = Callable[[Rows, Mapping[str, Rows]], Any]
"""``model(rest, {block: rows})``: answers (answer, evaluation).

Every block that is named takes the draws `rows`, all others the draws `rest`.
"""

CHUNK = 8_000
"""Evaluations that are done at once; more would leave the processor's cache."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """Inputs that are drawn together, independent of all other blocks.

    Attributes
    ----------
    name : str
        Id of the plugin, or name of the belief; ``mix`` for the weights of all devices.
    inputs : tuple of str
    luck : bool
        Drawn anew for every year: what is still to come, which nobody can study today.
    """

    name: str
    inputs: tuple[str, ...]
    luck: bool = False


def blocks_of(forecast: Forecast, scenario: str) -> tuple[Block, ...]:
    """Every input that varies, in independent blocks, by name.

    A plugin's inputs are one block, apart from those drawn anew for every year. Blocks with a rank
    correlation between them are one.
    """
    from amplicast.forecast.draws import correlations_of

    inputs = forecast.inputs(forecast.scenarios.index(scenario))
    groups: dict[str, set[str]] = {}
    for name, values in inputs.items():
        if bool((values.values != values.values[:1]).any()):
            groups.setdefault(_home(name, "year" in values.dims), set()).add(name)
    for pair in correlations_of(forecast.plan, forecast.scenario):
        homes = sorted(home for home, names in groups.items() if names & {pair.a, pair.b})
        if len(homes) == 2:
            joined = groups.pop(homes[0]) | groups.pop(homes[1])
            groups[" + ".join(homes)] = joined
    return tuple(
        Block(
            name=home,
            inputs=tuple(sorted(names)),
            luck=all("year" in inputs[name].dims for name in names),
        )
        for home, names in sorted(groups.items())
    )


def _home(name: str, yearly: bool) -> str:
    plugin, dot, _ = name.partition(".")
    return f"{plugin}, year by year" if dot and yearly else plugin


@dataclass(frozen=True)
class Answer:
    """An output at one place.

    Attributes
    ----------
    output : str
        As in `amplicast.forecast.outputs.OUTPUTS`.
    place : tuple of (str, object)
        Label of every dim that the output has.
    """

    output: str
    place: tuple[tuple[str, Any], ...]

    @classmethod
    def at(cls, output: str, **labels: Any) -> Answer:
        """The output at those of the labels whose dim it has.

        Raises
        ------
        ScenarioError
            It has a dim without a label.
        """
        from amplicast.forecast.outputs import OUTPUTS

        dims = OUTPUTS[output].dims
        missing = sorted(set(dims) - set(labels))
        if missing:
            raise ScenarioError(_many_valued(output, missing))
        return cls(output, tuple((dim, labels[dim]) for dim in dims))

    def draws(self, forecast: Forecast, scenario: str) -> Any:
        """Its stored values (draw); not a number where it is undefined."""
        return forecast.output(self.output, scenario).sel(dict(self.place)).values


@dataclass
class Replay:
    """The model of a run, for answers at some places.

    Attributes
    ----------
    forecast : Forecast
    scenario : str
    answers : sequence of Answer
    base : array
        Every answer of the stored draws, evaluated again (answer, draw).

    Raises
    ------
    RunError
        The stored draws come out otherwise today.
    """

    forecast: Forecast
    scenario: str
    answers: Sequence[Answer]
    base: Any = field(init=False, repr=False)
    _graph: Graph = field(init=False, repr=False)
    _wanted: dict[str, Any] = field(init=False, repr=False)
    _places: list[dict[str, int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Write the model down, and hold it to the stored draws."""
        import numpy

        from amplicast.engine.incremental import Graph
        from amplicast.forecast.model import evaluate

        plan = asked_alone(self.forecast.plan, self.answers)
        stored = self.forecast.inputs(self.forecast.scenarios.index(self.scenario))
        bare = {name: values.drop_vars(list(values.coords)) for name, values in stored.items()}
        graph = Graph({name: values.transpose("draw", ...) for name, values in bare.items()})
        names = {answer.output for answer in self.answers}
        self._graph, self._wanted = graph, evaluate(graph.math, plan, graph.symbols(), only=names)
        labels: dict[str, list[Any]] = {
            "year": list(plan.years),
            "actor": list(plan.actors),
            "regime": list(plan.regimes),
            "task_class": [str(each) for each in plan.task_classes],
        }
        self._places = [
            {dim: labels[dim].index(label) for dim, label in answer.place}
            for answer in self.answers
        ]
        every = numpy.arange(self.draws)
        self.base = numpy.concatenate(
            [self._evaluate(every[part], {}) for part in _parts(self.draws)], axis=1
        )
        for answer, values in zip(self.answers, self.base, strict=True):
            kept = answer.draws(self.forecast, self.scenario)
            if not numpy.allclose(values, kept, rtol=1e-6, atol=1e-9, equal_nan=True):
                raise RunError(not_the_same(answer.output))

    @property
    def draws(self) -> int:
        """Stored draws."""
        return int(self.forecast.outputs.sizes["draw"])

    @property
    def needs(self) -> frozenset[str]:
        """Inputs from which there is a path to one of the answers."""
        return frozenset().union(*(node.needs for node in self._wanted.values()))

    def reaches(self, block: Block, answer: Answer) -> bool:
        """Whether there is a path from the block to the answer."""
        return bool(self._wanted[answer.output].needs & set(block.inputs))

    def live(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Those of the blocks from which there is a path to one of the answers."""
        return tuple(block for block in blocks if self.needs & set(block.inputs))

    def model(self, blocks: Sequence[Block] = ()) -> Model:
        """The function of rows of draws, with these blocks by name."""
        import numpy

        inputs = {block.name: block.inputs for block in blocks}

        def run(rest: Rows, rows: Mapping[str, Rows]) -> Any:
            own = {name: each for block, each in rows.items() for name in inputs[block]}
            parts = [
                self._evaluate(rest[part], {name: each[part] for name, each in own.items()})
                for part in _parts(len(rest))
            ]
            told = numpy.concatenate(parts, axis=1)
            for i, answer in enumerate(self.answers):
                if not self._wanted[answer.output].needs & own.keys():
                    told[i] = self.base[i][rest]  # to the last bit, whatever the rounding
            return told

        return run

    def _evaluate(self, rest: Rows, own: Mapping[str, Rows]) -> Any:
        import numpy

        changes = {
            name: (0, self._graph.inputs[name].isel(draw=own.get(name, rest)))
            for name in self.needs
        }
        nodes = list(self._wanted.values())
        found = dict(zip(self._wanted, self._graph.evaluate(nodes, changes), strict=True))
        told = []
        for answer, place in zip(self.answers, self._places, strict=True):
            value = found[answer.output]
            value = value.isel({dim: at for dim, at in place.items() if dim in value.dims})
            told.append(numpy.broadcast_to(value.values, (len(rest),)))
        return numpy.stack(told)


def asked_alone(plan: Plan, answers: Sequence[Answer]) -> Plan:
    """The plan with the pools, regimes and task classes that are asked for alone."""
    asked: dict[str, set[Any]] = {}
    for answer in answers:
        for dim, label in answer.place:
            asked.setdefault(dim, set()).add(label)

    def few(dim: str, known: Sequence[Any]) -> tuple[Any, ...]:
        kept = tuple(each for each in known if each in asked.get(dim, ()))
        return kept or tuple(known[:1])

    return replace(
        plan,
        actors=few("actor", plan.actors),
        regimes={name: plan.regimes[name] for name in few("regime", tuple(plan.regimes))},
        task_classes=few("task_class", plan.task_classes),
    )


def _parts(size: int) -> Iterator[slice]:
    for start in range(0, size, CHUNK):
        yield slice(start, min(start + CHUNK, size))


def _many_valued(output: str, dims: Sequence[str]) -> Problem:
    return Problem(
        code="AMP-V112",
        what=f"{output} has no single value here",
        why=f"It has one for each {' and '.join(dims)}, and none is named.",
        fix="choose an output by year, pool, regime and task class, such as copies",
    )


def not_the_same(output: str) -> Problem:
    """Stored draws that come out otherwise under today's code."""
    return Problem(
        code="AMP-R120",
        what=f"{output} of the stored draws comes out otherwise today than when they were saved",
        why="A plugin or amplicast itself has changed since; new evaluations would not belong to "
        "the saved ones.",
        fix="run the scenario again",
    )
