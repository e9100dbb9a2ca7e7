"""The trace table: every quantity on the way to the answer, in one draw, with its expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from amplicast.forecast.outputs import OUTPUTS, output_coords
from amplicast.forecast.trace import steps_of, traced, typical_draw
from amplicast.report.registers.columns import Register, column

if TYPE_CHECKING:
    import xarray

    from amplicast.forecast import Forecast

__all__ = ["TraceRow", "trace_register", "trace_rows"]

_PLACES = ("year", "actor", "regime", "task_class")


@dataclass(frozen=True, kw_only=True)
class TraceRow:
    """One quantity at one place.

    Attributes
    ----------
    step : int
        Order of computing; inputs have 0.
    name, kind, expression, unit, about : str
        As in `amplicast.forecast.trace.STEPS`; the kind of an input is ``input``.
    scenario, actor, regime, task_class, element : str
        Empty where the quantity has no such dim; `element` names further dims.
    year : int or None
    value : float or None
        In the draw; None where it is undefined there. Formulas hold exactly among these.
    median : float or None
        Over all draws, where they are kept. Formulas need not hold among medians.
    """

    step: int = column("Order of computing; inputs have 0.")
    name: str = column("The quantity.")
    kind: str = column("input, formula (arithmetic), plugin (its function) or search (physics).")
    expression: str = column("How it follows from quantities above it and from inputs.")
    unit: str = column("Unit of the numbers.")
    about: str = column("What it is.")
    scenario: str = column("Scenario or variant.")
    year: int | None = column("End of this year; empty where it does not apply.", unit="year")
    actor: str = column("Pool of compute; empty where it does not apply.")
    regime: str = column("Regime; empty where it does not apply.")
    task_class: str = column("Task class; empty where it does not apply.")
    element: str = column("Place along further dims.")
    value: float | None = column("In the chosen draw; formulas hold among these.")
    median: float | None = column("Median over all draws, where they are kept.")


def trace_rows(
    forecast: Forecast,
    *,
    scenario: str = "",
    draw: int | None = None,
    years: Sequence[int] = (),
) -> tuple[TraceRow, ...]:
    """Inputs, then every quantity in the order of computing.

    Parameters
    ----------
    scenario : str
        One of `Forecast.scenarios`; the reference by default.
    draw : int, optional
        Its number; by default one that ends near the median of copies.
    years : sequence of int
        All when empty.
    """
    scenario = scenario or forecast.scenarios[0]
    number = typical_draw(forecast, scenario) if draw is None else draw
    wanted = frozenset(years or forecast.plan.years)
    rows = [*_inputs(forecast, scenario, number), *_steps(forecast, scenario, number)]
    return tuple(row for row in rows if row.year is None or row.year in wanted)


def _inputs(forecast: Forecast, scenario: str, draw: int) -> Iterator[TraceRow]:
    from amplicast.forecast.inputs import label_of

    place = forecast.scenarios.index(scenario)
    units = {
        f"{plugin.id}.{name}": prior.unit
        for plugin in forecast.plan.plugins
        for name, prior in plugin.priors.items()
    }
    units |= {name: one.prior.unit for name, one in forecast.scenario.assumptions.items()}
    for name, draws in sorted(forecast.inputs(place).items()):
        about = label_of(name, forecast.plan.plugins)
        told: dict[str, Any] = {
            "step": 0,
            "name": name,
            "kind": "input",
            "expression": "",
            "unit": units.get(name, ""),
            "about": about,
            "scenario": scenario,
        }
        yield from _placed(forecast, told, draws.isel(draw=draw), draws.median("draw"))


def _steps(forecast: Forecast, scenario: str, draw: int) -> Iterator[TraceRow]:
    values = traced(forecast, scenario, draw)
    for step, (name, about) in enumerate(steps_of(forecast.plan).items(), start=1):
        kept = forecast.output(name, scenario) if name in OUTPUTS else None
        told: dict[str, Any] = {
            "step": step,
            "name": name,
            "kind": about.kind,
            "expression": about.expression,
            "unit": about.unit,
            "about": about.about,
            "scenario": scenario,
        }
        yield from _placed(
            forecast, told, values[name], None if kept is None else kept.median("draw")
        )


def _placed(
    forecast: Forecast,
    told: Mapping[str, Any],
    value: xarray.DataArray,
    median: xarray.DataArray | None,
) -> Iterator[TraceRow]:
    """One row for every place of a labelled value."""
    import numpy

    known = output_coords(forecast.plan)
    dims = [*(dim for dim in _PLACES if dim in value.dims)]
    dims += sorted(str(dim) for dim in value.dims if dim not in _PLACES)
    labels = [
        list(known[dim])
        if dim in known
        else list(value[dim].values if dim in value.coords else range(value.sizes[dim]))
        for dim in dims
    ]
    numbers = numpy.asarray(value.transpose(*dims).values)
    medians = None if median is None else numpy.asarray(median.transpose(*dims).values)
    for index in product(*(range(len(each)) for each in labels)):
        place = {dim: each[i] for dim, each, i in zip(dims, labels, index, strict=True)}
        year = place.pop("year", None)
        yield TraceRow(
            **told,
            year=None if year is None else int(year),
            actor=str(place.pop("actor", "")),
            regime=str(place.pop("regime", "")),
            task_class=str(place.pop("task_class", "")),
            element=", ".join(f"{dim} {label}" for dim, label in place.items()),
            value=_finite(numbers[index]),
            median=None if medians is None else _finite(medians[index]),
        )


def _finite(number: Any) -> float | None:
    from math import isfinite

    return float(number) if isfinite(number) else None


def trace_register(rows: Sequence[TraceRow]) -> Register:
    """The rows as a table."""
    about = (
        "One joint draw from its inputs to its answers. Formulas hold exactly among the values of "
        "the draw; among medians they need not."
    )
    return Register.of("trace", "Trace of one draw", about, TraceRow, rows)
