"""Quantiles of joint draws, as labelled arrays and as tables for notebooks."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from amplicast.forecast.outputs import OUTPUTS

if TYPE_CHECKING:
    import pandas
    import xarray

    from amplicast.forecast.forecast import Forecast

__all__ = ["QUANTILES", "quantiles_of", "to_dataframe"]

QUANTILES = (0.05, 0.17, 0.5, 0.83, 0.95)
"""Median with the 66 % and 90 % equal-tailed intervals."""


def quantiles_of(values: xarray.DataArray, probabilities: Sequence[float]) -> xarray.DataArray:
    """Quantiles over ``draw``, of the draws in which the value is defined; nan where none is.

    Parameters
    ----------
    values : xarray.DataArray
        With the dim ``draw``.
    probabilities : sequence of float

    Returns
    -------
    xarray.DataArray
        The dim ``quantile`` first, in the order of `probabilities`, without labels of its own.
    """
    import numpy
    import xarray

    array = values.transpose("draw", ...).values
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all-undefined places give nan
        undefined = bool(numpy.isnan(array).any())
        compute = numpy.nanquantile if undefined else numpy.quantile
        result = compute(array, list(probabilities), axis=0)
    kept = [dim for dim in values.dims if dim != "draw"]
    coords = {dim: values[dim].values for dim in kept if dim in values.coords}
    return xarray.DataArray(result, dims=("quantile", *kept), coords=coords)


def to_dataframe(
    forecast: Forecast, names: Sequence[str], *, quantiles: Sequence[float]
) -> pandas.DataFrame:
    """See `Forecast.to_dataframe`."""
    import pandas

    frames = []
    for name in names or tuple(OUTPUTS):
        values = forecast.outputs[name]
        if "scenario" not in values.dims:
            values = values.expand_dims(scenario=len(forecast.scenarios))
        values = values.assign_coords(scenario=list(forecast.scenarios))
        if quantiles:
            labels = [_label(probability) for probability in quantiles]
            told = quantiles_of(values, quantiles).assign_coords(quantile=labels)
            frame = told.to_dataset("quantile").to_dataframe().reset_index()
        else:
            draws = values.assign_coords(draw=range(values.sizes["draw"]))
            frame = draws.rename("value").to_dataframe().reset_index()
        frame.insert(0, "quantity", name)
        frame.insert(1, "unit", OUTPUTS[name].unit)
        frames.append(frame)
    whole = pandas.concat(frames, ignore_index=True)
    numbers = [_label(probability) for probability in quantiles] or ["value"]
    return whole[[*(name for name in whole if name not in numbers), *numbers]]


def _label(probability: float) -> str:
    """``p05`` for 0.05."""
    whole, _, rest = f"{100.0 * probability:.6g}".partition(".")
    return f"p{int(whole):02d}{'.' + rest if rest else ''}"
