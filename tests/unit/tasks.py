"""Tasks for tests of executors: they live in a module so that other processes find them."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from typing import Any

import psutil


def double(shared: Any, task: Any, tell: Any) -> dict[str, Any]:
    """Twice a number, with what all tasks share."""
    return {"content": shared["unit"] + bytes([2 * task["number"]])}


def end_once(shared: Any, task: Any, tell: Any) -> dict[str, Any]:
    """The same; the first worker that is given the number 3 is killed over it."""
    mark = Path(task["mark"])
    if task["number"] == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return double(shared, task, tell)


def end_always(shared: Any, task: Any, tell: Any) -> dict[str, Any]:
    """Kill every worker."""
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def fail(shared: Any, task: Any, tell: Any) -> dict[str, Any]:
    """Stop with an error that nobody foresaw."""
    raise ZeroDivisionError("no such slice")


def tell_halves(shared: Any, task: Any, tell: Any) -> dict[str, Any]:
    """The same, and tells of it on the way."""
    tell({"half": task["number"]})
    return double(shared, task, tell)


def helpers() -> list[psutil.Process]:
    """Helper processes of this one that are running."""
    found = []
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            if "amplicast.engine.helper" in process.cmdline():
                found.append(process)
    return found
