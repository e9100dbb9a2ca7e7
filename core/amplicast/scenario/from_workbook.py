"""A spreadsheet of a scenario, back as the text of a scenario file that remembers its cells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from amplicast.errors import Problem, ScenarioError
from amplicast.scenario.keys import Key, read_keys
from amplicast.scenario.to_workbook import BELIEF, MEANING, SHEETS
from amplicast.scenario.write import toml_key, toml_text

__all__ = ["Sheets", "read_workbook"]

_WHERE = re.compile(r", line (\d+)$")

_NUMBERS = frozenset({"low", "best", "high", "mass", "rank"})

_TEXTS = frozenset({"unit", "why", "source", "dist", "a", "b"})


@dataclass(frozen=True)
class _Cell:
    """A cell with its address, for example ``Assumptions!B7``."""

    value: Any
    at: str

    @property
    def given(self) -> bool:
        return self.value is not None


@dataclass(frozen=True)
class Sheets:
    """A scenario file that was read from a spreadsheet.

    Attributes
    ----------
    name : str
        How messages call the spreadsheet.
    lines : tuple of (str, str)
        Each line of the text, with the cell that it comes from.
    """

    name: str
    lines: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The scenario file as TOML."""
        return "\n".join(line for line, _ in self.lines) + "\n"

    def at_cell(self, problem: Problem) -> Problem:
        """A problem of the text, told at the cell of the spreadsheet."""
        found = _WHERE.search(problem.where)
        number = int(found[1]) if found else 0
        at = self.lines[number - 1][1] if 0 < number <= len(self.lines) else ""
        what = problem.what.split("\n    ")[0]  # the quoted line is not in the spreadsheet
        return replace(problem, what=what, where=f"{self.name}, {_place(at)}" if at else self.name)


def _place(at: str) -> str:
    sheet, _, cell = at.partition("!")
    return f"sheet {sheet}, cell {cell}"


def read_workbook(path: Path) -> Sheets:
    """Read a spreadsheet as `amplicast.scenario.write_workbook` writes it.

    What it says is not checked here, only what no scenario file could say.

    Raises
    ------
    ScenarioError
        With every cell that cannot be read.
    """
    sheets, problems = _sheets(path)
    lines: list[tuple[str, str]] = []
    if not problems:
        lines += _scenario(sheets["Scenario"], problems)
        for row in sheets.get("Assumptions", ()):
            lines += _belief(row, ["assumptions", _name(row, "name", problems)], problems)
        for row in sheets.get("Variants", ()):
            lines += _change(row, problems)
        for row in sheets.get("Correlations", ()):
            lines.append(("[[correlations]]", next(iter(row.values())).at))
            lines += _pairs(row, problems)
    if problems:
        raise ScenarioError(*(replace(one, where=f"{path.name}, {one.where}") for one in problems))
    return Sheets(path.name, tuple(lines))


Row = dict[str, _Cell]


def _sheets(path: Path) -> tuple[dict[str, list[Row]], list[Problem]]:
    """Rows of every sheet that is known, by the names in its first row."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=False, data_only=False)
    except Exception as error:  # zip, XML and openpyxl's own errors: it is no such file
        raise ScenarioError(
            Problem(
                code="AMP-S190",
                what=f"{path.name} cannot be read as a spreadsheet: {error}",
                why="It is an XLSX file, as amplicast scenario to-xlsx writes it.",
                fix="save it as .xlsx (Excel workbook), and close it in the other program",
                where=str(path),
            )
        ) from error
    problems: list[Problem] = []
    found = {name: _rows(book[name], problems) for name in SHEETS if name in book.sheetnames}
    if "Scenario" not in found:
        problems.append(
            Problem(
                code="AMP-S191",
                what="there is no sheet called Scenario",
                why=f"Sheets here: {', '.join(book.sheetnames)}.",
                fix="start from  amplicast scenario to-xlsx baseline my-case.xlsx",
                where="the workbook",
            )
        )
    return found, problems


def _rows(sheet: Any, problems: list[Problem]) -> list[Row]:
    from openpyxl.utils.escape import unescape

    rows = list(sheet.iter_rows())
    if not rows:
        return []
    names = [str(cell.value).strip() if cell.value is not None else "" for cell in rows[0]]
    found = []
    for cells in rows[1:]:
        row: Row = {}
        for name, cell in zip(names, cells, strict=False):
            at, value = f"{sheet.title}!{cell.coordinate}", cell.value
            if value is None or name == MEANING:
                continue
            if not name:
                problems.append(_bad(at, "the column has no name in the first row", "name it"))
            elif cell.data_type in {"f", "e"} or cell.is_date:
                problems.append(_odd(cell, at))
            else:
                row[name] = _Cell(unescape(value) if isinstance(value, str) else value, at)
        if row:
            # What is left empty is at home in this row, too: an error may be about its absence.
            first = f"{sheet.title}!{cells[0].coordinate}"
            found.append({names[0]: _Cell(None, first)} | row if names[0] not in row else row)
    return found


def _odd(cell: Any, at: str) -> Problem:
    if cell.data_type == "e":
        return _bad(at, f"the cell shows the error {cell.value}", "write a number or a range")
    if cell.data_type == "f":
        return _bad(at, f"the cell holds the formula {cell.value}", "write what it gives instead")
    return _bad(at, "the spreadsheet took this for a date", 'format it as text, and write "1 to 2"')


def _bad(at: str, what: str, fix: str) -> Problem:
    return Problem(
        code="AMP-S192",
        what=what,
        why="A scenario holds texts and numbers only.",
        fix=fix,
        where=_place(at),
    )


def _scenario(rows: list[Row], problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Keys that are no beliefs: those of the top first, then table by table."""
    tables: dict[tuple[str, ...], list[tuple[str, str]]] = {(): []}
    for row in rows:
        parts = _path(row, problems)
        if parts:
            cell = row.get("value") or _Cell("", next(iter(row.values())).at)
            text = toml_text(_value(cell.value, _key_of(parts)))
            pair = (f"{toml_key(parts[-1])} = {text}", cell.at)
            tables.setdefault(parts[:-1], []).append(pair)
    for path, pairs in tables.items():
        if path:
            yield f"[{'.'.join(map(toml_key, path))}]", pairs[0][1]
        yield from pairs


