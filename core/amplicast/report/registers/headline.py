"""T1: both headlines at three years, each as median with 66 % and 90 % intervals, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amplicast.forecast.outputs import HEADLINES, OUTPUTS
from amplicast.report.registers.columns import Column, Register
from amplicast.report.words import interval, value

if TYPE_CHECKING:
    from amplicast.report.table import ForecastTable, Row

__all__ = ["HeadlineRow", "headline_register", "headline_rows"]

_PLACES = ("scenario", "actor", "regime", "task_class")


@dataclass(frozen=True)
class HeadlineRow:
    """One headline at one place, by year.

    Attributes
    ----------
    quantity, title, unit : str
    scenario, actor, regime, task_class : str
        Empty where the quantity has no such dim.
    told : Mapping[int, str]
        By year: ``median (66 %; 90 %)`` in words.
    """

    quantity: str
    title: str
    unit: str
    scenario: str
    actor: str
    regime: str
    task_class: str
    told: Mapping[int, str]


def headline_rows(table: ForecastTable, years: Sequence[int] = ()) -> tuple[HeadlineRow, ...]:
    """The headlines of a table at the first, the middle and the last year, or at `years`."""
    known = sorted({int(row.place["year"]) for row in table.rows if "year" in row.place})
    wanted = tuple(years) or tuple(dict.fromkeys((known[0], known[len(known) // 2], known[-1])))
    found: dict[tuple[str, ...], dict[int, str]] = {}
    for name in HEADLINES:
        for row in table.select(name):
            labels = tuple(str(row.place.get(dim, "")) for dim in _PLACES)
            if row.place["year"] in wanted:
                found.setdefault((name, *labels), {})[int(row.place["year"])] = _told(row)
    return tuple(
        HeadlineRow(
            quantity=name,
            title=OUTPUTS[name].title,
            unit=OUTPUTS[name].unit,
            scenario=scenario,
            actor=actor,
            regime=regime,
            task_class=task_class,
            told=told,
        )
        for (name, scenario, actor, regime, task_class), told in found.items()
    )


def _told(row: Row) -> str:
    """Median and both intervals in words; so too where no draw can run the copies."""
    numbers = [row.quantiles[key] for key in ("p05", "p17", "p50", "p83", "p95")]
    if None in numbers:
        return "cannot be run"
    low, inner_low, median, inner_high, high = (float(one or 0.0) for one in numbers)
    inner, outer = interval(inner_low, inner_high, row.unit), interval(low, high, row.unit)
    return f"{value(median, row.unit)} ({inner}; {outer})"


def headline_register(rows: Sequence[HeadlineRow]) -> Register:
    """The rows as a table, one column for each year."""
    years = sorted(rows[0].told) if rows else []
    columns = (
        Column("quantity", "text", "What is forecast."),
        Column("unit", "text", "Unit of the numbers."),
        *(Column(dim, "text", "Empty where it does not apply.") for dim in _PLACES),
        *(Column(str(y), "text", f"Median (66 %; 90 %) at the end of {y}.") for y in years),
    )
    cells = tuple(
        (
            row.quantity,
            row.unit,
            row.scenario,
            row.actor,
            row.regime,
            row.task_class,
            *(row.told[year] for year in years),
        )
        for row in rows
    )
    about = (
        "Median (66 % interval; 90 % interval) at the end of the year, equal-tailed, over the "
        "draws in which the pool can run the copies."
    )
    return Register("headline", "Headlines", about, columns, cells)
