"""Tasks in local processes, each started afresh; one that is killed is replaced."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO, cast

from amplicast.engine.execute import Done, Function, Heard, NoWorkers, Shared, Task
from amplicast.engine.frames import receive, send
from amplicast.engine.functions import address_of
from amplicast.errors import Problem, RunError

__all__ = ["TRIES", "in_processes"]

TRIES = 3
"""Workers that may end over one task before it is given up."""

Answer = tuple[str, Mapping[str, Any]]
"""Kind (heard, done, failed or unable), and record."""


class _Worker:
    """One process, and the way to it."""

    def __init__(self, address: Sequence[str], shared: Shared) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by end)
        search = os.pathsep.join(path for path in sys.path if path)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "amplicast.engine.helper"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env={**os.environ, "PYTHONPATH": search},
            )
        except OSError:
            self._errors.close()
            raise
        self._first = [("function", {"function": list(address)}), ("shared", shared)]

    def do(self, task: Task, hear: Callable[[Answer], None]) -> bool:
        """Send a task, and hand on what is heard; False where the process ended over it."""
        to, back = (cast("BinaryIO", each) for each in (self._process.stdin, self._process.stdout))
        # ValueError: the pipe was closed here, or something else wrote to it there.
        with contextlib.suppress(OSError, ValueError):
            while self._first:
                send(to, *self._first.pop(0))
            send(to, "task", task)
            while (answer := receive(back)) is not None:
                hear(answer)
                if answer[0] != "heard":
                    return True
        return False

    def last_words(self) -> str:
        """How it ended, where it did so itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10.0)
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        code = self._process.returncode
        return f"exit code {code}" + (f", {lines[-1]}" if lines else "")

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            # What could not be sent is of no use to anybody now.
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        self._errors.close()


class _Crew:
    """Workers that take tasks from one queue, each driven by a thread of its own."""

    def __init__(self, address: Sequence[str], tasks: Sequence[Task], shared: Shared) -> None:
        self._address, self._tasks, self._shared = address, tasks, shared
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for place in range(len(tasks)):
            self._waiting.put(place)
        self._lost = [0] * len(tasks)
        self._workers: set[_Worker] = set()
        self._lock = threading.Lock()
        self._stopped = False
        self._threads: list[threading.Thread] = []
        self.answers: queue.SimpleQueue[tuple[int, Answer]] = queue.SimpleQueue()

    def start(self, number: int) -> None:
        """Set so many drivers to work."""
        self._threads = [threading.Thread(target=self._drive, daemon=True) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End every worker, and wait for its driver."""
        with self._lock:
            self._stopped = True
            for worker in self._workers:
                worker.end()
            self._workers.clear()
        for thread in self._threads:
            thread.join()

    def _drive(self) -> None:
        worker: _Worker | None = None
        place = -1
        try:
            while not self._stopped:
                place = self._waiting.get_nowait()
                worker = worker or self._hired()
                if worker is None:
                    return
                if not worker.do(self._tasks[place], partial(self._hear, place)):
                    self._again(place, worker)
                    worker = None
        except queue.Empty:
            return
        except Exception as error:
            self.answers.put((place, ("unable", {"problems": [vars(_unable(error))]})))
        finally:
            if worker is not None:
                self._dismiss(worker)

    def _hear(self, place: int, answer: Answer) -> None:
        self.answers.put((place, answer))

    def _hired(self) -> _Worker | None:
        with self._lock:
            if self._stopped:
                return None
            worker = _Worker(self._address, self._shared)
            self._workers.add(worker)
            return worker

    def _dismiss(self, worker: _Worker) -> None:
        with self._lock:
            if worker in self._workers:
                self._workers.remove(worker)
                worker.end()

    def _again(self, place: int, worker: _Worker) -> None:
        """A worker ended over a task: another one gets it, or it is given up."""
        if self._stopped:
            return
        words = worker.last_words()
        self._dismiss(worker)
        self._lost[place] += 1
        if self._lost[place] < TRIES:
            self._waiting.put(place)
        else:
            self.answers.put((place, ("failed", {"problems": [vars(_given_up(place, words))]})))


def in_processes(
    function: Function, tasks: Sequence[Task], *, shared: Shared, number: int, heard: Heard
) -> Iterator[tuple[int, Done]]:
    """Do tasks in `number` local processes; see `amplicast.engine.execute.execute`."""
    address = address_of(function)
    assert address is not None, "a function that another process can find"
    crew = _Crew(address, tasks, shared)
    left = len(tasks)
    try:
        crew.start(min(number, left))
        while left:
            place, (kind, record) = crew.answers.get()
            if kind == "heard":
                heard(place, record)
            elif kind in {"failed", "unable"}:
                problems = (Problem(**problem) for problem in record["problems"])
                raise (RunError if kind == "failed" else NoWorkers)(*problems)
            else:
                left -= 1
                yield place, record
    finally:
        crew.stop()


def _given_up(place: int, words: str) -> Problem:
    return Problem(
        code="AMP-G140",
        what=f"task {place} ended {TRIES} worker processes, the last with {words}",
        why="A process that is killed over and over has most likely run out of memory.",
        fix="use fewer workers or smaller slices; what is finished is kept",
    )


def _unable(error: Exception) -> Problem:
    return Problem(
        code="AMP-G144",
        what=f"no worker process could be started: {type(error).__name__}: {error}",
        why="The system refuses it, or a task cannot be sent.",
        fix="do it in this process: --executor serial, or --cores 1",
    )
