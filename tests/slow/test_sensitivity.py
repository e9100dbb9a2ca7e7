"""Sensitivity and value of information give the same bytes for the same run."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.command_line import call

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "arguments",
    [
        ("sensitivity", "--json"),
        ("sensitivity", "--top", "3"),
        ("voi", "--json"),
        ("voi", "--quantity", "amplification", "--precision", "mechanism-overlap.cap=0.1"),
    ],
)
def test_the_same_twice(brief_folder: Path, arguments: tuple[str, ...]) -> None:
    """The run's seed decides every exchange, and every resample."""
    name, *options = arguments
    first, second = (call(name, brief_folder, *options).stdout for _ in range(2))
    assert first == second
