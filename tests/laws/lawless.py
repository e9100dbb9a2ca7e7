"""Plugins that each break one law and no other, and what is said of them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy

from amplicast import (
    Combining,
    Cost,
    Exporter,
    Hardware,
    ModelLine,
    Plugin,
    Prior,
    Registry,
    Serving,
    Source,
    Technique,
)

STRANGER = Path(__file__).parents[1] / "contract" / "stranger.py"
REGISTRY = Registry.load([STRANGER])
GOOD = replace(REGISTRY.techniques["self-check"], task_classes=("general",))
CALLS = itertools.count()
SOURCE = Source(key="sheet", title="A test", grade="D")


def belief(text: str | float, unit: str) -> Prior:
    """A belief of nobody."""
    return Prior(text, unit=unit, source="sheet", why="A test.", **_above_zero(text))


def _above_zero(text: str | float) -> dict[str, Any]:
    return {"dist": "lognormal"} if isinstance(text, str) else {}


def plain(kind: type[Any], **fields: Any) -> Any:
    """A literal of a kind, with words and a source."""
    given = {
        "id": "made",
        "summary": "A made-up one.",
        "limits": "It is made up for tests.",
        "sources": (SOURCE,),
        **fields,
    }
    return kind(**given)


def technique(exchange: Any, **changes: Any) -> Technique:
    """The good technique with another curve of spend and slope."""

    def curve(m: Any, spend: Any, *, context: Any, slope: Any, ceiling: Any) -> Any:
        return exchange(m, spend, slope) + 0.0 * ceiling

    return replace(GOOD, exchange=curve, **changes)


def line(m: Any, spend: Any, slope: Any) -> Any:
    """Gain in proportion to spend [OOM]."""
    return slope * m.maximum(spend, 0.0)


def cost(hour: Any) -> Cost:
    """A cost with one belief."""
    priors = {"rent": belief("1 to 3", "USD/hour")}
    return plain(
        Cost,
        priors=priors,
        hour=lambda m, *, year, rent: hour(m, rent + 0.0 * year),
    )


DEVICE = plain(
    Hardware,
    vendor="nobody",
    released="2024-01-01",
    flop_per_s={"fp8": 1e15},
    memory_bytes=8e10,
    bandwidth=3e12,
    link_bandwidth=4.5e11,
    domain=8,
    power_w=700.0,
)


def combining(within: Any = None, cap: Any = None) -> Combining:
    """The sum without a cap, but for what is given."""
    return plain(
        Combining,
        within=within or (lambda m, gains: sum(gains[1:], gains[0])),
        cap=cap or (lambda m, gain, *, best_single, task_class: gain),
    )


def format_(write: Any) -> Exporter:
    """An export format."""
    return plain(Exporter, write=write, suffix=".txt")


def told(table: Any) -> str:
    """A table in short, failures said."""
    return f"{table.rows}{table.provenance.get('failed_checks', '')}"


def served(m: Any, fleet: Any, speed: Any, streams: Any) -> Any:
    """Streams and the device time of extra work."""
    zero = 0.0 * fleet.bandwidth + 0.0 * speed
    return streams(fleet, speed) + zero, 1.0 + zero


def serving(streams: Any) -> Serving:
    """A serving model of one line."""
    return plain(
        Serving,
        serve=lambda m, *, fleet, model, task, speed: served(m, fleet, speed, streams),
    )


def model_line(**changes: Any) -> ModelLine:
    """A model that stays the same, but for what is changed."""
    fixed = {
        "log10_training_flop": 25.0,
        "active": 1e11,
        "total": 1e12,
        "tokens": 1e13,
        "kv_bytes": 1e5,
    } | changes
    return plain(
        ModelLine,
        path=lambda m, *, year: {name: value + 0.0 * year for name, value in fixed.items()},
    )


def network(m: Any, rent: Any) -> Any:
    """Ask where today's rent is to be had."""
    import socket

    socket.create_connection(("192.0.2.1", 80), timeout=0.01).close()
    return rent


def slow(m: Any, rent: Any) -> Any:
    """Loop over draws, or as good as."""
    time.sleep(1.1)
    return rent


@dataclass(frozen=True)
class Broken:
    """A plugin that breaks one law, and what is said of it."""

    law: str
    said: str
    plugin: Plugin


def priors(**changes: Prior) -> Mapping[str, Prior]:
    """Those of the good technique, some changed."""
    return {**GOOD.priors, **changes}


def without_cache(year: Any) -> dict[str, Any]:
    """A model without the size of its cache."""
    return {
        name: value + 0.0 * year
        for name, value in {
            "log10_training_flop": 25.0,
            "active": 1e11,
            "total": 1e12,
            "tokens": 1e13,
        }.items()
    }


def dims(value: Any) -> tuple[str, ...]:
    """Dims on either side."""
    return tuple(value.dims)


