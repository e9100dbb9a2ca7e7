"""Conditions in words: the grammar, its sizes, and what is refused."""

from __future__ import annotations

import numpy
import pytest

from amplicast.analysis.conditions import Comparison, holds, parse_condition
from amplicast.errors import ScenarioError


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("copies > 1e9", [Comparison("copies", ">", 1e9)]),
        ("copies>=1 billion", [Comparison("copies", ">=", 1e9)]),
        ("copies < 1,000,000", [Comparison("copies", "<", 1e6)]),
        ("amplification <= -.5", [Comparison("amplification", "<=", -0.5)]),
        (
            "copies > 2.5 million and amplification < 1",
            [Comparison("copies", ">", 2.5e6), Comparison("amplification", "<", 1.0)],
        ),
    ],
)
def test_grammar(text: str, told: list[Comparison]) -> None:
    """Numbers as people write them, with sizes, joined by a word."""
    assert list(parse_condition(text)) == told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "copies",
        "copies = 3",
        "copies > many",
        "copies > 1e9 or copies < 3",
        "copies > 1 zillion",
        "3 < copies",
        "copies > 1e999",
        "cpoies > 3",
        "__import__('os').getcwd() > 0",
        "copies > 1 and",
        "copies.real > 1",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    """With an example that is in the grammar."""
    with pytest.raises(ScenarioError, match="AMP-V101") as caught:
        parse_condition(text)
    assert "--where" in str(caught.value)


def test_undefined_draws_meet_nothing() -> None:
    """A draw without a value is neither above nor below."""
    draws = numpy.array([numpy.nan, 1.0, 3.0])
    for sign, told in ((">", [False, False, True]), ("<", [False, True, False])):
        assert list(holds([Comparison("amplification", sign, 2.0)], [draws])) == told
