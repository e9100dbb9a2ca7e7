"""JSON: every quantile with unit and place, every register, and the run's provenance."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from amplicast import Exporter, Source, hookimpl

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument

NAMES = {"run": "run_card"}
"""Registers that go by another name here, where ``run`` is the id."""


def write(document: ForecastDocument) -> str:
    """One object with ``schema``, ``schema_version``, ``data`` and registers; null: undefined."""
    table = document.table
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
    registers = {
        NAMES.get(name, name): register.records() for name, register in document.registers.items()
    }
    whole = {
        "schema": "amplicast.forecast",
        "schema_version": 1,
        "run": table.run,
        "failed_checks": list(document.failed),
        "provenance": dict(table.provenance),
        "data": data,
        **registers,
    }
    return json.dumps(whole, indent=1, sort_keys=True, allow_nan=False) + "\n"


JSON = Exporter(
    id="json",
    summary="JSON with quantiles, registers and provenance; amplicast export --schema tells all.",
    write=write,
    suffix=".json",
    reads="document",
    sources=(
        Source(key="rfc8259", title="RFC 8259, The JSON data interchange format", grade="A"),
        Source(
            key="jsonschema",
            title="JSON Schema, draft 2020-12",
            url="https://json-schema.org/draft/2020-12",
            grade="A",
        ),
    ),
    limits="Quantiles only; the joint draws stay in the run folder.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute JSON."""
    return [JSON]
