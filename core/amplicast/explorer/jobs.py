"""New runs as jobs of another process: started, heard, and cancelled."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition, Thread
from typing import Literal

from amplicast.errors import CheckError, Problem

__all__ = ["Job", "Jobs"]

PATIENCE = 5.0
"""Time that a process is given to end when the page does [s]."""

Status = Literal["running", "done", "failed", "cancelled"]


@dataclass
class Job:
    """One run in the making.

    Attributes
    ----------
    id : str
    folder : Path
        Where the run will lie.
    process : subprocess.Popen
    files : tempfile.TemporaryDirectory
        Holds its scenario until it ends.
    lines : list of str
        What the process has said so far.
    status : {"running", "done", "failed", "cancelled"}
    """

    id: str
    folder: Path
    process: subprocess.Popen[str]
    files: tempfile.TemporaryDirectory[str]
    lines: list[str] = field(default_factory=list)
    status: Status = "running"
    changed: Condition = field(default_factory=Condition)
    thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = Thread(target=self.hear, name=self.id, daemon=True)

    def hear(self) -> None:
        """Read what the process says until it ends."""
        assert self.process.stderr is not None
        with self.process.stderr as spoken:
            for line in spoken:
                with self.changed:
                    self.lines.append(line.rstrip("\n"))
                    self.changed.notify_all()
        code = self.process.wait()
        with self.changed:
            if self.status == "running":
                # 4: finished, and a check failed; the run is there and says so itself.
                self.status = "done" if code in {0, 4} else "failed"
            self.files.cleanup()
            self.changed.notify_all()

    def cancel(self) -> None:
        """Stop the process; what it has fitted is kept in the cache."""
        with self.changed:
            if self.status == "running":
                self.status = "cancelled"
                self.process.terminate()
            self.changed.notify_all()

    def news(self, heard: int, patience: float) -> tuple[list[str], Status]:
        """Lines after the first `heard`, waiting for some at most `patience` seconds."""
        with self.changed:
            if len(self.lines) <= heard and self.status == "running":
                self.changed.wait(patience)
            return self.lines[heard:], self.status


class Jobs:
    """The jobs of one page; one runs at a time.

    Parameters
    ----------
    runs : Path
        Folder of run folders.
    options : tuple of str
        Options of ``amplicast`` that the runs need, such as ``--plugin FILE.py``.
    """

    def __init__(self, runs: Path, options: tuple[str, ...] = ()) -> None:
        self.runs, self.options = runs, options
        self.jobs: dict[str, Job] = {}

    def start(self, scenario: str) -> Job:
        """Run a scenario file in a process of its own.

        Raises
        ------
        CheckError
            Another job is running.
        """
        if any(job.status == "running" for job in self.jobs.values()):
            raise CheckError(
                Problem(
                    code="AMP-E105",
                    what="another run of this page is not finished",
                    why="A run takes the whole machine.",
                    fix="wait for it, or cancel it",
                )
            )
        name = f"explored-{os.getpid()}-{len(self.jobs) + 1}"
        files = tempfile.TemporaryDirectory(prefix="amplicast-explorer-")
        path = Path(files.name) / f"{name}.toml"
        path.write_text(scenario, encoding="utf-8")
        folder = self.runs / name
        command = [
            sys.executable, "-m", "amplicast.cli", *self.options, "run", str(path),
            "--out", str(folder),
        ]  # fmt: skip
        process = subprocess.Popen(  # noqa: S603 - our own command; nothing in it comes from a page
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        job = Job(name, folder, process, files)
        self.jobs[name] = job
        job.thread.start()
        return job

    def finished(self) -> dict[str, Path]:
        """Folders of the runs that were made, by job."""
        return {name: job.folder for name, job in self.jobs.items() if job.status == "done"}

    def close(self) -> None:
        """Stop what runs."""
        for job in self.jobs.values():
            job.cancel()
            job.thread.join(PATIENCE)
