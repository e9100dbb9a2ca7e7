"""Run folders: written whole or not at all, opened without sampling, refused if altered."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import xarray

from amplicast import Forecast, Registry, RunError, load
from amplicast.forecast.store import find_run

FILES = {"draws.nc", "run.json", "scenario.resolved.toml"}


@pytest.fixture
def copied(brief_folder: Path, tmp_path: Path) -> Path:
    """A copy of the saved run that a test may damage."""
    return Path(shutil.copytree(brief_folder, tmp_path / "run"))


def refused(folder: Path, registry: Registry) -> str:
    """Code with which a folder is refused; the message names the folder or the remedy."""
    with pytest.raises(RunError) as caught:
        Forecast.load(folder, registry)
    (problem,) = caught.value.problems
    assert caught.value.exit_code == 3
    assert problem.fix
    assert str(folder) in problem.where
    return problem.code


def test_a_folder_holds_three_files(brief_folder: Path) -> None:
    """Draws, card and resolved scenario, and nothing that writing left behind."""
    assert {path.name for path in brief_folder.iterdir()} == FILES
    card = json.loads((brief_folder / "run.json").read_text("utf-8"))
    assert (card["schema"], card["schema_version"]) == ("amplicast.run", 1)
    assert card["run"] == brief_folder.name


def test_opened_run_is_the_saved_one(
    brief: Forecast, brief_folder: Path, installed: Registry
) -> None:
    """Every group comes back to the bit, with units, scenario and provenance."""
    opened = load(brief_folder, installed)
    assert (opened.id, opened.scenarios) == (brief.id, brief.scenarios)
    assert opened.provenance == brief.provenance
    assert opened.scenario == brief.scenario
    assert opened.plan == brief.plan
    assert {node.path for node in opened.tree.subtree} == {node.path for node in brief.tree.subtree}
    for node in brief.tree.subtree:
        xarray.testing.assert_identical(
            opened.tree[node.path].to_dataset().drop_attrs(deep=False).load(),
            node.to_dataset().drop_attrs(deep=False),
        )
    assert opened.outputs["copies"].attrs["unit"] == "copies"
    opened.tree.close()


def test_opening_needs_no_sampler(brief_folder: Path) -> None:
    """Nothing is sampled or compiled: PyMC, PyTensor, Numba and nutpie are not even imported."""
    code = (
        "import sys; from pathlib import Path; import amplicast\n"
        f"forecast = amplicast.load(Path({str(brief_folder)!r}))\n"
        "changed = forecast.reevaluate(forecast.scenario.variants['inference-cap'])\n"
        "assert float(changed.outputs['copies'].sel(year=2026).mean()) > 0\n"
        "print(sorted({'pymc', 'pytensor', 'numba', 'nutpie', 'arviz'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


def test_resolved_scenario_says_it_all(
    brief: Forecast, brief_folder: Path, installed: Registry
) -> None:
    """The scenario beside the draws loads by itself to the content that was run."""
    from amplicast.forecast.inputs import declared
    from amplicast.scenario import load as load_scenario

    path = brief_folder / "scenario.resolved.toml"
    read = load_scenario(path, declared=declared(installed), builtin=lambda name: Path(name))
    assert read.digest() == brief.scenario.digest()


def test_altered_draws_are_refused(copied: Path, installed: Registry) -> None:
    """One byte changed is one byte too many."""
    path = copied / "draws.nc"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert refused(copied, installed) == "AMP-R102"


def test_draws_of_another_run_are_refused(copied: Path, installed: Registry) -> None:
    """A card that names other draws is not believed."""
    card = json.loads((copied / "run.json").read_text("utf-8"))
    (copied / "run.json").write_text(json.dumps(card | {"draws_sha256": "0" * 64}))
    assert refused(copied, installed) == "AMP-R102"


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "{}", '{"draws_sha256": "0"}', "\x00"])
def test_broken_card_is_refused(copied: Path, content: str, installed: Registry) -> None:
    """Whatever stands in the card, the answer is a message with a remedy."""
    (copied / "run.json").write_text(content)
    assert refused(copied, installed) in {"AMP-R103", "AMP-R104"}


@pytest.mark.parametrize("missing", ["run.json", "draws.nc"])
def test_half_written_folder_is_refused(copied: Path, missing: str, installed: Registry) -> None:
    """The card is written last, so a folder without it, or without draws, is no run."""
    (copied / missing).unlink()
    assert refused(copied, installed) in {"AMP-R103", "AMP-R104"}


def test_altered_scenario_in_the_card_is_refused(copied: Path, installed: Registry) -> None:
    """Draws must not be shown under beliefs that they were not drawn from."""
    card = json.loads((copied / "run.json").read_text("utf-8"))
    card["scenario"]["tree"]["assumptions"]["inference_share"]["value"] = "0.9 to 0.99"
    (copied / "run.json").write_text(json.dumps(card))
    assert refused(copied, installed) == "AMP-R105"


def test_run_of_another_version_is_refused(
    brief: Forecast, tmp_path: Path, installed: Registry
) -> None:
    """A scenario that lacks a choice of this version is named as such, without a traceback."""
    record = brief.provenance
    del record["scenario"]["tree"]["plugins"]["cost"]
    tree = brief.tree.copy()
    tree.attrs = {"provenance": json.dumps(record, sort_keys=True)}
    folder = dataclasses.replace(brief, tree=tree).save(tmp_path)
    assert refused(folder, installed) == "AMP-R106"


def test_interrupted_save_leaves_no_run(
    brief: Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: Registry
) -> None:
    """Stopped after the draws, nothing half-written is left, and there is no run."""

    def stopped(self: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("amplicast.scenario.Scenario.resolved_toml", stopped)
    folder = tmp_path / "runs" / "stopped"
    with pytest.raises(KeyboardInterrupt):
        brief.save(folder)
    assert not folder.exists()
    assert refused(folder, installed) == "AMP-R103"
    with pytest.raises(RunError, match="AMP-R108"):
        find_run("latest", tmp_path / "runs")


def test_runs_are_found_by_path_id_and_latest(brief_folder: Path, tmp_path: Path) -> None:
    """A path, the beginning of an id, or the newest; else the known ones are named."""
    runs = tmp_path / "runs"
    for number, name in enumerate(("aaa1111", "abb2222", "ccc3333")):
        (runs / name).mkdir(parents=True)
        card = runs / name / "run.json"
        card.write_text("{}")
        os.utime(card, (1e9 - number, 1e9 - number))
    assert find_run(str(brief_folder), runs) == brief_folder
    assert find_run("abb", runs).name == "abb2222"
    assert find_run("ccc3333", runs).name == "ccc3333"
    assert find_run("latest", runs).name == "aaa1111"
    with pytest.raises(RunError, match="no run 'zzz'") as caught:
        find_run("zzz", runs)
    assert "abb2222" in str(caught.value)
