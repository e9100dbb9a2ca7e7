"""CSV as integrated-assessment models exchange it: a variable a line, a year a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplicast_plugins.exporters.delimited.cells import Cell, lines

if TYPE_CHECKING:
    from amplicast.report import ForecastTable, Row

__all__ = ["write"]

SUFFIXES = {
    "p05": "5th Percentile",
    "p17": "17th Percentile",
    "p50": "50th Percentile",
    "p83": "83rd Percentile",
    "p95": "95th Percentile",
}

PARTS = ("regime", "task_class", "hardware", "technique", "mechanism", "frontier_spend")
"""Places that become parts of the variable's name."""


def write(table: ForecastTable) -> str:
    """Wide CSV: ``Model,Scenario,Region,Variable,Unit,2025,...``; empty where undefined.

    A run whose checks failed says so in the model's name, which every line has.
    """
    years = sorted({int(row.place["year"]) for row in table.rows if "year" in row.place})
    failed = table.provenance.get("failed_checks", [])
    model = f"amplicast {table.provenance['versions']['amplicast']} ({table.run})"
    if failed:
        model += f" CHECKS FAILED: {'; '.join(failed)}"
    wide: dict[tuple[str, ...], dict[int, float | None]] = {}
    for row in table.rows:
        for key, suffix in SUFFIXES.items():
            place = (
                str(row.place["scenario"]),
                str(row.place.get("actor", "World")),
                f"{_variable(row)}|{suffix}",
                row.unit,
            )
            numbers = wide.setdefault(place, {})
            for year in [int(row.place["year"])] if "year" in row.place else years:
                numbers[year] = row.quantiles[key]
    head: list[Cell] = ["Model", "Scenario", "Region", "Variable", "Unit", *map(str, years)]
    body = [[model, *place, *(values.get(y) for y in years)] for place, values in wide.items()]
    return lines([head, *body])


def _variable(row: Row) -> str:
    """Name of a variable: levels apart by ``|``, which no part may have."""
    parts = [row.quantity.replace("_", " ").title()]
    for key in PARTS:
        if key in row.place:
            label = str(row.place[key]).replace("|", "/")
            parts.append(f"{label} OOM of spend" if key == "frontier_spend" else label)
    return "|".join(parts)
