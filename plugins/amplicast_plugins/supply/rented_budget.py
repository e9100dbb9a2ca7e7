"""What a yearly budget rents: dollars over the rent of an H100e.

Rent is the cost of owning, which falls with the price of compute, times a markup that goes up and
down: from autumn 2025 to spring 2026 the rent of an H100 rose by three quarters.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Prior, Source, Supply, Table, hookimpl

Value = Any

BASE_YEAR = 2025
"""End of this year is the date of the cost of owning."""

LN10 = math.log(10.0)
HOURS_A_YEAR = 8766.0

RENT = Source(
    key="semianalysis2026rent",
    title="Rents of an H100 by date: SemiAnalysis index, Latent Space, AIMultiple",
    url="https://aimultiple.com/gpu-index",
    accessed="2026-05-20",
    grade="B",
)
OWNING = Source(
    key="semianalysis2025tco",
    title="SemiAnalysis InferenceX: cost of owning an accelerator, surveys of August 2025",
    url="https://inferencex.semianalysis.com",
    grade="B",
)
HARDWARE = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware: rates, prices and efficiency of accelerators",
    url="https://epoch.ai/data/machine-learning-hardware",
    accessed="2026-04-27",
    grade="B",
)


def log10_markup(m: Any, columns: Any, *, markup: Value) -> Value:
    """log10 of rent over the cost of owning, along ``point``."""
    return markup + 0.0 * columns["rent_usd_per_hour"]


def rent(
    m: Any,
    *,
    year: Value,
    owning_cost: Value,
    cost_fall: Value,
    markup: Value,
    markup_noise: Value,
    markup_shock: Value,
) -> Value:
    """Return the rent of an H100e at the end of each year [USD/hour].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
    owning_cost : USD/hour
        Of an H100e, at the end of 2025.
    cost_fall : OOM/year
    markup, markup_noise : OOM
        Rent over the cost of owning: its middle, and its scatter from year to year.
    markup_shock : dim ``year``
        Standard normal.
    """
    cost = owning_cost * m.exp(-LN10 * cost_fall * (year - BASE_YEAR))
    return cost * m.exp(LN10 * (markup + markup_noise * markup_shock))


def stock(
    m: Any,
    *,
    year: Value,
    world: Value,
    budget_per_year: Value,
    budget_growth: Value,
    owning_cost: Value,
    cost_fall: Value,
    markup: Value,
    markup_noise: Value,
    markup_shock: Value,
) -> Value:
    """Return chips rented at the end of each year [H100e].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
    world : H100e
        Not used.
    budget_per_year : USD/year
        Rate of spending at the end of 2025.
    budget_growth : OOM/year
    owning_cost, cost_fall, markup, markup_noise, markup_shock
        See `rent`.
    """
    hourly = rent(
        m,
        year=year,
        owning_cost=owning_cost,
        cost_fall=cost_fall,
        markup=markup,
        markup_noise=markup_noise,
        markup_shock=markup_shock,
    )
    budget = budget_per_year * m.exp(LN10 * budget_growth * (year - BASE_YEAR))
    return budget / (hourly * HOURS_A_YEAR)


RENTED_BUDGET = Supply(
    id="rented-budget",
    summary="What a stated budget rents: one billion dollars a year unless set.",
    actor="renter",
    stock=stock,
    dims={"markup_shock": ("year",)},
    labels={
        "budget_per_year": "budget",
        "owning_cost": "cost of owning an H100e for an hour",
        "cost_fall": "fall of that cost",
        "markup": "rent over cost",
        "markup_shock": "year's departure of rents",
    },
    priors={
        "budget_per_year": Prior(
            1e9,
            unit="USD/year",
            source="judgement",
            why="Definition of the renter; state your own.",
        ),
        "budget_growth": Prior(
            0.0, unit="OOM/year", source="judgement", why="Definition of the renter: level."
        ),
        "owning_cost": Prior(
            "0.88 to 1.40",
            unit="USD/hour",
            source="semianalysis2025tco",
            why="GB200 2.21 USD an hour for 2.5 H100e, H100 1.30, H200 1.41.",
        ),
        "cost_fall": Prior(
            "0.08 to 0.16",
            unit="OOM/year",
            source="epoch2026hardware",
            why="Compute per dollar at fixed precision rose by 30 % (later: 37 %) a year.",
        ),
        "markup": Prior(
            dist="normal",
            mean=0.3,
            sd=0.4,
            unit="OOM",
            source="judgement",
            why="Weak: from below cost to eight times the cost.",
        ),
        "markup_noise": Prior(
            "0.03 to 0.5",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Weak: rents move by a tenth to a factor of three about their middle.",
        ),
        "markup_shock": Prior(
            dist="normal", mean=0, sd=1, unit="1", source="judgement", why="A score: one each year."
        ),
    },
    evidence=(
        Evidence(
            id="rent",
            table=Table(Path(__file__).with_name("rent.csv")),
            predictor=log10_markup,
            family=Family(name="student-t", value="log10_markup", scale="markup_noise"),
            informs=(
                "How far rents of an H100 lie above the cost of owning one, and how much they "
                "swing. The cost is that of August 2025 throughout."
            ),
            sources=(RENT, OWNING),
            series="device",
        ),
    ),
    sources=(RENT, OWNING, HARDWARE),
    limits=(
        "Six rents of mixed contracts, each independent of the last; the dearest, of 2023, is "
        "scarcity on demand. A budget too large for the market would raise the rent: none of that "
        "is here. Rented chips are those of the mix of the forecast."
    ),
)


@hookimpl
def amplicast_register_supply() -> list[Supply]:
    """Contribute a rented fleet."""
    return [RENTED_BUDGET]
