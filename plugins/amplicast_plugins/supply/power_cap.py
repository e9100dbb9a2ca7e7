"""The world's chips as far as a stated power runs them."""

from __future__ import annotations

import math
from typing import Any

from amplicast import Prior, Source, Supply, hookimpl

Value = Any

BASE_YEAR = 2025
"""End of this year is the date of the power per H100e."""

LN10 = math.log(10.0)
WATT_PER_GW = 1e9

CHIPS = Source(
    key="epoch2026chips",
    title="Epoch AI, AI Chip Sales: quarterly cumulative estimates with 5, 50 and 95 % points",
    url="https://github.com/epoch-research/ai-chip-counts",
    accessed="2026-04-22",
    grade="B",
)
HARDWARE = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware: rates, prices and efficiency of accelerators",
    url="https://epoch.ai/data/machine-learning-hardware",
    accessed="2026-04-27",
    grade="B",
)
AI_2027 = Source(
    key="ai2027compute",
    title="AI 2027 compute forecast: 100 million H100e on 60 GW by the end of 2027",
    grade="D",
)


def stock(
    m: Any,
    *,
    year: Value,
    world: Value,
    power_limit: Value,
    limit_growth: Value,
    power_per_h100e: Value,
    efficiency_growth: Value,
) -> Value:
    """Return the part of the world's chips that the power runs, at the end of each year [H100e].

    Parameters
    ----------
    m : MathNamespace
    year, world : dim ``year``
        Calendar years; deployed chips in the world [H100e].
    power_limit : GW
        Facility power for AI chips at the end of 2025.
    limit_growth : OOM/year
    power_per_h100e : W/H100e
        Facility power, at the end of 2025.
    efficiency_growth : OOM/year
        By which an H100e takes less power every year.
    """
    grown = m.exp(LN10 * (limit_growth + efficiency_growth) * (year - BASE_YEAR))
    return m.minimum(world, WATT_PER_GW * power_limit / power_per_h100e * grown)


POWER_CAP = Supply(
    id="power-cap",
    summary="The world's chips, as far as a stated power runs them: 60 GW unless set.",
    actor="power-limited-world",
    stock=stock,
    labels={
        "power_limit": "power allowed",
        "power_per_h100e": "power per H100e",
        "efficiency_growth": "growth of efficiency",
    },
    priors={
        "power_limit": Prior(
            60.0,
            unit="GW",
            source="ai2027compute",
            why="What that forecast has in use at the end of 2027; state your own.",
        ),
        "limit_growth": Prior(
            0.0, unit="OOM/year", source="judgement", why="Definition: the same in every year."
        ),
        "power_per_h100e": Prior(
            "940 to 1260",
            unit="W/H100e",
            source="epoch2026chips",
            why="12.4 GW of chip power for 19.7 million H100e are 628 W, times 1.5 to 2 for "
            "servers, network and cooling.",
        ),
        "efficiency_growth": Prior(
            "0.107 to 0.176",
            unit="OOM/year",
            source="epoch2026hardware",
            why="1.28x to 1.5x a year by two methods, of new chips.",
        ),
    },
    sources=(CHIPS, HARDWARE, AI_2027),
    limits=(
        "The limit is for this pool alone: shares of the world, such as fleets of labs, are taken "
        "of the world without it. Chips that power does not run are not given to anybody."
    ),
)


@hookimpl
def amplicast_register_supply() -> list[Supply]:
    """Contribute the world under a limit of power."""
    return [POWER_CAP]