def _path(row: Row, problems: list[Problem]) -> tuple[str, ...]:
    """A dotted key as its parts, with the quotation marks of TOML; empty where it is none."""
    cell = row.get("key")
    try:
        table: Any = tomllib.loads(f"{cell.value if cell and cell.given else ''} = 0")
    except tomllib.TOMLDecodeError:
        at = cell.at if cell else next(iter(row.values())).at
        problems.append(_bad(at, "this is no key", "write a key such as  years  or  plugins.model"))
        return ()
    parts: list[str] = []
    while isinstance(table, dict):
        ((part, table),) = table.items()
        parts.append(part)
    return tuple(parts)


def _key_of(parts: tuple[str, ...]) -> Key | None:
    keys = read_keys()
    wild = [".".join(parts), ".".join((*parts[:-1], "*"))]
    wild.append(".".join((parts[0], "*", *parts[2:])))
    return next((keys[path] for path in wild if path in keys), None)


def _value(value: Any, key: Key | None) -> Any:
    """A cell as the key wants it; what does not fit stays as it is, and is told by the check."""
    kind = key.type if key else ""
    if kind == "texts" and isinstance(value, str):
        if value.lstrip().startswith("["):
            try:
                return tomllib.loads(f"x = {value}")["x"]
            except tomllib.TOMLDecodeError:
                return value
        return [item.strip() for item in value.split(",") if item.strip()]
    if kind == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().casefold(), value)
    if kind in {"integer", "number"}:
        return _number(value, whole=kind == "integer")
    return value


def _number(value: Any, *, whole: bool = False) -> Any:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return int(value) if whole and isinstance(value, float) and value.is_integer() else value


def _belief(row: Row, path: list[str], problems: list[Problem]) -> Iterator[tuple[str, str]]:
    at = next(iter(row.values())).at
    yield f"[{'.'.join(map(toml_key, path))}]", at
    yield from _pairs({k: c for k, c in row.items() if k not in {"name", "variant"}}, problems)


def _change(row: Row, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """One change of a variant: a value alone, or a table."""
    variant = _name(row, "variant", problems)
    if "name" not in row:  # a variant that changes nothing
        yield f"[variants.{toml_key(variant)}]", row["variant"].at
        return
    yield from _belief(row, ["variants", variant, _name(row, "name", problems)], problems)


def _name(row: Row, column: str, problems: list[Problem]) -> str:
    cell = row.get(column)
    if cell is None or not cell.given:
        at = next(iter(row.values())).at
        problems.append(_bad(at, f"this row has no {column}", f"write its {column}, or delete it"))
        return "?"
    return str(cell.value)


def _pairs(row: Mapping[str, _Cell], problems: list[Problem]) -> Iterator[tuple[str, str]]:
    for column, cell in row.items():
        if not cell.given:
            continue
        value = cell.value
        if column in _TEXTS and not isinstance(value, str):
            value = f"{value:.15g}" if isinstance(value, float) else str(value)
        elif column in _NUMBERS or column not in {*BELIEF, *_TEXTS}:
            value = _number(value)
            if isinstance(value, str):
                problems.append(_bad(cell.at, f"{value!r} is not a number", "write one number"))
                continue
        yield f"{toml_key(column)} = {toml_text(value)}", cell.at
