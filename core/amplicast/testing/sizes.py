"""Laws of sign and size: what cannot be negative, and what no unit but another one would give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amplicast.concepts import (
    Cost,
    Demand,
    Equivalence,
    Hardware,
    ModelLine,
    Plugin,
    Serving,
    Supply,
    Technique,
)
from amplicast.errors import Problem
from amplicast.fields import name_of
from amplicast.testing.calls import Call
from amplicast.testing.laws import breach
from amplicast.testing.pure import where

__all__ = ["hardware_breaches", "size_breaches"]

Value = Any


@dataclass(frozen=True)
class Size:
    """What an answer can be.

    Attributes
    ----------
    unit : str
    least : {"any", "zero", "above zero"}
        Lower bound of every draw.
    low, high : float
        Its size lies between them, or the unit is another.
    """

    unit: str
    least: str
    low: float
    high: float


_ANSWERS: Mapping[tuple[type[Plugin], str], Size] = {
    (Technique, "exchange"): Size("OOM", "any", 0.0, 15.0),
    (Technique, "domain"): Size("OOM", "any", 0.0, 15.0),
    (Technique, "lift"): Size("nat", "zero", 0.0, 50.0),
    (Technique, "base"): Size("log10 FLOP", "above zero", 10.0, 60.0),
    (ModelLine, "log10_training_flop"): Size("log10 FLOP", "above zero", 10.0, 60.0),
    (ModelLine, "active"): Size("parameters", "above zero", 1e5, 1e17),
    (ModelLine, "total"): Size("parameters", "above zero", 1e5, 1e18),
    (ModelLine, "tokens"): Size("tokens", "above zero", 1e6, 1e20),
    (ModelLine, "kv_bytes"): Size("byte/token", "zero", 1.0, 1e10),
    (Supply, "stock"): Size("H100e", "zero", 1e-2, 1e13),
    (Cost, "hour"): Size("USD/hour", "above zero", 1e-4, 1e3),
    (Demand, "output"): Size("tokens/s", "zero", 1e-2, 1e18),
    (Demand, "fresh"): Size("tokens/s", "zero", 1e-3, 1e19),
    (Demand, "cached"): Size("tokens/s", "zero", 1e-3, 1e20),
    (Serving, "streams"): Size("streams/device", "zero", 1e-4, 1e7),
    (Serving, "kappa"): Size("1", "above zero", 1e-4, 1e4),
    (Equivalence, "pace"): Size("tokens/s", "above zero", 1e-3, 1e7),
}

_DEVICE: Mapping[str, Size] = {
    "flop_per_s": Size("FLOP/s", "above zero", 1e11, 1e19),
    "memory_bytes": Size("byte", "above zero", 1e7, 1e15),
    "bandwidth": Size("byte/s", "above zero", 1e9, 1e17),
    "link_bandwidth": Size("byte/s", "above zero", 1e8, 1e16),
    "power_w": Size("W", "above zero", 5.0, 1e6),
}


def size_breaches(plugin: Plugin, call: Call, answers: Mapping[str, Value]) -> Iterator[Problem]:
    """Breaches of sign and size in the answers of a call."""
    for name, answer in answers.items():
        size = next(
            (
                size
                for (kind, key), size in _ANSWERS.items()
                if isinstance(plugin, kind) and key in {name, call.name.partition(" ")[0]}
            ),
            None,
        )
        if size is not None:
            yield from _judged(name, answer, size, where(plugin, call))


def hardware_breaches(plugin: Hardware) -> Iterator[Problem]:
    """Breaches of size in the figures of a device."""
    rates = {f"flop_per_s[{key!r}]": rate for key, rate in plugin.flop_per_s.items()}
    fields = {name: getattr(plugin, name) for name in _DEVICE if name != "flop_per_s"}
    for name, figure in (rates | fields).items():
        size = _DEVICE[name.partition("[")[0]]
        yield from _judged(name, figure, size, name_of(plugin))


def _judged(name: str, answer: Value, size: Size, place: str) -> Iterator[Problem]:
    import numpy

    values = numpy.asarray(answer, dtype=float)
    least = float(values.min())
    if least < 0.0 and size.least != "any":
        yield breach("signs", f"{name} falls to {least:.3g} {size.unit}", where=place)
    elif least == 0.0 and size.least == "above zero":
        yield breach("signs", f"{name} is zero [{size.unit}]", where=place)
    middle = _middle(answer, size)
    if middle is not None and not size.low <= middle <= size.high:
        yield breach(
            "units",
            f"{name} is {middle:.3g} {size.unit}",
            where=place,
            why=f"Between {size.low:.3g} and {size.high:.3g} {size.unit} is what there can be, "
            "so the number is most likely in another unit.",
        )


def _middle(answer: Value, size: Size) -> float | None:
    """How large an answer is: the median, or of a curve how far it goes in the median draw."""
    import numpy
    import xarray

    labelled = abs(xarray.DataArray(answer))
    if size.least == "any":
        return float(labelled.max([dim for dim in labelled.dims if dim != "draw"]).median())
    there = labelled.values[labelled.values > 0.0]
    return float(numpy.median(there)) if there.size else None
