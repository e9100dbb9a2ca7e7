"""One scenario file as it was read, with what was found wrong in it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from amplicast.errors import Problem
from amplicast.scenario.places import Places

__all__ = ["UNREADABLE", "Document"]

UNREADABLE = "\ue000"
"""Stands for a value that could not be read and was already reported."""


@dataclass
class Document:
    """One file as it was read, and what is wrong with it.

    Attributes
    ----------
    name : str
        How messages call it, for example ``my-case.toml`` or ``builtin:baseline``.
    tree : dict
        Tables and values as TOML gives them; `UNREADABLE` where a value was reported.
    places : Places
        Lines of the keys.
    broken : set of str
        Tables of which a part was refused; what else they lack is not told as well.
    problems, warnings : list of Problem
    """

    name: str
    tree: dict[str, Any] = field(default_factory=dict)
    places: Places = field(default_factory=lambda: Places(()))
    broken: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def where(self, line: int) -> str:
        """Name of the file, with the line where there is one."""
        return f"{self.name}, line {line}" if line else self.name

    def problem(
        self,
        code: str,
        path: str | int,
        what: str,
        *,
        why: str,
        fix: str,
        containing: str = "",
    ) -> Problem:
        """Make one problem that quotes its line; `path` is a dotted key or a line number."""
        line = path if isinstance(path, int) else self.places.line(path, containing=containing)
        quoted = self.places.quote(line)
        what = f"{what}\n    {quoted}" if quoted else what
        return Problem(code=code, what=what, why=why, fix=fix, where=self.where(line))

    def fault(
        self, code: str, path: str | int, what: str, *, why: str, fix: str, containing: str = ""
    ) -> None:
        """Report a mistake; arguments as for `problem`."""
        self.problems.append(
            self.problem(code, path, what, why=why, fix=fix, containing=containing)
        )

    def warn(self, code: str, path: str, what: str, *, why: str, fix: str) -> None:
        """Report something odd that is still allowed; arguments as for `problem`."""
        self.warnings.append(self.problem(code, path, what, why=why, fix=fix))
