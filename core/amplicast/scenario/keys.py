"""The keys a scenario may have, read from the table ``keys.csv`` beside this file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["BELIEF_MARKS", "Key", "children", "flatten", "read_keys"]

BELIEF_MARKS = frozenset({"value", "low", "best", "high", "dist", "unit", "why", "source"})
"""A table with one of these keys is a belief; one without is part of a dotted name."""


@dataclass(frozen=True, kw_only=True)
class Key:
    """One row of the table of keys.

    Attributes
    ----------
    path : str
        Dotted; ``*`` stands for any name, ``#`` for the place in a list of tables, ``+`` for any
        further key.
    type : str
        ``text``, ``texts``, ``integer``, ``number``, ``boolean``, ``value`` (number or text),
        ``belief`` (value or table), ``years``, ``table`` or ``tables``.
    required : str
        ``always``; ``alone``: only where nothing is inherited; empty: never.
    choices : tuple of str
    minimum, maximum : float or None
        Both allowed themselves.
    """

    path: str
    type: str
    unit: str
    required: str
    default: str
    choices: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    description: str

    @property
    def name(self) -> str:
        """Last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def defaults(self) -> tuple[str, ...]:
        """The default as a list; empty where there is none."""
        return tuple(filter(None, self.default.split("|")))


@cache
def read_keys() -> Mapping[str, Key]:
    """Every key by its path, in the order of the file."""
    with Path(__file__).with_name("keys.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["path"]: Key(
            path=row["path"],
            type=row["type"],
            unit=row["unit"],
            required=row["required"],
            default=row["default"],
            choices=tuple(filter(None, row["choices"].split("|"))),
            minimum=float(row["minimum"]) if row["minimum"] else None,
            maximum=float(row["maximum"]) if row["maximum"] else None,
            description=row["description"],
        )
        for row in rows
    }


@cache
def children(path: str) -> Mapping[str, Key]:
    """Keys directly under a path of the table, by their last part; the top is the empty path."""
    return {key.name: key for key in read_keys().values() if key.path.rpartition(".")[0] == path}


def flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Join dotted names: ``{"mix": {"h200": belief}}`` becomes ``{"mix.h200": belief}``."""
    flat: dict[str, object] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and not BELIEF_MARKS & value.keys():
            flat.update(flatten(value, f"{name}."))
        else:
            flat[name] = value
    return flat
