"""Published answers beside ours, on a terminal and as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from amplicast.analysis.answer_tables import Row
from amplicast.analysis.reproduce import Ours, Result
from amplicast.report.layout import Block, Text, grid, note, text_of
from amplicast.report.words import percent, significant

if TYPE_CHECKING:
    from amplicast.concepts import PublishedAnswers

__all__ = ["published", "reproduced_record", "reproduced_text", "totals"]

VERDICTS = ("agrees", "source slipped", "fails", "quoted")

KINDS = ("derived", "arithmetic", "quoted")

ABOUT = note("""\
ours: median, with the 90 % interval of a posterior. derived: from a law or a posterior;
arithmetic: from the source's own inputs; quoted: shown, and never counted as reproduced.""")

UNTOLD = ("1", "x", "fraction")
"""Units that need no word beside a number."""


def totals(results: Sequence[Result]) -> dict[str, dict[str, int]]:
    """Number of rows by kind and verdict, in fixed order, none left out."""
    return {
        kind: {
            verdict: sum(each.row.kind == kind and each.verdict == verdict for each in results)
            for verdict in VERDICTS
        }
        for kind in KINDS
    }


def reproduced_text(results: Sequence[Result], answers: Mapping[str, PublishedAnswers]) -> Text:
    """One table for each source, and how many rows of each kind agree."""
    parts: list[Block] = []
    for source, rows in groupby(results, key=lambda each: each.source):
        lines = [["quantity", "published", "ours", "verdict"]]
        for each in rows:
            ours = _ours(each.ours, each.row)
            lines.append([each.row.quantity, published(each.row), ours, each.verdict])
            reason = each.failure or each.row.note
            if each.verdict in {"source slipped", "fails"} and reason:
                lines.append([f"  {reason}"])
        parts.append(grid(f"{source}: {answers[source].summary}", lines))
    counted = [
        f"{kind}: " + ", ".join(f"{number} {verdict}" for verdict, number in row.items() if number)
        for kind, row in totals(results).items()
        if any(row.values())
    ]
    return text_of([*parts, "\n".join(counted), ABOUT])


def reproduced_record(results: Sequence[Result]) -> dict[str, Any]:
    """The rows and their totals as plain data; a number that is infinite is null and says so."""
    return {
        "rows": [
            {
                "source": each.source,
                "id": each.row.id,
                "quantity": each.row.quantity,
                "unit": each.row.unit,
                "published": each.row.published,
                "ours": _record(each.ours),
                "test": each.row.test,
                "tolerance": each.row.tolerance,
                "kind": each.row.kind,
                "verdict": each.verdict,
                "counted": each.counted,
                "where": each.row.where,
                "note": each.row.note,
                "failure": each.failure,
            }
            for each in results
        ],
        "totals": totals(results),
    }


def _record(ours: Ours | None) -> dict[str, float | bool | None] | None:
    if ours is None:
        return None
    numbers = {"p05": ours.low, "p50": ours.median, "p95": ours.high}
    told = {name: each if math.isfinite(each) else None for name, each in numbers.items()}
    return {**told, "infinite": math.isinf(ours.median)}


def published(row: Row) -> str:
    """What was published, with its unit; empty where nothing was."""
    if row.test == "probability":
        return "a claim"
    sign = {"at-least": "≥ ", "at-most": "≤ "}.get(row.test, "")
    return "" if row.published is None else sign + _number(row.published) + _word(row.unit)


def _ours(ours: Ours | None, row: Row) -> str:
    if ours is None:
        return "none"
    if row.test == "probability":
        return percent(ours.median)
    if ours.low == ours.high:
        return _number(ours.median) + _word(row.unit)
    middle, low, high = (_number(each, 3) for each in (ours.median, ours.low, ours.high))
    return f"{middle} ({low} to {high}){_word(row.unit)}"


def _word(unit: str) -> str:
    return "" if unit in UNTOLD else f" {unit}"


def _number(number: float, digits: int = 4) -> str:
    """A number with so many significant digits; rounding noise is 0."""
    if math.isinf(number):
        return "infinite"
    if abs(number) < 1e-9:
        return "0"
    if 1e3 <= abs(number) < 1e6:
        return f"{significant(number, digits):,.0f}"
    return f"{number:.{digits}g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
