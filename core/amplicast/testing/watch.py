"""Sees, and refuses, what a pure function never does: network, written files, other programs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Refused", "seen_while"]

NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "shutil.rmtree")
WRITING = os.O_WRONLY | os.O_RDWR


class Refused(PermissionError):
    """What the plugin tried is not done while it is held to the laws."""


class _Watch:
    """The one audit hook of the process; hooks cannot be taken away, so it sleeps."""

    def __init__(self) -> None:
        self.installed = False
        self.seen: list[tuple[str, str]] | None = None

    def hook(self, event: str, args: tuple[object, ...]) -> None:
        """Note and refuse what a pure function never does."""
        if self.seen is None:
            return
        law, what = _judged(event, args)
        if law:
            self.seen.append((law, what))
            raise Refused(f"{what}: refused while a plugin is held to the laws")


_WATCH = _Watch()


def _judged(event: str, args: tuple[object, ...]) -> tuple[str, str]:
    """Law that an event breaks, and what was tried; empty where it breaks none."""
    if event in NETWORK:
        host = args[1] if event in {"socket.connect", "socket.sendto"} else args[0]
        return "network", f"it asks the network for {host}"
    if event in PROGRAMS:
        return "files", f"it starts a program ({event})"
    if event in CHANGES:
        return "files", f"it changes files ({event} {args[0]})"
    if event == "open" and _writes(args):
        return "files", f"it writes {args[0]}"
    return "", ""


def _writes(args: tuple[object, ...]) -> bool:
    path, mode, flags = (*args, None, None, None)[:3]
    if not isinstance(path, str | bytes) or "__pycache__" in os.fsdecode(path):
        return False  # a stream that is open already; or Python's own cache of what it imports
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+")) and os.fsdecode(path) != os.devnull
    return isinstance(flags, int) and bool(flags & WRITING) and os.fsdecode(path) != os.devnull


@contextmanager
def seen_while() -> Iterator[list[tuple[str, str]]]:
    """Law and deed of everything impure that is tried inside; it is refused with `Refused`."""
    if not _WATCH.installed:
        sys.addaudithook(_WATCH.hook)
        _WATCH.installed = True
    outer, _WATCH.seen = _WATCH.seen, []
    try:
        yield _WATCH.seen
    finally:
        _WATCH.seen = outer
