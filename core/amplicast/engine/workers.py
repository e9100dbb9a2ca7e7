"""Fits side by side: helper processes that compile and sample, one plugin at a time.

A helper is a fresh interpreter that reads jobs from its standard input and answers on its
standard output, so that a caller's script needs no ``if __name__ == "__main__"`` and a helper
inherits neither threads nor locks. It puts its result in the cache; only plain records come back.
"""

from __future__ import annotations

import json
import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.concepts import Plugin
from amplicast.engine.cache import Cache
from amplicast.errors import PluginError, Problem

if TYPE_CHECKING:
    from amplicast.engine.fit import SamplerSettings

__all__ = ["Job", "WorkersUnavailable", "run_jobs"]

Record = dict[str, Any]


class WorkersUnavailable(RuntimeError):
    """A helper could not start, or ended without an answer; fit in this process instead."""


@dataclass(frozen=True)
class Job:
    """One fit, ready to be sent.

    Attributes
    ----------
    plugin : str
    key : str
        Where the result will be in the cache.
    modules : Mapping[str, str]
        Name -> file of the modules that define the plugin's predictors.
    payload : bytes
        The plugin with its functions by reference, and the settings. It lives in a pipe between
        two processes of one user and is never stored.
    """

    plugin: str
    key: str
    modules: Mapping[str, str]
    payload: bytes


def make_job(plugin: Plugin, key: str, settings: SamplerSettings) -> Job | None:
    """Return a job for `plugin`; None if its functions cannot be found by another process.

    That is so for functions of a running script or notebook, and for functions in functions.
    """
    modules = {}
    for evidence in plugin.evidence:
        name = str(getattr(evidence.predictor, "__module__", "__main__"))
        path = getattr(sys.modules.get(name), "__file__", None)
        if name == "__main__" or path is None:
            return None
        modules[name] = str(path)
    # The functions that only a forecast calls stay here; they may be of any kind.
    bare = Plugin(
        id=plugin.id,
        summary=plugin.summary,
        sources=(),
        limits="",
        priors=plugin.priors,
        evidence=plugin.evidence,
        coords=dict(plugin.coords),
        dims=dict(plugin.dims),
        version=plugin.version,
        api=plugin.api,
    )
    try:
        payload = pickle.dumps((bare, settings))
    except (pickle.PicklingError, AttributeError, TypeError):
        return None
    return Job(plugin.id, key, modules, payload)


class _Worker:
    """One helper process, driven by one thread."""

    def __init__(self, folder: Path) -> None:
        self._errors = tempfile.TemporaryFile()
        search = os.pathsep.join(path for path in sys.path if path)
        try:
            self._process = subprocess.Popen(
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
        head = {"key": job.key, "modules": dict(job.modules), "size": len(job.payload)}
        try:
            self._process.stdin.write(json.dumps(head).encode() + b"\n" + job.payload)
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
            for _ in range(processes):
                workers.append(_Worker(folder))
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


def _load(modules: Mapping[str, str]) -> None:
    """Import modules by name, or from their file where that is another one or not on the path."""
    import importlib.util

    for name, path in modules.items():
        try:
            found = importlib.import_module(name)
        except ImportError:
            found = None
        if getattr(found, "__file__", None) == path:
            continue
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            continue
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


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

    from amplicast.engine.fit import fit
    from amplicast.engine.model import rows_of

    while head := sys.stdin.buffer.readline():
        job = json.loads(head)
        payload = sys.stdin.buffer.read(job["size"])
        _load(job["modules"])
        plugin, settings = pickle.loads(payload)
        try:
            posterior = fit(
                plugin,
                rows_of(plugin),
                settings,
                key=job["key"],
                report=lambda stage, done: say("at", stage=stage, done=done),
            )
        except PluginError as error:
            say("broken", problems=[asdict(problem) for problem in error.problems])
            continue
        cache.write(posterior)
        say("done", words=str(posterior.verdict), sampling=dict(posterior.sampling))


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
