"""The commands around a forecast: scenario files, plugins, and the state of the installation."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.unit.command_line import call

from amplicast import Registry

STRANGER = Path(__file__).parents[1] / "contract" / "stranger.py"
BROKEN = Path(__file__).parents[1] / "contract" / "faulty" / "import_error.py"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every command in an empty folder."""
    monkeypatch.chdir(tmp_path)


def answered(*arguments: object, code: int = 0) -> Any:
    """Data of the one JSON document on stdout."""
    return json.loads(call(*arguments, "--json", code=code).stdout)["data"]


def test_new_scenario_is_fit_to_run(tmp_path: Path) -> None:
    """What ``new`` writes passes ``check``, is shown complete, explained, and never overwritten."""
    path = tmp_path / "my-case.toml"
    assert call("scenario", "new", "my-case").stdout.strip() == "my-case.toml"
    assert "my-case.toml: OK." in call("scenario", "check", "my-case.toml").stdout
    path.write_text(path.read_text("utf-8") + "\n# mine\n", "utf-8")
    assert "add --force" in call("scenario", "new", "my-case", code=3).stderr
    assert path.read_text("utf-8").endswith("# mine\n")
    assert "Fix: mkdir -p absent" in call("scenario", "new", "absent/my-case", code=3).stderr
    shown = tomllib.loads(call("scenario", "show", "my-case.toml").stdout)
    assert shown["assumptions"]["inference_share"]
    assert "Nothing was run." in call("run", "my-case.toml", "--dry-run").stdout


def test_check_tells_every_mistake_at_once(tmp_path: Path) -> None:
    """Exit 3; stdout stays empty, or holds the one JSON document."""
    path = tmp_path / "bad.toml"
    path.write_text(
        'format = 1\nname = "bad"\nbased_on = "builtin:baseline"\n'
        '[assumptions.inference_shar]\nvalue = "0.1 to 0.2"\nunit = "fraction"\n'
        '[assumptions.serial_speed]\nvalue = "9 to 3"\nunit = "tokens/s"\n'
    )
    result = call("scenario", "check", path, code=3)
    assert result.stdout == ""
    assert result.stderr.count("Error AMP-") == 2
    assert result.stderr.count("Fix: ") == 2
    assert "'inference_share'" in result.stderr
    told = answered("scenario", "check", path, code=3)
    assert len(told["problems"]) == 2
    assert all(problem["code"].startswith("AMP-S") for problem in told["problems"])
    assert call("run", path, code=3).stdout == ""
    assert call("run", tmp_path / "absent.toml", code=3).stdout == ""


def test_explain_says_what_a_belief_means() -> None:
    """Five quantiles in order and the reason, for every belief."""
    rows = {row["name"]: row for row in answered("scenario", "explain", "baseline")}
    points = [rows["inference_share"][key] for key in ("p05", "p25", "p50", "p75", "p95")]
    assert points == sorted(points)
    assert all(row["unit"] and row["source"] for row in rows.values())
    text = " ".join(call("scenario", "explain", "baseline").stdout.split())
    assert "inference_share [fraction]" in text
    assert rows["inference_share"]["why"] in text


def test_schema_is_json() -> None:
    """Editors can complete a scenario."""
    assert json.loads(call("scenario", "show", "baseline", "--schema").stdout)["properties"]


def test_plugins_are_listed() -> None:
    """Every plugin, loaded or not, in one table; a broken one is told of on stderr."""
    text = call("plugins", "list").stdout
    rows = Registry.load().rows()
    assert [line.split()[0] for line in text.splitlines()[1:]] == [row.name for row in rows]
    result = call("--plugin", STRANGER, "--plugin", BROKEN, "plugins", "list", "--json")
    found = {row["name"]: row for row in json.loads(result.stdout)["data"]}
    assert found["stranger.py"]["adds"]["techniques"] == ["self-check"]
    assert (found["import_error.py"]["loaded"], found["resampling"]["loaded"]) == (False, True)
    assert found["import_error.py"]["problem"]
    assert "AMP-P101" in result.stderr


def test_plugin_in_full() -> None:
    """Beliefs with unit, basis and source; evidence; sources with their grade; limits."""
    text = call("plugins", "info", "resampling").stdout
    for part in ("Limits: ", "ln_odds_slope", "nat/OOM", "calibrated", "belief", "Evidence", "[B]"):
        assert part in text
    (record,) = answered("plugins", "info", "resampling")
    basis = {p["name"]: p["basis"] for p in record["parameters"]}
    assert basis["ln_odds_slope"] == "calibrated"
    assert basis["reach"] == "belief"
    assert "did you mean 'resampling'" in call("plugins", "info", "resamplin", code=5).stderr


def test_blocked_plugin_is_missed_by_the_scenario_that_needs_it() -> None:
    """A forecast without what its scenario names is refused, not made without it."""
    assert "resampling" in call("--block", "resampling", "run", "--dry-run", code=3).stderr


def test_doctor_finds_nothing_here() -> None:
    """Every finding is good where the tests run; a broken plugin is one that is not."""
    found = answered("doctor")
    assert all(finding["ok"] for finding in found)
    assert f"python {sys.version_info[0]}.{sys.version_info[1]}" in found[0]["what"]
    assert "✓" in call("doctor").stdout
    bad = answered("--plugin", BROKEN, "doctor", code=1)
    assert [finding["what"] for finding in bad if not finding["ok"]]
