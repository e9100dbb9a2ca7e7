"""The trace of one draw as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplicast_plugins.exporters.delimited.cells import lines
from amplicast_plugins.exporters.delimited.dictionary import descriptor, field, resource

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument

__all__ = ["write"]


def write(document: ForecastDocument, *, stem: str = "trace") -> dict[str, str]:
    """Every quantity from inputs to answers, with run and checks on each line."""
    trace = document.trace_register
    head = [*(column.name for column in trace.columns), "run", "checks"]
    checks = document.stamp or "passed"
    fields = [field(column) for column in trace.columns]
    fields += [{"name": name, "type": "string"} for name in ("run", "checks")]
    about = resource("trace", f"{stem}.csv", fields, title=trace.title, about=trace.about)
    return {
        "": lines([head, *([*row, document.run, checks] for row in trace.rows)]),
        ".datapackage.json": descriptor(
            [about],
            run=document.run,
            title=document.scenario,
            created=document.created,
            stamp=document.stamp,
        ),
    }
