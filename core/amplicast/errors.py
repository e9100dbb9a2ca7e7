"""What went wrong, where, why, and how to mend it.

AmplicastError
├── ScenarioError      exit 3, the file a person edits has mistakes (all of them at once)
├── PluginError        exit 5, a plugin is broken, missing or collides
├── CheckError         exit 4, finished, but a check failed
├── RunError           exit 3, a saved run is missing, damaged or was altered
├── UnitError          exit 3, a unit is unknown or the wrong one
└── ExtraError         exit 6, an optional extra is not installed
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "AmplicastError",
    "CheckError",
    "ExtraError",
    "PluginError",
    "Problem",
    "RunError",
    "ScenarioError",
    "UnitError",
]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake, told so that its reader can mend it."""

    code: str
    what: str
    why: str = ""
    fix: str = ""
    where: str = ""

    def __str__(self) -> str:
        place = f" in {self.where}" if self.where else ""
        lines = [f"Error {self.code}{place}: {self.what}"]
        if self.why:
            lines.append(self.why)
        if self.fix:
            lines.append(f"Fix: {self.fix}")
        return "\n".join(lines)


class AmplicastError(Exception):
    """A mistake the user can mend; carries one or more `Problem` records.

    Parameters
    ----------
    *problems : Problem
        Every mistake that was found, not only the first.
    """

    exit_code = 1

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n\n".join(str(problem) for problem in problems))


class ScenarioError(AmplicastError):
    """The scenario file has mistakes."""

    exit_code = 3


class UnitError(AmplicastError):
    """A unit is not in the closed list, or not the one that is needed."""

    exit_code = 3


class RunError(AmplicastError):
    """A saved run is missing, damaged, or not the one its digest names."""

    exit_code = 3


class CheckError(AmplicastError):
    """The computation finished, and a check of it failed."""

    exit_code = 4


class PluginError(AmplicastError):
    """A plugin is broken, missing, or collides with another."""

    exit_code = 5


class ExtraError(AmplicastError):
    """What is asked for needs an optional extra that is not installed."""

    exit_code = 6
