"""Captions and texts in place of pictures, from the same numbers that are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from amplicast.report.charts.picture import ALT_LIMIT
from amplicast.report.charts.place import opening
from amplicast.report.left_out import left_out

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["BANDS", "alt_text", "caption", "last_data"]

BANDS = (
    "Line: median. Dark band: 66 % (likely) interval; light band: 90 % (very likely): if the model "
    "is right, the value falls inside on 90 of 100 occasions in any one year."
)
"""What a fan shows."""


def caption(forecast: Forecast, *, what: str, where: str, meaning: str) -> str:
    """Caption in the order of the house: what, where, meaning, what is left out, source.

    Parameters
    ----------
    what : str
        Sentence without its full stop.
    where : str
        Scenario and what the picture is conditional on, likewise.
    meaning : str
        What marks mean, whole sentences.
    """
    first, *others = left_out(forecast)
    missing = first if not others else f"{first}, nor {others[0]}"
    run = f"run {forecast.id}"
    changes = forecast.provenance.get("changes")
    if changes:
        run += f", re-evaluated with other {', '.join(sorted(changes))}"
    failed = forecast.provenance.get("failed_checks")
    if failed:
        run += f"; CHECKS FAILED, do not quote: {'; '.join(failed)}"
    version = forecast.provenance["versions"]["amplicast"]
    return (
        f"{what}. {opening(where)}. {meaning} Not covered: {missing}; the true range "
        f"is wider. Source: amplicast {version}, {run}."
    )


def alt_text(*parts: str) -> str:
    """Sentences joined as long as they fit; the first ones matter most."""
    text = ""
    for part in parts:
        longer = f"{text} {part}".strip()
        if len(longer) > ALT_LIMIT:
            break
        text = longer
    return text or parts[0][: ALT_LIMIT - 1] + "…"


def last_data(forecast: Forecast, plugins: Sequence[str] = ()) -> date | None:
    """Latest date of the evidence that the run was fitted on; None where none is dated."""
    import json

    found: list[date] = []
    evidence = forecast.tree.get("evidence")
    for id_, node in evidence.children.items() if evidence is not None else ():
        if plugins and id_ not in plugins:
            continue
        for rows in node.attrs.values():
            found += [date.fromisoformat(row["date"]) for row in json.loads(rows) if "date" in row]
    return max(found, default=None)
