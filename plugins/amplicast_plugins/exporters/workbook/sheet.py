"""Cells, number formats and sheets of registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplicast.report import Column, Register

__all__ = ["COUNT", "PERCENT", "Styles", "head", "page", "put", "put_number", "register_sheet"]

PERCENT = '[<0.01]"< 1 %";[>0.99]"> 99 %";0 %'

COUNT = '[>=1000000000]#,##0.0,,," billion";[>=1000000]#,##0.0,," million";#,##0'

COUNTS = frozenset({"H100e", "copies", "parameters", "people"})
"""Units that are counted: large numbers of them are told in words."""

TEXT, HEIGHT = 60.0, 15.0
"""Width of a column of long texts in characters; height of a line in points."""

WIDE = {"sentence", "why", "informs", "title", "about", "finding", "action", "used_by"}
"""Columns of long texts, which wrap."""


class Styles:
    """Formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def __call__(self, **properties: Any) -> Any:
        """The format of these properties."""
        key = repr(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "top", **properties})
        return self._made[key]

    def number(self, form: str) -> Any:
        """The format of numbers that are shown so."""
        if form not in self._made:
            self._made[form] = self._book.add_format({"valign": "top", "num_format": form})
        return self._made[form]


def number_format(number: float, unit: str) -> str:
    """How a number is shown: about three figures of it; every digit stays in the cell."""
    size = abs(number)
    if unit == "fraction":
        return PERCENT
    if unit == "year":
        return "0"
    if unit in COUNTS and size >= 100.0:
        return COUNT
    if unit != "OOM" and number.is_integer() and size < 1e7:
        return "#,##0"
    if size and not 1e-3 <= size < 1e7:
        return "0.00E+00"
    return "0.00" if size < 100.0 and unit == "OOM" else _decimals(size)


def _decimals(size: float) -> str:
    if size >= 100.0:
        return "#,##0"
    return "0.0" if size >= 10.0 else "0.00" if size >= 1.0 else "0.000"


def put_number(
    sheet: Any, row: int, place: int, number: float | None, unit: str, styles: Styles
) -> None:
    """Write a number as its unit and size ask for; nothing where there is none."""
    if number is not None:
        sheet.write_number(row, place, number, styles.number(number_format(number, unit)))


def put(sheet: Any, row: int, place: int, cell: Any, style: Any) -> None:
    """Write one cell as what it is; text is never a formula, an address or a number."""
    if isinstance(cell, str):
        if cell:
            sheet.write_string(row, place, cell, style)
    elif cell is not None:
        sheet.write_number(row, place, cell, style)


def head(sheet: Any, styles: Styles, names: Sequence[str], *, row: int = 0) -> None:
    """A header row that stays in sight and is printed on every page."""
    style = styles(bold=True, bg_color="#08306B", font_color="#FFFFFF", text_wrap=True)
    for place, name in enumerate(names):
        sheet.write_string(row, place, name, style)
    sheet.freeze_panes(row + 1, 1)
    sheet.repeat_rows(row)


def page(sheet: Any, stamp: str) -> None:
    """Printed across, one page wide, with the stamp of failed checks on every page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if stamp:
        sheet.set_tab_color("#B00020")
        sheet.set_header("&C&BCHECKS FAILED; do not quote this run")


def register_sheet(book: Any, styles: Styles, register: Register, title: str, stamp: str) -> None:
    """One register; its data dictionary is in the comments of the header row."""
    sheet = book.add_worksheet(title)
    columns = register.columns
    names = [column.name.replace("_", " ") for column in columns]
    head(sheet, styles, names)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _width(column, [row[place] for row in register.rows]))
        sheet.write_comment(0, place, column.about, {"x_scale": 1.6, "author": "amplicast"})
    plain, wrapped = styles(indent=1), styles(indent=1, text_wrap=True)
    for number, (row, record) in enumerate(
        zip(register.rows, register.records(), strict=True), start=1
    ):
        sheet.set_row(number, HEIGHT * _lines(columns, row))
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            if cell is None:
                put(sheet, number, place, column.missing, plain)
            elif isinstance(cell, str):
                put(sheet, number, place, cell, wrapped if column.name in WIDE else plain)
            else:
                form = _form(column, float(cell), str(record.get("unit") or ""))
                sheet.write_number(number, place, cell, styles.number(form))
    if register.rows:
        sheet.autofilter(0, 0, len(register.rows), len(columns) - 1)
    page(sheet, stamp)


def _form(column: Column, number: float, unit: str) -> str:
    if column.form == "percent":
        return PERCENT
    if column.kind == "integer":
        return "0"
    # A belief about a fraction may be tiny, and its column says that it is one.
    return number_format(number, (column.unit or unit).replace("fraction", "1"))


def _lines(columns: Sequence[Column], row: Sequence[Any]) -> int:
    """Lines that the longest of the wrapped texts takes."""
    long = [len(str(cell)) for cell, one in zip(row, columns, strict=True) if one.name in WIDE]
    return max((1 + length // int(TEXT - 6) for length in long), default=1)


def _width(column: Column, cells: Sequence[Any]) -> float:
    if column.name in WIDE:
        return TEXT
    longest = max((len(str(cell)) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(len(column.name) + 2, longest + 1, 9), 42)
