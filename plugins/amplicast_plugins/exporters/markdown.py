"""Markdown tables with medians, 66 % and 90 % intervals, one per quantity."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from amplicast import Exporter, Source, hookimpl

if TYPE_CHECKING:
    from amplicast.report import ForecastTable, Row


def write(table: ForecastTable) -> str:
    """GitHub-flavoured tables; ``n/a`` where no draw is defined."""
    parts = [
        f"# {table.scenario}: run {table.run}",
        "Median, 66 % and 90 % equal-tailed intervals.",
    ]
    if failed := table.provenance.get("failed_checks"):
        parts.append("**Checks FAILED; do not quote this run:** " + _text("; ".join(failed)))
    for quantity, group in groupby(table.rows, key=lambda row: row.quantity):
        rows = list(group)
        keys = list(rows[0].place)
        header = [*keys, "median", "66 %", "90 %"]
        lines = [f"## {quantity} ({rows[0].unit})", "", _line(header), _line(["---"] * len(header))]
        lines += [_line([*(_text(row.place[key]) for key in keys), *_cells(row)]) for row in rows]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _cells(row: Row) -> list[str]:
    q = {key: "n/a" if value is None else f"{value:.3g}" for key, value in row.quantiles.items()}
    return [q["p50"], f"{q['p17']} to {q['p83']}", f"{q['p05']} to {q['p95']}"]


def _text(cell: object) -> str:
    return str(cell).replace("|", "\\|")


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


MARKDOWN = Exporter(
    id="md",
    summary="Markdown tables, one per quantity.",
    write=write,
    suffix=".md",
    sources=(Source(key="gfm", title="GitHub Flavored Markdown Spec", grade="A"),),
    limits="Three significant figures; for more use csv or json.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute Markdown."""
    return [MARKDOWN]
