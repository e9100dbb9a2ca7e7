"""What sensitivity and value of information cost, on 4,000 draws of the baseline.

Run with ``make bench``. Evaluations of the model are nearly all of it, so they are timed beside.
"""

from __future__ import annotations

import numpy
import pytest

from amplicast.analysis.conditions import parse_condition
from amplicast.analysis.decision import call
from amplicast.analysis.given_data import given_data
from amplicast.analysis.influence import discovery
from amplicast.analysis.replay import Answer, Replay, blocks_of
from amplicast.analysis.sobol import by_rank, sobol
from amplicast.analysis.voi import nested

pytestmark = pytest.mark.benchmark

PLACE = {"actor": "world", "regime": "internal", "task_class": "general", "year": 2032}


@pytest.fixture(scope="module")
def replay(finished):
    """The model of the copies at one place."""
    assert finished.outputs["copies"].sizes["draw"] == 4000
    return Replay(finished, finished.scenarios[0], [Answer.at("copies", **PLACE)])


def test_evaluations(benchmark, replay):
    """4,000 evaluations of one answer, every block as it is."""
    rows = numpy.arange(4000)
    benchmark.pedantic(lambda: replay.model()(rows, {}), rounds=5, warmup_rounds=1)


def test_indices_of_a_block(benchmark, finished, replay):
    """Both indices of one block with their intervals: 4,000 evaluations and 1,000 resamples."""
    (block,) = [b for b in blocks_of(finished, finished.scenarios[0]) if b.name == "roofline"]
    model = replay.model([block])
    scale = by_rank(replay.base[0])
    benchmark.pedantic(
        lambda: sobol(model, ["roofline"], replay.base, [scale], seed=1), rounds=5, warmup_rounds=1
    )


def test_every_input_from_given_draws(benchmark, finished, replay):
    """Three indices of all inputs, intervals of seven."""
    scale = by_rank(replay.base[0])
    benchmark.pedantic(
        lambda: given_data(
            finished,
            replay.base[0],
            scenario=finished.scenarios[0],
            scale=scale,
            seed=1,
            most=7,
        ),
        rounds=2,
    )


def test_a_scenario_is_discovered(benchmark, finished):
    """A box, with the condition and the graph from scratch."""
    condition = parse_condition("copies > 1e9")
    answers = [Answer.at("copies", **PLACE)]
    scenario = finished.scenarios[0]
    benchmark.pedantic(lambda: discovery(finished, condition, answers, scenario=scenario), rounds=3)


def test_worth_of_a_block(benchmark, finished, replay):
    """32,768 nested evaluations and 50 resamples."""
    (block,) = [b for b in blocks_of(finished, finished.scenarios[0]) if b.name == "roofline"]
    model = replay.model([block])
    decision = call("copies", float(numpy.median(replay.base[0])))
    benchmark.pedantic(
        lambda: nested(
            model, ["roofline"], replay.base[0], decision.payoffs, by_rank(replay.base[0]), seed=1
        ),
        rounds=2,
    )
