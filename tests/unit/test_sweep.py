"""A sweep is the same as its cases one by one, wherever they are done and however often stopped."""

from __future__ import annotations

import csv
import json
import warnings
from pathlib import Path

import numpy
import pytest
import xarray
from tests.unit.command_line import call
from tests.unit.sweeps import HEAD, SHARES, contents, designed, swept
from tests.unit.tasks import helpers

from amplicast import Forecast, Registry
from amplicast.analysis.sweep import Swept
from amplicast.analysis.sweep.quantiles import told
from amplicast.engine.execute import Where
from amplicast.errors import RunError
from amplicast.forecast.draws import changed_inputs
from amplicast.forecast.forecast import evaluate_draws, label
from amplicast.forecast.quantiles import QUANTILES


@pytest.fixture(scope="module")
def shares(brief: Forecast, installed: Registry, tmp_path_factory: pytest.TempPathFactory) -> Swept:
    """Six cases in one thread, draws kept."""
    folder = tmp_path_factory.mktemp("sweep")
    text = SHARES.replace("[grid]", "draws = true\n[grid]")
    design = designed(brief, installed, folder, text)
    where = Where(kind="serial")
    return swept(brief, installed, design, folder / "out", where=where, slice_size=4)


def test_every_case_is_that_scenario(shares: Swept, brief: Forecast) -> None:
    """To the last bit: neither what is kept from case to case nor the way by years shows."""
    hold_to_scenarios(shares, brief)


DEEP = """\
[keep]
years = [2027, 2030]
actors = ["world"]
task_classes = ["general"]
outputs = ["amplification", "stock", "copies", "cost_per_person_hour", "frontier_copies"]
draws = true
[[case]]
name = "as it is"
[[case]]
serial_speed = 30
wage = "40 to 60"
[[case]]
serial_speed = 30
inference_share = 0.5
"""


