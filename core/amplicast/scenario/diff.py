"""Where two scenarios differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amplicast.scenario.keys import BELIEF_MARKS
from amplicast.scenario.model import Scenario

__all__ = ["Change", "diff"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference; a side that lacks the key is empty.

    Attributes
    ----------
    path : str
        Dotted, as in the file.
    a, b : str
        The value on either side, in words, with its unit.
    """

    path: str
    a: str
    b: str


def diff(a: Scenario, b: Scenario, *, notes: bool = False) -> tuple[Change, ...]:
    """List the differences, sorted by path.

    Parameters
    ----------
    notes : bool
        Compare names, authors, reasons and sources as well, not only what moves a number.
    """
    left, right = _leaves(a.tree, notes=notes), _leaves(b.tree, notes=notes)
    return tuple(
        Change(path=path, a=left.get(path, ""), b=right.get(path, ""))
        for path in sorted(left.keys() | right.keys())
        if left.get(path, "") != right.get(path, "")
    )


def _leaves(tree: Mapping[str, Any], *, notes: bool, prefix: str = "") -> dict[str, str]:
    leaves: dict[str, str] = {}
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if not notes and not prefix and key in {"name", "author", "question"}:
            continue
        if not notes and prefix.startswith("beliefs.") and key in {"why", "source"}:
            continue
        if key == "correlations" and not prefix:
            leaves |= {f"{path}.{row['a']}.{row['b']}": str(row["rank"]) for row in value}
        elif _is_assumption(value) and prefix != "beliefs.":
            leaves[path] = _words(value)
            if notes:
                leaves |= {f"{path}.{note}": value.get(note, "") for note in ("why", "source")}
        elif isinstance(value, dict):
            leaves |= _leaves(value, notes=notes, prefix=f"{path}.")
        else:
            leaves[path] = ", ".join(value) if isinstance(value, list) else str(value)
    return leaves


def _is_assumption(value: Any) -> bool:
    return isinstance(value, dict) and "unit" in value and bool(BELIEF_MARKS & value.keys())


def _words(table: Mapping[str, Any]) -> str:
    from amplicast.scenario.belief import from_table

    prior = from_table(table)
    family = "" if "value" in table else f"{prior.dist}, "
    return f"{family}{prior.statement} {prior.unit}"
