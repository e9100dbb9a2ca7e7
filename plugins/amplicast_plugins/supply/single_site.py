"""One data centre: its power by year over the power that an H100e takes."""

from __future__ import annotations

import math
from typing import Any

from amplicast import Prior, Source, Supply, hookimpl

Value = Any

BASE_YEAR = 2025
"""End of this year is the date of power and efficiency."""

LN10 = math.log(10.0)
WATT_PER_GW = 1e9

SITES = Source(
    key="epoch2025sites",
    title="Epoch AI, Frontier Data Centers: power and H100e of the largest sites by date",
    url="https://epoch.ai/data/data-centers",
    accessed="2025-12-14",
    grade="B",
)
PILZ = Source(
    key="pilz2025",
    title="Pilz et al. 2025, Trends in AI supercomputers",
    url="https://arxiv.org/abs/2504.16026",
    grade="B",
)
HARDWARE = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware: rates, prices and efficiency of accelerators",
    url="https://epoch.ai/data/machine-learning-hardware",
    accessed="2026-04-27",
    grade="B",
)
EPOCH_2030 = Source(
    key="epoch2030",
    title="Epoch AI 2024, Can AI scaling continue through 2030?",
    url="https://epoch.ai/blog/can-ai-scaling-continue-through-2030",
    accessed="2024-08-20",
    grade="C",
)


def power(
    m: Any, *, year: Value, power_end_2025: Value, power_growth: Value, largest_power: Value
) -> Value:
    """Return the power of the site at the end of each year [GW], at most `largest_power`."""
    path = power_end_2025 * m.exp(LN10 * power_growth * (year - BASE_YEAR))
    return m.minimum(path, largest_power)


def stock(
    m: Any,
    *,
    year: Value,
    world: Value,
    power_end_2025: Value,
    power_growth: Value,
    largest_power: Value,
    power_per_h100e: Value,
    efficiency_growth: Value,
) -> Value:
    """Return chips in service on the site at the end of each year [H100e].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
    world : H100e
        Not used.
    power_end_2025, largest_power : GW
        Of the site, at the end of 2025; that the site or its grid never exceeds.
    power_growth : OOM/year
    power_per_h100e : W/H100e
        Of the whole site, at the end of 2025.
    efficiency_growth : OOM/year
        By which an H100e takes less power every year.
    """
    available = power(
        m,
        year=year,
        power_end_2025=power_end_2025,
        power_growth=power_growth,
        largest_power=largest_power,
    )
    needed = power_per_h100e * m.exp(-LN10 * efficiency_growth * (year - BASE_YEAR))
    return WATT_PER_GW * available / needed


SINGLE_SITE = Supply(
    id="single-site",
    summary="The largest data centre: its power over the power of an H100e.",
    actor="largest-site",
    stock=stock,
    labels={
        "power_end_2025": "power of the largest site",
        "power_growth": "growth of that power",
        "largest_power": "most power at one site",
        "power_per_h100e": "power per H100e",
        "efficiency_growth": "growth of efficiency",
    },
    priors={
        "power_end_2025": Prior(
            "0.55 to 0.69",
            unit="GW",
            source="epoch2025sites",
            why="615 MW at the largest site, known to about a tenth.",
        ),
        "power_growth": Prior(
            "0.2 to 0.5",
            unit="OOM/year",
            source="pilz2025",
            why="Power of the leading one doubled every year (0.30); by plans it grows 2.3x a year "
            "to the end of 2027, and faster in 2026.",
        ),
        "largest_power": Prior(
            "2 to 9",
            unit="GW",
            source="epoch2030",
            why="1 to 5 GW were thought feasible for one campus by 2030, 3.3 GW are planned for "
            "2027, and the trend reaches 9 GW in 2030.",
        ),
        "power_per_h100e": Prior(
            "1050 to 1280",
            unit="W/H100e",
            source="epoch2025sites",
            why="615 MW for 531,000 H100e are 1,158 W each.",
        ),
        "efficiency_growth": Prior(
            "0.107 to 0.176",
            unit="OOM/year",
            source="epoch2026hardware",
            why="1.28x to 1.5x a year by two methods.",
        ),
    },
    sources=(SITES, PILZ, HARDWARE, EPOCH_2030),
    limits=(
        "The largest site of each date, which is not always the same one. Power grows smoothly; "
        "real sites grow by phases. All chips of the site are as efficient as a new one of that "
        "year, where in truth older ones stay."
    ),
)


@hookimpl
def amplicast_register_supply() -> list[Supply]:
    """Contribute the largest site."""
    return [SINGLE_SITE]
