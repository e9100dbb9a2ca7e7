"""A folder of CSV files with one data dictionary: a Data Package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplicast_plugins.exporters.delimited.cells import lines
from amplicast_plugins.exporters.delimited.dictionary import descriptor, field, resource
from amplicast_plugins.exporters.delimited.long import FIELDS, quantile_lines

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument

__all__ = ["write"]


def write(document: ForecastDocument) -> dict[str, str]:
    """Quantiles, every register and the trace, each as a CSV file, and ``datapackage.json``."""
    about = "Every output at every place; one line per quantile."
    files = {"forecast.csv": quantile_lines(document.table)}
    resources = [resource("forecast", "forecast.csv", FIELDS, title="Quantiles", about=about)]
    for register in (*document.registers.values(), document.trace_register):
        path = f"{register.name}.csv"
        head = [column.name for column in register.columns]
        files[path] = lines([head, *register.rows])
        fields = [field(column) for column in register.columns]
        resources.append(
            resource(register.name, path, fields, title=register.title, about=register.about)
        )
    files["datapackage.json"] = descriptor(
        resources,
        run=document.run,
        title=document.scenario,
        created=document.created,
        stamp=document.stamp,
        sources=[
            {"title": source.title, **({"path": source.url} if source.url else {})}
            for source in document.sources
        ],
    )
    return files
