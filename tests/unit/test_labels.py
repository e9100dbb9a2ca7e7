"""What people call an input: the plugin's words where it has some, its name where not."""

from __future__ import annotations

import dataclasses

import pytest

from amplicast import Forecast, Registry
from amplicast.analysis.tornado import drivers
from amplicast.fields import LONGEST_LABEL, check_labels
from amplicast.forecast.inputs import ENGINE_INPUTS, label_of
from amplicast.report.charts.place import place_of
from amplicast.report.charts.tornado import answer_of


def test_the_words_of_a_plugin_come_with_its_name(installed: Registry) -> None:
    """With the element of an input that has several; without words, by id and parameter."""
    frontier = installed.models["frontier"]
    told = frontier.labels["growth"]
    assert label_of("frontier.growth", [frontier]) == f"{told} (frontier)"
    assert label_of("frontier.shock[2027]", [frontier]).endswith("(frontier), 2027")
    bare = dataclasses.replace(frontier, labels={})
    assert label_of("frontier.late_growth", [bare]) == "frontier: late growth"
    assert label_of("frontier.growth", []) == "frontier: growth"
    assert label_of("mix.h100-sxm", []) == "weight of h100-sxm in the stock"


def test_engine_inputs_have_words() -> None:
    """No underscore reaches a reader, and no two inputs share a name."""
    told = [label_of(name, []) for name in ENGINE_INPUTS]
    assert not any("_" in each for each in told)
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    ("label", "said"), [("", "0 characters"), ("x" * (LONGEST_LABEL + 1), "61 characters")]
)
def test_a_label_is_a_few_words(installed: Registry, label: str, said: str) -> None:
    """It stands beside a bar."""
    plugin = dataclasses.replace(installed.models["frontier"], labels={"growth": label})
    (problem,) = check_labels(plugin)
    assert problem.code == "AMP-P135"
    assert said in problem.what


def test_a_label_belongs_to_a_parameter(installed: Registry) -> None:
    """A slip is told with what may have been meant."""
    plugin = dataclasses.replace(installed.models["frontier"], labels={"grwoth": "growth"})
    (problem,) = check_labels(plugin)
    assert "belongs to no parameter" in problem.what
    assert "growth" in problem.what


def test_what_moves_the_baseline_has_words(finished: Forecast) -> None:
    """The first five drivers of a headline are never shown by their ids."""
    place = place_of(finished)
    for quantity in ("copies", "amplification"):
        first = drivers(finished, answer_of(place, quantity), scenario=place.scenario)[:5]
        assert first
        for each in first:
            whole = each.name.partition("[")[0]
            known = whole in ENGINE_INPUTS or "(" in each.label
            assert known, each.name
