"""Scores what evidence up to two dates foresaw, for the page of hindcasts.

``python docs/hindcasts.py`` fits anew what is not cached and writes ``docs/hindcasts.json``. Then
run ``docs/generate.py``, which writes the page from it; a slow test works the scores out again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from wording import page, table

from amplicast.analysis.coverage import CHANCE

SCORES = Path(__file__).with_name("hindcasts.json")

CUTOFFS = (date(2023, 12, 31), date(2024, 12, 31))
"""The ends of two years; evidence of assistants begins after the first."""

DIGITS = 3

RULES = ("last value", "constant growth", "straight line")

ABOUT = (
    "Each plugin with dated evidence was fitted to its rows up to the date, and its later rows "
    "were scored. Forms, settings, intervals, CRPS and walks were fixed before any score was seen; "
    "the earlier date, the straight line, the log score and the count of trials were added after "
    "the others had been. Figures are those published since for their dates; forms and priors are "
    "those of today, and some beliefs were written with later years in view. `amplicast hindcast "
    "--cutoff DATE` tells every figure; [what it means](../explanation/hindcast.md)."
)

LEGEND = (
    "*worth*: independent figures that the figures amount to, for those of one series share "
    "errors. *allowed*: what chance allows of perfect 90 % intervals, at so many. CRPS and log "
    "score: less is better. Skill: share of a rule's CRPS that is saved, with its 90 % interval "
    "over resampled series, where there are several; **bold** where the rule did better."
)


def measure() -> dict[str, Any]:
    """Scores by date, without the figures themselves."""
    from amplicast.analysis.dated import dated_plugins
    from amplicast.analysis.hindcast import hindcast
    from amplicast.engine.progress import display
    from amplicast.registry import Registry
    from amplicast.report.hindcast import hindcast_record

    plugins = dated_plugins(Registry.load(strict=True)).values()
    found = {}
    for cutoff in CUTOFFS:
        record = hindcast_record(hindcast(plugins, cutoff=cutoff, progress=display()))
        for each in record["evidence"]:
            del each["figures"]
        found[cutoff.isoformat()] = record
    rounded: dict[str, Any] = json.loads(json.dumps(found), parse_float=_rounded)
    return rounded


def _rounded(text: str) -> float:
    return round(float(text), DIGITS)


def hindcasts() -> str:
    """The page."""
    known = json.loads(SCORES.read_text(encoding="utf-8"))
    parts = [ABOUT, _allowed(known.values())]
    for cutoff, record in known.items():
        parts += [f"## Known until {cutoff}", _scores(record["evidence"])]
        left = [f"{r['plugin']}, {r['evidence']}: {r['why']}" for r in record["left_out"]]
        parts.append("Not foreseen: " + "; ".join(left) + ".")
        if record["failed_fits"]:
            parts.append("Fits that failed their checks: " + ", ".join(record["failed_fits"]) + ".")
    return page("Hindcasts", *parts, LEGEND)


def _allowed(records: Iterable[Mapping[str, Any]]) -> str:
    """How many counts lie outside of what chance allows, and how many might."""
    counts = [
        (f"{row['plugin']}, {row['evidence']}, {row['kind']}, in {mass} %", each["allowed"])
        for record in records
        for row in record["evidence"]
        for mass, each in row["coverage"].items()
    ]
    outside = [name for name, allowed in counts if not allowed]
    return (
        f"Of {len(counts)} counts of figures inside an interval, {len(outside)} "
        f"{'lies' if len(outside) == 1 else 'lie'} outside of the range that holds the counts of "
        f"perfect intervals in {100 * CHANCE:.0f} % of cases, marked "
        f"(!): {'; '.join(outside) or 'none'}. Of perfect intervals, up to "
        f"{(1 - CHANCE) * len(counts):.0f} would. Counts of one row of a table, and of chips of "
        "several vendors, go together, so this is a rough measure."
    )


def _scores(rows: list[Mapping[str, Any]]) -> str:
    head = [
        "plugin, evidence", "figures", "worth", "in 50 %", "in 66 %", "in 80 %", "in 90 %",
        "allowed", "CRPS", "log score", *(f"skill against {rule}" for rule in RULES),
    ]  # fmt: skip
    return table(head, map(_row, rows))


def _row(row: Mapping[str, Any]) -> list[str]:
    covered = row["coverage"]
    wide = covered["90"]
    stock = ", stock" if row["kind"] == "stock" else ""
    return [
        f"{row['plugin']}, {row['evidence']}{stock}",
        str(row["figures_scored"]),
        str(row["trials"]),
        *(f"{each['inside']}{'' if each['allowed'] else ' (!)'}" for each in covered.values()),
        f"{100 * wide['low']:.0f} to {100 * wide['high']:.0f} %",
        f"{row['crps']:.2f}",
        f"{row['log_score']:.2f}",
        *(_skill(row["against"].get(rule)) for rule in RULES),
    ]


def _skill(record: Mapping[str, Any] | None) -> str:
    if record is None:
        return ""
    told = f"{record['skill']:.2f}"
    told = f"**{told}**" if record["skill"] < 0.0 else told
    if record["low"] is None:
        return told
    return f"{told} ({record['low']:.2f} to {record['high']:.2f})"


def main() -> int:
    """Measure, and write."""
    text = json.dumps(measure(), indent=1, sort_keys=True) + "\n"
    SCORES.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
