"""Conditions on outputs in words, such as ``copies > 1e9``: read by a small grammar, never run.

A condition is one comparison or several with ``and`` between them: an output, one of the signs
``> >= < <=``, a number, and perhaps a size such as ``million``.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.outputs import OUTPUTS

__all__ = ["Comparison", "holds", "parse_condition"]

SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}

SIZES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

_PART = re.compile(
    r"\s*([a-z][a-z_]*)\s*(>=|<=|>|<)\s*"
    r"([+-]?(?:\d+(?:,\d{3})*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([a-z]*)\s*"
)


@dataclass(frozen=True)
class Comparison:
    """One output held against a number.

    Attributes
    ----------
    output : str
    sign : {">", ">=", "<", "<="}
    number : float
        In the output's unit.
    """

    output: str
    sign: str
    number: float

    def __str__(self) -> str:
        return f"{self.output} {self.sign} {self.number:g}"


def parse_condition(text: str) -> tuple[Comparison, ...]:
    """Read a condition.

    Raises
    ------
    ScenarioError
        The text is not in the grammar, or an output is unknown.
    """
    return tuple(_comparison(part, text) for part in re.split(r"\band\b", text))


def _comparison(part: str, text: str) -> Comparison:
    match = _PART.fullmatch(part)
    if match is None or (match[4] and match[4] not in SIZES):
        raise _refused(f'"{text}" is not a condition', "A condition holds outputs against numbers.")
    if match[1] not in OUTPUTS:
        near = get_close_matches(match[1], OUTPUTS, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise _refused(f"there is no output {match[1]!r}", f"See docs/reference/outputs.md.{hint}")
    number = float(match[3].replace(",", "")) * SIZES.get(match[4], 1.0)
    if not math.isfinite(number):
        raise _refused(f'"{part.strip()}" has no finite number', "Nothing lies beyond infinity.")
    return Comparison(match[1], match[2], number)


def _refused(what: str, why: str) -> ScenarioError:
    return ScenarioError(
        Problem(
            code="AMP-V101",
            what=what,
            why=why,
            fix='--where "copies > 1e9", or --where "copies > 1 billion and amplification < 1"',
        )
    )


def holds(comparisons: Sequence[Comparison], answers: Sequence[Any]) -> Any:
    """Whether each draw meets all comparisons; one whose output is undefined meets none.

    Parameters
    ----------
    comparisons : sequence of Comparison
    answers : sequence of array
        Draws of the output of each (draw).
    """
    import numpy

    told = [SIGNS[one.sign](draws, one.number) for one, draws in zip(
        comparisons, answers, strict=True
    )]  # fmt: skip
    return numpy.logical_and.reduce(told)
