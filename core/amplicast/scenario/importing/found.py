"""A belief as somebody else's file states it, with the cell that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from amplicast.errors import Problem, ScenarioError
from amplicast.prior_text import parse

__all__ = ["DISTRIBUTIONS", "Found", "Refusals", "interval"]

Statement = Mapping[str, float | str]

DISTRIBUTIONS: Mapping[str, str] = {
    "norm": "normal",
    "normal": "normal",
    "gaussian": "normal",
    "lognorm": "lognormal",
    "lognormal": "lognormal",
    "logitnormal": "logitnormal",
    "logitnorm": "logitnormal",
    "uniform": "uniform",
    "loguniform": "loguniform",
    "triangular": "triangular",
    "const": "fixed",
    "constant": "fixed",
    "fixed": "fixed",
    "point": "fixed",
}
"""How people call a distribution -> the family of `amplicast.Prior`."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One belief.

    Attributes
    ----------
    name : str
        As the file calls it.
    says : Mapping
        Keywords of `amplicast.Prior`: ``low``, ``high``, ``best``, ``mass``, ``dist``, ``value``...
    at, name_at, unit_at : str
        Cell or line of the numbers, the name and the unit, for messages.
    unit, why, source : str
        As written; may be empty.
    told : str
        Whose belief it is and of when, where the file says so.
    clips : tuple of (float or None)
        Bounds outside of which the file cuts the distribution off.
    """

    name: str
    says: Statement
    at: str
    name_at: str
    unit_at: str
    unit: str = ""
    why: str = ""
    source: str = ""
    told: str = ""
    clips: tuple[float | None, float | None] = (None, None)


@dataclass
class Refusals:
    """Every mistake of one file, told at once.

    Attributes
    ----------
    name : str
        Of the file.
    """

    name: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, at: str, what: str, *, why: str = "", fix: str = "") -> None:
        """Note a mistake at a cell or line."""
        self.problems.append(
            Problem(code=code, what=what, why=why, fix=fix, where=f"{self.name}, {at}")
        )

    def take(self, error: ScenarioError, at: str) -> None:
        """Note what is wrong with a belief or a unit, at its cell or line."""
        for problem in error.problems:
            self.add(problem.code, at, problem.what, why=problem.why, fix=problem.fix)

    def number(self, text: str, at: str) -> float | None:
        """A number as the house writes it; None, with the mistake told, where it is none."""
        try:
            stated = parse(text.strip())
        except ScenarioError as error:
            self.take(error, at)
            return None
        if "value" not in stated:
            self.add("AMP-S200", at, f"{text!r} is a range where one number is needed")
            return None
        return stated["value"]

    def close(self) -> None:
        """End here if there was any mistake.

        Raises
        ------
        ScenarioError
            With all of them.
        """
        if self.problems:
            raise ScenarioError(*self.problems)


def interval(dist: str, low: float, high: float, *, mass: float = 0.9) -> dict[str, float | str]:
    """Two numbers as the family reads them: ends of a uniform one, else points of equal tails."""
    if dist in {"uniform", "loguniform"}:
        return {"dist": dist, "min": low, "max": high}
    if dist == "fixed" or low == high:
        return {"value": low}
    stated: dict[str, float | str] = {"low": low, "high": high}
    if mass != 0.9:
        stated["mass"] = mass
    return {**stated, "dist": dist} if dist else stated
