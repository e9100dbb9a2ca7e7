"""Simulation-based calibration on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amplicast.analysis.sbc_ranks import LEVEL, RANKS, SimulatedCalibration
from amplicast.report.layout import Block, Text, grid, note, text_of
from amplicast.report.prose import listed
from amplicast.report.words import percent

__all__ = ["simulated_record", "simulated_text"]

ABOUT = note(f"""\
Parameters were drawn from the priors, rows from the parameters, and each model fitted to those
rows: a true value must lie anywhere among the {RANKS} draws of its posterior equally often. p:
chance of ranks as uneven, over all parameters together; a calibration fails below
{percent(LEVEL)}. The likelihood of the rows is ranked like a parameter. diverged, few draws:
simulations whose chain cannot be fully trusted. This says that fits are right for rows that the
model itself makes, and nothing of the world.""")


def simulated_text(found: Sequence[SimulatedCalibration]) -> Text:
    """A line for every calibration, and what to do about those that failed."""
    rows = [["", "verdict", "p", "diverged", "few draws", "most uneven parameter"]]
    rows += [
        [
            one.plugin,
            "passed" if one.passed else "FAILED",
            f"{one.p_value:.2g}",
            str(one.diverged),
            str(one.short),
            f"{one.table[0].name}, of {len(one.table)}",
        ]
        for one in found
    ]
    sizes = listed([str(size) for size in sorted({one.simulations for one in found})])
    title = f"Do calibrations give back what they are told? {sizes} simulations of each"
    parts: list[Block] = [grid(title, rows)]
    parts += [
        f"FAILED: {one.plugin}: true values of {one.table[0].name} do not lie evenly in their "
        "posteriors.\n  Next: "
        + (
            "chains diverged: narrow the prior of the scale of its groups, then look again."
            if one.diverged
            else "see whether predictor and likelihood say the same in the fit and in NumPy: "
            f"amplicast plugins check {one.plugin}."
        )
        for one in found
        if not one.passed
    ]
    return text_of([*parts, ABOUT])


def simulated_record(found: Sequence[SimulatedCalibration]) -> dict[str, Any]:
    """The same as plain data, with every rank."""
    return {
        "level": LEVEL,
        "ranks": RANKS,
        "calibrations": [
            {
                "plugin": one.plugin,
                "simulations": one.simulations,
                "diverged": one.diverged,
                "few_draws": one.short,
                "seconds_of_workers": {name: round(s, 3) for name, s in one.seconds.items()},
                "p_value": one.p_value,
                "passed": one.passed,
                "parameters": [
                    {"name": each.name, "p_value": each.p_value, "ranks": list(each.ranks)}
                    for each in one.table
                ],
            }
            for one in found
        ],
    }
