"""Whether the numbers of a belief agree with each other, with their family and with their unit."""

from __future__ import annotations

import math
import numbers as abstract
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, UnitError
from amplicast.prior_families import FAMILIES, z_of
from amplicast.prior_text import belief_error, shown
from amplicast.units import convert

if TYPE_CHECKING:
    from amplicast.errors import ScenarioError
    from amplicast.prior_families import Coefficients, FamilyRule
    from amplicast.units import Unit

__all__ = ["converted", "number", "percent_error", "solved", "statement", "support"]

_RANGES = (("low", "high", "mass"), ("low", "best", "high", "mass"))
_ABOVE_ZERO = {"sd", "sigma", "a", "b", "shape", "scale"}
_POINTS = ("low", "best", "high", "min", "mode", "max", "value")
_IN_ORDER = (("low", "best"), ("best", "high"), ("low", "high"), ("min", "max"))
_EXACT = 1e-9


def number(name: str, value: Any) -> float:
    """Return a finite float.

    Raises
    ------
    ScenarioError
        It is no number, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, abstract.Real):
        raise belief_error(
            "AMP-S133",
            f"{name} is {value!r}, which is not a number",
            "The parts of a belief are numbers.",
            f"write {name} as a number, for example 2.5",
        )
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise belief_error(
            "AMP-S124",
            f"{name} is {result}, which is not finite",
            "A belief has finite ends; its tails reach beyond them anyway.",
            'write the 5 % and the 95 % point, for example "2 to 5"',
        )
    return result


def statement(dist: str, stated: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, float], ...]]:
    """Return the plain name of the family, and the numbers that state it in a fixed order.

    Raises
    ------
    ScenarioError
        The family is unknown, or these are not the numbers that state it.
    """
    plain = dist.replace("-", "").replace("_", "").lower()
    rule = FAMILIES.get(plain.removeprefix("split"))
    if rule is None:
        from difflib import get_close_matches

        near = get_close_matches(plain, FAMILIES, n=1)
        raise belief_error(
            "AMP-S134",
            f"there is no distribution called {dist!r}",
            "Known are " + ", ".join(FAMILIES) + ".",
            f'dist = "{near[0]}"' if near else "leave dist out: the unit then decides",
        )
    plain = plain.removeprefix("split")
    values = {name: number(name, value) for name, value in stated.items()}
    if {"low", "high"} <= set(values):
        values.setdefault("mass", 0.9)
    ways = [rule.named, *(_RANGES[: 2 if rule.unlink else 1] if rule.fit else ())]
    names = next((way for way in ways if set(way) == set(values)), None)
    if names is None:
        choices = " or ".join(", ".join(n for n in way if n != "mass") for way in ways)
        given = ", ".join(n for n in values if n != "mass") or "nothing"
        raise belief_error(
            "AMP-S135", f"{plain} is stated by {given}", f"It is stated by {choices}.",
            f"give {choices}",
        )  # fmt: skip
    _ordered(values)
    return plain, tuple((name, values[name]) for name in names)


def _ordered(values: Mapping[str, float]) -> None:
    for name in sorted(_ABOVE_ZERO & set(values)):
        if values[name] <= 0.0:
            raise belief_error(
                "AMP-S136", f"{name} is {shown(values[name])}", f"{name} must be above zero.",
                f"give a {name} above zero",
            )  # fmt: skip
    if not 0.0 < values.get("mass", 0.9) < 1.0:
        raise belief_error(
            "AMP-S122", f"mass is {shown(values['mass'])}",
            "It is the probability between the ends, above 0 and below 1.", "mass = 0.9",
        )  # fmt: skip
    for first, second in _IN_ORDER:
        if first not in values or second not in values or values[first] < values[second]:
            continue
        a, b = shown(values[first]), shown(values[second])
        if values[first] == values[second]:
            raise belief_error(
                "AMP-S137", f"{first} and {second} are both {a}",
                "A range with equal ends is a fixed number.", f"write {a} alone, or move one end",
            )  # fmt: skip
        swapped = f'"{b} to {a}"' if first == "low" and second == "high" else f"swap {a} and {b}"
        raise belief_error(
            "AMP-S103", f"{first} is {a} and {second} is {b}",
            "The second number must be larger than the first.", swapped,
        )  # fmt: skip
    if "mode" in values and not values["min"] <= values["mode"] <= values["max"]:
        raise belief_error(
            "AMP-S138", f"mode is {shown(values['mode'])}", "The mode lies between min and max.",
            f"a mode from {shown(values['min'])} to {shown(values['max'])}",
        )  # fmt: skip


def support(dist: str, values: Mapping[str, float], unit: Unit) -> None:
    """Check that the points of a belief lie where its unit and its family allow.

    A family that is named is taken at its word, but a fraction stays between 0 and 1.

    Raises
    ------
    ScenarioError
    """
    rule = FAMILIES[dist]
    points = {name: value for name, value in values.items() if name in _POINTS}
    closed = dist == "fixed" or "min" in values
    if unit.kind == "fraction" and rule.support in {"real", "positive"}:
        raise belief_error(
            "AMP-S139", f"a {dist} distribution for a fraction",
            "It gives values outside 0 and 1.", 'dist = "logitnormal", or leave dist out',
        )  # fmt: skip
    if unit.kind == "fraction" or rule.support == "fraction":
        wrong = [n for n, v in points.items() if not (0 < v < 1 or (closed and v in {0, 1}))]
        why = "A fraction lies between 0 and 1; the ends of a range are neither."
        fix = _rescaled(points, unit) or 'give numbers between 0 and 1, such as "0.01 to 0.99"'
    elif rule.support == "positive" or (unit.kind == "positive" and dist == "fixed"):
        wrong = [n for n, v in points.items() if not (v > 0 or (dist == "fixed" and v == 0))]
        why = (
            f"{unit} ({unit.meaning}) is above zero."
            if unit.kind == "positive"
            else f"A {dist} quantity is above zero."
        )
        fix = 'give numbers above zero, or name dist = "normal" if it can be negative'
    else:
        return
    if wrong:
        named = ", ".join(f"{name} is {shown(points[name])}" for name in wrong)
        raise belief_error("AMP-S140", named, why, fix)


def _rescaled(points: Mapping[str, float], unit: Unit) -> str:
    """Return the fix for percentages that were written as numbers, or ''."""
    if unit.kind != "fraction" or not all(2.0 <= value < 100.0 for value in points.values()):
        return ""
    return ", ".join(f"{name} = {value / 100:.12g}" for name, value in points.items())


def solved(dist: str, values: Mapping[str, float], text: str, unit: Unit) -> Coefficients:
    """Coefficients of the family, verified.

    Raises
    ------
    ScenarioError
        The family cannot have these points, or only with values that the unit forbids.
    """
    rule = FAMILIES[dist]
    try:
        coefficients = _solve(rule, values)
    except (ValueError, OverflowError, ZeroDivisionError, RuntimeError) as error:
        raise _unreachable(dist, text) from error
    apart = coefficients[1:] if rule.link or dist == "normal" else (1.0,)
    if dist in {"uniform", "loguniform", "triangular"}:
        apart = (coefficients[-1] - coefficients[0],)
    if not all(map(math.isfinite, coefficients)) or min(apart) <= 0.0:
        raise _unreachable(dist, text)
    if "low" in values:
        if dist in {"beta", "gamma", "kumaraswamy"}:
            _verify(rule, coefficients, values, dist, text)
        beyond = unit.kind == "fraction" and coefficients[-1] > 1.0
        below = unit.kind != "real" and values["low"] > 0.0 > coefficients[0]
        if dist in {"uniform", "triangular"} and (beyond or below):
            raise _outside(dist, coefficients, text, unit)
    return coefficients


def _solve(rule: FamilyRule, values: Mapping[str, float]) -> Coefficients:
    if "low" not in values:
        return rule.state(*(values[name] for name in rule.named))
    low, high, mass = values["low"], values["high"], values["mass"]
    assert rule.fit is not None
    if "best" not in values:
        return rule.fit(low, high, mass)
    assert rule.unlink is not None
    z = z_of((1.0 + mass) / 2.0)
    low, middle, high = (rule.unlink(values[name]) for name in ("low", "best", "high"))
    return (middle, (middle - low) / z, (high - middle) / z)


def _verify(
    rule: FamilyRule,
    coefficients: Coefficients,
    values: Mapping[str, float],
    dist: str,
    text: str,
) -> None:
    """Roots are searched numerically, so what was found is put back into the question."""
    from amplicast.math import NUMPY

    z = z_of((1.0 + values["mass"]) / 2.0)
    for score, wanted in ((-z, values["low"]), (z, values["high"])):
        found = float(rule.transform(NUMPY, score, coefficients))
        if not abs(found - wanted) <= _EXACT * wanted:
            raise _unreachable(dist, text)


def _unreachable(dist: str, text: str) -> ScenarioError:
    return belief_error(
        "AMP-S141",
        f"no {dist} distribution has the points {text}",
        "The ends are too close together or too far apart for it.",
        "move the ends, or leave dist out: the unit then decides",
    )


def _outside(dist: str, coefficients: Coefficients, text: str, unit: Unit) -> ScenarioError:
    return belief_error(
        "AMP-S142",
        f"a {dist} distribution with the points {text} reaches from "
        f"{coefficients[0]:.4g} to {coefficients[-1]:.4g}",
        f"{unit} ({unit.meaning}) cannot, and a {dist} distribution goes beyond its points.",
        "give min and max instead of a range, or leave dist out",
    )


def converted(stated: dict[str, Any], unit: str, to: str) -> dict[str, Any]:
    """Convert the points of a belief; what is not a point has no exact conversion.

    Raises
    ------
    UnitError
    """
    others = set(stated) - {*_POINTS, "mass", "dist"}
    if others:
        raise UnitError(
            Problem(
                code="AMP-U105",
                what=f"{', '.join(sorted(others))} cannot be converted from {unit} to {to}",
                why="Only points of a belief convert exactly, not its mean, spread or shape.",
                fix=f'state it in {to}, or as a range such as "2 to 5"',
            )
        )
    return {
        key: value
        if key in {"mass", "dist"}
        else float(convert(number(key, value), unit, to, through_log=True))
        for key, value in stated.items()
    }


def percent_error(stated: Mapping[str, Any]) -> UnitError:
    """Return the error for a belief in percent, with the fractions that were probably meant."""
    points = {
        key: shown(convert(number(key, stated[key]), "%", "fraction"))
        for key in ("low", "best", "high", "value")
        if key in stated
    }
    if set(points) == {"low", "high"}:
        text = f'"{points["low"]} to {points["high"]}", '
    else:
        text = "".join(f"{key} = {value}, " for key, value in points.items())
    return UnitError(
        Problem(
            code="AMP-U106",
            what="a belief is stated in %",
            why="Models compute with fractions, so that no one divides by 100 twice.",
            fix=f'{text}unit = "fraction"',
        )
    )
