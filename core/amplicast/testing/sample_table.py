"""A small table of a forecast that nobody made, for formats to write."""

from __future__ import annotations

from amplicast.report.table import LEVELS, ForecastTable, Row

__all__ = ["FAILED", "sample_table"]

FAILED = "sample: r_hat 1.30, wanted below 1.01"
"""A check that failed, as a format is told of it."""


def sample_table() -> ForecastTable:
    """Two quantities, two years, one cell that is not defined."""
    rows = tuple(
        Row(
            quantity=quantity,
            unit=unit,
            place={"scenario": "reference", "year": year, "actor": "world"},
            quantiles={
                level: None if year == 2030 and quantity == "amplification" else share * size
                for level, share in LEVELS.items()
            },
            defined=0.0 if year == 2030 and quantity == "amplification" else 1.0,
        )
        for quantity, unit, size in (("copies", "copies", 3e7), ("amplification", "OOM", 1.5))
        for year in (2026, 2030)
    )
    return ForecastTable(
        rows=rows,
        run="sample00",
        scenario="A sample",
        provenance={
            "created": "2026-01-01T00:00:00+00:00",
            "seed": 1,
            "versions": {"amplicast": "0"},
        },
    )
