"""What nobody foresaw, told like any other mistake: full disks, plugins that raise, lost time."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from amplicast.errors import AmplicastError, PluginError, Problem, RunError

if TYPE_CHECKING:
    from amplicast.registry import Registry

__all__ = ["TRACEBACK", "OutOfTimeError", "limited", "told"]

TRACEBACK = "AMPLICAST_TRACEBACK"
"""Environment variable that shows where an unforeseen error comes from."""

OURS = str(Path(__file__).parents[1])

FULL = {errno.ENOSPC, errno.EDQUOT}

SHUT = {errno.EACCES, errno.EPERM, errno.EROFS}


class OutOfTimeError(BaseException):
    """The time limit is over; no ``except Exception`` of a plugin holds it up."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds:g} s")


@contextmanager
def limited(seconds: float | None) -> Iterator[None]:
    """Stop what takes longer; without a limit, or where the system has no such clock, do nothing.

    Raises
    ------
    OutOfTimeError
        Where the work was when the time was over.
    """
    if seconds is None or not hasattr(signal, "SIGALRM"):
        yield
        return

    def over(*_: Any) -> None:
        raise OutOfTimeError(seconds)

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def told(error: BaseException, registry: Registry | None) -> AmplicastError:
    """The error as a person can mend it.

    Parameters
    ----------
    error : BaseException
    registry : Registry or None
        Whose plugins may be at fault; None where none was loaded yet.
    """
    place = _culprit(error, registry) if registry is not None else None
    if isinstance(error, MemoryError):
        place = None  # whoever asked for the last of it
    if isinstance(error, OutOfTimeError):
        return RunError(_late(error, place))
    if place is not None:
        return PluginError(_raised(error, *place))
    if isinstance(error, OSError):
        return RunError(_refused(error))
    if isinstance(error, MemoryError):
        return RunError(
            Problem(
                code="AMP-X113",
                what="there is not enough memory",
                why="All draws are held at once.",
                fix="take fewer: --draws 500, or fewer variants",
            )
        )
    return AmplicastError(
        Problem(
            code="AMP-X110",
            what=f"amplicast did not foresee this: {_words(error)}",
            why=f"It happened in {_last(error)}. A plugin that returns another shape or unit than "
            "its contract says can be why; else it is a mistake of amplicast.",
            fix="amplicast plugins check FILE for plugins of your own; else report it, with what "
            f"{TRACEBACK}=1 shows",
        )
    )


def _refused(error: OSError) -> Problem:
    where = str(error.filename) if error.filename else ""
    if error.errno in FULL:
        return Problem(
            code="AMP-X111",
            what="the disk is full",
            why="Nothing half-written is left, and what was there before is as it was.",
            fix="free some space: amplicast runs list has the sizes of old runs, amplicast runs "
            "remove ID deletes one; amplicast doctor tells where the cache is",
            where=where,
        )
    if error.errno in SHUT:
        return Problem(
            code="AMP-X112",
            what=f"this may not be written or read here: {error.strerror or error}",
            why="The folder or the file belongs to somebody else, or is read-only.",
            fix="work in a folder of your own, or name one by --out",
            where=where,
        )
    return Problem(
        code="AMP-X114",
        what=f"a file could not be used: {error.strerror or error}",
        why="The system said so; nothing half-written is left.",
        fix="look at the path, and try again",
        where=where,
    )


def _late(error: OutOfTimeError, place: tuple[str, str] | None) -> Problem:
    at = f"the plugin {place[0]!r} ({place[1]})" if place else _last(error)
    return Problem(
        code="AMP-X115",
        what=f"not finished within the time limit of {error.seconds:g} s",
        why=f"It was at work in {at}. Fits that were finished are kept, so the same command goes "
        "on from there.",
        fix="allow more: --time-limit SECONDS" + (f", or leave out {place[0]}" if place else ""),
    )


def _raised(error: BaseException, id_: str, place: str) -> Problem:
    return Problem(
        code="AMP-P150",
        what=f"the plugin {id_!r} failed: {_words(error)}",
        why="A plugin's functions take every value that its beliefs allow, and raise nothing.",
        fix=f"mend it, and hold it to the laws: amplicast plugins check {place.rpartition(':')[0]}",
        where=place,
    )


def _culprit(error: BaseException, registry: Registry) -> tuple[str, str] | None:
    """Plugin whose file is deepest in the traceback, and the line."""
    homes = dict(_homes(registry))
    found = None
    for file, line in _frames(error):
        if file in homes:
            found = homes[file], f"{file}:{line}"
    return found


def _homes(registry: Registry) -> Iterator[tuple[str, str]]:
    """File of every plugin's functions, with its id."""
    from amplicast.registry import KINDS

    for kind in KINDS:
        for id_, plugin in getattr(registry, kind).items():
            parts = [plugin, *getattr(plugin, "evidence", ())]
            for value in (each for part in parts for each in _fields(part).values()):
                file = getattr(getattr(value, "__code__", None), "co_filename", "")
                if file and not file.startswith(OURS):
                    yield file, id_


def _fields(part: Any) -> Mapping[str, Any]:
    return getattr(part, "__dict__", {})


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    """Files and lines, the outermost first; those of what led to the error come before."""
    cause = error.__cause__ or error.__context__
    if cause is not None:
        yield from _frames(cause)
    step: TracebackType | None = error.__traceback__
    while step is not None:
        yield step.tb_frame.f_code.co_filename, step.tb_lineno
        step = step.tb_next


def _last(error: BaseException) -> str:
    frames = list(_frames(error))
    file, line = frames[-1] if frames else ("an unknown place", 0)
    return f"{os.path.basename(file)}, line {line}"  # noqa: PTH119 - a name, not a path


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split())
    short = text if len(text) <= 200 else f"{text[:200]}..."
    return f"{type(error).__name__}: {short}" if short else type(error).__name__
