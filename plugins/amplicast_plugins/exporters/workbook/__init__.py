"""A spreadsheet (XLSX) with quantiles, registers, a chart and some of the draws."""

from __future__ import annotations

from collections.abc import Iterable

from amplicast import Exporter, Source, hookimpl
from amplicast_plugins.exporters.workbook import book

XLSX = Exporter(
    id="xlsx",
    summary="A spreadsheet: quantiles, thresholds, assumptions, evidence, checks, draws, charts.",
    write=book.write,
    suffix=".xlsx",
    reads="document",
    needs=("xlsxwriter",),
    extra="amplicast[xlsx]",
    sources=(
        Source(
            key="ecma376",
            title="ECMA-376, Office Open XML file formats",
            url="https://ecma-international.org/publications-and-standards/standards/ecma-376/",
            grade="A",
        ),
    ),
    limits="Draws of the two headlines only, and 500 of them; all of them with netcdf.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute XLSX."""
    return [XLSX]
