"""Scenario discovery: a planted box is found and told honestly; chance is no scenario."""

from __future__ import annotations

import numpy
import pytest

from amplicast.analysis.prim import discover


@pytest.fixture
def inputs() -> dict[str, numpy.ndarray]:
    """Thirty inputs, uniform between 0 and 1."""
    drawn = numpy.random.default_rng(1).uniform(size=(30, 4000))
    return {f"x{i}": each for i, each in enumerate(drawn)}


def test_a_planted_box_is_found(inputs) -> None:
    """Its limits within 0.1, no others, with density and coverage as they are."""
    inside = (inputs["x3"] < 0.4) & (inputs["x7"] > 0.5)
    hits = inside ^ (numpy.random.default_rng(2).uniform(size=4000) < 0.05)
    box = discover(inputs, hits, density=0.85)
    assert box is not None
    limits = {limit.name: limit for limit in box.limits}
    assert set(limits) == {"x3", "x7"}
    assert not limits["x3"].above
    assert limits["x3"].number == pytest.approx(0.4, abs=0.1)
    assert limits["x7"].above
    assert limits["x7"].number == pytest.approx(0.5, abs=0.1)
    kept = limits["x3"].keeps(inputs["x3"]) & limits["x7"].keeps(inputs["x7"])
    assert box.density.value == pytest.approx(hits[1::2][kept[1::2]].mean())
    planted = inside[kept].mean()
    assert box.density.value == pytest.approx(0.95 * planted + 0.05 * (1.0 - planted), abs=0.05)
    assert box.coverage.value > 0.6
    assert box.base.value == pytest.approx(hits.mean(), abs=0.03)


def test_limits_are_told_as_they_were_used(inputs) -> None:
    """Two figures say all of a limit, and its shares are those of the rounded number."""
    box = discover(inputs, inputs["x1"] > 0.613)
    assert box is not None
    for limit in box.limits:
        assert limit.number == float(f"{limit.number:.2g}")


def test_chance_is_no_scenario(inputs) -> None:
    """What no input decides has no box, or one whose density is that of all draws."""
    hits = numpy.random.default_rng(3).uniform(size=4000) < 0.3
    box = discover(inputs, hits)
    assert box is None or box.density.low <= 0.35


@pytest.mark.parametrize("hits", [numpy.zeros(4000, dtype=bool), numpy.ones(4000, dtype=bool)])
def test_never_and_always_have_no_box(inputs, hits) -> None:
    """There is nothing to tell apart."""
    assert discover(inputs, hits) is None
