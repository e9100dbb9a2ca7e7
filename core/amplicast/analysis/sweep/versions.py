"""Versions that decide the numbers: a worker that has others would not give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from amplicast.errors import Problem, RunError

__all__ = ["require_same", "versions"]

LIBRARIES = ("amplicast", "numpy", "scipy", "xarray")


@cache
def _here() -> tuple[tuple[str, str], ...]:
    return tuple((name, version(name)) for name in LIBRARIES)


def versions() -> dict[str, str]:
    """Versions of what evaluates a case, in this process."""
    return dict(_here())


def require_same(wanted: Mapping[str, str]) -> None:
    """Refuse to work beside others with another version.

    Raises
    ------
    RunError
        Names what differs.
    """
    here = versions()
    other = [f"{name} {here.get(name)} for {wanted[name]}" for name in sorted(wanted)
             if here.get(name) != wanted[name]]  # fmt: skip
    if other:
        raise RunError(
            Problem(
                code="AMP-G120",
                what=f"a worker has {', '.join(other)}",
                why="Its numbers could differ in the last digits from those of the others.",
                fix="install the same versions on every worker",
            )
        )