def test_a_case_that_moves_the_whole_model_is_that_scenario(
    brief: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """Also what goes through labelled arrays, and what no belief moves."""
    design = designed(brief, installed, tmp_path, HEAD + DEEP)
    found = swept(brief, installed, design, tmp_path / "out", where=Where(kind="serial"))
    hold_to_scenarios(found, brief)


def hold_to_scenarios(found: Swept, brief: Forecast) -> None:
    """Quantiles and draws of every case are those of a whole evaluation."""
    with xarray.open_dataset(found.results.netcdf, engine="h5netcdf") as file:
        table = file.load()
    keep = found.results.design.keep
    for case in found.results.design.cases:
        inputs = brief.inputs()
        draws = inputs["wage"].sizes["draw"]
        inputs |= changed_inputs(brief.plan, brief.scenario, case.beliefs, draws=draws)
        whole = label(evaluate_draws(brief.plan, inputs), brief.plan)
        for output in keep.outputs:
            had = whole[output]
            kept = had.sel({d: list(keep.labels[d]) for d in had.dims if d in keep.labels})
            mine = table[output].sel(case=case.name)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                expected = numpy.nanquantile(kept.values, QUANTILES, axis=kept.dims.index("draw"))
            numpy.testing.assert_array_equal(
                mine.transpose("quantile", *[d for d in kept.dims if d != "draw"]).values, expected
            )
            every = table[f"{output} draws"].sel(case=case.name).transpose(*kept.dims)
            numpy.testing.assert_array_equal(every.values, kept.values.astype("float32"))


def test_the_table_has_every_input_and_place(shares: Swept) -> None:
    """A row for each case, output and place, with what the case believes."""
    with shares.results.csv.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 * (2 + 2 * 3 * 2)
    assert {row["inference_share"] for row in rows} == {"0.3 to 0.5", "0.6", "0.5 to 0.8"}
    assert {row["lab_demand_share"] for row in rows} == {"0.2", "0.4"}
    first = rows[0]
    assert (first["case"], first["quantity"], first["unit"]) == ("1", "amplification", "OOM")
    assert all(float(row["p05"]) <= float(row["p95"]) for row in rows if row["p05"])


@pytest.mark.parametrize(
    ("kind", "size"), [("serial", 1), ("threads", 2), ("processes", 3)], ids=str
)
def test_the_bytes_do_not_depend_on_where(
    shares: Swept, brief: Forecast, installed: Registry, tmp_path: Path, kind: str, size: int
) -> None:
    """Nor on how many cases are done together."""
    where = Where(kind=kind, workers=2)
    again = swept(brief, installed, shares.results.design, tmp_path, where=where, slice_size=size)
    assert contents(again) == contents(shares)
    assert again.record["executor"] == kind
    assert set(again.record["seconds_of_workers"]) == {"load", "inputs", "model", "quantiles"}


def test_a_killed_worker_loses_nothing(
    shares: Swept, brief: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """Both processes are killed in the middle of the sweep; the table is the same to the bit."""
    killed = []

    def kill(done: int, total: int) -> None:
        if done and not killed:
            for process in helpers():
                process.kill()
                killed.append(process.pid)

    where = Where(kind="processes", workers=2)
    again = swept(
        brief, installed, shares.results.design, tmp_path, kill, where=where, slice_size=1
    )
    assert len(killed) == 2
    assert contents(again) == contents(shares)


def test_an_interrupted_sweep_goes_on(
    shares: Swept, brief: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """What was finished is not done again, what is damaged is, and the table is the same."""

    def stop(done: int, total: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    design, where = shares.results.design, Where(kind="threads", workers=2)
    with pytest.raises(KeyboardInterrupt):
        swept(brief, installed, design, tmp_path, stop, where=where, slice_size=1)
    files = sorted((tmp_path / "slices").iterdir())
    assert 4 <= len(files) < 6
    assert not any(file.name.startswith(".") for file in files)
    assert not (tmp_path / "results.csv").exists()
    files[0].write_bytes(files[0].read_bytes()[:100])
    again = swept(brief, installed, design, tmp_path, where=where, slice_size=1)
    assert again.record["slices_done_before"] == len(files) - 1
    assert contents(again) == contents(shares)
    finished_before = swept(brief, installed, design, tmp_path, where=where, slice_size=1)
    assert finished_before.record["slices_done_before"] == 6
    assert contents(finished_before) == contents(shares)


def test_another_sweep_is_not_written_over(
    shares: Swept, brief: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """Unless it is asked for; then nothing of the old one counts."""
    where = Where(kind="serial")
    design = designed(brief, installed, tmp_path, SHARES.replace("0.6", "0.7"))
    before = contents(shares)
    with pytest.raises(RunError, match="AMP-G130"):
        swept(brief, installed, design, shares.folder, where=where)
    assert contents(shares) == before
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").touch()
    with pytest.raises(RunError, match="AMP-G130"):
        swept(brief, installed, design, folder, where=where)


def test_quantiles_are_those_of_numpy() -> None:
    """To the last bit, undefined draws, infinite ones and rows without any included."""
    generator = numpy.random.default_rng(1)
    values = generator.standard_normal((40, 501)) * 10.0 ** generator.integers(-5, 9, (40, 1))
    values[generator.random(values.shape) < 0.1] = numpy.nan
    values[3], values[4, 2:], values[5] = numpy.nan, numpy.nan, 7.0
    values[6, :20] = numpy.inf
    probabilities = (0.001, 0.05, 0.17, 0.5, 0.501, 0.83, 0.95)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        expected = numpy.nanquantile(values, probabilities, axis=1).T
    defined = numpy.isfinite(values) | numpy.isinf(values)
    found, share = told(values.copy(), probabilities)
    numpy.testing.assert_array_equal(found, expected)
    numpy.testing.assert_array_equal(share, defined.mean(axis=1))


def test_structures_are_fitted_and_told(
    brief: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """Gains that add up fully are never below those that overlap; what is left out adds nothing."""
    text = (
        HEAD
        + """\
[keep]
years = [2030]
actors = ["world"]
regimes = ["project"]
outputs = ["gain_total"]
[structure]
combining = ["mechanism-overlap", "additive"]
leave_out = ["", "majority-vote"]
"""
    )
    design = designed(brief, installed, tmp_path, text)
    found = swept(brief, installed, design, tmp_path / "out", where=Where(kind="serial"))
    with found.results.csv.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["task_class"] == "general"]
    by = {(row["combining"], row["leave_out"]): float(row["p50"]) for row in rows}
    assert len(by) == 4
    assert by["additive", ""] >= by["mechanism-overlap", ""]
    assert by["additive", ""] >= by["additive", "majority-vote"]
    expected = brief.output("gain_total", brief.scenarios[0]).sel(
        year=2030, actor="world", regime="project", task_class="general"
    )
    assert by["mechanism-overlap", ""] == pytest.approx(float(expected.median()), rel=1e-6)


def test_the_command_sweeps_and_goes_on(brief_folder: Path, tmp_path: Path) -> None:
    """Summary, JSON, dry run; the second time nothing is left to do."""
    grid = tmp_path / "grid.toml"
    grid.write_text(f'run = "{brief_folder}"\n' + SHARES, encoding="utf-8")
    out = tmp_path / "out"
    dry = call("sweep", grid, "--dry-run")
    assert "6 cases on 1 structure, in 1 slice." in dry.output
    planned = json.loads(call("-q", "sweep", grid, "--dry-run", "--json").stdout)["data"]
    assert (planned["cases"], planned["values"]) == (6, 14)
    assert "Nothing was run." in dry.output
    assert not out.exists()
    shown = call("sweep", grid, "--out", out, "--executor", "serial")
    assert "A sweep: 6 cases" in shown.output
    assert "What moves its median" in shown.output
    answered = json.loads(call("--quiet", "sweep", grid, "--out", out, "--json").stdout)
    assert answered["schema"] == "amplicast.sweep"
    assert answered["data"]["record"]["slices_done_before"] == 1
    assert answered["data"]["inputs"] == ["inference_share", "lab_demand_share"]


def test_the_command_needs_dask_for_a_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, the answer is how to install it; an address that does not answer is told too."""
    refused = call("sweep", tmp_path / "grid.toml", "--executor", "dask", code=2)
    assert "--scheduler" in refused.output
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    refused = call("sweep", tmp_path / "grid.toml", "--scheduler", "tcp://127.0.0.1:1", code=6)
    assert "amplicast[dask]" in refused.output
