"""Whatever is thrown at a command: an answer or a message that teaches, and no part of a file."""

from __future__ import annotations

import dataclasses
import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.misfortune import call, damage, files, teaches

from amplicast import Forecast, Registry, Scenario, ScenarioError
from amplicast.cli import main
from amplicast.cli.faults import told
from amplicast.forecast.inputs import declared

CORRUPTED = 100


@pytest.fixture(scope="module", autouse=True)
def loaded_once(installed: Registry) -> Iterator[None]:
    """Plugins are found once for all commands here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Registry, "load", lambda *_, **__: installed)
        yield


@pytest.fixture(scope="module")
def small(brief: Forecast) -> Forecast:
    """A run of a few draws without its fits, quick to save."""
    import xarray

    groups = {
        node.path: node.to_dataset().isel({"draw": slice(0, 50)}, missing_dims="ignore")
        for node in brief.tree.subtree
        if node.path in {"/", "/inputs", "/forecast", "/diagnostics"}
    }
    tree = xarray.DataTree.from_dict(groups)
    tree.attrs = dict(brief.tree.attrs)
    return dataclasses.replace(brief, tree=tree)


@pytest.fixture
def copied(brief_folder: Path, tmp_path: Path) -> Path:
    """A run that a test may damage."""
    return shutil.copytree(brief_folder, tmp_path / "runs" / brief_folder.name)


@pytest.fixture(scope="module")
def whole_text(installed: Registry) -> str:
    """The scenario file that ships."""
    return installed.forecasts["baseline"].scenario.read_text(encoding="utf-8")


def examples(number: int) -> Any:
    """As many cases on every run, the same ones."""
    return settings(max_examples=number, derandomize=True, deadline=None)


@examples(CORRUPTED)
@given(how=damage())
def test_a_damaged_scenario_is_read_or_refused(
    how: Callable[[str], str], whole_text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """`scenario check` says yes, or what is wrong; it never breaks."""
    path = tmp_path_factory.mktemp("scenario") / "case.toml"
    path.write_text(how(whole_text), encoding="utf-8", errors="surrogatepass")
    result = call("scenario", "check", path)
    assert result.exit_code in {0, 3}, result.output
    if result.exit_code:
        assert "Error AMP-" in result.output
        assert "Fix:" in result.output


@examples(40)
@given(
    name=st.sampled_from(["inference_share", "wage", "frontier.growth", "output_tokens", "nobody"]),
    value=st.one_of(
        st.text(max_size=12),
        st.floats().map(repr),
        st.tuples(st.floats(), st.floats()).map(lambda ends: f"{ends[0]} to {ends[1]}"),
        st.integers().map(str),
    ),
)
def test_any_set_is_taken_or_refused(
    name: str, value: str, baseline: Scenario, installed: Registry
) -> None:
    """`--set` with whatever somebody may type: every mistake is told with a remedy."""
    try:
        changed = baseline.apply_sets([f"{name}={value}"], declared=declared(installed))
    except ScenarioError as error:
        without = [problem for problem in error.problems if not problem.fix]
    else:
        without = [] if name in changed.assumptions else [name]
    assert not without


@pytest.mark.parametrize("name", ["draws.nc", "run.json", "scenario.resolved.toml"])
@pytest.mark.parametrize("how", ["emptied", "cut", "flipped", "gone", "folder"])
def test_damaged_run_files_are_refused(copied: Path, name: str, how: str) -> None:
    """Each file of a run, damaged in each way: refused with a remedy, or not needed to answer."""
    path = copied / name
    content = path.read_bytes()
    path.unlink()
    if how == "folder":
        path.mkdir()
    elif how != "gone":
        middle = len(content) // 2
        flipped = content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]
        path.write_bytes({"emptied": b"", "cut": content[:middle], "flipped": flipped}[how])
    before = files(copied)
    result = call("forecast", copied, "--no-fan")
    if name == "scenario.resolved.toml":
        assert result.exit_code == 0  # it is for people; the card has the scenario too
    else:
        assert result.exit_code == 3, result.output
        assert "Fix:" in result.stderr
    assert files(copied) == before


FAULTS = {
    "full": (OSError(errno.ENOSPC, "No space left on device"), "AMP-X111"),
    "quota": (OSError(errno.EDQUOT, "Disk quota exceeded"), "AMP-X111"),
    "read-only": (OSError(errno.EROFS, "Read-only file system"), "AMP-X112"),
    "worn": (OSError(errno.EIO, "Input/output error"), "AMP-X114"),
}


@pytest.mark.parametrize("at", ["write", "rename"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_disk_that_fails_an_export_leaves_nothing(
    brief_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, at: str
) -> None:
    """A full, shut or worn disk: a message, what was there before, and no part of a file."""
    (tmp_path / "kept.csv").write_text("before")
    error, code = FAULTS[fault]

    def broken(self: Path, *_: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes" if at == "write" else "replace", broken)
        result = call("export", brief_folder, "--format", "csv", "--out", tmp_path / "kept.csv",
                      "--force", "--allow-failed-checks")  # fmt: skip
    teaches(result, code)
    assert files(tmp_path) == {"kept.csv": b"before"}


@pytest.mark.parametrize("step", ["draws", "card", "rename"])
def test_a_full_disk_leaves_no_run(
    small: Forecast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """At any step of saving: no folder, no part of one."""
    import xarray

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    owner, name = {
        "draws": (xarray.DataTree, "to_netcdf"),
        "card": (Path, "write_text"),
        "rename": (Path, "replace"),
    }[step]
    monkeypatch.setattr(owner, name, full)
    with pytest.raises(OSError, match="No space"):
        small.save(tmp_path / "runs" / "new")
    assert not (tmp_path / "runs" / "new").exists()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(brief_folder: Path, tmp_path: Path) -> None:
    """Refused with a remedy."""
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    teaches(call("export", brief_folder, "--format", "csv", "--out", shut / "a.csv"), "AMP-X112")


STAGES = (
    "amplicast.forecast.run.make_plan",
    "amplicast.engine.calibrate.calibrate",
    "amplicast.forecast.run.draw_inputs",
    "amplicast.engine.propagate.compile_model",
    "amplicast.forecast.run.variance_shares",
    "amplicast.forecast.run.assemble",
    "amplicast.forecast.store.save",
    "amplicast.report.text.forecast_text",
)


@pytest.fixture
def quick(small: Forecast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder in which `run` finds every stage done before it."""
    stages = import_module("amplicast.forecast.run")  # the function has the same name
    monkeypatch.chdir(tmp_path)
    tree, inputs = small.tree, small.inputs()
    monkeypatch.setattr("amplicast.engine.calibrate.calibrate", lambda *_, **__: {})
    monkeypatch.setattr(stages, "draw_inputs", lambda *_, **__: inputs)
    outputs = dict(small.outputs.data_vars)
    monkeypatch.setattr(
        "amplicast.engine.propagate.compile_model", lambda *_, **__: lambda _: outputs
    )
    monkeypatch.setattr(stages, "variance_shares", lambda *_, **__: {})
    monkeypatch.setattr(stages, "assemble", lambda *_, **__: tree.copy())
    return tmp_path


