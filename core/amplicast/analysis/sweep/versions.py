"""What decides the numbers besides a design: versions and sources, here and in every worker."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from amplicast.errors import Problem, RunError

if TYPE_CHECKING:
    from amplicast.concepts import Hardware, Plugin

__all__ = ["require_same", "source_of", "versions"]

LIBRARIES = ("amplicast", "numpy", "scipy", "xarray")

FILES = (
    "math.py", "beliefs.py", "prior_families.py", "priors.py", "physics/*.py", "forecast/*.py",
    "engine/incremental.py", "engine/operations.py", "analysis/sweep/*.py",
)  # fmt: skip
"""Files of amplicast that decide what a case gives."""


@cache
def _here() -> tuple[tuple[str, str], ...]:
    root = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for pattern in FILES:
        for path in sorted(root.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    known = [(name, version(name)) for name in LIBRARIES]
    return (*known, ("amplicast's files", digest.hexdigest()[:12]))


def versions() -> dict[str, str]:
    """Versions of what evaluates a case, in this process."""
    return dict(_here())


def source_of(plugin: Plugin | Hardware) -> str:
    """Digest of the files that hold a plugin's functions; empty where it has none."""
    modules = {
        getattr(each, "__module__", None) for each in vars(plugin).values() if callable(each)
    }
    files = {getattr(sys.modules.get(str(name)), "__file__", None) for name in modules}
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file and Path(file).is_file()):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:12] if files - {None} else ""


def require_same(wanted: Mapping[str, str]) -> None:
    """Refuse to work beside others with another version.

    Raises
    ------
    RunError
        Names what differs.
    """
    here = versions()
    other = [
        f"{name} {here.get(name)} for {told}"
        for name, told in sorted(wanted.items())
        if here.get(name) != told
    ]
    if other:
        raise RunError(
            Problem(
                code="AMP-G120",
                what=f"a worker has {', '.join(other)}",
                why="Its numbers could differ in the last digits from those of the others.",
                fix="install the same versions on every worker",
            )
        )
