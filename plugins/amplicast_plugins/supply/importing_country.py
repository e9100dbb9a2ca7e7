"""The accelerators in a country that buys most of them abroad, with its imports free or limited."""

from __future__ import annotations

from typing import Any

from amplicast import Prior, Source, Supply, hookimpl

Value = Any

OWNERS = Source(
    key="epoch2026owners",
    title="Epoch AI, AI chip owners (2026-04), as reported: China holds just over 5 % of the world",
    grade="B",
)
CHIPS = Source(
    key="epoch2026chips",
    title="Epoch AI, AI chip sales: makers that it does not cover add about 5 % to the world",
    url="https://github.com/epoch-research/ai-chip-counts",
    accessed="2026-04-22",
    grade="B",
)


def stock(
    m: Any,
    *,
    year: Value,
    world: Value,
    held: Value,
    import_share: Value,
    permitted: Value,
    domestic_share: Value,
) -> Value:
    """Return the country's chips in service at the end of each year [H100e].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
        Consecutive calendar years; a control begins after the first of them.
    world : H100e
        Chips in service in the world, same years.
    held : fraction
        Share of the world's chips that is in the country at the end of the first year.
    import_share : fraction
        Share of what the world adds later that the country would import if it were free to.
    permitted : fraction
        Part of those imports that a control lets through, smuggling included; 1 without one.
    domestic_share : fraction
        Share of what the world adds later that the country makes itself.
    """
    first = world.isel(year=0)
    added = m.maximum(world - first, 0.0)
    return held * m.minimum(world, first) + (import_share * permitted + domestic_share) * added


IMPORTING_COUNTRY = Supply(
    id="importing-country",
    summary="A country's chips in service: imports that a control may limit, and its own making.",
    actor="country",
    stock=stock,
    labels={
        "held": "share of the world's chips held",
        "import_share": "share of sales that is imported",
        "permitted": "share of imports that is permitted",
        "domestic_share": "share that is made at home",
    },
    priors={
        "held": Prior(
            "0.04 to 0.08",
            unit="fraction",
            source="epoch2026owners",
            why="China at the end of 2025: 1.1 million H100e of about 20 million sold; what is "
            "rented abroad or was smuggled is known less well.",
        ),
        "import_share": Prior(
            "0.04 to 0.15",
            unit="fraction",
            source="judgement",
            why="Free to buy: at least today's share, at most about its share of the world's "
            "economy, 15 to 20 %.",
        ),
        "permitted": Prior(
            1.0,
            unit="fraction",
            source="judgement",
            why="No control; a scenario that limits exports says how much comes through.",
        ),
        "domestic_share": Prior(
            "0.02 to 0.08",
            unit="fraction",
            source="epoch2026chips",
            why="Huawei and other makers that are not covered add about 5 %; whether their part "
            "of a growing total rises or falls is open.",
        ),
    },
    sources=(OWNERS, CHIPS),
    limits=(
        "No evidence of its own: shares are beliefs about China at the end of 2025, and other "
        "countries have others. Making at home is drawn apart from the control, although a "
        "control is meant to raise it in time. Chips rented abroad count where they stand. The "
        "loss of old chips is the world's: while the world's stock grows, the first year's "
        "holdings stay."
    ),
)


@hookimpl
def amplicast_register_supply() -> list[Supply]:
    """Contribute the country's chips."""
    return [IMPORTING_COUNTRY]
