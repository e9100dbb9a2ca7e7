"""JSON Schema of a scenario file, made from the table of keys, for editors that check as one types.

It says which keys exist and which kinds of value they take; what names mean, whether a range runs
backwards and whether units fit is known to the loader alone.
"""

from __future__ import annotations

from typing import Any

from amplicast.scenario.keys import Key, children, read_keys

__all__ = ["schema"]

_NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_BELIEF_TEXT = rf"^\s*(\d+(\.\d+)?\s*%\s*:\s*)?{_NUMBER}(\s+to\s+{_NUMBER})?\s*$"
_YEARS = r"^\s*\d{4}(\s+to\s+\d{4})?\s*$"
_VALUE = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _BELIEF_TEXT}]}
_LIST_ITEM = "#"


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, as plain data."""
    alone = [key for key in read_keys().values() if key.required == "alone"]
    inside = {
        table: {"required": [k.name for k in alone if k.path.startswith(f"{table}.")]}
        for table in ("plugins", "techniques")
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "amplicast scenario",
        **_table(""),
        "if": {"not": {"required": ["based_on"]}},
        "then": {
            "required": [key.name for key in alone if "." not in key.path],
            "properties": inside,
        },
        "$defs": {
            "stated": _stated(required=("unit",)),
            "changed": _stated(required=()),
            "beliefs": {
                "type": "object",
                "additionalProperties": {
                    "anyOf": [{"$ref": "#/$defs/stated"}, {"$ref": "#/$defs/beliefs"}]
                },
            },
            "changes": {
                "type": "object",
                "additionalProperties": {
                    "anyOf": [
                        *_VALUE["anyOf"],
                        {"$ref": "#/$defs/changed"},
                        {"$ref": "#/$defs/changes"},
                    ]
                },
            },
        },
    }


def _table(path: str) -> dict[str, Any]:
    keys = children(path)
    table: dict[str, Any] = {
        "type": "object",
        "properties": {name: _key(key) for name, key in keys.items() if name != "*"},
        "required": [name for name, key in keys.items() if key.required == "always"],
        "additionalProperties": _key(keys["*"]) if "*" in keys else False,
    }
    if path == "regimes.*":
        # Exactly one of its keys: each says in another way how many copies are wanted.
        table["oneOf"] = [{"required": [name]} for name in keys]
    return table


def _key(key: Key) -> dict[str, Any]:
    if key.path == "assumptions":
        kind: dict[str, Any] = {"$ref": "#/$defs/beliefs"}
    elif key.path == "variants.*":
        kind = {"$ref": "#/$defs/changes"}
    elif key.type == "table":
        kind = _table(key.path)
    elif key.type == "tables":
        kind = {"type": "array", "items": _table(f"{key.path}.{_LIST_ITEM}")}
    elif key.type == "texts":
        items = {"type": "string", **({"enum": list(key.choices)} if key.choices else {})}
        kind = {"type": "array", "items": items, "uniqueItems": True}
    else:
        kind = _single(key)
    return {**kind, "description": key.description}


def _single(key: Key) -> dict[str, Any]:
    if key.type == "value":
        return dict(_VALUE)
    if key.type == "years":
        return {"type": "string", "pattern": _YEARS}
    if key.type == "boolean":
        return {"const": True} if key.choices == ("true",) else {"type": "boolean"}
    kind: dict[str, Any] = {"type": {"text": "string"}.get(key.type, key.type)}
    if key.choices and key.type == "text":
        kind["enum"] = list(key.choices)
    if key.minimum is not None:
        kind["minimum"] = key.minimum
    if key.maximum is not None:
        kind["maximum"] = key.maximum
    return kind


def _stated(*, required: tuple[str, ...]) -> dict[str, Any]:
    """A belief as a table: of a value or of points, or of a distribution with its parameters."""
    known = {name: _key(key) for name, key in children("assumptions.*").items() if name != "+"}
    points = [{"required": [name]} for name in ("value", "low", "best", "high")]
    return {
        "type": "object",
        "required": list(required),
        "anyOf": [
            {"properties": known, "additionalProperties": False, "anyOf": points},
            {
                "properties": known,
                "required": ["dist"],
                "additionalProperties": {"type": "number"},
            },
        ],
    }
