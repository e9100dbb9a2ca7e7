"""From what a file says about one assumption to a `Prior`, with every slip explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amplicast.errors import AmplicastError, Problem
from amplicast.units import canonical

if TYPE_CHECKING:
    from amplicast.priors import Prior

__all__ = ["from_table", "read_belief", "to_table"]

_NOTES = frozenset({"unit", "why", "source"})
_EXAMPLES = {"fraction": "0.2 to 0.5"}


def read_belief(
    spec: Mapping[str, Any], *, name: str, unit: str, prior: Prior | None
) -> tuple[Prior | None, list[Problem]]:
    """Read one belief and bring it to its declared unit.

    Parameters
    ----------
    spec : Mapping
        Keys as under ``[assumptions.NAME]``, each of the right kind.
    name : str
        Full name of the assumption.
    unit : str
        The declared unit.
    prior : Prior or None
        What holds without the file; a range keeps to where it lies (above zero, say).

    Returns
    -------
    prior : Prior or None
        In the declared unit; None where the table cannot be read.
    problems : list of Problem
        Without a place; the caller knows the file.
    """
    from amplicast.priors import Prior

    if not spec.keys() - _NOTES:
        return None, [
            Problem(
                code="AMP-S118",
                what=f"{name!r} has no value",
                why="A belief is a number, a range, three numbers, or a named distribution.",
                fix=f'add  value = "{_EXAMPLES.get(canonical(unit).kind, "2 to 5")}"',
            )
        ]
    if "unit" not in spec:
        return None, [
            Problem(
                code="AMP-S114",
                what=f"{name!r} has no unit",
                why="A number without its unit can be misread; the unit is always written.",
                fix=f'add  unit = "{unit}"',
            )
        ]
    # A half is possible in every unit, and a fixed number fixes no shape.
    before = prior or Prior(0.5, unit=unit)
    try:
        canonical(str(spec["unit"]))
        return before.with_value(dict(spec)), []
    except AmplicastError as error:
        return None, [_named(problem, spec, name=name, unit=unit) for problem in error.problems]


def _named(problem: Problem, spec: Mapping[str, Any], *, name: str, unit: str) -> Problem:
    """Make a problem of a belief or a unit into one of this assumption, with a line to write."""
    if problem.code.startswith("AMP-U"):
        return Problem(
            code="AMP-S113",
            what=f"{name!r} is stated in {spec['unit']!r}, and its unit is {unit!r}",
            why=f"{problem.what}.",
            fix=f'unit = "{unit}"',
        )
    fix = problem.fix
    if fix.startswith('"') and fix.endswith('"'):
        low, _, high = fix.strip('"').partition(" to ")
        fix = f"value = {fix}" if "value" in spec else f"low = {low}  and  high = {high}"
    return Problem(code=problem.code, what=f"{name!r}: {problem.what}", why=problem.why, fix=fix)


def to_table(prior: Prior, *, notes: bool = True) -> dict[str, Any]:
    """State a belief as a file does, in the fewest keys that give it back exactly."""
    from amplicast.priors import Prior

    numbers = dict(prior.numbers)
    table: dict[str, Any] = {"dist": prior.dist, **numbers}
    if prior.is_fixed:
        table = {"value": numbers["value"]}
    elif set(numbers) == {"low", "high", "mass"} and numbers["mass"] == 0.9:
        # A range in words takes its shape from the unit; any other shape must be named.
        words = prior.statement
        table = {"value": words} if Prior(words, unit=prior.unit).dist == prior.dist else table
    table["unit"] = prior.unit
    if notes:
        table |= {"why": prior.why, "source": prior.source}
    return table


def from_table(table: Mapping[str, Any]) -> Prior:
    """Build the belief that a resolved table states; the inverse of `to_table`."""
    from amplicast.priors import Prior

    rest = dict(table)
    stated = {key: rest.pop(key) for key in list(rest) if key not in _NOTES}
    return Prior(stated, **rest)
