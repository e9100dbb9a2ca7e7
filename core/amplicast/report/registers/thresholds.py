"""T2: the chance that a threshold is passed by each year, and the year in which it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from amplicast.analysis.copies import MILLION, PEOPLE
from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.registers.columns import Cell, Column, Register
from amplicast.report.table import LEVELS

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["THRESHOLDS", "ThresholdRow", "threshold_register", "threshold_rows"]

THRESHOLDS: Mapping[str, tuple[float, ...]] = {
    "amplification": (1.0, 2.0, 3.0),
    "copies": (MILLION, 1e3 * MILLION, PEOPLE),
}
"""What is asked where nobody names other thresholds: ten- to thousandfold, a million, a billion,
one for every person."""

_PLACES = ("actor", "regime", "task_class")


@dataclass(frozen=True)
class ThresholdRow:
    """One threshold of one quantity at one place.

    Attributes
    ----------
    quantity, unit : str
    at_least : float
        The threshold [unit].
    scenario, actor, regime, task_class : str
        Empty where the quantity has no such dim.
    chance : Mapping[int, float]
        By year: the chance that it was reached at the end of that year or of an earlier one of
        the forecast. A draw in which the pool cannot run the copies has not reached it.
    year : Mapping[str, int or None]
        By column of `LEVELS`: the year by whose end that share of draws has reached it; None after
        the last year of the forecast.
    horizon : int
        The last year of the forecast.
    """

    quantity: str
    unit: str
    at_least: float
    scenario: str
    actor: str
    regime: str
    task_class: str
    chance: Mapping[int, float]
    year: Mapping[str, int | None]
    horizon: int

    def told(self, level: str) -> str:
        """Year at a column of `LEVELS` in words: ``2029``, ``by 2025``, ``after 2032``."""
        year = self.year[level]
        if year is None:
            return f"after {self.horizon}"
        return f"by {year}" if year == min(self.chance) else str(year)


def threshold_rows(
    forecast: Forecast, thresholds: Mapping[str, Sequence[float]] = THRESHOLDS
) -> tuple[ThresholdRow, ...]:
    """Chances by year, and the year passed, for every scenario and place.

    Parameters
    ----------
    forecast : Forecast
    thresholds : Mapping[str, sequence of float]
        By output, in its unit.
    """
    return tuple(
        row
        for name, levels in thresholds.items()
        for scenario in forecast.scenarios
        for level in levels
        for row in _rows(forecast, name, scenario, float(level))
    )


def _rows(forecast: Forecast, name: str, scenario: str, level: float) -> Iterator[ThresholdRow]:
    reached = (forecast.output(name, scenario) >= level).astype(float)
    chance: Any = (reached.cumsum("year") > 0.0).mean("draw")
    dims = [dim for dim in _PLACES if dim in chance.dims]
    years = [int(year) for year in chance["year"].values]
    for labels in product(*(list(chance[dim].values) for dim in dims)):
        place = {dim: str(label) for dim, label in zip(dims, labels, strict=True)}
        by_year = [float(one) for one in chance.sel(place).transpose("year").values]
        yield ThresholdRow(
            quantity=name,
            unit=OUTPUTS[name].unit,
            at_least=level,
            scenario=scenario,
            **{dim: place.get(dim, "") for dim in _PLACES},
            chance=dict(zip(years, by_year, strict=True)),
            year={
                key: next((y for y, c in zip(years, by_year, strict=True) if c >= share), None)
                for key, share in LEVELS.items()
            },
            horizon=years[-1],
        )


def threshold_register(rows: Sequence[ThresholdRow]) -> Register:
    """The rows as a table, one column for each year."""
    years = sorted(rows[0].chance) if rows else []
    last = f"; empty: after {years[-1]}" if years else ""
    columns = (
        Column("quantity", "text", "Quantity that passes the threshold."),
        Column("at_least", "number", "The threshold.", form="value"),
        Column("unit", "text", "Unit of the threshold."),
        Column("scenario", "text", "Scenario or variant."),
        *(Column(dim, "text", "Empty where it does not apply.") for dim in _PLACES),
        *(
            Column(
                f"chance_by_{y}", "number", f"Chance of passing by the end of {y}.", "1", "percent"
            )
            for y in years
        ),
        *(
            Column(
                f"year_{key}",
                "integer",
                f"Year by whose end {share:.0%} of the draws have passed it{last}.",
                "year",
                missing=f"after {years[-1]}",
            )
            for key, share in LEVELS.items()
        ),
    )
    cells: list[tuple[Cell, ...]] = [
        (
            row.quantity,
            row.at_least,
            row.unit,
            row.scenario,
            *(getattr(row, dim) for dim in _PLACES),
            *row.chance.values(),
            *row.year.values(),
        )
        for row in rows
    ]
    about = (
        "Passed: at least the threshold at the end of that year or of an earlier one of the "
        "forecast. A draw in which the pool cannot run the copies has not passed it." + last + "."
    )
    return Register("thresholds", "Thresholds", about, columns, tuple(cells))