@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_at_any_stage(
    quick: Path, brief_file: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """Exit code 130 with a word, and no part of a run; a run that was saved stays."""

    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    module, _, name = stage.rpartition(".")
    monkeypatch.setattr(import_module(module), name, stopped)
    result = call("run", brief_file)
    assert result.exit_code == 130, result.output
    assert "Interrupted" in result.stderr
    left = set(files(quick))
    assert all(not Path(name).name.startswith(".") for name in left)
    assert bool(left) == stage.endswith("forecast_text")


def test_what_nobody_foresaw_is_told_too(
    monkeypatch: pytest.MonkeyPatch, brief_folder: Path
) -> None:
    """A mistake of ours: no traceback unless it is asked for."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr("amplicast.report.text.forecast_text", broken)
    result = call("forecast", brief_folder)
    assert result.exit_code == 1
    assert "AMP-X110" in result.stderr
    assert "out of order" in result.stderr
    monkeypatch.setenv("AMPLICAST_TRACEBACK", "1")
    asked = CliRunner().invoke(main, ["forecast", str(brief_folder)])
    assert isinstance(asked.exception, RuntimeError)


@pytest.mark.parametrize("fault", [MemoryError(), OSError(errno.EIO, "worn"), KeyError("a")])
def test_every_error_has_a_remedy(fault: Exception) -> None:
    """Whatever it is."""
    (problem,) = told(fault, None).problems
    assert problem.fix
    assert problem.what


def test_two_that_save_one_run(small: Forecast, tmp_path: Path) -> None:
    """At once, several times: it is whole afterwards, and nothing else is there."""
    threads = [
        threading.Thread(target=small.save, args=(tmp_path / str(i // 2),)) for i in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = ("draws.nc", "run.json", "scenario.resolved.toml")
    assert set(files(tmp_path)) == {f"{i}/{name}" for i in range(2) for name in names}
    for i in range(2):
        assert call("forecast", tmp_path / str(i), "--no-fan").exit_code == 0
