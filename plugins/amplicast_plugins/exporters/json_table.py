"""JSON: every quantile with unit and place, and the run's provenance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from amplicast import Exporter, Source, hookimpl

if TYPE_CHECKING:
    from amplicast.report import ForecastTable


def write(table: ForecastTable) -> str:
    """One object with ``schema``, ``schema_version``, ``data``; null where undefined."""
    data = [
        {
            "quantity": row.quantity,
            "unit": row.unit,
            "share_defined": row.defined,
            **row.place,
            **row.quantiles,
        }
        for row in table.rows
    ]
    document = {
        "schema": "amplicast.forecast",
        "schema_version": 1,
        "run": table.run,
        "provenance": dict(table.provenance),
        "data": data,
    }
    return json.dumps(document, indent=1, sort_keys=True, allow_nan=False) + "\n"


JSON = Exporter(
    id="json",
    summary="JSON with schema, units and provenance.",
    write=write,
    suffix=".json",
    sources=(Source(key="rfc8259", title="RFC 8259, The JSON data interchange format", grade="A"),),
    limits="Quantiles only; the joint draws stay in the run folder.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute JSON."""
    return [JSON]
