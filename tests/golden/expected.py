"""Both headlines of the baseline as golden numbers: quantiles with their Monte Carlo error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy

from amplicast import Forecast, Registry

__all__ = ["BATCHES", "FEWEST", "LEVELS", "expected_path", "quantile_error", "rows", "text"]

LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
BATCHES = 20
FEWEST = 400
"""Draws in which a quantity must be defined for its quantiles to be golden."""

Row = dict[str, Any]


def expected_path(registry: Registry) -> Path:
    """Where the golden numbers live: beside the scenario that they belong to."""
    return registry.forecasts["baseline"].scenario.with_name("expected.json")


def quantile_error(values: numpy.ndarray[Any, Any], p: float) -> float:
    """Monte Carlo error of a quantile: the larger of two estimates.

    One takes the draws as independent, half the distance of the order statistics one binomial
    standard deviation to either side; the other compares batches of consecutive draws, so it
    sees that draws of one chain are alike.
    """
    n = len(values)
    off = numpy.sqrt(p * (1.0 - p) / n)
    low, high = numpy.quantile(values, [max(p - off, 0.0), min(p + off, 1.0)])
    batches = [numpy.quantile(batch, p) for batch in numpy.array_split(values, BATCHES)]
    return float(max((high - low) / 2.0, numpy.std(batches, ddof=1) / numpy.sqrt(BATCHES)))


def rows(forecast: Forecast) -> Iterator[Row]:
    """Golden numbers of one forecast: copies as log10, amplification in OOM.

    A pool that runs less than one copy counts as one copy, so that the logarithm exists.
    """
    copies = numpy.log10(numpy.maximum(forecast.outputs["copies"], 1.0))
    for name, unit, values in (
        ("copies", "log10 copies", copies),
        ("amplification", "OOM", forecast.outputs["amplification"]),
    ):
        dims = [dim for dim in values.dims if dim != "draw"]
        for labels in product(*(values[dim].values.tolist() for dim in dims)):
            place = dict(zip(dims, labels, strict=True))
            draws = values.sel(place).values
            kept = draws[numpy.isfinite(draws)]
            if len(kept) < FEWEST:
                continue
            yield {
                "quantity": name,
                "unit": unit,
                "place": place,
                "value": {k: round(float(numpy.quantile(kept, p)), 6) for k, p in LEVELS.items()},
                "error": {k: round(quantile_error(kept, p), 6) for k, p in LEVELS.items()},
            }


def text(forecast: Forecast) -> str:
    """The golden file: one line per place."""
    head = {
        "schema": "amplicast.expected",
        "schema_version": 1,
        "scenario_digest": forecast.scenario.digest(),
        "compute": vars(forecast.scenario.compute),
    }
    lines = ",\n".join("  " + json.dumps(row, sort_keys=True) for row in rows(forecast))
    start = json.dumps(head, indent=1, sort_keys=True).removesuffix("\n}")
    return f'{start},\n "rows": [\n{lines}\n ]\n}}\n'
