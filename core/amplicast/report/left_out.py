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
    found = []
    for place, name in enumerate(forecast.scenarios):
        inputs = forecast.inputs(place)
        if any(bool((inputs[trend] != 0.0).any()) for trend in PROGRESS):
            found.append(name)
    return found


def left_out(forecast: Forecast) -> tuple[str, ...]:
    """What no interval of the forecast covers, the largest first."""
    covered = len(improving(forecast)) == len(forecast.scenarios)
    progress = () if covered else ("algorithmic progress",)
    return (
        "techniques without a plugin here (tools, memory, teams of agents)",
        *progress,
        "shocks to supply or policy",
    )
