"""What must hold of a forecast: bounds on its outputs, from facts that it was not told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amplicast.errors import AmplicastError
from amplicast.scenario.document import Document
from amplicast.scenario.keys import children, read_keys
from amplicast.units import canonical

__all__ = ["MustHold", "read_must_hold"]

_PLACE = tuple(
    name
    for name in children("beliefs.*")
    if name not in {"quantity", "low", "high", "unit", "chance", "severity", "why", "source"}
)


@dataclass(frozen=True, kw_only=True)
class MustHold:
    """One belief that is tested on the draws and moves no number.

    Attributes
    ----------
    name, quantity : str
        Key in the file; name of an output.
    place : Mapping
        Label by dim of the output.
    low, high : float or None
        Bounds [unit]; at least one is there.
    unit : str
    chance : float
        Share of the draws in which it must hold.
    severity : {"warning", "failure"}
    why, source : str
    """

    name: str
    quantity: str
    place: Mapping[str, str | int]
    low: float | None
    high: float | None
    unit: str
    chance: float
    severity: str
    why: str
    source: str

    @classmethod
    def of(cls, name: str, table: Mapping[str, Any]) -> MustHold:
        """Rebuild it from its table in a scenario."""
        keys = read_keys()
        low, high = table.get("low"), table.get("high")
        return cls(
            name=name,
            quantity=table["quantity"],
            place={dim: table[dim] for dim in _PLACE if dim in table},
            low=None if low is None else float(low),
            high=None if high is None else float(high),
            unit=table["unit"],
            chance=float(table.get("chance", keys["beliefs.*.chance"].default)),
            severity=table.get("severity", keys["beliefs.*.severity"].default),
            why=table["why"],
            source=table["source"],
        )


def read_must_hold(document: Document) -> dict[str, dict[str, Any]]:
    """Beliefs under ``[beliefs]`` whose bounds and units can be used, by name."""
    found: dict[str, dict[str, Any]] = {}
    for name, table in document.tree.get("beliefs", {}).items():
        path = f"beliefs.{name}"
        low, high = table.get("low"), table.get("high")
        if path in document.broken:
            continue
        if low is None and high is None:
            document.fault(
                "AMP-S194",
                path,
                f"the belief {name!r} has no bound",
                why="Nothing could fail: it needs low, high, or both.",
                fix="low = 1",
            )
        elif low is not None and high is not None and not low < high:
            document.fault(
                "AMP-S195",
                f"{path}.high",
                f"the belief {name!r} runs backwards: {low:g} to {high:g}",
                why="low is the least that the quantity can be.",
                fix=f"low = {min(low, high):g} and high = {max(low, high):g}",
            )
        try:
            canonical(table.get("unit", ""))
        except AmplicastError as error:
            if "unit" in table:
                problem = error.problems[0]
                document.fault(
                    problem.code, f"{path}.unit", problem.what, why=problem.why, fix=problem.fix
                )
        # Whole numbers and others say the same, so that a resolved file has the same digest.
        found[name] = {
            key: float(value) if key in {"low", "high", "chance"} else value
            for key, value in table.items()
        }
    return found
