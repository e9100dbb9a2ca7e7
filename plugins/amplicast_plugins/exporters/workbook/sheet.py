"""Cells, number formats and sheets of registers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplicast.report import Column, Register

__all__ = ["Styles", "head", "number_format", "page", "put", "register_sheet"]

PERCENT = '[<0.01]"< 1 %";[>0.99]"> 99 %";0 %'

COUNT = '[>=1000000000]#,##0.0,,," billion";[>=1000000]#,##0.0,," million";#,##0'

PLAIN = "[<0.001]0.00E+00;[<1000]0.000;#,##0"

FORMATS = {
    "copies": COUNT,
    "people": COUNT,
    "H100e": COUNT,
    "parameters": COUNT,
    "fraction": PERCENT,
    "FLOP": "0.0E+00",
    "tokens": "0.0E+00",
    "tokens/s": "0.0E+00",
}

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


def number_format(unit: str) -> str:
    """How numbers of a unit are shown; every digit stays in the cell."""
    if unit.startswith(("OOM", "log10")):
        return "0.00"
    return FORMATS.get(unit, PLAIN)


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
    plain, wrapped = styles(), styles(text_wrap=True)
    for number, (row, record) in enumerate(
        zip(register.rows, register.records(), strict=True), start=1
    ):
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            if cell is None:
                put(sheet, number, place, column.missing, plain)
            elif isinstance(cell, str):
                put(sheet, number, place, cell, wrapped if column.name in WIDE else plain)
            else:
                form = _form(column, str(record.get("unit") or ""))
                put(sheet, number, place, cell, styles(num_format=form))
    if register.rows:
        sheet.autofilter(0, 0, len(register.rows), len(columns) - 1)
    page(sheet, stamp)


def _form(column: Column, unit: str) -> str:
    if column.form == "percent":
        return PERCENT
    return "0" if column.kind == "integer" else number_format(column.unit or unit)


def _width(column: Column, cells: Sequence[Any]) -> float:
    if column.name in WIDE:
        return 60.0
    longest = max((len(str(cell)) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(len(column.name) + 2, longest + 1, 9), 42)
