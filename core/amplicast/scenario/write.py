"""A resolved scenario as TOML text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amplicast.scenario.model import Scenario

__all__ = ["toml_key", "toml_text", "write_toml"]


def write_toml(scenario: Scenario) -> str:
    """One complete file that loads to the same content, with nothing inherited."""
    lines = [
        f"# Resolved scenario, sha256 {scenario.digest()}.",
        "# Every value stands here; the notes at the ends of lines say where each came from.",
        "",
    ]
    tables = {}
    for key, value in scenario.tree.items():
        if isinstance(value, dict):
            tables[key] = value
        elif key != "correlations":
            lines.append(f"{toml_key(key)} = {toml_text(value)}")
    for key, table in tables.items():
        _table(lines, [key], table, origins={n: a.origin for n, a in scenario.assumptions.items()})
    for row in scenario.tree["correlations"]:
        lines += ["", "[[correlations]]"]
        lines += [f"{toml_key(key)} = {toml_text(value)}" for key, value in row.items()]
    return "\n".join(lines) + "\n"


def _table(
    lines: list[str], path: list[str], table: Mapping[str, Any], *, origins: Mapping[str, str]
) -> None:
    """Write plain values first, then the tables inside; a belief of a variant stays on a line."""
    inner = {
        key: value
        for key, value in table.items()
        if isinstance(value, dict) and not (path[0] == "variants" and len(path) > 1)
    }
    plain = {key: value for key, value in table.items() if key not in inner}
    if plain or not inner:
        origin = origins.get(path[-1], "") if path[0] == "assumptions" else ""
        note = f"  # from {origin}" if origin else ""
        lines += ["", f"[{'.'.join(toml_key(part) for part in path)}]{note}"]
        lines += [f"{toml_key(key)} = {toml_text(value)}" for key, value in plain.items()]
    for key, value in inner.items():
        _table(lines, [*path, key], value, origins=origins)


def toml_key(key: str) -> str:
    """A key, in quotes where TOML needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else toml_text(key)


def toml_text(value: Any) -> str:
    """One value as TOML: text, number, truth value, list, or table on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return f"{value:.0f}"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_text(item) for item in value) + "]"
    pairs = ", ".join(f"{toml_key(key)} = {toml_text(item)}" for key, item in value.items())
    return f"{{ {pairs} }}"
