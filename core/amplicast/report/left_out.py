"""What a forecast leaves out: said on the terminal, under pictures and in reports alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["improving", "left_out"]

PROGRESS = ("training_efficiency_growth", "inference_efficiency_growth")
"""Inputs that are zero where compute is physical."""


def improving(forecast: Forecast) -> list[str]:
    """Scenarios in which algorithms get better."""
    group, found = forecast.tree["inputs"].to_dataset(), set[int]()
    for trend in PROGRESS:
        on = (group[trend] != 0.0).any("draw")
        places = range(len(forecast.scenarios))
        found |= {i for i in places if bool(on.isel(scenario=i, missing_dims="ignore"))}
    return [name for i, name in enumerate(forecast.scenarios) if i in found]


def left_out(forecast: Forecast) -> tuple[str, ...]:
    """What no interval of the forecast covers, the largest first."""
    covered = len(improving(forecast)) == len(forecast.scenarios)
    progress = () if covered else ("algorithmic progress",)
    return (
        "other techniques (tools, memory, teams of agents)",
        *progress,
        "shocks to supply or policy",
    )
