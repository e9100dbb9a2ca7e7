"""Simulation-based calibration: a right model passes, a wrong one is caught, ranks are told."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pytest
from tests.unit.command_line import call
from tests.unit.simulations import simulated
from tests.unit.synthetic_plugin import SYNTHETIC

from amplicast.analysis.sbc import simulate_calibration
from amplicast.analysis.sbc_ranks import LEVEL, RANKS, Ranks, SimulatedCalibration, rank_test
from amplicast.report.charts.rank_histogram import PARTS, counts_of, usual_counts
from amplicast.report.charts.simulated import simulated_ranks
from amplicast.report.charts.style import SERIES
from amplicast.report.simulated import simulated_record, simulated_text

SIMULATIONS = 40
QUICK = (
    "chat-assistants", "expert-sparsity", "game-tree-search", "lab-fleet", "overtraining",
    "speculative-decoding", "tokens-served",
)  # fmt: skip


def _made(shift: float) -> SimulatedCalibration:
    return simulate_calibration(SYNTHETIC, simulations=SIMULATIONS, seed=5, shift=shift, cores=2)


@pytest.fixture(scope="module")
def right() -> SimulatedCalibration:
    """The line fitted to rows of its own."""
    return _made(0.0)


@pytest.fixture(scope="module")
def wrong() -> SimulatedCalibration:
    """The same with every row a standard deviation too high, which the model is not told."""
    return _made(1.0)


def _uniform(simulations: int, parameters: int, generator: numpy.random.Generator) -> list[Ranks]:
    return [
        rank_test(f"p{i}", generator.integers(0, RANKS + 1, simulations), generator)
        for i in range(parameters)
    ]


def test_a_model_gives_back_what_it_was_told(right: SimulatedCalibration) -> None:
    """No divergence, enough draws, and ranks that chance explains."""
    assert right.passed
    assert (right.diverged, right.short) == (0, 0)
    assert {each.name for each in right.table} == {"level", "slope"}
    assert all(len(each.ranks) == SIMULATIONS for each in right.table)
    assert all(0 <= rank <= RANKS for each in right.table for rank in each.ranks)


def test_a_wrong_model_is_caught(wrong: SimulatedCalibration) -> None:
    """Values come out too high, so true ones rank low; the band is left as well."""
    assert not wrong.passed
    level = next(each for each in wrong.table if each.name == "level")
    assert numpy.mean(level.ranks) < 0.4 * RANKS
    assert level in wrong.outside


@pytest.mark.parametrize("name", QUICK)
def test_shipped_calibrations_give_back_what_they_are_told(name: str) -> None:
    """20 simulations of those that compile soonest; the slow tests do more, of every plugin."""
    found = simulated(name, 20)
    assert found.p_value >= LEVEL / len(QUICK), found.table[0]
    assert (found.diverged, found.short) == (0, 0)


def test_ranks_do_not_depend_on_the_cores() -> None:
    """Every simulation has its own seed."""
    one, two = (
        simulate_calibration(SYNTHETIC, simulations=8, seed=5, cores=cores) for cores in (1, 2)
    )
    assert one == two


def test_right_ranks_pass_as_often_as_said() -> None:
    """By the test and by the band, over all parameters together, within chance."""
    generator = numpy.random.default_rng(11)
    trials = 400
    failed = outside = 0
    for _ in range(trials):
        table = sorted(_uniform(60, 6, generator), key=lambda each: each.p_value)
        one = SimulatedCalibration(
            plugin="made-up", simulations=60, diverged=0, short=0, table=tuple(table)
        )
        failed += not one.passed
        outside += bool(one.outside)
    most = LEVEL + 4.0 * (LEVEL / trials) ** 0.5
    assert failed / trials < most
    assert 0.1 * LEVEL < outside / trials < most


def test_words_and_pictures_tell_the_failure(
    right: SimulatedCalibration, wrong: SimulatedCalibration, tmp_path: Path
) -> None:
    """Which parameter, and what to do; nothing of that where it passed."""
    text = str(simulated_text([right, wrong]))
    assert text.count("Next:") == 1
    assert "FAILED" in text
    assert "FAILED" not in str(simulated_text([right]))
    record = simulated_record([wrong])
    assert json.loads(json.dumps(record))["calibrations"][0]["passed"] is False
    picture = simulated_ranks([right, wrong])
    assert "1 of 2" in picture.title
    (file,) = picture.save(tmp_path / "ranks.svg")
    assert "FAILED" in file.read_text()


def test_a_calibration_alone_has_histograms(
    right: SimulatedCalibration, wrong: SimulatedCalibration, tmp_path: Path
) -> None:
    """A panel per parameter; bars add up to the simulations, and the wrong one's leave the grey."""
    assert len(simulated_ranks([right]).panels) == 1 + len(right.table)
    assert len(simulated_ranks([right, wrong]).panels) == 2
    low, high = usual_counts(SIMULATIONS)
    for one, off in ((right, False), (wrong, True)):
        level = next(each for each in one.table if each.name == "level")
        counts = counts_of(level)
        assert (len(counts), sum(counts)) == (PARTS, SIMULATIONS)
        assert any(not low <= count <= high for count in counts) == off
    (file,) = simulated_ranks([wrong]).save(tmp_path / "ranks.svg")
    assert SERIES[1] in file.read_text()


def test_only_what_is_fitted_can_be_simulated(run_folder: Path) -> None:
    """The message names what the run fitted; options that would be ignored are refused."""
    told = call("check", run_folder, "--sbc", "--plugin", "owned-chips", code=3).stderr
    assert "overtraining" in told
    call("check", run_folder, "--simulations", "50", code=2)
