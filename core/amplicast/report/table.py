"""The one table from which the terminal and every export format are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from amplicast.forecast.outputs import OUTPUTS
from amplicast.forecast.quantiles import quantiles_of

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["KEYS", "LEVELS", "ForecastTable", "Row"]

LEVELS: Mapping[str, float] = {"p05": 0.05, "p17": 0.17, "p50": 0.5, "p83": 0.83, "p95": 0.95}
"""Column -> probability: median, 66 % and 90 % equal-tailed intervals."""

KEYS = (
    "scenario", "year", "actor", "regime", "task_class", "hardware", "technique", "mechanism",
    "frontier_spend",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Quantiles of one quantity at one place.

    Attributes
    ----------
    quantity, unit : str
    place : Mapping[str, str | int]
        Coordinates: scenario, year, actor, regime, task_class, ... as far as they apply.
    quantiles : Mapping[str, float | None]
        By column of `LEVELS`; None where no draw is defined.
    defined : float
        Share of draws in which the quantity is defined (the regime is feasible).
    """

    quantity: str
    unit: str
    place: Mapping[str, str | int]
    quantiles: Mapping[str, float | None]
    defined: float


@dataclass(frozen=True)
class ForecastTable:
    """Rows with what they belong to.

    Attributes
    ----------
    rows : tuple of Row
    run, scenario : str
    provenance : Mapping[str, Any]
    """

    rows: tuple[Row, ...]
    run: str
    scenario: str
    provenance: Mapping[str, Any]

    @classmethod
    def of(
        cls,
        forecast: Forecast,
        quantities: Sequence[str] = tuple(OUTPUTS),
        years: Sequence[int] = (),
    ) -> ForecastTable:
        """Tabulate a forecast's quantities at `years` (all when empty)."""
        rows = [row for name in quantities for row in _rows(forecast, name, years)]
        return cls(tuple(rows), forecast.id, forecast.scenario.name, forecast.provenance)

    def select(self, quantity: str, **place: Any) -> Iterable[Row]:
        """Rows of a quantity at the named place."""
        return (
            row
            for row in self.rows
            if row.quantity == quantity
            and all(row.place.get(key) == want for key, want in place.items())
        )


def _rows(forecast: Forecast, name: str, years: Sequence[int]) -> Iterator[Row]:
    import numpy

    values = forecast.outputs[name]
    if "scenario" not in values.dims:
        values = values.expand_dims(scenario=len(forecast.scenarios))
    if years:
        values = values.isel(year=[i for i, y in enumerate(forecast.plan.years) if y in years])
    values = values.assign_coords(scenario=list(forecast.scenarios))
    quantiles = quantiles_of(values, tuple(LEVELS.values()))
    defined = values.notnull().mean("draw")
    dims = [dim for dim in KEYS if dim in quantiles.dims]
    unit = OUTPUTS[name].unit
    ordered = quantiles.transpose(*dims, "quantile").values
    share = defined.transpose(*dims).values
    labels = [[_plain(v) for v in quantiles[dim].values] for dim in dims]
    for index in product(*(range(len(each)) for each in labels)):
        place = {dim: labels[i][k] for i, (dim, k) in enumerate(zip(dims, index, strict=True))}
        cells = [float(x) if numpy.isfinite(x) else None for x in ordered[index]]
        yield Row(name, unit, place, dict(zip(LEVELS, cells, strict=True)), float(share[index]))


def _plain(label: Any) -> str | int:
    plain: str | int = label.item() if hasattr(label, "item") else label
    return plain
