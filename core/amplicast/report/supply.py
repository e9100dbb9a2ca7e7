"""Pools of compute, and what copies take, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amplicast.analysis.costing import ASSUMED
from amplicast.report.layout import Text, grid, note, text_of
from amplicast.report.table import LEVELS
from amplicast.report.words import count, interval, percent

if TYPE_CHECKING:
    import xarray

    from amplicast.analysis.needs import Needs
    from amplicast.analysis.pools import Pools
    from amplicast.forecast import Forecast

__all__ = ["needs_record", "needs_text", "pools_record", "pools_text"]

GIGA = 1e9

ABOUT = note("""\
GW: power of the sites, {facility} times that of the accelerators. Capital: USD to build it anew in
that year, {capital} times the price of the accelerators. Both are those of the scenario's mix of
devices, also where a pool rests on power or money of its own; devices keep power and price while
their rates grow.""")


def pools_text(found: Pools, years: Sequence[int]) -> Text:
    """A table of stock, power and capital by pool and year."""
    rows = [["pool", "year", "H100e", "90 %", "GW", "90 %", "capital", "90 %"]]
    for pool in found.stock["pool"].values:
        for year in years:
            cells = [str(pool) if year == years[0] else "", str(year)]
            for values, scale in _measures(found):
                cells += _cells(values.sel(pool=pool, year=year) / scale)
            rows.append(cells)
    stock = grid("Compute in service at the ends of years, median and 90 %", rows, keys=2, group=2)
    described = [
        [id_, found.plan.pools[id_].summary]
        for id_ in (str(pool) for pool in found.stock["pool"].values)
        if id_ in found.plan.pools
    ]
    return text_of([stock, _about(), grid("Pools", described, head=0)])


def pools_record(found: Pools, years: Sequence[int]) -> list[dict[str, Any]]:
    """The same as plain data."""
    units = ("H100e", "GW", "USD")
    return [
        {
            "pool": str(pool),
            "year": int(year),
            **{
                name: {"unit": unit, **_quantiles(values.sel(pool=pool, year=year) / scale)}
                for name, unit, (values, scale) in zip(
                    ("stock", "power", "capital"), units, _measures(found), strict=True
                )
            },
        }
        for pool in found.stock["pool"].values
        for year in years
    ]


def needs_text(found: Needs, forecast: Forecast, years: Sequence[int]) -> Text:
    """What the copies take by year, and when each pool runs them."""
    rows = [["year", "H100e", "90 %", "devices", "90 %", "GW", "90 %", "capital", "90 %"]]
    for year in years:
        cells = [str(year)]
        for values, scale in _needed(found):
            cells += _cells(values.sel(year=year) / scale)
        rows.append(cells)
    speed = forecast.scenario.assumptions["serial_speed"].prior.quantile(0.5)
    title = (
        f"What {count(found.copies)} copies at {speed:g} tokens/s take, run {forecast.id}: compute "
        "that does nothing else, median and 90 %"
    )
    when = [["pool", *(f"by {year}" for year in years), "median year"]]
    for actor in found.reached["actor"].values:
        reached = found.reached.sel(actor=actor)
        chances = [percent(float(reached.sel(year=year).mean())) for year in years]
        when.append([str(actor), *chances, _median_year(found, str(actor), forecast)])
    return text_of(
        [
            grid(title, rows, group=2),
            _about(),
            grid("Chance that the inference compute of the pool runs them", when),
            *_impossible(found, years),
        ]
    )


def needs_record(found: Needs, forecast: Forecast, years: Sequence[int]) -> dict[str, Any]:
    """The same as plain data."""
    names, units = ("h100e", "devices", "power", "capital"), ("H100e", "devices", "GW", "USD")
    return {
        "run": forecast.id,
        "copies": found.copies,
        "needs": [
            {
                "year": year,
                **{
                    name: {"unit": unit, **_quantiles(values.sel(year=year) / scale)}
                    for name, unit, (values, scale) in zip(
                        names, units, _needed(found), strict=True
                    )
                },
            }
            for year in years
        ],
        "reached": [
            {
                "pool": str(actor),
                "year": year,
                "probability": float(found.reached.sel(actor=actor, year=year).mean()),
            }
            for actor in found.reached["actor"].values
            for year in years
        ],
    }


def _measures(found: Pools) -> list[tuple[xarray.DataArray, float]]:
    return [(found.stock, 1.0), (found.power, GIGA), (found.capital, 1.0)]


def _needed(found: Needs) -> list[tuple[xarray.DataArray, float]]:
    return [(found.h100e, 1.0), (found.devices, 1.0), (found.power, GIGA), (found.capital, 1.0)]


def _about() -> str:
    facility, capital = (
        " to ".join(f"{ASSUMED[name].quantile(p):.2g}" for p in (0.05, 0.95))
        for name in ("facility_power", "capital_over_chips")
    )
    return ABOUT.format(facility=facility, capital=capital)


def _quantiles(draws: xarray.DataArray) -> dict[str, float | None]:
    """Quantiles at `LEVELS`; None where a draw's value is infinite."""
    import numpy

    # A draw, not a point between two: infinite ones have no middle.
    found = draws.quantile(list(LEVELS.values()), dim="draw", method="nearest").values
    return {
        name: float(number) if numpy.isfinite(number) else None
        for name, number in zip(LEVELS, found, strict=True)
    }


def _cells(draws: xarray.DataArray) -> list[str]:
    q = {
        key: float("inf") if number is None else number for key, number in _quantiles(draws).items()
    }
    return [_told(q["p50"]), _range(q["p05"], q["p95"])]


def _told(number: float) -> str:
    return "cannot be" if number == float("inf") else count(number)


def _range(low: float, high: float) -> str:
    if low == high:
        return ""
    if high == float("inf"):
        return f"{_told(low)} or more"
    return interval(low, high, "copies")


def _median_year(found: Needs, actor: str, forecast: Forecast) -> str:
    reached = found.first_year(actor).fillna(float("inf"))
    middle = float(reached.quantile(0.5, method="higher"))
    first, last = forecast.plan.years[0], forecast.plan.years[-1]
    if middle == float("inf"):
        return f"after {last}"
    return f"{first} or before" if middle == first else f"{middle:.0f}"


def _impossible(found: Needs, years: Sequence[int]) -> list[str]:
    import numpy

    shares = [float(numpy.isinf(found.h100e.sel(year=year)).mean()) for year in years]
    if max(shares) == 0.0:
        return []
    told = ", ".join(f"{year} {percent(share)}" for year, share in zip(years, shares, strict=True))
    return [f"No device of the mix runs a copy at this speed in some draws: {told}."]
