"""Independent tasks done here, on threads, in local processes or on a Dask cluster: one interface.

A task is plain data, and what it gives is bytes that depend on nothing but the task and on what all
tasks share; where it was done cannot be told from them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import Any

from amplicast.errors import ExtraError, Problem, RunError

__all__ = [
    "KINDS",
    "Done",
    "Function",
    "Heard",
    "NoWorkers",
    "Shared",
    "Task",
    "Tell",
    "Where",
    "execute",
    "failed",
    "require_dask",
]

KINDS = ("serial", "threads", "processes", "dask")

Shared = Mapping[str, bytes]
"""What every task may need; it goes to a worker once."""

Task = Mapping[str, Any]

Done = Mapping[str, Any]
"""What a task gives: plain data and bytes."""

Tell = Callable[[Mapping[str, Any]], None]
"""What a task calls to tell how far it is; plain data."""

Function = Callable[[Shared, Task, Tell], Done]
"""A function of a module, so that another process can find it."""

Heard = Callable[[int, Mapping[str, Any]], None]
"""``heard(place, record)``: what the task of a place tells."""


class NoWorkers(RunError):
    """No process can be started here; what is asked can still be done in the present one."""


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where tasks are done.

    Attributes
    ----------
    kind : {"serial", "threads", "processes", "dask"}
    workers : int
        Threads or processes; 0 for one per core. A cluster has its own.
    scheduler : str
        Address of the cluster, such as ``tcp://10.0.0.1:8786``.
    """

    kind: str = "threads"
    workers: int = 0
    scheduler: str = ""

    @property
    def number(self) -> int:
        """Tasks that are done at the same time on this machine."""
        return 1 if self.kind == "serial" else self.workers or os.cpu_count() or 1


def _silent(place: int, record: Mapping[str, Any]) -> None:
    """Nobody listens."""


def execute(
    function: Function,
    tasks: Sequence[Task],
    *,
    shared: Shared,
    where: Where,
    heard: Heard = _silent,
) -> Generator[tuple[int, Done], None, None]:
    """Do tasks, and give each result as soon as it is there, with the place of its task.

    A worker that is killed loses nothing: its task is done again by another one. Closing the
    iterator stops what is still running.

    Parameters
    ----------
    function : callable
    tasks : sequence of Task
    shared : Shared
    where : Where
    heard : callable
        ``heard(place, record)`` for what tasks tell while they are done; from any thread, and from
        a cluster some time later.

    Raises
    ------
    ExtraError
        A cluster is asked for, and Dask is not installed.
    RunError
        A task failed, or ended every worker that it was given to.
    NoWorkers
        Processes were asked for, and none can be started.
    """
    if not tasks:
        return
    if where.kind == "dask":
        require_dask()
        from amplicast.engine.on_dask import on_dask

        yield from on_dask(function, tasks, shared=shared, scheduler=where.scheduler, heard=heard)
    elif where.kind == "processes":
        from amplicast.engine.processes import in_processes

        yield from in_processes(function, tasks, shared=shared, number=where.number, heard=heard)
    elif where.number == 1:
        for place, task in enumerate(tasks):
            yield place, function(shared, task, partial(heard, place))
    else:
        yield from _on_threads(function, tasks, shared=shared, number=where.number, heard=heard)


def _on_threads(
    function: Function, tasks: Sequence[Task], *, shared: Shared, number: int, heard: Heard
) -> Iterator[tuple[int, Done]]:
    with ThreadPoolExecutor(min(number, len(tasks)), thread_name_prefix="amplicast") as pool:
        places = {
            pool.submit(function, shared, task, partial(heard, i)): i
            for i, task in enumerate(tasks)
        }
        waiting = set(places)
        try:
            while waiting:
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in sorted(ready, key=places.__getitem__):
                    yield places.pop(future), future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def failed(error: BaseException) -> Problem:
    """A task that stopped with an error which nobody foresaw."""
    return Problem(
        code="AMP-G141",
        what=f"a task failed: {type(error).__name__}: {error}",
        why="It would fail in the same way elsewhere.",
        fix="run it again with --executor serial to see where, and report it",
    )


def require_dask() -> None:
    """Refuse a cluster where Dask is not installed.

    Raises
    ------
    ExtraError
        Names the command that installs it.
    """
    from importlib.util import find_spec

    if find_spec("distributed") is None:
        raise ExtraError(
            Problem(
                code="AMP-X106",
                what="a Dask cluster needs distributed",
                why="It is optional, and not installed.",
                fix='pip install "amplicast[dask]", or leave --scheduler out',
            )
        )
