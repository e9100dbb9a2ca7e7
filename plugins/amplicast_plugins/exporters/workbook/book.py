"""The workbook: which sheets it has, and in what order."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from amplicast_plugins.exporters.workbook import charts, draws, quantiles, readme
from amplicast_plugins.exporters.workbook.sheet import Styles, register_sheet

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument

__all__ = ["write"]

REGISTERS = {
    "thresholds": "Thresholds",
    "assumptions": "Assumptions",
    "evidence": "Evidence",
    "checks": "Checks",
    "differences": "Differences",
    "sources": "Sources",
}
"""Register -> sheet; headline and run card stand in README."""


def write(document: ForecastDocument) -> bytes:
    """A spreadsheet whose every text is text, and whose every number is a number."""
    import xlsxwriter

    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    made = datetime.fromisoformat(document.created)
    book.set_properties(
        {
            "title": f"{document.scenario}: amplicast forecast, run {document.run}",
            "author": document.forecast.scenario.author,
            "comments": document.stamp or "Quantiles of joint draws; see the sheet README.",
            # Not the time of writing, so that the same run gives the same bytes.
            "created": made.replace(tzinfo=None),
        }
    )
    styles = Styles(book)
    first = book.add_worksheet("README")
    quantiles.forecast_sheet(book, styles, document)
    wide = quantiles.wide_sheet(book, styles, document)
    for name, title in REGISTERS.items():
        register_sheet(book, styles, document.registers[name], title, document.stamp)
    draws.draws_sheet(book, styles, document)
    end = readme.fill(first, styles, document)
    charts.insert(book, first, wide, document, below=end)
    book.close()
    return buffer.getvalue()
