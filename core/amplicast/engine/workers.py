"""Fits side by side: helper processes that compile and sample, one plugin at a time.

A helper is a fresh interpreter that reads jobs from its standard input and answers on its
standard output, one JSON record per line, so that a caller's script needs no main guard and a
helper inherits neither threads nor locks. The draws go through the cache.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from amplicast.engine.cache import Cache
from amplicast.engine.fit import SamplerSettings, fit
from amplicast.engine.jobs import Job, read_job
from amplicast.engine.latents import rows_of
from amplicast.errors import PluginError, Problem

__all__ = ["WorkersUnavailable", "run_jobs"]

Record = dict[str, Any]


class WorkersUnavailable(RuntimeError):
    """A helper could not start, or ended without an answer; fit in this process instead."""


class _Worker:
    """One helper process, driven by one thread."""

    def __init__(self, folder: Path) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by stop)
        search = os.pathsep.join(path for path in sys.path if path)
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-m", "amplicast.engine.workers", str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env={**os.environ, "PYTHONPATH": search},
            )
        except OSError as error:
            self._errors.close()
            raise WorkersUnavailable(str(error)) from error

    def run(self, job: Job) -> Iterator[Record]:
        """Send a job and yield what is heard until it is done."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(job.record).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise WorkersUnavailable(self._last_words()) from error
        for line in self._process.stdout:
            record: Record = json.loads(line)
            yield record
            if record["kind"] != "at":
                return
        raise WorkersUnavailable(self._last_words())

    def _last_words(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a word"

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._errors.close()


def run_jobs(
    jobs: Sequence[Job], *, processes: int, folder: Path, heard: Callable[[str, Record], None]
) -> list[Job]:
    """Fit every job in helper processes; results go to the cache in `folder`.

    Parameters
    ----------
    jobs : sequence of Job
    processes : int
    folder : Path
        Of the cache.
    heard : callable
        ``heard(plugin, record)`` in the calling thread.

    Returns
    -------
    list of Job
        Those that no helper finished, to be fitted by the caller.

    Raises
    ------
    PluginError
        A plugin's evidence is broken; the others are finished first.
    """
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    answers: queue.SimpleQueue[tuple[Job, Record] | None] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    workers: list[_Worker] = []

    def drive(worker: _Worker) -> None:
        job = None
        try:
            while True:
                job = waiting.get_nowait()
                for record in worker.run(job):
                    answers.put((job, record))
        except (queue.Empty, WorkersUnavailable, OSError, ValueError):
            # ValueError: the pipe was closed, or something else wrote to it.
            pass
        finally:
            answers.put(None)

    problems: list[Problem] = []
    unfinished = {job.key: job for job in jobs}
    try:
        try:
            workers.extend(_Worker(folder) for _ in range(processes))
        except WorkersUnavailable:
            if not workers:
                return list(jobs)
        threads = [threading.Thread(target=drive, args=(w,), daemon=True) for w in workers]
        for thread in threads:
            thread.start()
        running = len(threads)
        while running:
            answer = answers.get()
            if answer is None:
                running -= 1
                continue
            job, record = answer
            if record["kind"] == "broken":
                problems.extend(Problem(**problem) for problem in record["problems"])
            if record["kind"] in {"broken", "done"}:
                del unfinished[job.key]
            heard(job.plugin, record)
    finally:
        for worker in workers:
            worker.stop()
    if problems:
        raise PluginError(*problems)
    return list(unfinished.values())


def _serve(folder: Path) -> None:
    """Answer jobs until the caller closes the pipe."""
    import signal
    from dataclasses import asdict

    # Ctrl-C reaches the whole group; the caller ends its helpers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = os.fdopen(os.dup(1), "w", buffering=1)
    # Whatever a library prints must not be taken for an answer.
    os.dup2(2, 1)
    cache = Cache(folder)

    def say(kind: str, **record: Any) -> None:
        channel.write(json.dumps({"kind": kind, **record}) + "\n")

    while line := sys.stdin.buffer.readline():
        record = json.loads(line)
        plugin = read_job(record)
        try:
            posterior = fit(
                plugin,
                rows_of(plugin),
                SamplerSettings(**record["settings"], cores=1),
                key=record["key"],
                report=lambda stage, done: say("at", stage=stage, done=done),
            )
        except PluginError as error:
            say("broken", problems=[asdict(problem) for problem in error.problems])
            continue
        cache.write(posterior)
        say("done", words=str(posterior.verdict), sampling=dict(posterior.sampling))


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
