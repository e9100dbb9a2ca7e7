"""Simulation-based calibration: a right model passes, a wrong one is caught, ranks are told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from tests.unit.command_line import call
from tests.unit.synthetic_plugin import SYNTHETIC

from amplicast.analysis.sbc import simulate_calibration
from amplicast.analysis.sbc_ranks import LEVEL, RANKS, Ranks, SimulatedCalibration, rank_test
from amplicast.analysis.sbc_slice import LIKELIHOOD, SLICE
from amplicast.engine.execute import Where
from amplicast.errors import RunError
from amplicast.report.charts.rank_histogram import PARTS, counts_of, usual_counts
from amplicast.report.charts.simulated import simulated_ranks
from amplicast.report.charts.style import SERIES
from amplicast.report.simulated import simulated_record, simulated_text

SIMULATIONS = 40


def _made(shift: float) -> SimulatedCalibration:
    return simulate_calibration(SYNTHETIC, simulations=SIMULATIONS, seed=5, shift=shift)


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
    assert {each.name for each in right.table} == {"level", "slope", LIKELIHOOD}
    assert all(len(each.ranks) == SIMULATIONS for each in right.table)
    assert all(0 <= rank <= RANKS for each in right.table for rank in each.ranks)


def test_a_wrong_model_is_caught(wrong: SimulatedCalibration) -> None:
    """Values come out too high, so true ones rank low; the band is left as well."""
    assert not wrong.passed
    level = next(each for each in wrong.table if each.name == "level")
    assert numpy.mean(level.ranks) < 0.4 * RANKS
    assert level in wrong.outside


@pytest.mark.parametrize("kind", ["serial", "processes"])
def test_ranks_do_not_depend_on_where(
    right: SimulatedCalibration, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fewer simulations are the first of more; with nothing kept, they come out the same."""
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", str(tmp_path))
    where = Where(kind=kind, workers=2)
    found = simulate_calibration(SYNTHETIC, simulations=15, seed=5, where=where)
    assert found.seconds["sample"] > 0.0
    ranks = {each.name: each.ranks[:15] for each in right.table}
    assert {each.name: each.ranks for each in found.table} == ranks


def test_finished_slices_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is interrupted goes on; a damaged or a shorter file is done again."""
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", str(tmp_path))

    def stop(done: int) -> None:
        if done == SLICE + 2:
            raise KeyboardInterrupt

    where = Where(kind="serial")
    with pytest.raises(KeyboardInterrupt):
        simulate_calibration(SYNTHETIC, simulations=25, seed=5, where=where, report=stop)
    (folder,) = (tmp_path / "simulated").iterdir()
    assert [file.name for file in folder.iterdir()] == ["0.json"]
    told: list[int] = []
    whole = simulate_calibration(SYNTHETIC, simulations=25, seed=5, where=where, report=told.append)
    assert (told[0], told[-1]) == (SLICE, 25)
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == ["0.json", "1.json", "2.json"]
    again = simulate_calibration(SYNTHETIC, simulations=25, seed=5, where=where)
    assert (again, again.seconds["sample"]) == (whole, 0.0)
    files[1].write_text(files[1].read_text()[:99])
    told.clear()
    longer = simulate_calibration(
        SYNTHETIC, simulations=30, seed=5, where=where, report=told.append
    )
    assert (told[0], told[-1], longer.simulations) == (SLICE, 30, 30)
    first = {each.name: each.ranks[:25] for each in longer.table}
    assert first == {each.name: each.ranks for each in whole.table}


def test_a_function_that_no_other_process_finds() -> None:
    """A notebook's plugin is simulated here, and refused elsewhere."""
    line = SYNTHETIC.evidence[0].predictor

    def nameless(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
        return line(m, columns, level=level, slope=slope)

    evidence = replace(SYNTHETIC.evidence[0], predictor=nameless)
    plugin = replace(SYNTHETIC, evidence=(evidence,))
    here = simulate_calibration(plugin, simulations=2, seed=5)
    assert here.simulations == 2
    with pytest.raises(RunError, match=r"(?s)AMP-G122.*--executor threads"):
        simulate_calibration(plugin, simulations=2, seed=5, where=Where(kind="processes"))


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
    call("check", run_folder, "--executor", "serial", code=2)
    call("check", run_folder, "--sbc", "--executor", "dask", code=2)


def test_the_command_says_how_far_it_is(run_folder: Path) -> None:
    """And how long the stages took; a second time, that all was kept from before."""
    asked = ("check", run_folder, "--sbc", "--plugin", "lab-fleet", "--simulations", "20")
    call(*asked)
    again = call(*asked, "--executor", "processes", "--json")
    assert "20 of 20 simulations" in again.stderr
    assert "lab-fleet: passed, kept from before" in again.stderr
    (told,) = json.loads(again.stdout)["data"]["calibrations"]
    assert told["seconds_of_workers"] == {"compile": 0.0, "simulate": 0.0, "sample": 0.0}
