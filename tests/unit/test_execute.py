"""Tasks give the same wherever they are done, and a worker that is killed loses none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit import tasks

from amplicast.engine.execute import NoWorkers, Where, execute
from amplicast.engine.processes import TRIES
from amplicast.errors import ExtraError, RunError

SHARED = {"unit": b"x"}


@pytest.mark.parametrize("kind", ["serial", "threads", "processes"])
def test_results_do_not_depend_on_where(kind: str) -> None:
    """Every task is done once, whatever the order."""
    several = [{"number": number} for number in range(7)]
    where = Where(kind=kind, workers=2)
    found = dict(execute(tasks.double, several, shared=SHARED, where=where))
    assert found == {i: {"content": b"x" + bytes([2 * i])} for i in range(7)}


@pytest.mark.parametrize("kind", ["serial", "threads", "processes"])
def test_tasks_tell_how_far_they_are(kind: str) -> None:
    """With the place of the task, before its result."""
    several = [{"number": number} for number in range(3)]
    told = []
    found = execute(
        tasks.tell_halves,
        several,
        shared=SHARED,
        where=Where(kind=kind, workers=2),
        heard=lambda place, record: told.append((place, record["half"])),
    )
    assert len(dict(found)) == 3
    assert sorted(told) == [(0, 0), (1, 1), (2, 2)]


def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    """Processes start afresh, and do not run the script that asked for them again."""
    script = tmp_path / "script.py"
    script.write_text("""\
from tests.unit import tasks
from amplicast.engine.execute import Where, execute

where = Where(kind="processes", workers=1)
print(dict(execute(tasks.double, [{"number": 4}], shared={"unit": b"x"}, where=where)))
""")
    told = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert told.stdout == "{0: {'content': b'x\\x08'}}\n"


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Said as such, so that who asked can do without."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    where = Where(kind="processes", workers=2)
    with pytest.raises(NoWorkers, match="AMP-G144"):
        dict(execute(tasks.double, [{"number": 1}], shared=SHARED, where=where))


def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    """Its task is done by the one that takes its place."""
    mark = tmp_path / "killed"
    several = [{"number": number, "mark": str(mark)} for number in range(6)]
    where = Where(kind="processes", workers=2)
    found = dict(execute(tasks.end_once, several, shared=SHARED, where=where))
    assert mark.exists()
    assert sorted(found) == list(range(6))
    assert found[3] == {"content": b"x\x06"}
    assert tasks.helpers() == []


def test_a_task_that_kills_every_worker_is_given_up() -> None:
    """After a few, with a word on memory; nothing is left running."""
    where = Where(kind="processes", workers=1)
    with pytest.raises(RunError, match=f"task 0 ended {TRIES} worker processes.*exit code -9"):
        dict(execute(tasks.end_always, [{}], shared=SHARED, where=where))
    assert tasks.helpers() == []


def test_an_error_in_a_process_is_told() -> None:
    """By its kind and words, and not tried again."""
    where = Where(kind="processes", workers=1)
    with pytest.raises(RunError, match=r"AMP-G141.*ZeroDivisionError: no such slice"):
        dict(execute(tasks.fail, [{}], shared=SHARED, where=where))


def test_closing_stops_the_workers() -> None:
    """Who stops listening leaves no process behind."""
    several = [{"number": number} for number in range(5)]
    found = execute(tasks.double, several, shared=SHARED, where=Where(kind="processes", workers=2))
    next(found)
    found.close()
    assert tasks.helpers() == []


def test_a_cluster_needs_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message has the command that installs it."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    where = Where(kind="dask", scheduler="tcp://127.0.0.1:1")
    with pytest.raises(ExtraError, match=r"pip install \"amplicast\[dask\]\""):
        next(execute(tasks.double, [{"number": 1}], shared=SHARED, where=where))
