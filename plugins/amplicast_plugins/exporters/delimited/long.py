"""CSV, one line per quantity, place and quantile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from amplicast_plugins.exporters.delimited.cells import Cell, lines
from amplicast_plugins.exporters.delimited.dictionary import descriptor, resource

if TYPE_CHECKING:
    from amplicast.report import ForecastTable

__all__ = ["FIELDS", "quantile_lines", "write"]

PLACES = (
    "scenario", "year", "actor", "regime", "task_class", "hardware", "technique", "mechanism",
    "frontier_spend",
)  # fmt: skip

FIELDS: tuple[Mapping[str, Any], ...] = (
    {"name": "variable", "type": "string", "description": "Output of the forecast."},
    {"name": "unit", "type": "string", "description": "Unit of the value."},
    {"name": "scenario", "type": "string", "description": "Scenario or variant."},
    {"name": "year", "type": "integer", "description": "End of this calendar year."},
    {"name": "actor", "type": "string", "description": "Pool of compute."},
    {"name": "regime", "type": "string", "description": "How the compute is used."},
    {"name": "task_class", "type": "string", "description": "Kind of task."},
    {"name": "hardware", "type": "string", "description": "Type of device."},
    {"name": "technique", "type": "string", "description": "Technique that contributes."},
    {"name": "mechanism", "type": "string", "description": "Mechanism that spends."},
    {"name": "frontier_spend", "type": "number", "description": "Spend of each copy [OOM]."},
    {
        "name": "quantile",
        "type": "string",
        "description": "p05, p17, p50, p83 or p95: per cent of the draws below the value.",
    },
    {"name": "value", "type": "number", "description": "Empty where no draw is defined."},
    {
        "name": "share_defined",
        "type": "number",
        "description": "Share of draws in which the variable is defined; quantiles are of these.",
    },
    {"name": "run", "type": "string", "description": "Id of the run."},
    {"name": "checks", "type": "string", "description": "passed, or FAILED with the failures."},
)


def write(table: ForecastTable, *, stem: str = "forecast") -> dict[str, str]:
    """Long CSV with its data dictionary beside it; empty value where undefined.

    The last column says of every line whether the checks of its run passed, since lines travel
    alone.
    """
    about = resource("forecast", f"{stem}.csv", FIELDS, title="Quantiles", about="All outputs.")
    failed = table.provenance.get("failed_checks", [])
    return {
        "": quantile_lines(table),
        ".datapackage.json": descriptor(
            [about],
            run=table.run,
            title=table.scenario,
            created=str(table.provenance["created"]),
            stamp=f"CHECKS FAILED; do not quote this run: {'; '.join(failed)}" if failed else "",
        ),
    }


def quantile_lines(table: ForecastTable) -> str:
    """Every quantile of every row, with head line."""
    return lines([[str(each["name"]) for each in FIELDS], *_rows(table)])


def _rows(table: ForecastTable) -> Iterator[list[Cell]]:
    failed = table.provenance.get("failed_checks", [])
    checks = f"FAILED: {'; '.join(failed)}" if failed else "passed"
    for row in table.rows:
        place = [row.place.get(key) for key in PLACES]
        for name, value in row.quantiles.items():
            yield [row.quantity, row.unit, *place, name, value, row.defined, table.run, checks]
