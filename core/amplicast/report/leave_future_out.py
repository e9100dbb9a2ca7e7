"""What each date foresaw of the next, on a terminal and as plain data."""

from __future__ import annotations

from typing import Any

from amplicast.analysis.leave_future_out import LeftFutureOut
from amplicast.report.hindcast import (
    SCORES,
    by_evidence,
    figure_record,
    figures_grid,
    scores,
    scores_text,
)
from amplicast.report.layout import Block, Text, note, text_of

__all__ = ["left_future_out_record", "left_future_out_text"]

ABOUT = note(f"""\
Each row was foreseen by a fit to what is dated before it. {SCORES} Figures are those published
since, forms and priors are today's.""")


def left_future_out_text(found: LeftFutureOut) -> Text:
    """Tables by evidence."""
    parts: list[Block] = [f"What each of the last {found.steps} dates foresaw of the next"]
    for (plugin, evidence, _), figures in by_evidence(found.figures):
        parts.append(figures_grid(f"{plugin}, {evidence}", figures))
        parts.append(scores_text(figures))
    if found.short:
        parts.append("Too few dates: " + ", ".join(found.short))
    if found.failed:
        parts.append("Fits that did not pass the gate, do not quote: " + ", ".join(found.failed))
    return text_of([*parts, ABOUT])


def left_future_out_record(found: LeftFutureOut) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "steps": found.steps,
        "evidence": [
            {
                "plugin": plugin,
                "evidence": evidence,
                "scale": found.scales[plugin, evidence],
                **scores(figures),
                "figures": [figure_record(each) for each in figures],
            }
            for (plugin, evidence, _), figures in by_evidence(found.figures)
        ],
        "too_few_dates": list(found.short),
        "failed_fits": list(found.failed),
    }
