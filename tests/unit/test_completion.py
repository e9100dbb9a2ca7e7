"""What a shell offers after a Tab, and that a Tab imports nothing heavy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.command_line import call

from amplicast import Registry
from amplicast.cli import COMMANDS

HEAVY = {"altair", "arviz", "numpy", "pymc", "pytensor", "xarray", "amplicast_plugins"}

PROGRAM = """\
import sys
from amplicast.cli import main
try:
    main(prog_name="amplicast")
finally:
    print("\\n".join(sys.modules), file=sys.stderr)
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with a cache of its own that knows the names."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", str(tmp_path / "cache"))
    call("completion", "bash", "--quiet")
    return tmp_path


def offered(line: str) -> list[str]:
    """What bash offers for the last word of a line, from a process that stays light."""
    words = line.split(" ")
    environment = {
        **os.environ,
        "_AMPLICAST_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert loaded & HEAVY == set()
    return [each.partition(",")[2] for each in done.stdout.splitlines()]


def test_commands_and_options() -> None:
    """Every command, and the options of one."""
    assert offered("amplicast ") == list(COMMANDS)
    assert offered("amplicast scenario to") == ["to-xlsx"]
    assert "--draws" in offered("amplicast run --")
    assert not any(offered("amplicast nosuch x"))


def test_runs(own_folder: Path) -> None:
    """``latest`` and ids, for whatever takes a run."""
    for name in ("abc1234", "xyz5678"):
        (own_folder / "runs" / name).mkdir(parents=True)
        (own_folder / "runs" / name / "run.json").write_text("{}")
    assert set(offered("amplicast forecast ")) == {"latest", "previous", "abc1234", "xyz5678"}
    assert offered("amplicast compare latest xyz") == ["xyz5678"]
    assert offered("amplicast runs remove abc") == ["abc1234"]


def test_names_are_those_of_the_registry(own_folder: Path, installed: Registry) -> None:
    """Scenarios, assumptions, plugins, formats, pictures, sources and accelerators."""
    (own_folder / "mine.toml").write_text("")
    assert set(offered("amplicast run ")) == {*installed.forecasts, "mine.toml"}
    assert offered("amplicast export latest --format b") == ["bib"]
    assert offered("amplicast forecast latest --set inference_sh") == ["inference_share="]
    assert "frontier" in offered("amplicast picture latest f")
    assert "resampling-limited" in offered("amplicast plugins info res")
    assert offered("amplicast evidence show brown2024") == ["brown2024"]
    assert offered("amplicast hardware ") == sorted(installed.hardware)


def test_list_is_made_anew_when_plugins_change(own_folder: Path) -> None:
    """A list of other plugins, or a damaged one, is not believed."""
    path = own_folder / "cache" / "completion" / "names.json"
    kept = json.loads(path.read_text())
    for text in (json.dumps({"of": "others", "names": {"forecasts": ["gone"]}}), "{", "[]"):
        path.write_text(text)
        program = "from amplicast.cli.names import names; print(names('forecasts'))"
        found = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True, text=True, check=True, env=os.environ,
        ).stdout  # fmt: skip
        assert "baseline" in found
        assert "gone" not in found
        assert json.loads(path.read_text()) == kept


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_scripts(shell: str) -> None:
    """Each shell gets a script of its own on stdout, and the line to keep on stderr."""
    result = call("completion", shell)
    assert f"{shell}_complete" in result.stdout
    assert f"amplicast completion {shell}" in result.stderr
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=result.stdout, text=True, check=True)  # noqa: S607
    call("completion", "csh", code=2)
