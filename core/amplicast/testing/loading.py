"""Laws of loading, which is part of every command: quick, light, silent, and without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from amplicast.errors import Problem
from amplicast.testing.laws import breach

__all__ = ["LONGEST", "loading_breaches"]

LONGEST = 2.0
"""Seconds that loading one plugin may take on a busy machine."""


def loading_breaches(name: str, place: str) -> Iterator[Problem]:
    """Breaches on the way in, found by loading the plugin in a process of its own.

    Parameters
    ----------
    name : str
        Of its entry point, or the path of its file.
    place : str
        For messages.
    """
    done = subprocess.run(  # noqa: S603 - our own module, in the same Python
        [sys.executable, "-m", "amplicast.testing.probe", name],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        yield breach("light", f"loading it fails: {last[0]}", where=place)
        return
    record = json.loads(done.stdout)
    for law, deed in dict.fromkeys(map(tuple, record["seen"])):
        yield breach(law, f"{deed} as it is loaded", where=place)
    if record["heavy"]:
        yield breach("light", f"it imports {', '.join(record['heavy'])}", where=place)
    if record["printed"]:
        told = record["printed"].strip().splitlines()[0]
        yield breach("light", f"it prints {told!r}", where=place)
    if record["seconds"] > LONGEST:
        yield breach("light", f"loading it took {record['seconds']:.1f} s", where=place)
