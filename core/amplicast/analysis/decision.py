"""A decision as data: actions, each with a payoff that an output of the forecast decides."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.outputs import OUTPUTS

__all__ = ["Action", "Decision", "Step", "call", "read_decision"]

FORMAT = 1

PLACE = ("actor", "regime", "task_class", "year")

KEYS = frozenset({"format", "name", "output", "unit", "actions", *PLACE})

EXAMPLE = """\
format = 1
name   = "Build the reporting scheme now?"
output = "copies"
unit   = "million USD"
[actions.build]
payoff = -20
steps  = [{ at_least = 1e8, adds = 60 }]
[actions.wait]
payoff = 0"""


@dataclass(frozen=True)
class Step:
    """What an action gains or loses where the output is at least a number."""

    at_least: float
    adds: float


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something that can be done.

    Attributes
    ----------
    name : str
    payoff : float
        Where no step is reached, and the output is nought.
    steps : tuple of Step
    slope : float
        Payoff for each unit of the output, or for each OOM of one that is told on a log scale.
    """

    name: str
    payoff: float = 0.0
    steps: tuple[Step, ...] = ()
    slope: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Actions of which one is chosen: the one with the highest expected payoff.

    Attributes
    ----------
    name : str
    output : str
    actions : tuple of Action
    unit : str
        Of the payoff.
    place : Mapping[str, object]
        Labels that the decision states itself.
    """

    name: str
    output: str
    actions: tuple[Action, ...]
    unit: str
    place: Mapping[str, Any] = field(default_factory=dict)

    def payoffs(self, answers: Any) -> Any:
        """Payoff of every action for each answer (action, answer).

        An undefined answer reaches no step.

        Raises
        ------
        ScenarioError
            A slope meets an answer that is no number.
        """
        import numpy

        told = numpy.asarray(answers, dtype=float)
        if not any(action.slope for action in self.actions):
            height = numpy.zeros_like(told)
        else:
            with numpy.errstate(divide="ignore", invalid="ignore"):
                height = numpy.log10(told) if OUTPUTS[self.output].log else told
            if not numpy.isfinite(height).all():
                raise ScenarioError(_no_slope(self.output))
        return numpy.stack(
            [
                action.payoff
                + action.slope * height
                + sum(
                    (step.adds * (told >= step.at_least) for step in action.steps),
                    numpy.zeros_like(told),
                )
                for action in self.actions
            ]
        )


def call(output: str, number: float) -> Decision:
    """The plainest decision: say whether the output is at least a number; a right call is 100."""
    return Decision(
        name="",
        output=output,
        unit="right calls in 100",
        actions=(
            Action(name="say yes", steps=(Step(number, 100.0),)),
            Action(name="say no", payoff=100.0, steps=(Step(number, -100.0),)),
        ),
    )


def read_decision(path: Path) -> Decision:
    """Read a decision from a TOML file.

    Raises
    ------
    ScenarioError
        The file is missing or has mistakes; all are told.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(_problem(path, f"it cannot be read: {error}", "")) from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(_problem(path, f"it is not TOML: {error}", "")) from error
    problems = [_problem(path, what, why) for what, why in _mistakes(tree)]
    if problems:
        raise ScenarioError(*problems)
    return Decision(
        name=str(tree["name"]),
        output=tree["output"],
        unit=str(tree.get("unit", "payoff")),
        place={key: tree[key] for key in PLACE if key in tree},
        actions=tuple(
            Action(
                name=name,
                payoff=float(action.get("payoff", 0.0)),
                slope=float(action.get("slope", 0.0)),
                steps=tuple(
                    Step(float(step["at_least"]), float(step["adds"]))
                    for step in action.get("steps", ())
                ),
            )
            for name, action in tree["actions"].items()
        ),
    )


def _mistakes(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong, and why that matters."""
    yield from _unknown(tree, KEYS, "the decision")
    if tree.get("format") != FORMAT:
        yield f"format is {tree.get('format')!r}", f"This version reads format = {FORMAT}."
    if not isinstance(tree.get("name"), str) or not tree.get("name"):
        yield "it has no name", "The name is told above the numbers."
    output = tree.get("output")
    if output not in OUTPUTS:
        near = get_close_matches(str(output), OUTPUTS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        yield f"there is no output {output!r}", f"The payoff depends on one output.{hint}"
    actions = tree.get("actions")
    if not isinstance(actions, dict) or len(actions) < 2:
        yield "it has fewer than two actions", "With one action there is nothing to decide."
        return
    for name, action in actions.items():
        if not isinstance(action, dict):
            yield f"the action {name!r} is no table", "It holds payoff, steps or slope."
            continue
        yield from _unknown(action, {"payoff", "steps", "slope"}, f"the action {name!r}")
        for key in ("payoff", "slope"):
            if not _number(action.get(key, 0.0)):
                yield f"{key} of the action {name!r} is no number", "Payoffs are compared."
        steps = action.get("steps", [])
        whole = isinstance(steps, list) and all(
            isinstance(step, dict)
            and set(step) == {"at_least", "adds"}
            and all(_number(each) for each in step.values())
            for step in steps
        )
        if not whole:
            yield (
                f"steps of the action {name!r} cannot be read",
                "Each is { at_least = NUMBER, adds = NUMBER }.",
            )


def _unknown(tree: Mapping[str, Any], known: Any, where: str) -> Iterator[tuple[str, str]]:
    for key in sorted(set(tree) - set(known)):
        near = get_close_matches(key, known, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        yield f"{where} has no key {key!r}", f"It knows: {', '.join(sorted(known))}.{hint}"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _problem(path: Path, what: str, why: str) -> Problem:
    return Problem(
        code="AMP-V110", what=what, why=why, where=str(path), fix=f"a decision reads:\n{EXAMPLE}"
    )


def _no_slope(output: str) -> Problem:
    return Problem(
        code="AMP-V111",
        what=f"a payoff with a slope needs a number in every draw, and {output} has none in some",
        why="Where the copies cannot be run there is nothing to multiply.",
        fix="use steps in place of the slope, or another regime or pool",
    )
