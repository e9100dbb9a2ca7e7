"""A serving frontier on a terminal and as plain data."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from amplicast.analysis.serving_frontier import PROBABILITIES, ServingFrontier
from amplicast.report.layout import Text, grid, note, text_of
from amplicast.report.words import count, percent

if TYPE_CHECKING:
    import xarray

__all__ = ["serving_record", "serving_text"]

ABOUT = note("""\
Streams and tokens are those of one device in a fleet that also reads its own input; per million
output tokens: device hours, and energy at full power (with the device's share of the server where
that is published). Ranges hold 90 % of the draws; where a speed is out of reach in a draw it
counts as no stream.""")

_HOUR = 3600.0
_KWH = 3.6e6


def serving_text(found: ServingFrontier, *, served: str) -> Text:
    """The frontier as a table; `served` says in words what is served."""
    devices = [math.ceil(each) for each in _quantiles(found.devices)]
    title = f"{served} on {found.hardware.id}, {found.precision}: median (90 %)"
    rows = [
        ["tokens/s per stream", "in reach", "streams per device", "tokens/s per device",
         "device hours per million", "kWh per million"]
    ]  # fmt: skip
    rows += [
        [
            f"{point['speed']:g}",
            _chance(point["in_reach"]),
            _range(point["streams"]),
            _range(point["tokens_per_s"]),
            _range(point["device_hours_per_million"]),
            _range(point["kwh_per_million"]),
        ]
        for point in _points(found)
    ]
    fewest = f"{devices[1]:,}"
    if devices[0] != devices[2]:
        fewest += f" ({devices[0]:,} to {devices[2]:,})"
    holds = f"Fewest devices that hold the weights: {fewest}; serving groups are wider."
    return text_of([grid(title, rows), holds, ABOUT])


def serving_record(found: ServingFrontier, *, served: str) -> dict[str, Any]:
    """The frontier as plain data; what is not finite is null."""
    names = ("p05", "p50", "p95")
    points = [
        {
            key: dict(zip(names, map(_finite, value), strict=True))
            if isinstance(value, list)
            else value
            for key, value in point.items()
        }
        for point in _points(found)
    ]
    return {
        "model": served,
        "hardware": found.hardware.id,
        "precision": found.precision,
        "power_w": found.power_w,
        "fewest_devices": dict(
            zip(names, (math.ceil(each) for each in _quantiles(found.devices)), strict=True)
        ),
        "points": points,
    }


def _points(found: ServingFrontier) -> list[dict[str, Any]]:
    points = []
    for place, speed in enumerate(found.speeds):
        tokens = found.tokens.isel(speed=place)
        rates = _quantiles(tokens)
        hours = [_per_million(rate) for rate in reversed(rates)]
        points.append(
            {
                "speed": speed,
                "in_reach": float((tokens > 0.0).mean()),
                "streams": _quantiles(found.streams.isel(speed=place)),
                "tokens_per_s": rates,
                "device_hours_per_million": hours,
                "kwh_per_million": [each * _HOUR * found.power_w / _KWH for each in hours],
            }
        )
    return points


def _quantiles(values: xarray.DataArray) -> list[float]:
    return [float(each) for each in values.quantile(PROBABILITIES, dim="draw").values]


def _per_million(rate: float) -> float:
    return 1e6 / rate / _HOUR if rate > 0.0 else math.inf


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _chance(share: float) -> str:
    return "always" if share == 1.0 else "never" if share == 0.0 else percent(share)


def _range(numbers: list[float]) -> str:
    low, middle, high = ("out of reach" if math.isinf(each) else count(each) for each in numbers)
    return middle if low == middle == high else f"{middle} ({low} to {high})"
