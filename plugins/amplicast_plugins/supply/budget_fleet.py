"""What a buyer owns who spends a stated capital every year: budget over price, over a lifetime."""

from __future__ import annotations

import math
from typing import Any

from amplicast import Prior, Source, Supply, hookimpl

Value = Any

BASE_YEAR = 2025
"""End of this year is the date of prices; labels mean the end of the calendar year."""

LN10 = math.log(10.0)

LEAST_RATE = 1e-6
"""Growth of purchases that counts as none [1/year]."""

PRICES = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware: rates, prices and efficiency of accelerators",
    url="https://epoch.ai/data/machine-learning-hardware",
    accessed="2026-04-27",
    grade="B",
)


def stock(
    m: Any,
    *,
    year: Value,
    world: Value,
    capital_per_year: Value,
    capital_growth: Value,
    chip_price: Value,
    capital_over_chips: Value,
    price_fall: Value,
    lifetime: Value,
) -> Value:
    """Return chips in service at the end of each year [H100e].

    Purchases, capital over price, grow at a steady rate, before 2025 too; in service is what was
    bought within the last `lifetime`: the integral of the purchases over it.

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
    world : H100e
        Not used.
    capital_per_year : USD/year
        Rate of spending at the end of 2025: chips, servers, network and buildings.
    capital_growth : OOM/year
    chip_price : USD/H100e
        Price of accelerators at the end of 2025.
    capital_over_chips : 1
        Capital for everything over that for accelerators.
    price_fall : OOM/year
        By which a dollar buys more H100e every year.
    lifetime : years
        From purchase to retirement.
    """
    rate = LN10 * (capital_growth + price_fall)
    steady = m.where(m.abs(rate) < LEAST_RATE, LEAST_RATE, rate)
    bought = capital_per_year / (chip_price * capital_over_chips)
    return bought * m.exp(rate * (year - BASE_YEAR)) * -m.expm1(-steady * lifetime) / steady


BUDGET_FLEET = Supply(
    id="budget-fleet",
    summary="What a buyer owns at a stated capital: 10 billion dollars a year unless set.",
    actor="buyer",
    stock=stock,
    labels={
        "capital_per_year": "capital spent",
        "capital_growth": "growth of capital",
        "chip_price": "price of an H100e",
        "capital_over_chips": "capital over chips",
        "price_fall": "fall of the price of compute",
        "lifetime": "life of chips",
    },
    priors={
        "capital_per_year": Prior(
            1e10,
            unit="USD/year",
            source="judgement",
            why="Definition of the buyer; state your own.",
        ),
        "capital_growth": Prior(
            0.0, unit="OOM/year", source="judgement", why="Definition of the buyer: level spending."
        ),
        "chip_price": Prior(
            "1.2e4 to 2.5e4",
            unit="USD/H100e",
            source="epoch2026hardware",
            why="30,000 to 45,000 USD for a GB200 of 2.5 H100e; 20,000 to 27,000 for an H100.",
        ),
        "capital_over_chips": Prior(
            "1.4 to 2.2",
            unit="x",
            source="judgement",
            why="Servers, network, building and power supply come on top of the accelerators.",
        ),
        "price_fall": Prior(
            "0.08 to 0.16",
            unit="OOM/year",
            source="epoch2026hardware",
            why="Compute per dollar at fixed precision rose by 30 % (later: 37 %) a year.",
        ),
        "lifetime": Prior(
            "4 to 8",
            unit="years",
            source="judgement",
            why="Published counts retire nothing; accounts write servers off in four to six years.",
        ),
    },
    sources=(PRICES,),
    limits=(
        "Spending is taken to have grown at the same rate before 2025. Compute of a dollar is that "
        "of the list price; large buyers pay less, those in a hurry more. No lag from purchase to "
        "service, no cost of running."
    ),
)


@hookimpl
def amplicast_register_supply() -> list[Supply]:
    """Contribute a buyer's fleet."""
    return [BUDGET_FLEET]
