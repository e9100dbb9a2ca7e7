"""A scenario file as a spreadsheet: one row for each key, and one for each belief.

`amplicast.scenario.from_workbook` reads it back to the same content; only comments are left behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from amplicast.scenario.keys import flatten, read_keys
from amplicast.scenario.model import Declared
from amplicast.scenario.write import toml_key, toml_text

__all__ = ["BELIEF", "MEANING", "SHEETS", "write_workbook"]

SHEETS = ("Scenario", "Assumptions", "Variants", "Correlations")

MEANING = "meaning"
"""Column that explains and is not read back."""

BELIEF = ("value", "low", "best", "high", "unit", "why", "source")
"""Columns that a belief always has; others follow where the file has such keys."""

WIDTHS = {"name": 32, "key": 28, "value": 24, "why": 60, MEANING: 60, "source": 22, "variant": 22}

HEIGHT = 15.0
"""Of a line, in points."""

ABOUT = (
    "A scenario of amplicast. Change cells that are white; then:",
    "    amplicast scenario from-xlsx THIS-FILE.xlsx my-case.toml",
    'A range such as "2 to 5" means: 90 % sure, with 5 % chance below 2 and 5 % above 5.',
    "A single number is fixed.",
    "low, best and high are the 5 %, 50 % and 95 % points; a row has them or a value, not both.",
    "Write ranges as text; a spreadsheet turns 1-2 into a date.",
    "Notes of the file that this was made from (lines with #) are not here.",
)

_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Not the time of writing, so that equal files give equal bytes."""

Sheet = tuple[list[str], list[list[Any]]]


def write_workbook(
    tree: Mapping[str, Any], *, declared: Mapping[str, Declared] | None = None
) -> bytes:
    """A spreadsheet (XLSX) of what a scenario file says.

    Parameters
    ----------
    tree : Mapping
        The file as TOML gives it.
    declared : Mapping[str, Declared], optional
        Adds what each assumption means.
    """
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": str(tree.get("name", "")), "created": _MADE})
    about = book.add_worksheet("README")
    about.set_column(0, 0, 100)
    about.set_landscape()
    for row, text in enumerate(ABOUT):
        about.write_string(row, 0, text, book.add_format({"text_wrap": True}))
    sheets = (
        _scenario(tree),
        _assumptions(tree, declared or {}),
        _variants(tree),
        (["a", "b", "rank"], [[r["a"], r["b"], r["rank"]] for r in tree.get("correlations", ())]),
    )
    for name, sheet in zip(SHEETS, sheets, strict=True):
        _write(book, name, sheet)
    book.close()
    return buffer.getvalue()


def _scenario(tree: Mapping[str, Any]) -> Sheet:
    keys = read_keys()
    rows = []
    for parts, value in _leaves(tree, ()):
        wild = ".".join(parts)
        about = keys.get(wild) or keys.get(".".join((*parts[:-1], "*")))
        about = about or keys.get(".".join((parts[0], "*", *parts[2:])))
        told = about.description if about else ""
        path = ".".join(toml_key(part) for part in parts)
        rows.append([path, _listed(value), told])
    return ["key", "value", MEANING], rows


def _leaves(
    table: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if not path and key in {"assumptions", "variants", "correlations"}:
            continue
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _listed(value: Any) -> Any:
    """A list as words with commas between; as TOML where that could be read otherwise."""
    if not isinstance(value, list):
        return value
    plain = all(item and item == item.strip() and not set(item) & set(',["') for item in value)
    return ", ".join(value) if plain and value else toml_text(value)


def _assumptions(tree: Mapping[str, Any], declared: Mapping[str, Declared]) -> Sheet:
    beliefs: dict[str, Any] = flatten(tree.get("assumptions", {}))
    columns = _columns(beliefs.values())
    rows = []
    for name, belief in beliefs.items():
        about = declared.get(name)
        told = about.description if about else ""
        rows.append([name, *(belief.get(key) for key in columns), told])
    return ["name", *columns, MEANING], rows


def _variants(tree: Mapping[str, Any]) -> Sheet:
    changes = [
        (variant, name, value if isinstance(value, dict) else {"value": value})
        for variant, table in tree.get("variants", {}).items()
        for name, value in (flatten(table).items() if table else [("", {})])
    ]
    columns = _columns(belief for _, _, belief in changes)
    rows = [
        [variant, name, *(belief.get(key) for key in columns)] for variant, name, belief in changes
    ]
    return ["variant", "name", *columns], rows


def _columns(beliefs: Any) -> list[str]:
    extra = dict.fromkeys(key for belief in beliefs for key in belief if key not in BELIEF)
    return [*BELIEF[:4], *extra, *BELIEF[4:]]


def _write(book: Any, name: str, sheet: Sheet) -> None:
    """Names and meanings are grey and locked, without a password; everything else is open."""
    columns, rows = sheet
    page = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#08306B", "font_color": "#FFFFFF"})
    grey = book.add_format({"valign": "top", "bg_color": "#EEEEEE", "text_wrap": True})
    free = book.add_format({"valign": "top", "align": "left", "locked": False, "text_wrap": True})
    text = book.add_format({"valign": "top", "locked": False, "text_wrap": True, "num_format": "@"})
    for place, column in enumerate(columns):
        styles = {"value": text, "why": text, "source": text}
        page.set_column(place, place, WIDTHS.get(column, 11), styles.get(column, free))
        page.write_string(0, place, column, head)
    for number, row in enumerate(rows, start=1):
        page.set_row(number, HEIGHT * max(map(_lines, columns, row)))
        for place, (column, cell) in enumerate(zip(columns, row, strict=True)):
            fixed = column in {"key", "name", "unit", MEANING}
            _put(page, number, place, cell, grey if fixed else free)
    page.freeze_panes(1, 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.protect("", {"insert_rows": True, "delete_rows": True, "format_columns": True})
    if "value" in columns:
        place = columns.index("value")
        tip = 'A number, or a range such as 2 to 5: 90 % sure. Also "80%: 2 to 5".'
        page.data_validation(
            1, place, len(rows) + 50, place, {"validate": "any", "input_message": tip}
        )


def _lines(column: str, cell: Any) -> int:
    """Lines that a cell takes in its column."""
    return 1 + len(str(cell)) // (WIDTHS.get(column, 11) - 4)


def _put(page: Any, row: int, place: int, cell: Any, style: Any) -> None:
    """Text as text, numbers as numbers; one with more digits than the format keeps, as text."""
    if cell is None or cell == "":
        page.write_blank(row, place, None, style)
    elif isinstance(cell, bool):
        page.write_string(row, place, toml_text(cell), style)
    elif isinstance(cell, int | float) and float(f"{cell:.16G}") == cell:
        page.write_number(row, place, cell, style)
    else:
        page.write_string(row, place, cell if isinstance(cell, str) else repr(cell), style)
