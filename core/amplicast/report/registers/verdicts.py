"""Every check of a run in plain words: what was looked at, what was found, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amplicast.report.registers.columns import Register, column

__all__ = ["VERDICTS", "Finding", "Verdict", "verdict", "verdict_register"]

VERDICTS = ("FAILED", "warning", "not checked", "passed")
"""From the worst to the best."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One check of a run.

    Attributes
    ----------
    part : {"calibration", "evidence", "draws", "model", "beliefs"}
    where, check : str
        Plugin, evidence or output; what is looked at.
    value : float or None
    wanted : str
    verdict : str
        One of `VERDICTS`.
    found, next : str
        Plain words; one thing to do. Both empty where it passed.
    """

    part: str = column("Part of the run: calibration, evidence, draws, model or beliefs.")
    where: str = column("Plugin, evidence, output or belief that is checked.")
    check: str = column("What is checked.")
    value: float | None = column("What was reached; empty where a word says it.")
    wanted: str = column("What must be reached.")
    verdict: str = column("passed, warning, not checked or FAILED.")
    found: str = column("What was found, where it did not pass.")
    next: str = column("One thing to do, where it did not pass.")

    @property
    def passed(self) -> bool:
        """Nothing was found."""
        return self.verdict == "passed"


@dataclass(frozen=True)
class Finding:
    """What stands against a run: plain words, and one thing to do."""

    found: str
    next: str
    verdict: str = "warning"


def verdict(
    part: str, where: str, check: str, *, value: float | None, wanted: str, told: Finding | None
) -> Verdict:
    """A check that passed, or was told something against."""
    against = told or Finding("", "", "passed")
    return Verdict(
        part=part, where=where, check=check, value=value, wanted=wanted, verdict=against.verdict,
        found=against.found, next=against.next,
    )  # fmt: skip


def verdict_register(rows: Sequence[Verdict]) -> Register:
    """The rows as a table."""
    about = "Passed means that nothing was found, which is all that such checks can say."
    return Register.of("verdicts", "Checks of the run", about, Verdict, rows)
