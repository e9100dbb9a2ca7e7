"""The first sheet: what this is, how to read it, the headlines, and the run card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplicast_plugins.exporters.workbook.draws import DRAWS
from amplicast_plugins.exporters.workbook.sheet import Styles, page

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument, Register

__all__ = ["fill"]

HOW = (
    "p05 means that 5 % of the draws are below. The median is p50.",
    "p17 to p83 is the 66 % interval (likely), p05 to p95 the 90 % interval (very likely).",
    "Years are ends of calendar years. Cells show rounded numbers and hold every digit.",
    "Amplification is over the draws in which the pool can run the copies: share_defined of all.",
    "Rows do not add up: a quantile of a sum is not the sum of quantiles. Totals come from draws.",
)

SHEETS = (
    ("Forecast", "Every output at every place: five quantiles a row."),
    ("Wide", "The same with a column for each year, where no technique or spend is told apart."),
    ("Thresholds", "Chance that a threshold is passed by each year, and the year in which it is."),
    ("Assumptions", "Every number that the forecast rests on, with source and reason."),
    ("Evidence", "Measurements that calibrated it, by source."),
    ("Checks", "Checks of every calibration, and what to do about those that failed."),
    ("Differences", "What each variant assumes otherwise."),
    ("Sources", "Every source that is named."),
    ("Draws", f"{DRAWS} of the joint draws of copies and amplification, reference scenario."),
)

LAST = 7
"""Last column that texts run across."""


def fill(sheet: Any, styles: Styles, document: ForecastDocument) -> int:
    """Write the texts; gives back the first row below the headlines."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 11)
    sheet.set_column(2, 3, 19)
    sheet.set_column(4, 4, 14)
    sheet.set_column(5, 7, 50)
    row = _line(sheet, 0, document.scenario, styles(bold=True, font_size=16))
    made = f"amplicast forecast, run {document.run}, made {document.created[:10]}"
    row = _line(sheet, row, made, styles(font_color="#555555"))
    if document.stamp:
        loud = styles(bold=True, font_color="#FFFFFF", bg_color="#B00020", text_wrap=True)
        row = _block(sheet, row, document.stamp, loud, lines=3)
    row = _title(sheet, row + 1, "Headlines: median (66 %; 90 %)", styles)
    row = _table(sheet, row, document.registers["headline"], styles)
    charts = row + 1
    row = charts + 40
    row = _title(sheet, row, "How to read it", styles)
    for text in HOW:
        row = _block(sheet, row, text, styles(text_wrap=True), lines=1)
    row = _title(sheet, row + 1, "Sheets", styles)
    for name, about in SHEETS:
        sheet.write_string(row, 0, name, styles(bold=True))
        row = _line(sheet, row, about, styles(), place=1)
    row = _title(sheet, row + 1, "Run card", styles)
    for one in document.card:
        sheet.write_string(row, 0, one.item, styles(bold=True))
        row = _line(sheet, row, one.value, styles(), place=2)
    page(sheet, document.stamp)
    return charts


def _line(sheet: Any, row: int, text: str, style: Any, *, place: int = 0) -> int:
    sheet.write_string(row, place, text, style)
    return row + 1


def _block(sheet: Any, row: int, text: str, style: Any, *, lines: int) -> int:
    sheet.merge_range(row, 0, row, LAST, "", style)
    sheet.write_string(row, 0, text, style)
    sheet.set_row(row, 15 * lines + 2)
    return row + 1


def _title(sheet: Any, row: int, text: str, styles: Styles) -> int:
    return _line(sheet, row, text, styles(bold=True, font_size=12, font_color="#08306B"))


def _table(sheet: Any, row: int, register: Register, styles: Styles) -> int:
    """The headlines of the reference scenario; the first column says which, once."""
    head = styles(bold=True, bottom=1)
    shown = [place for place, column in enumerate(register.columns) if column.name != "scenario"]
    scenario = [column.name for column in register.columns].index("scenario")
    rows = [each for each in register.rows if each[scenario] == register.rows[0][scenario]]
    for place, source in enumerate(shown):
        sheet.write_string(row, place, register.columns[source].name.replace("_", " "), head)
    for number, each in enumerate(rows, start=row + 1):
        for place, source in enumerate(shown):
            sheet.write_string(number, place, str(each[source]), styles())
    return row + len(rows) + 1
