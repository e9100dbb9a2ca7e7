"""The sheet Draws: some of the joint draws of the two headlines."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from amplicast_plugins.exporters.workbook.sheet import Styles, head, page

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument

__all__ = ["DRAWS", "draws_sheet"]

DRAWS = 500

HEADLINES = ("copies", "amplification")


def draws_sheet(book: Any, styles: Styles, document: ForecastDocument) -> None:
    """Evenly spaced draws of the reference scenario, a row each; empty where undefined."""
    import numpy

    sheet = book.add_worksheet("Draws")
    scenario = document.forecast.scenarios[0]
    total = document.draws.sizes["draw"]
    chosen = numpy.unique(numpy.linspace(0, total - 1, min(DRAWS, total)).astype(int))
    names, columns = ["draw"], [(chosen.astype(float), styles.number("0"))]
    for quantity in HEADLINES:
        values = document.forecast.output(quantity, scenario).isel(draw=chosen)
        dims = [dim for dim in values.dims if dim != "draw"]
        unit = str(values.attrs["unit"])
        style = styles.number("0.00" if unit == "OOM" else "#,##0")
        array = values.transpose(*dims, "draw").values
        labels = [[str(label) for label in values[dim].values] for dim in dims]
        for index in product(*(range(len(each)) for each in labels)):
            where = "; ".join(each[i] for each, i in zip(labels, index, strict=True))
            names.append(f"{quantity} [{unit}]; {where}")
            columns.append((array[index], style))
    head(sheet, styles, names)
    for place, (numbers, style) in enumerate(columns):
        for line, number in enumerate(numbers.tolist(), start=1):
            if number == number:  # not a number where the copies cannot be run
                sheet.write_number(line, place, number, style)
    sheet.set_row(0, 62)
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, len(columns) - 1, 14)
    page(sheet, document.stamp)
