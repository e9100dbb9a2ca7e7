"""The data dictionary that goes with CSV files: a Data Package descriptor."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amplicast.report import Column

__all__ = ["descriptor", "field", "resource"]

_TYPES = {"text": "string", "number": "number", "integer": "integer"}


def field(column: Column) -> dict[str, Any]:
    """One column, with its unit."""
    return {
        "name": column.name,
        "type": _TYPES[column.kind],
        "description": column.about,
        **({"unit": column.unit} if column.unit else {}),
    }


def resource(
    name: str, path: str, fields: Sequence[Mapping[str, Any]], *, title: str, about: str
) -> dict[str, Any]:
    """One file."""
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "title": title,
        "description": about,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": list(fields), "missingValues": [""]},
    }


def descriptor(
    resources: Sequence[Mapping[str, Any]],
    *,
    run: str,
    title: str,
    created: str,
    stamp: str,
    sources: Sequence[Mapping[str, str]] = (),
) -> str:
    """The whole descriptor as JSON; a run whose checks failed says so in its description."""
    document = {
        "profile": "tabular-data-package",
        "name": f"amplicast-{run}",
        "title": title,
        "description": stamp
        or "Quantiles of a forecast; text cells that a spreadsheet would "
        "take for a formula have an apostrophe before them.",
        "created": created,
        "resources": list(resources),
        **({"sources": list(sources)} if sources else {}),
    }
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
