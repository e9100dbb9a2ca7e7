"""The sheets Forecast (a row for each place) and Wide (a column for each year)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplicast_plugins.exporters.workbook.sheet import PERCENT, Styles, head, page, put, put_number

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument

__all__ = ["Wide", "forecast_sheet", "wide_sheet"]

PLACES = (
    "scenario", "year", "actor", "regime", "task_class", "hardware", "technique", "mechanism",
    "frontier_spend",
)  # fmt: skip

LEVELS = ("p05", "p17", "p50", "p83", "p95")

PER_YEAR = ("scenario", "actor", "regime", "task_class")
"""Places of the rows of Wide; what has further ones stands in Forecast only."""

Wide = dict[tuple[str, ...], int]
"""(quantity, scenario, actor, regime, task class, level) -> row of the sheet."""

WIDTHS = {"quantity": 24, "unit": 12, "scenario": 20, "technique": 20, "task_class": 12}


def forecast_sheet(book: Any, styles: Styles, document: ForecastDocument) -> None:
    """Every quantile of every output, as an Excel table."""
    sheet = book.add_worksheet("Forecast")
    names = ["quantity", "unit", *PLACES, *LEVELS, "share_defined"]
    rows = document.table.rows
    plain, share = styles(), styles.number(PERCENT)
    for number, row in enumerate(rows, start=1):
        put(sheet, number, 0, row.quantity, plain)
        put(sheet, number, 1, row.unit, plain)
        for place, key in enumerate(PLACES, start=2):
            put(sheet, number, place, row.place.get(key), plain)
        for place, level in enumerate(LEVELS, start=2 + len(PLACES)):
            put_number(sheet, number, place, row.quantiles[level], row.unit, styles)
        put(sheet, number, len(names) - 1, row.defined, share)
    columns = [{"header": name} for name in names]
    options = {"name": "Forecast", "columns": columns, "style": "Table Style Light 9"}
    sheet.add_table(0, 0, len(rows), len(names) - 1, options)
    for place, name in enumerate(names):
        sheet.set_column(place, place, WIDTHS.get(name, 13))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    page(sheet, document.stamp)


def wide_sheet(book: Any, styles: Styles, document: ForecastDocument) -> Wide:
    """Quantiles by year; gives back where each series stands, for the charts."""
    sheet = book.add_worksheet("Wide")
    years = document.forecast.plan.years
    head(sheet, styles, ["quantity", "unit", *PER_YEAR, "quantile", *map(str, years)])
    found: Wide = {}
    plain = styles()
    for row in document.table.rows:
        if set(row.place) - {"year", *PER_YEAR} or "year" not in row.place:
            continue
        labels = [str(row.place.get(key, "")) for key in PER_YEAR]
        for level in LEVELS:
            key = (row.quantity, *labels, level)
            if key not in found:
                found[key] = len(found) + 1
                for place, text in enumerate([row.quantity, row.unit, *labels, level]):
                    put(sheet, found[key], place, text, plain)
            place = 3 + len(PER_YEAR) + years.index(int(row.place["year"]))
            put_number(sheet, found[key], place, row.quantiles[level], row.unit, styles)
    for place, name in enumerate(["quantity", "unit", *PER_YEAR, "quantile"]):
        sheet.set_column(place, place, WIDTHS.get(name, 13))
    sheet.set_column(7, 6 + len(years), 13)
    sheet.autofilter(0, 0, len(found), 6 + len(years))
    page(sheet, document.stamp)
    return found
