"""The folder of runs: listed, found, and taken away only when that is meant."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.unit.command_line import call
from tests.unit.test_terminal import on_terminal

from amplicast.errors import RunError
from amplicast.forecast.runs import find_run, run_folders


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


def make(folder: Path, created: str, *, failed: tuple[str, ...] = (), whole: bool = True) -> Path:
    """A run folder with a card that says enough for a list."""
    folder.mkdir(parents=True)
    tree = {"name": "Made up", "years": "2025 to 2030", "compute": {"draws": 500, "chains": 4}}
    card = {
        "scenarios": ["Made up", "cap"],
        "created": created,
        "failed_checks": list(failed),
        "scenario": {"tree": tree},
    }
    (folder / "run.json").write_text(json.dumps(card))
    (folder / "scenario.resolved.toml").write_text("")
    if whole:
        (folder / "draws.nc").write_bytes(b"0" * 5000)
    return folder


def test_runs_are_listed_by_their_date(own_folder: Path) -> None:
    """Copying a folder does not make it newer; damaged ones are named and not ``latest``."""
    old = make(own_folder / "aaa1111", "2026-01-01T10:00:00+00:00")
    make(own_folder / "bbb2222", "2026-02-01T10:00:00+00:00", failed=("x: FAIL",))
    make(own_folder / "ccc3333", "2026-03-01T10:00:00+00:00", whole=False)
    (own_folder / "ddd4444").mkdir()
    (own_folder / "ddd4444" / "run.json").write_text("{")
    (own_folder / "no-run").mkdir()
    os.utime(old / "run.json")
    assert [run.id for run in run_folders(own_folder)] == [
        "ddd4444",
        "aaa1111",
        "bbb2222",
        "ccc3333",
    ]
    assert find_run("latest", own_folder).name == "bbb2222"
    assert find_run("previous", own_folder).name == "aaa1111"
    text = call("runs").stdout
    assert text == call("runs", "list").stdout
    lines = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert "Made up" in lines["aaa1111"]
    assert "2,000" in lines["aaa1111"]
    assert "✓ passed" in lines["aaa1111"]
    assert "✗ 1 failed" in lines["bbb2222"]
    assert "draws.nc is missing" in lines["ccc3333"]
    assert "card cannot be read" in lines["ddd4444"]
    rows = json.loads(call("runs", "--json").stdout)["data"]
    assert [row["id"] for row in rows] == ["ccc3333", "bbb2222", "aaa1111", "ddd4444"]


def test_first_run_is_helped(own_folder: Path) -> None:
    """Without any run, every way says what to type; the list is no error."""
    assert "amplicast run baseline" in call("runs").stderr
    assert json.loads(call("runs", "--json").stdout)["data"] == []
    for command in (["forecast"], ["runs", "remove", "x"], ["compare", "latest"], ["copies"]):
        result = call(*command, code=3)
        assert "AMP-R108" in result.stderr, command
        assert "Fix: amplicast run baseline" in result.stderr


def test_a_beginning_must_tell_runs_apart(own_folder: Path) -> None:
    """Two runs of one beginning are both named; an exact id wins; a slip is answered."""
    make(own_folder / "abc", "2026-01-01T10:00:00+00:00")
    make(own_folder / "abcd", "2026-01-02T10:00:00+00:00")
    assert find_run("abc", own_folder).name == "abc"
    assert find_run("latest", own_folder).name == "abcd"
    with pytest.raises(RunError, match="AMP-R107"):
        find_run("ab", own_folder)
    with pytest.raises(RunError, match="did you mean 'abcd'"):
        find_run("abccd", own_folder)
    with pytest.raises(RunError, match="AMP-R101"):
        find_run("", own_folder)


def test_removing_needs_a_terminal_or_yes(own_folder: Path) -> None:
    """A pipe is never asked and never obeyed unasked; ``latest`` names no run to remove."""
    folder = make(own_folder / "abc", "2026-01-01T10:00:00+00:00")
    assert "AMP-R109" in call("compare", code=3).stderr
    assert "--yes" in call("runs", "remove", "abc", code=2).stderr
    assert folder.is_dir()
    assert "AMP-R101" in call("runs", "remove", "latest", "--yes", code=3).stderr
    assert folder.is_dir()
    call("runs", "remove", "ab", "--yes")
    assert not folder.exists()


@pytest.mark.parametrize(("said", "gone"), [("n", False), ("", False), ("y", True)])
def test_terminal_is_asked(own_folder: Path, said: str, gone: bool) -> None:
    """The question names the run; only a yes removes it."""
    folder = make(own_folder / "abc", "2026-01-01T10:00:00+00:00")
    shown = on_terminal("runs", "remove", "abc", typed=f"{said}\n")
    assert "Remove abc, Made up" in shown
    assert folder.exists() is not gone


def test_what_others_put_there_stays(own_folder: Path) -> None:
    """Only files of a run are deleted; the folder stays for the rest, and is told."""
    folder = make(own_folder / "abc", "2026-01-01T10:00:00+00:00")
    (folder / "notes.txt").write_text("mine")
    assert "notes.txt" in call("runs", "remove", "abc", "--yes").stderr
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    assert run_folders(own_folder) == ()


def test_nothing_outside_is_removed(own_folder: Path, tmp_path: Path) -> None:
    """A path is no id, so a run elsewhere cannot be hit."""
    elsewhere = make(tmp_path / "elsewhere", "2026-01-01T10:00:00+00:00")
    make(own_folder / "abc", "2026-01-01T10:00:00+00:00")
    for name in (elsewhere, "../elsewhere", "."):
        call("runs", "remove", name, "--yes", code=3)
    assert elsewhere.is_dir()
