"""The command line: answers on stdout, everything else on stderr, an exit code for each mistake."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy
import pytest
from tests.unit.command_line import call

from amplicast import Forecast
from amplicast.cli import COMMANDS
from amplicast.report.table import KEYS, LEVELS


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every command in an empty folder."""
    monkeypatch.chdir(tmp_path)


def answered(*arguments: object, code: int = 0) -> dict[str, Any]:
    """Run with ``--json`` and read stdout, which holds one document and nothing else."""
    document: dict[str, Any] = json.loads(call(*arguments, "--json", code=code).stdout)
    assert document["schema"].startswith("amplicast.")
    assert document["schema_version"] == 1
    return document


@pytest.fixture
def failed_run(brief_folder: Path, tmp_path: Path, installed: Any) -> Path:
    """The session's run as it would be if a check of its calibration had failed."""
    forecast = Forecast.load(brief_folder, installed)
    record = forecast.provenance | {"failed_checks": ["resampling: FAIL r_hat: too large"]}
    tree = forecast.tree.copy()
    tree.attrs["provenance"] = json.dumps(record)
    stamped = Forecast(tree=tree, plan=forecast.plan, scenario=forecast.scenario)
    return stamped.save(tmp_path / "failed")


def quantiles(forecast: Forecast, row: dict[str, Any]) -> list[float]:
    """Quantiles of the draws at a row's place."""
    places = [key for key in KEYS if key != "scenario"]
    place = {key: row[key] for key in places if row.get(key) not in {"", None}}
    for key in {"year", "frontier_spend"} & set(place):
        place[key] = int(place[key])
    name = row.get("quantity") or row["variable"]
    values = forecast.outputs[name].sel(place).values
    kept = values[~numpy.isnan(values)]
    return list(numpy.quantile(kept, list(LEVELS.values()))) if kept.size else []


def test_help_lists_every_command() -> None:
    """The first screen names all commands, each with a line."""
    text = call("--help").stdout
    for name, about in COMMANDS.items():
        assert name in text
        assert about in text
    for name in COMMANDS:
        assert f"amplicast {name}" in call(name, "--help").stdout


def test_slip_in_a_command_is_answered_with_the_nearest() -> None:
    """Click's own exit code for wrong usage, and a suggestion."""
    assert "Did you mean 'forecast'" in call("forcast", code=2).stderr


def test_dry_run_writes_nothing(tmp_path: Path) -> None:
    """It says what would be done, and does nothing."""
    text = call("run", "baseline", "--dry-run").stdout
    assert "resampling" in text
    assert "4 chains of 1000" in text
    assert "draws.nc, run.json, scenario.resolved.toml" in text
    assert text.splitlines()[-1] == "Nothing was run."
    assert list(tmp_path.iterdir()) == []


def test_run_writes_a_folder_and_names_it(
    brief: Forecast, brief_file: Path, tmp_path: Path
) -> None:
    """The same seed gives the same run, bit for bit, under the same name, whoever asks for it."""
    document = answered("--quiet", "run", brief_file, "--seed", brief.scenario.compute.seed)
    assert document["data"]["run"] == brief.id
    folder = tmp_path / document["data"]["folder"]
    assert Path(document["data"]["card"]).is_file()
    again = Forecast.load(folder)
    assert again.outputs.drop_attrs(deep=False).identical(brief.outputs.drop_attrs(deep=False))
    assert call("forecast", "latest").stdout == call("forecast", brief.id[:4]).stdout


def test_forecast_shows_both_headlines(brief: Forecast, brief_folder: Path) -> None:
    """Medians and intervals of copies and amplification, what they rest on, what they leave out."""
    text = call("forecast", brief_folder).stdout
    assert brief.id in text
    for part in ("AI copies", "Amplification", "66 %", "90 %", "Checks: no failure", "Not covered"):
        assert part in text
    for name in (*brief.plan.actors, *brief.plan.regimes, *brief.plan.task_classes):
        assert name in text
    assert "nan" not in text.lower()
    only = call(
        "forecast", brief_folder, "--quantity", "copies", "--years", "2027", "--no-fan"
    ).stdout
    assert "2027" in only
    assert "2026" not in only.partition("Beliefs that must hold")[0]
    assert "Amplification over" not in only


def test_forecast_as_json(brief: Forecast, brief_folder: Path) -> None:
    """The same numbers as the draws', one object per quantity and place."""
    rows = answered("forecast", brief_folder, "--years", "2026,2031")["data"]
    assert {row["quantity"] for row in rows} == {"amplification", "copies"}
    assert {row["year"] for row in rows} == {2026, 2031}
    for row in rows[::7]:
        told = [row[name] for name in LEVELS]
        assert told == pytest.approx(quantiles(brief, row), rel=1e-12)
        assert 0.0 < row["share_defined"] <= 1.0


@pytest.mark.parametrize("years", ["2024", "2026,x", "", "2026-2028", "2026,,2028"])
def test_years_that_are_not_there(brief_folder: Path, years: str) -> None:
    """Exit 3, with the years that there are and an example."""
    result = call("forecast", brief_folder, "--years", years, code=3)
    assert result.stdout == ""
    assert "AMP-C101" in result.stderr
    assert "2025 to 2032" in result.stderr
    assert "Fix: --years 2025,2032" in result.stderr


