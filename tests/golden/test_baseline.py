"""The baseline's published numbers: they move only on purpose."""

from __future__ import annotations

import json
from typing import Any

import numpy
import pytest
from tests.golden.expected import LEVELS, expected_path, quantile_error, rows

from amplicast import Forecast, Registry


@pytest.fixture(scope="module")
def golden(installed: Registry) -> dict[str, Any]:
    """What ``python -m tests.golden.update`` wrote."""
    document: dict[str, Any] = json.loads(expected_path(installed).read_text("utf-8"))
    assert (document["schema"], document["schema_version"]) == ("amplicast.expected", 1)
    return document


def test_numbers_belong_to_the_scenario(golden: dict[str, Any], finished: Forecast) -> None:
    """A scenario that was changed needs new golden numbers, also where they hardly move."""
    assert golden["scenario_digest"] == finished.scenario.digest()
    assert golden["compute"] == vars(finished.scenario.compute)


def test_headlines_are_the_golden_ones(golden: dict[str, Any], finished: Forecast) -> None:
    """Median and 90 % ends at every place lie within four Monte Carlo errors."""
    found = list(rows(finished))
    places = [(row["quantity"], row["place"]) for row in found]
    assert places == [(row["quantity"], row["place"]) for row in golden["rows"]]
    far = {}
    for row, old in zip(found, golden["rows"], strict=True):
        for level in LEVELS:
            allowed = 4.0 * max(row["error"][level], old["error"][level]) + 1e-6
            if abs(row["value"][level] - old["value"][level]) > allowed:
                where = (row["quantity"], *row["place"].values(), level)
                far[where] = (old["value"][level], row["value"][level], allowed)
    assert far == {}


def test_error_of_a_quantile_is_right() -> None:
    """For independent draws it is the textbook one; for draws that are alike it is larger."""
    generator = numpy.random.default_rng(5)
    straight = generator.standard_normal(4000)
    exact = numpy.sqrt(0.25 / 4000.0) * numpy.sqrt(2.0 * numpy.pi)
    assert 0.8 * exact < quantile_error(straight, 0.5) < 1.6 * exact
    alike = numpy.repeat(generator.standard_normal(40), 100)
    assert quantile_error(alike, 0.5) > 4.0 * exact