BROKEN = [
    Broken("contract", "'depth' is no mechanism", replace(GOOD, mechanism="depth")),  # type: ignore[arg-type]
    Broken(
        "sources",
        "'slope' cites 'key2024', unlisted",
        replace(GOOD, priors=priors(slope=Prior(0.5, unit="1", source="key2024", why="So."))),
    ),
    Broken(
        "sources",
        "'slope' does not say why",
        replace(GOOD, priors=priors(slope=Prior(0.5, unit="1", source="judgement"))),
    ),
    Broken("words", "limits is empty", replace(GOOD, limits="")),
    Broken("words", "summary is 'Checks'", replace(GOOD, summary="Checks")),
    Broken("units", "exchange is", technique(lambda m, x, s: m.exp(9.0 * line(m, x, s)) - 1.0)),
    Broken("units", "flop_per_s['fp8'] is 989 FLOP/s", replace(DEVICE, flop_per_s={"fp8": 989.0})),
    Broken("units", "memory_bytes is 80 byte", replace(DEVICE, memory_bytes=80.0)),
    Broken("units", "hour is 1", cost(lambda m, rent: 8766.0 * rent)),
    Broken("units", "log10_training_flop is 1e+25", model_line(log10_training_flop=1e25)),
    Broken("network", "it asks the network for 192.0.2.1", cost(network)),
    Broken(
        "files",
        "it writes",
        cost(lambda m, rent: rent + 0.0 * Path("/tmp/rent.csv").write_text("")),  # noqa: S108
    ),
    Broken("runs", "ZeroDivisionError", cost(lambda m, rent: rent * (1 / 0))),
    Broken(
        "runs",
        "returns no kv_bytes",
        replace(model_line(), path=lambda m, *, year: without_cache(year)),
    ),
    Broken(
        "shapes", "hour has no dim year", replace(cost(line), hour=lambda m, *, year, rent: rent)
    ),
    Broken(
        "shapes",
        "hour has the dim maker",
        cost(lambda m, rent: rent + m.array([0.0, 1.0], dims=("maker",))),
    ),
    Broken("finite", "not finite", cost(lambda m, rent: rent / m.maximum(rent - 2.0, 0.0))),
    Broken("signs", "hour falls to", cost(lambda m, rent: m.log(rent) + 0.4)),
    Broken("signs", "fewer parameters in total", model_line(total=1e10)),
    Broken("zero", "zero spend gains", technique(lambda m, x, s: line(m, x, s) + 0.01)),
    Broken(
        "zero",
        "does not hold zero",
        replace(GOOD, domain=lambda m, *, context, reach: (0.1 + 0.0 * reach, reach + 0.2)),
    ),
    Broken(
        "monotone",
        "more spend gains less",
        technique(lambda m, x, s: line(m, x, s) * m.exp(-m.maximum(x, 0.0))),
    ),
    Broken("monotone", "more streams at a higher speed", serving(lambda f, v: v)),
    Broken(
        "monotone",
        "the cap falls",
        combining(
            cap=lambda m, gain, *, best_single, task_class: (
                best_single + m.exp(-m.maximum(gain - best_single, 0.0))
            )
        ),
    ),
    Broken("role", "an economiser gains", technique(line, role="economiser")),
    Broken("role", "an accelerator gains", technique(line, role="accelerator")),
    Broken("joint", "above the sum", combining(lambda m, gains: 1.1 * sum(gains[1:], gains[0]))),
    Broken(
        "joint",
        "below the best single one",
        combining(lambda m, gains: sum(gains[1:], gains[0]) / len(gains)),
    ),
    Broken(
        "joint",
        "the order of the gains",
        combining(
            lambda m, gains: (
                gains[0] + 0.9 * sum((m.maximum(g - gains[0], 0.0) for g in gains), 0.0)
            )
        ),
    ),
    Broken(
        "joint",
        "the cap is below the best",
        combining(cap=lambda m, gain, *, best_single, task_class: 0.4 * gain),
    ),
    Broken("determinism", "two calls differ", cost(lambda m, rent: rent + 1e-6 * next(CALLS))),
    Broken(
        "determinism",
        "two files of one table differ",
        format_(lambda table: f"{next(CALLS)}{told(table)}"),
    ),
    Broken(
        "draws",
        "depends on the other draws",
        cost(lambda m, rent: rent - 0.1 * rent.max("draw") if "draw" in dims(rent) else rent),
    ),
    Broken(
        "both-sides",
        "PyTensor cannot run it",
        cost(lambda m, rent: rent + 0.0 * numpy.asarray(rent, dtype=float).min()),
    ),
    Broken(
        "both-sides",
        "differs by",
        cost(lambda m, rent: rent if type(rent).__module__.startswith("xarray") else 1.1 * rent),
    ),
    Broken("time", "took 1.", cost(slow)),
    Broken("stamp", "a failed check is not in the file", format_(lambda table: str(table.rows))),
    Broken("runs", "write returned NoneType", format_(lambda table: None)),
]
