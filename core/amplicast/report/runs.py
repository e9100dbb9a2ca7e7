"""The runs of a folder, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from amplicast.report.layout import Text, grid, text_of
from amplicast.report.words import size

if TYPE_CHECKING:
    from amplicast.forecast.runs import RunFolder

__all__ = ["runs_record", "runs_text", "told_run"]


def runs_text(runs: Sequence[RunFolder]) -> Text:
    """One line a run, the newest first."""
    rows = [["run", "scenario", "variants", "made", "draws", "checks", "size"]]
    rows += [
        [
            run.id,
            run.scenarios[0] if run.scenarios else "unknown",
            str(len(run.scenarios) - 1) if len(run.scenarios) > 1 else "",
            _when(run),
            f"{run.draws:,}" if run.draws else "",
            _checks(run),
            size(run.size),
        ]
        for run in reversed(runs)
    ]
    whole = size(sum(run.size for run in runs))
    return text_of([grid("", rows), f"{len(runs)} runs, {whole}. The first is `latest`."])


def runs_record(runs: Sequence[RunFolder]) -> list[dict[str, Any]]:
    """The same as plain data, the newest first."""
    return [
        {**asdict(run), "id": run.id, "path": str(run.path), "years": list(run.years)}
        for run in reversed(runs)
    ]


def told_run(run: RunFolder) -> str:
    """A run in one line, for whoever is about to delete it."""
    scenario = run.scenarios[0] if run.scenarios else "a run that cannot be read"
    return ", ".join(part for part in (run.id, scenario, _when(run), size(run.size)) if part)


def _when(run: RunFolder) -> str:
    """In the time of this machine, to the minute."""
    try:
        return f"{datetime.fromisoformat(run.created).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return ""


def _checks(run: RunFolder) -> str:
    if run.problem:
        return f"! {run.problem}"
    if run.failed:
        return f"✗ {len(run.failed)} failed"
    return "✓ passed"
