"""CSV, one line per quantity, place and quantile."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from amplicast import Exporter, Source, hookimpl

if TYPE_CHECKING:
    from amplicast.report import ForecastTable

PLACES = (
    "scenario", "year", "actor", "regime", "task_class", "hardware", "technique", "mechanism",
    "frontier_spend",
)  # fmt: skip


def write(table: ForecastTable) -> str:
    """Long CSV: variable, unit, place columns, quantile, value; empty value where undefined.

    The last column says of every line whether the checks of its run passed, since lines travel
    alone.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(
        ["variable", "unit", *PLACES, "quantile", "value", "share_defined", "run", "checks"]
    )
    failed = table.provenance.get("failed_checks", [])
    checks = f"FAILED: {'; '.join(failed)}" if failed else "passed"
    for row in table.rows:
        place = [_safe(str(row.place.get(key, ""))) for key in PLACES]
        for name, value in row.quantiles.items():
            cell = "" if value is None else repr(value)
            writer.writerow(
                [row.quantity, row.unit, *place, name, cell, repr(row.defined), table.run, checks]
            )
    return buffer.getvalue()


def _safe(cell: str) -> str:
    """Keep a spreadsheet from reading a name as a formula."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@")) else cell


CSV = Exporter(
    id="csv",
    summary="Long CSV: variable, unit, scenario, year, quantile, value.",
    write=write,
    suffix=".csv",
    sources=(Source(key="rfc4180", title="RFC 4180, Common format for CSV files", grade="A"),),
    limits="Quantiles only; the joint draws stay in the run folder.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute the long CSV."""
    return [CSV]
