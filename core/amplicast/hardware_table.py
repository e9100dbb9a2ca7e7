"""Accelerators from a table: one row each, so that adding one takes a row and no code."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace

from amplicast.concepts import Hardware, Source, Table
from amplicast.errors import PluginError, Problem

__all__ = ["COLUMNS", "hardware_from_table"]

RATES = {
    "fp32_tflops": "fp32",
    "tf32_tflops": "tf32",
    "bf16_tflops": "bf16",
    "fp8_tflops": "fp8",
    "int8_tops": "int8",
    "fp4_tflops": "fp4",
}
"""Column -> precision; dense rates in 1e12 FLOP/s."""

NEEDED = ("memory_gb", "bandwidth_tb_s", "link_gb_s", "domain", "power_w")

OPTIONAL = (
    "marketed_sparsity", "pcie_gb_s", "it_power_w", "price_low_usd", "price_high_usd",
    "rent_low_usd", "rent_usd", "rent_high_usd",
)  # fmt: skip

TEXTS = (
    "id", "summary", "vendor", "released", "link", "rent_date", "from_memory", "source", "limits",
)  # fmt: skip

COLUMNS = (*TEXTS, *RATES, *NEEDED, *OPTIONAL)
"""Columns that a table must have, in any order; an empty cell is a figure that is not published."""


def hardware_from_table(
    table: Table, *, sources: Iterable[Source] | Table, api: int = 1
) -> list[Hardware]:
    """Return the accelerators of a table, one per row.

    Parameters
    ----------
    table : Table
        CSV with `COLUMNS`: rates in TFLOP/s (**dense**: half of what is marketed with 2:4
        sparsity), memory in GB, bandwidth in TB/s, links and PCIe in GB/s one way, power in W,
        prices in USD and rents in USD per hour. ``source`` names source keys, ``from_memory``
        columns that were recalled and not looked up, both with spaces between.
    sources : iterable of Source, or Table
        All that the rows name; a table has the columns of `Source`.
    api : int
        Version of the contract that the plugin is written for, as in `Plugin`.

    Raises
    ------
    PluginError
        A column is missing, a cell is no number, or a row names a source or a column that is not
        there: with file, row and column.
    """
    if isinstance(sources, Table):
        sources = [_source(row, sources.path.name) for row in _rows(sources)]
    known = {source.key: source for source in sources}
    name, rows = table.path.name, _rows(table)
    missing = sorted(set(COLUMNS) - set(rows[0] if rows else ()))
    if missing:
        raise _error(
            f"{name} has no row, or no column {', '.join(missing)}",
            "add the columns, empty where nothing is published",
        )
    devices = (_device(row, known, f"{name}, row {row['id']!r}") for row in rows)
    return [replace(device, api=api) for device in devices]


def _rows(table: Table) -> list[dict[str, str]]:
    try:
        with table.path.open(newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise _error(
            f"{table.path.name} cannot be read: {error}", "ship the file with the plugin"
        ) from error


def _source(row: Mapping[str, str], name: str) -> Source:
    try:
        return Source(**row)  # type: ignore[arg-type]
    except TypeError as error:
        raise _error(
            f"{name} is no table of sources: {error}",
            "give it the columns key, title, url, accessed and grade",
        ) from error


def _device(row: Mapping[str, str], known: Mapping[str, Source], where: str) -> Hardware:
    figures = {column: _number(row, column, where) for column in (*RATES, *NEEDED, *OPTIONAL)}

    def needed(column: str) -> float:
        value = figures[column]
        if value is None:
            raise _error(f"{where} has no {column}", "give the figure and name its source")
        return value

    keys = row["source"].split()
    unknown = sorted(set(keys) - set(known))
    if unknown or not keys:
        raise _error(
            f"{where} names the source {unknown[0]!r}" if unknown else f"{where} names no source",
            f"name keys among: {', '.join(sorted(known))}",
        )
    recalled = tuple(row["from_memory"].split())
    strange = sorted(set(recalled) - {column for column, value in figures.items() if value})
    if strange:
        raise _error(
            f"{where} says that {strange[0]!r} is from memory, and has no such figure",
            "name columns that have a number",
        )
    low, high = figures["price_low_usd"], figures["price_high_usd"]
    rents = tuple(figures[name] for name in ("rent_low_usd", "rent_usd", "rent_high_usd"))
    pcie, sparsity = figures["pcie_gb_s"], figures["marketed_sparsity"]
    return Hardware(
        id=row["id"],
        summary=row["summary"],
        vendor=row["vendor"],
        released=row["released"],
        flop_per_s={
            precision: 1e12 * rate
            for column, precision in RATES.items()
            if (rate := figures[column]) is not None
        },
        memory_bytes=1e9 * needed("memory_gb"),
        bandwidth=1e12 * needed("bandwidth_tb_s"),
        link_bandwidth=1e9 * needed("link_gb_s"),
        link=row["link"],
        domain=int(needed("domain")),
        pcie_bandwidth=None if pcie is None else 1e9 * pcie,
        power_w=needed("power_w"),
        it_power_w=figures["it_power_w"],
        price_usd=None if low is None or high is None else (low, high),
        rent_usd_per_hour=rents[1],
        rent_range_usd=(rents[0], rents[2])
        if rents[0] is not None and rents[2] is not None
        else None,
        rent_date=row["rent_date"],
        marketed_sparsity=sparsity,
        from_memory=recalled,
        sources=tuple(known[key] for key in keys),
        limits=row["limits"],
    )


def _number(row: Mapping[str, str], column: str, where: str) -> float | None:
    text = (row[column] or "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf"):
        raise _error(
            f"{where} has {text!r} as {column}",
            "write a positive number, or leave the cell empty where nothing is published",
        )
    return value


def _error(what: str, fix: str) -> PluginError:
    return PluginError(
        Problem(
            code="AMP-P131",
            what=what,
            why="Copies and costs follow from these figures directly.",
            fix=fix,
        )
    )
