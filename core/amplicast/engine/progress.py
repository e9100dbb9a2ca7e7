"""What a person sees while plugins are fitted: on stderr, never on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from rich.progress import TaskID

__all__ = ["Bars", "Lines", "Progress", "Silent", "display"]


class Progress(Protocol):
    """Hears what happens; used as a context manager around the fits."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def start(self, plugins: Sequence[str]) -> None:
        """These plugins will be fitted."""

    def at(self, plugin: str, stage: str, done: float) -> None:
        """A plugin has got as far as a share `done` of `stage`."""

    def end(self, plugin: str, seconds: float, words: str) -> None:
        """A plugin is fitted; `words` is the verdict."""


class Silent:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def start(self, plugins: Sequence[str]) -> None:
        """Say nothing."""

    def at(self, plugin: str, stage: str, done: float) -> None:
        """Say nothing."""

    def end(self, plugin: str, seconds: float, words: str) -> None:
        """Say nothing."""


def _why(plugins: Sequence[str]) -> str:
    return (
        f"Fitting {len(plugins)} plugins to their evidence (compiling takes most of the time, "
        "results are kept)."
    )


class Lines(Silent):
    """One plain line per plugin, for logs."""

    def start(self, plugins: Sequence[str]) -> None:
        """Name the plugins, and why it takes a while."""
        sys.stderr.write(f"{_why(plugins)[:-1]}: {', '.join(plugins)}\n")
        sys.stderr.flush()

    def end(self, plugin: str, seconds: float, words: str) -> None:
        """Say how a plugin went."""
        sys.stderr.write(f"Fitted {plugin} in {seconds:.1f} s. {words}\n")
        sys.stderr.flush()


class Bars(Silent):
    """One bar per plugin on a terminal."""

    def __init__(self, *, color: bool = True) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[stage]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True, no_color=None if color else True),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def start(self, plugins: Sequence[str]) -> None:
        """Say why it takes a while, and show one waiting bar per plugin."""
        self._bars.console.print(_why(plugins), highlight=False, markup=False)
        for plugin in plugins:
            self._tasks[plugin] = self._bars.add_task(plugin, start=False, total=1.0, stage="waits")

    def at(self, plugin: str, stage: str, done: float) -> None:
        """Move a bar."""
        task = self._tasks[plugin]
        self._bars.start_task(task)
        # A bar without a total moves by itself: nobody knows how long compiling takes.
        total = None if stage == "compiles" else 1.0
        self._bars.update(task, total=total, completed=done, stage=stage)

    def end(self, plugin: str, seconds: float, words: str) -> None:
        """Fill a bar; a verdict of several lines goes below the bars."""
        first, *rest = words.splitlines() or [""]
        self._bars.update(self._tasks[plugin], total=1.0, completed=1.0, stage=f"{seconds:.1f} s")
        if rest:
            self._bars.console.print("\n".join([first, *rest]), highlight=False, markup=False)


def display(*, quiet: bool = False, bars: bool = True, color: bool = True) -> Progress:
    """Return bars on a terminal, plain lines elsewhere or without `bars`, nothing if `quiet`."""
    if quiet:
        return Silent()
    terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return Bars(color=color) if terminal and bars and not os.environ.get("CI") else Lines()
