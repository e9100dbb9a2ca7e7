"""Beliefs from a table: sheets of priors, quantile columns, three points, by the header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from amplicast.scenario.importing.found import DISTRIBUTIONS, Found, Refusals, interval

__all__ = ["read_table"]

NAMES: Mapping[str, tuple[str, ...]] = {
    "name": ("param", "parameter", "name", "assumption", "variable", "input"),
    "low": ("low", "lower", "min"),
    "best": ("best", "mode", "central", "likely", "most_likely", "most likely", "mid"),
    "high": ("high", "upper", "max"),
    "dist": ("dist", "distribution", "family"),
    "lclip": ("lclip",),
    "rclip": ("rclip",),
    "unit": ("unit", "units"),
    "why": ("why", "description", "reason", "rationale", "note", "notes", "comment"),
    "source": ("source", "citation", "reference", "ref"),
    "who": ("lab", "forecaster", "expert", "author"),
    "when": ("last_updated", "updated", "date"),
}
"""What a column is -> how people head it."""

QUANTILE = re.compile(r"[pq]?_?0?(\d{1,2})\s*%?(?:\s*(?:th)?\s*(?:percentile|quantile))?")
MEDIAN = ("med", "median", "p50", "q50", "50%", "50")


@dataclass(frozen=True)
class _Row:
    """One row: its cells by what they are, each with its address."""

    number: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]

    def at(self, part: str) -> str:
        """Address of a cell, such as ``cell C4``."""
        column = self.columns.get(part, self.columns["name"])
        return f"cell {_letters(column)}{self.number}"

    def get(self, part: str) -> str:
        return self.cells.get(part, "").strip()


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_table(text: str, refusals: Refusals, *, where: Mapping[str, str]) -> list[Found]:
    """Every belief of a CSV or TSV text.

    Parameters
    ----------
    where : Mapping[str, str]
        Rows whose column has this value; all where it is empty.
    """
    first = text.split("\n", 1)[0]
    delimiter = max("\t;,", key=first.count)
    lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    header = [cell.strip().lower() for cell in lines[0]] if lines else []
    columns = _columns(header)
    if not {"name"} <= set(columns) or not _form(columns):
        refusals.add(
            "AMP-S201",
            "row 1",
            f"the header tells no kind of table: {', '.join(header) or 'it is empty'}",
            why="It takes a column of names (param) and low and high, or p5 and p95; best or "
            "median, unit, dist, description, source and last_updated are read as well.",
            fix="head the columns so",
        )
        return []
    for name in set(where) - set(header):
        refusals.add("AMP-S202", "row 1", f"there is no column {name!r} to choose rows by")
    found = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        plain = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if all(plain.get(name) == value for name, value in where.items()):
            parts = {part: cells[i] for part, i in columns.items() if i < len(cells)}
            found += list(_belief(_Row(number, parts, columns), refusals))
    return found


def _columns(header: list[str]) -> dict[str, int]:
    """Place of each part; quantiles as ``p05`` and so on."""
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        part = next((part for part, names in NAMES.items() if title in names), "")
        if title in MEDIAN:
            part = "p50"
        elif not part and (match := QUANTILE.fullmatch(title)) and 0 < int(match[1]) < 100:
            part = f"p{int(match[1]):02d}"
        if part:
            found.setdefault(part, place)
    return found


def _tails(columns: Mapping[str, int]) -> tuple[str, str] | None:
    """The two outermost quantiles, where they have equal tails."""
    points = sorted(int(part[1:]) for part in columns if re.fullmatch(r"p\d\d", part))
    if len(points) < 2 or points[0] + points[-1] != 100:
        return None
    return f"p{points[0]:02d}", f"p{points[-1]:02d}"


def _form(columns: Mapping[str, int]) -> bool:
    return {"low", "high"} <= set(columns) or _tails(columns) is not None


def _belief(row: _Row, refusals: Refusals) -> Iterator[Found]:
    if not row.get("name"):
        refusals.add("AMP-S203", row.at("name"), "the row has no name")
        return
    tails = _tails(row.columns)
    low, high = tails if tails else ("low", "high")
    middle = "p50" if tails else "best"
    mass = (int(high[1:]) - int(low[1:])) / 100 if tails else 0.9
    dist = _dist(row, refusals)
    numbers: dict[str, float] = {}
    for part in (low, middle, high, "lclip", "rclip"):
        if row.get(part):
            number = refusals.number(row.get(part), row.at(part))
            if number is None:
                return
            numbers[part] = number
    if dist is None:
        return
    if low not in numbers or (high not in numbers and dist != "fixed"):
        lacking = low if low not in numbers else high
        refusals.add(
            "AMP-S204",
            row.at(lacking),
            f"{row.get('name')!r} lacks a number here",
            why="A range needs both ends.",
            fix="fill the cell; for a fixed number write the same one twice",
        )
        return
    says = _says(dist, numbers, low, middle, high, mass)
    told = ", ".join(part for part in (row.get("who"), row.get("when")) if part)
    yield Found(
        name=row.get("name"),
        says=says,
        at=row.at(low),
        name_at=row.at("name"),
        unit=row.get("unit"),
        unit_at=row.at("unit"),
        why=row.get("why"),
        source=row.get("source"),
        told=told,
        clips=(numbers.get("lclip"), numbers.get("rclip")),
    )


def _dist(row: _Row, refusals: Refusals) -> str | None:
    """Family that the row names; empty where it names none, None where nobody knows it."""
    text = row.get("dist").lower().replace("-", "").replace("_", "")
    if not text or text in DISTRIBUTIONS:
        return DISTRIBUTIONS.get(text, "")
    refusals.add(
        "AMP-S205",
        row.at("dist"),
        f"{row.get('dist')!r} is no distribution that can be read from a low and a high end",
        why=f"Those are {', '.join(sorted(set(DISTRIBUTIONS.values())))}.",
        fix="state its 5 % and 95 % points, with one of these",
    )
    return None


def _says(
    dist: str, numbers: Mapping[str, float], low: str, middle: str, high: str, mass: float
) -> dict[str, float | str]:
    bottom = numbers[low]
    top = numbers.get(high, bottom)
    if middle not in numbers or dist in {"uniform", "loguniform", "fixed"}:
        return interval(dist, bottom, top, mass=mass)
    if dist == "triangular":
        return {"dist": dist, "min": bottom, "mode": numbers[middle], "max": top}
    stated = interval(dist, bottom, top, mass=mass)
    return stated if "value" in stated else {**stated, "best": numbers[middle]}
