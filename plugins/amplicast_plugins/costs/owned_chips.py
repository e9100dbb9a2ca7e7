"""Compute at what it costs a large operator to own and run it."""

from __future__ import annotations

import math
from typing import Any

from amplicast import Cost, Prior, Source, hookimpl

Value = Any

BASE_YEAR = 2025
"""Labels mean the end of the calendar year; the level is that of the end of this one."""

OWNERSHIP = Source(
    key="semianalysis2026rent",
    title="SemiAnalysis: rental contracts and cost of ownership by chip (2025-08 to 2026-09)",
    grade="B",
)
PRICES = Source(
    key="hobbhahn2022",
    title="Hobbhahn & Besiroglu, Trends in GPU price-performance (2022); Epoch AI (2025, 2026)",
    grade="B",
)


def hour(m: Any, *, year: Value, ownership_end_2025: Value, ownership_fall: Value) -> Value:
    """Return what one H100e costs its owner at the end of each year [USD/hour].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
    ownership_end_2025 : USD/hour
        Capital, site and electricity.
    ownership_fall : OOM/year
    """
    ahead = year - BASE_YEAR
    return ownership_end_2025 * m.exp(-math.log(10.0) * ownership_fall * ahead)


OWNED_CHIPS = Cost(
    id="owned-chips",
    summary="An hour of compute at a large operator's cost of ownership.",
    hour=hour,
    labels={
        "ownership_end_2025": "cost of owning an H100e for an hour",
        "ownership_fall": "fall of that cost",
    },
    priors={
        "ownership_end_2025": Prior(
            "0.8 to 1.3",
            unit="USD/hour",
            source="semianalysis2026rent",
            why=(
                "Per H100e in August 2025: H100 1.30, B200 and GB200 0.87, MI300X 0.85, MI355X "
                "0.58; TPUs at half to four fifths of NVIDIA's."
            ),
        ),
        "ownership_fall": Prior(
            "0.05 to 0.17",
            unit="OOM/year",
            source="hobbhahn2022",
            why="FLOP per dollar doubled every 2.1 to 3 years, or grew by 30 to 37 % a year.",
        ),
    },
    sources=(OWNERSHIP, PRICES),
    limits=(
        "A floor: no idle hours, no profit, no scarcity. The market has paid up to twice as much, "
        "and what a pool could be let for is what its use costs its owner."
    ),
)


@hookimpl
def amplicast_register_costs() -> list[Cost]:
    """Contribute owned chips."""
    return [OWNED_CHIPS]
