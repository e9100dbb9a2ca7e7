"""The baseline forecast: leading lab and world, 2025 to 2032."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from amplicast import ForecastSpec, Source, hookimpl

BASELINE = ForecastSpec(
    id="baseline",
    summary="Leading lab and world, ends of 2025 to 2032, three regimes, physical compute.",
    scenario=Path(__file__).with_name("scenario.toml"),
    sources=(
        Source(key="amplicast", title="Judgements and sources are named in the scenario file"),
    ),
    limits="No algorithmic progress, no long reasoning by RL, no tree search, no policy shock.",
)


@hookimpl
def amplicast_register_forecasts() -> Iterable[ForecastSpec]:
    """Contribute the baseline."""
    return [BASELINE]
