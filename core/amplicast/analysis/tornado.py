"""What moves an answer most: its median where an input is low, and where it is high.

Read off the joint draws of a run: the draws in which an input lies in its lowest tenth have its 5 %
point as their median, those in its highest tenth its 95 % point. Inputs that evidence ties together
stay tied, which no run with one input fixed and the others at their medians would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import hypot, inf
from typing import TYPE_CHECKING, Any

from amplicast.analysis.precision import quantile_error

if TYPE_CHECKING:
    import xarray

    from amplicast.forecast import Forecast

__all__ = ["END", "Driver", "drivers", "elements", "unit_of"]

END = 0.1
"""Share of the draws at either end of an input [fraction]."""

CERTAIN = 3.0
"""Monte Carlo errors by which an input must move the answer to count; hundreds are tried."""

FEWEST = 400
"""Draws in which the answer must be defined."""


@dataclass(frozen=True, kw_only=True)
class Driver:
    """One input and what it moves.

    Attributes
    ----------
    name, unit : str
        ``[element]`` follows the name of an element of an input that has several.
    label : str
        What people call it.
    low, high : float
        5 % and 95 % points of the input.
    at_low, at_high : float
        Median of the answer in the draws around them.
    error : float
        Monte Carlo standard error of the distance of these two.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    at_low: float
    at_high: float
    error: float

    @property
    def moves(self) -> float:
        """Distance between both medians, without sign."""
        return abs(self.at_high - self.at_low)

    @property
    def certain(self) -> bool:
        """Whether it is larger than chance makes of the draws."""
        return self.moves > CERTAIN * self.error


def drivers(forecast: Forecast, answer: xarray.DataArray, *, scenario: str) -> list[Driver]:
    """Every input that varies, the one that moves the answer most first.

    Parameters
    ----------
    forecast : Forecast
    answer : xarray.DataArray
        Along ``draw``; draws in which it is not a number are left out.
    scenario : str
        The one that `answer` belongs to.
    """
    import numpy

    values = numpy.asarray(answer.values, dtype=float)
    asked = ("drivers", scenario, sha256(numpy.ascontiguousarray(values).tobytes()).hexdigest())
    if asked not in forecast.memory:
        forecast.memory[asked] = tuple(_drivers(forecast, values, scenario=scenario))
    return list(forecast.memory[asked])


def _drivers(forecast: Forecast, values: Any, *, scenario: str) -> list[Driver]:
    import numpy

    from amplicast.forecast.inputs import label_of

    kept = ~numpy.isnan(values)
    if kept.sum() < FEWEST:
        return []
    values = values[kept]
    size = max(int(END * len(values)), 1)
    found = []
    for name, draws in elements(forecast, forecast.inputs(forecast.scenarios.index(scenario))):
        drawn = draws[kept]
        order = numpy.argsort(drawn, kind="stable")
        bottom, top = values[order[:size]], values[order[-size:]]
        error = hypot(quantile_error(bottom, 0.5), quantile_error(top, 0.5))
        at_low, at_high = float(numpy.median(bottom)), float(numpy.median(top))
        low, high = (float(v) for v in numpy.quantile(drawn, [0.05, 0.95]))
        if low < high and abs(at_low) < inf and abs(at_high) < inf:
            found.append(
                Driver(
                    name=name, label=label_of(name, forecast.plan.plugins),
                    unit=unit_of(forecast, name), low=low, high=high,
                    at_low=at_low, at_high=at_high, error=error,
                )
            )  # fmt: skip
    return sorted(found, key=lambda each: (-each.moves, each.name))


def unit_of(forecast: Forecast, name: str) -> str:
    """Unit of an input or of an element of one; 1 where this version does not know it."""
    from amplicast.forecast.inputs import ENGINE_INPUTS

    whole = name.partition("[")[0]
    if whole in ENGINE_INPUTS:
        return ENGINE_INPUTS[whole].unit
    id_, _, parameter = whole.partition(".")
    plugin = next((each for each in forecast.plan.plugins if each.id == id_), None)
    prior = plugin.priors.get(parameter) if plugin else None
    return prior.unit if prior else "1"


def elements(
    forecast: Forecast, inputs: Mapping[str, xarray.DataArray]
) -> Iterator[tuple[str, Any]]:
    """Draws of every scalar in the inputs, with the labels of its place."""
    import numpy

    coords = {"year": [str(year) for year in forecast.plan.years]}
    for plugin in forecast.plan.plugins:
        coords.update({dim: [str(v) for v in labels] for dim, labels in plugin.coords.items()})
    for name, values in sorted(inputs.items()):
        whole = values.transpose("draw", ...)
        array = whole.values
        dims = [str(dim) for dim in whole.dims[1:]]
        for index in numpy.ndindex(*array.shape[1:]):
            labels = [
                coords[dim][i] if dim in coords else str(i)
                for dim, i in zip(dims, index, strict=True)
            ]
            yield f"{name}[{', '.join(labels)}]" if labels else name, array[(slice(None), *index)]
