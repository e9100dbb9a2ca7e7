"""JSON Schema of what ``amplicast export --format json`` writes, from the registers' columns."""

from __future__ import annotations

from typing import Any

from amplicast.report.registers import (
    AssumptionRow,
    CardRow,
    CheckRow,
    DifferenceRow,
    EvidenceRow,
    SourceRow,
)
from amplicast.report.registers.columns import Column, columns_of
from amplicast.report.table import KEYS, LEVELS

__all__ = ["SCHEMA_ID", "forecast_schema"]

SCHEMA_ID = "amplicast.forecast"

_REGISTERS: dict[str, type] = {
    "assumptions": AssumptionRow,
    "evidence": EvidenceRow,
    "checks": CheckRow,
    "differences": DifferenceRow,
    "sources": SourceRow,
    "run_card": CardRow,
}

_TYPES = {"text": "string", "number": "number", "integer": "integer"}


def forecast_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12), as plain data."""
    number = {"type": ["number", "null"]}
    places = {key: {"type": "string"} for key in KEYS}
    places |= {key: {"type": "integer"} for key in ("year", "frontier_spend")}
    row = {
        "quantity": {"type": "string", "description": "Output of the forecast."},
        "unit": {"type": "string"},
        "share_defined": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "description": "Share of draws in which the quantity is defined.",
        },
        **{
            key: number | {"description": f"{share:.0%} of the draws are below; null: undefined."}
            for key, share in LEVELS.items()
        },
        **places,
    }
    always = ["quantity", "unit", "share_defined", *LEVELS]
    chance = {"type": "number", "minimum": 0, "maximum": 1}
    labels = ("quantity", "unit", "scenario", "actor", "regime", "task_class")
    texts = {name: {"type": "string"} for name in labels}
    properties: dict[str, Any] = {
        "schema": {"const": SCHEMA_ID},
        "schema_version": {"const": 1},
        "run": {"type": "string"},
        "failed_checks": {"type": "array", "items": {"type": "string"}},
        "provenance": {"type": "object", "required": ["run", "scenario", "versions"]},
        "data": _rows(row, always),
        "headline": _rows(texts, list(texts), patterns={r"^\d{4}$": {"type": "string"}}),
        "thresholds": _rows(
            texts
            | {"at_least": {"type": "number"}}
            | {f"year_{key}": {"type": ["integer", "null"]} for key in LEVELS},
            [*texts, "at_least", *(f"year_{key}" for key in LEVELS)],
            patterns={r"^chance_by_\d{4}$": chance},
        ),
        **{
            name: _rows(
                {each.name: _cell(each) for each in columns_of(kind)},
                [each.name for each in columns_of(kind)],
            )
            for name, kind in _REGISTERS.items()
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "amplicast forecast",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _rows(
    properties: dict[str, Any], required: list[str], *, patterns: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": properties,
            "required": required,
            **({"patternProperties": patterns} if patterns else {}),
            "additionalProperties": False,
        },
    }


def _cell(column: Column) -> dict[str, Any]:
    kind = _TYPES[column.kind]
    unit = f" [{column.unit}]" if column.unit else ""
    return {
        "type": kind if column.kind == "text" else [kind, "null"],
        "description": f"{column.about}{unit}",
    }
