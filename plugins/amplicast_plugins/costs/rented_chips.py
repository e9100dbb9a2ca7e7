"""Compute at the price of the rental market.

`rent.csv` has what an H100 rented for since 2023. It is not fitted: five figures under different
contracts, which fell, and rose by a third within five months.
"""

from __future__ import annotations

import math
from typing import Any

from amplicast import Cost, Prior, Source, hookimpl

Value = Any

BASE_YEAR = 2025
"""Labels mean the end of the calendar year; the level is that of the end of this one."""

RENT = Source(
    key="semianalysis2026rent",
    title="SemiAnalysis: rental contracts and cost of ownership by chip (2025-08 to 2026-09)",
    grade="B",
)
PRICES = Source(
    key="hobbhahn2022",
    title="Hobbhahn & Besiroglu, Trends in GPU price-performance (2022); Epoch AI (2025, 2026)",
    grade="B",
)


def hour(
    m: Any,
    *,
    year: Value,
    rent_end_2025: Value,
    rent_fall: Value,
    rent_shock: Value,
    rent_shock_sd: Value,
) -> Value:
    """Return what one H100e rents for at the end of each year [USD/hour].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
        Consecutive calendar years; when forecasting, from 2025 or 2026 onwards.
    rent_end_2025 : USD/hour
    rent_fall : OOM/year
        Fall of the price of a FLOP; before 2025 too.
    rent_shock : dim ``year``
        Standard normal.
    rent_shock_sd : OOM
        By how much the market moves in a year beside the trend; it keeps what it moved.
    """
    ahead = year - BASE_YEAR
    wander = m.where(ahead > 0, rent_shock_sd * rent_shock, 0.0).cumsum("year")
    return rent_end_2025 * m.exp(math.log(10.0) * (wander - rent_fall * ahead))


RENTED_CHIPS = Cost(
    id="rented-chips",
    summary="An hour of compute at the rent of accelerators.",
    hour=hour,
    dims={"rent_shock": ("year",)},
    labels={
        "rent_end_2025": "rent of an H100e for an hour",
        "rent_fall": "fall of that rent",
        "rent_shock": "year's departure of rents",
        "rent_shock_sd": "size of yearly departures",
    },
    priors={
        "rent_end_2025": Prior(
            "1.5 to 2.6",
            unit="USD/hour",
            source="semianalysis2026rent",
            why=(
                "An H100 for a year: 1.70 in October 2025, 2.35 in March 2026. The mix of chips "
                "at the rents of 2026 comes to 1.8, for newer ones rent for less per H100e."
            ),
        ),
        "rent_fall": Prior(
            "0.05 to 0.17",
            unit="OOM/year",
            source="hobbhahn2022",
            why="FLOP per dollar doubled every 2.1 to 3 years, or grew by 30 to 37 % a year.",
        ),
        "rent_shock": Prior(
            dist="normal", mean=0, sd=1, unit="1", source="judgement", why="A score: one each year."
        ),
        "rent_shock_sd": Prior(
            "0.05 to 0.2",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="An H100 fell by 0.5 OOM in 2024, by 0.2 in 2025, and rose by 0.14 in five months.",
        ),
    },
    sources=(RENT, PRICES),
    limits=(
        "One price for compute of all kinds, by H100e; memory, which serving needs as much, has no "
        "price of its own. Rent holds electricity and the owner's profit. Devices are taken as "
        "busy all the time: idle hours belong to `price_over_cost`."
    ),
)


@hookimpl
def amplicast_register_costs() -> list[Cost]:
    """Contribute rented chips."""
    return [RENTED_CHIPS]
