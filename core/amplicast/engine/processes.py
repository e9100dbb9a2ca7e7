"""Tasks in local processes, each started afresh; one that is killed is replaced."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from amplicast.engine.execute import Done, Function, Shared, Task
from amplicast.errors import AmplicastError, Problem, RunError

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

__all__ = ["TRIES", "in_processes"]

TRIES = 3
"""Workers that may end over one task before it is given up."""


class _Worker:
    """One process, the task it has, and the way to it."""

    def __init__(self, function: Function, shared: Shared) -> None:
        # Spawned, not forked: a fork would inherit threads and locks in any state.
        context = multiprocessing.get_context("spawn")
        self.way, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(
            target=_serve, args=(theirs, function, dict(shared)), daemon=True
        )
        self.process.start()
        theirs.close()
        self.task: int | None = None

    def give(self, place: int, task: Task) -> None:
        """Send a task; that the process is gone shows when it is listened to."""
        self.task = place
        try:
            self.way.send(dict(task))
        except OSError:
            return

    def heard(self) -> dict[str, Any] | None:
        """What the process says; None where it has ended."""
        try:
            record: dict[str, Any] = self.way.recv()
        except (EOFError, OSError):
            return None
        return record

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.way.close()


def in_processes(
    function: Function, tasks: Sequence[Task], *, shared: Shared, number: int
) -> Iterator[tuple[int, Done]]:
    """Do tasks in `number` local processes; see `amplicast.engine.execute.execute`."""
    waiting = deque(range(len(tasks)))
    lost = [0] * len(tasks)
    workers: list[_Worker] = []
    try:
        while waiting or any(worker.task is not None for worker in workers):
            while waiting and len(workers) < number:
                workers.append(_Worker(function, shared))
            for worker in workers:
                if worker.task is None and waiting:
                    place = waiting.popleft()
                    worker.give(place, tasks[place])
            busy = {worker.way: worker for worker in workers if worker.task is not None}
            for way in wait(list(busy)):
                assert isinstance(way, Connection)
                worker = busy[way]
                given, record = worker.task, worker.heard()
                assert given is not None
                place, worker.task = given, None
                if record is None:
                    workers.remove(worker)
                    code = _ended(worker)
                    lost[place] += 1
                    if lost[place] == TRIES:
                        raise RunError(_given_up(place, code))
                    waiting.appendleft(place)
                elif "problems" in record:
                    raise RunError(*(Problem(**problem) for problem in record["problems"]))
                else:
                    yield place, record["done"]
    finally:
        for worker in workers:
            worker.end()


def _ended(worker: _Worker) -> int | None:
    """Exit code of a process that has ended, or is ending."""
    worker.process.join(timeout=10.0)
    code = worker.process.exitcode
    worker.end()
    return code


def _serve(way: Connection, function: Function, shared: Shared) -> None:
    """Do what is asked until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends this one
    while True:
        try:
            task = way.recv()
        except (EOFError, OSError):
            return
        try:
            record: dict[str, Any] = {"done": function(shared, task)}
        except AmplicastError as error:
            record = {"problems": [asdict(problem) for problem in error.problems]}
        except Exception as error:
            record = {"problems": [asdict(failed(error))]}
        way.send(record)


def failed(error: BaseException) -> Problem:
    """A task that stopped with an error which nobody foresaw."""
    return Problem(
        code="AMP-G141",
        what=f"a slice failed: {type(error).__name__}: {error}",
        why="It would fail in the same way elsewhere.",
        fix="run it again with --executor serial to see where, and report it",
    )


def _given_up(place: int, code: int | None) -> Problem:
    return Problem(
        code="AMP-G140",
        what=f"task {place} ended {TRIES} worker processes, the last with exit code {code}",
        why="A process that is killed over and over has most likely run out of memory; a script "
        'that starts processes also needs  if __name__ == "__main__":  around what it runs.',
        fix="use fewer workers or smaller slices; what is finished is kept",
    )