def test_chance_of_at_least(brief: Forecast, brief_folder: Path) -> None:
    """The chance of a gain is the share of all draws, and is never told as 0 or 100 %."""
    from amplicast.report.words import percent

    text = call("forecast", brief_folder, "--years", "2026", "--at-least", "1").stdout
    assert "Chance of 1.0 OOM or more by the end of 2026" in text
    line = next(part for part in text.splitlines() if "world, project:" in part)
    values = brief.outputs["amplification"].sel(year=2026, actor="world", regime="project")
    share = float((values.sel(task_class="sequential") >= 1.0).mean())
    assert f"sequential {percent(share)}" in line
    assert " 0 %" not in text
    assert " 100 %" not in text


def test_forecast_under_another_belief(brief_folder: Path) -> None:
    """``--set`` and ``--variant`` re-evaluate the stored draws, and say so."""
    text = call("forecast", brief_folder, "--set", "inference_share=0.1 to 0.2").stdout
    assert "Re-evaluated" in text
    assert "inference_share" in text
    assert "Re-evaluated" in call("forecast", brief_folder, "--variant", "inference-cap").stdout
    for slip in (("--variant", "inference-ca"), ("--set", "inference_shar=0.5"), ("--set", "x")):
        assert "Fix: " in call("forecast", brief_folder, *slip, code=3).stderr


def test_unknown_run() -> None:
    """Exit 3, and how to make one."""
    assert "Fix: amplicast run baseline" in call("forecast", "nothing", code=3).stderr


def test_exported_csv_reads_back(brief: Forecast, brief_folder: Path) -> None:
    """Every output, every level, the draws' own quantiles to the last digit."""
    rows = list(csv.DictReader(io.StringIO(call("export", brief_folder).stdout)))
    assert {row["variable"] for row in rows} == set(brief.outputs)
    assert {row["run"] for row in rows} == {brief.id}
    for start in range(0, len(rows), len(LEVELS) * 37):
        group = rows[start : start + len(LEVELS)]
        assert [row["quantile"] for row in group] == list(LEVELS)
        told = [float(row["value"]) for row in group if row["value"]]
        assert told == pytest.approx(quantiles(brief, group[0]), rel=1e-12)


def test_exported_json_reads_back(brief: Forecast, brief_folder: Path) -> None:
    """The same rows with provenance; undefined is null, never NaN."""
    document = json.loads(call("export", brief_folder, "--format", "json").stdout)
    assert document["run"] == brief.id
    assert document["provenance"]["scenario_digest"] == brief.scenario.digest()
    for row in document["data"][::41]:
        told = [row[name] for name in LEVELS if row[name] is not None]
        assert told == pytest.approx(quantiles(brief, row), rel=1e-12)


def test_exported_markdown_reads_back(brief: Forecast, brief_folder: Path) -> None:
    """Tables of equal width whose medians are the draws', to three figures."""
    text = call("export", brief_folder, "--format", "md").stdout
    part = text.split("## copies (copies)")[1].split("\n## ")[0]
    lines = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("|")]
    header, _, *rows = lines
    assert {len(row) for row in rows} == {len(header)}
    for cells in rows:
        row = dict(zip(header, cells, strict=True)) | {"quantity": "copies"}
        assert float(row["median"]) == pytest.approx(quantiles(brief, row)[2], rel=0.0051)


def test_export_overwrites_nothing(brief_folder: Path, tmp_path: Path) -> None:
    """An existing file is refused and stays as it is, until ``--force``."""
    path = tmp_path / "out.csv"
    path.write_text("mine")
    result = call("export", brief_folder, "--out", path, code=4)
    assert "add --force" in result.stderr
    assert path.read_text() == "mine"
    assert call("export", brief_folder, "--out", path, "--force").stdout == ""
    assert path.read_text().startswith("variable,unit,scenario")
    assert {one.name for one in tmp_path.iterdir()} == {"out.csv", "out.datapackage.json"}
    nowhere = call("export", brief_folder, "--out", tmp_path / "absent" / "out.csv", code=3)
    assert "Fix: mkdir -p" in nowhere.stderr


def test_failed_checks_stop_the_export(failed_run: Path) -> None:
    """Exit 4 with the failures named, unless asked for; then the export carries them."""
    result = call("export", failed_run, code=4)
    assert result.stdout == ""
    assert "FAIL r_hat" in result.stderr
    assert "do not quote" in call("forecast", failed_run).stdout
    for kind in ("csv", "json", "md"):
        options = ("--format", kind, "--allow-failed-checks")
        assert "FAIL r_hat" in call("export", failed_run, *options).stdout, kind


def test_unknown_format(brief_folder: Path) -> None:
    """Exit 5, the code of everything that concerns plugins."""
    assert "'csv'" in call("export", brief_folder, "--format", "cvs", code=5).stderr
