"""Serving from a table measured or computed elsewhere, such as a ``pareto.csv`` of aiconfigurator.

A row is one way to run a model on a device: output tokens per second of one device, against those
of one stream. The table stands for its model, device and lengths; elsewhere it is carried over by
what bounds decoding: device time of an output token grows with active parameters and falls with
memory bandwidth, that of an input token with the peak rate.

Source of the columns: ai-dynamo/aiconfigurator, ``docs/cli_user_guide.md`` (2025): ``isl`` and
``osl`` [tokens], ``tokens/s/gpu`` and ``tokens/s/user`` [tokens/s, output].
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from amplicast.concepts import Fleet, Serving, Source
from amplicast.errors import PluginError, Problem
from amplicast.math import MathNamespace
from amplicast.physics.serving import marginal_cost, prefill_time, share_with_prefill
from amplicast.priors import Prior

__all__ = ["ServingTable", "serving_from_tables"]

Value = Any

COLUMNS = ("isl", "osl", "tokens/s/gpu", "tokens/s/user")

POINTS = 65
"""Speeds, evenly apart in their logarithm, at which the frontier of a table is kept."""

LEAST_DECODING = 0.1
"""Share of device time that writing takes at least, whatever reading is believed to cost."""

PRIORS = {
    "log10_error": Prior(
        "-0.25 to 0.1",
        unit="OOM",
        source="judgement",
        why="Throughput in service over that of the table: a planner's best case, without idling.",
    ),
    "prefill_utilisation": Prior(
        "0.15 to 0.7",
        unit="fraction",
        source="judgement",
        why="Share of the peak rate at which input is read: a production fleet to dense PaLM.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class ServingTable:
    """One model on one device.

    Attributes
    ----------
    path : Path
        CSV with the columns `COLUMNS`; others are not read.
    hardware : str
        Id of the device.
    bandwidth, flop_per_s : float
        Its memory bandwidth [byte/s] and dense peak at the table's precision [FLOP/s].
    active : float
        Active parameters of the model.
    """

    path: Path
    hardware: str
    bandwidth: float
    flop_per_s: float
    active: float


@dataclass(frozen=True)
class _Curve:
    """The frontier of one table on even steps of log speed."""

    table: ServingTable
    slowest: float
    step: float
    log_time: tuple[float, ...]
    reading: float

    @property
    def fastest(self) -> float:
        return self.slowest * math.exp(self.step * (POINTS - 1))


def serving_from_tables(
    id_: str,
    tables: Sequence[ServingTable],
    *,
    sources: Iterable[Source],
    priors: Mapping[str, Prior] | None = None,
    limits: str = "",
    api: int = 1,
) -> Serving:
    """Return a serving plugin that reads tables instead of working a roofline out.

    A device without a table is taken after the first one. Tables of a planner are computed, so
    they are no evidence; the belief ``log10_error`` carries what they leave out.

    Parameters
    ----------
    id_ : str
    tables : sequence of ServingTable
        At least one; at most one per device.
    sources : iterable of Source
    priors : mapping, optional
        Instead of the defaults of ``log10_error`` [OOM] and ``prefill_utilisation`` [fraction].
    limits : str
    api : int
        Version of the contract that the plugin is written for, as in `Plugin`.

    Raises
    ------
    PluginError
        A table cannot be read, lacks a column or holds what is no positive number: with file and
        row.
    """
    curves = {table.hardware: _curve(table) for table in tables}
    if not curves or len(curves) < len(tables):
        raise _error(
            f"{id_} has no table" if not curves else f"{id_} has two tables of one device",
            "give one table for each device, and at least one",
        )
    first = next(iter(curves.values()))

    def serve(
        m: MathNamespace,
        *,
        fleet: Fleet,
        model: Mapping[str, Value],
        task: Mapping[str, Value],
        speed: Value,
        log10_error: Value,
        prefill_utilisation: Value,
    ) -> tuple[Value, Value]:
        used = [curves.get(device, first) for device in fleet.ids]
        prefill = prefill_time(
            active=model["active"], flop_per_s=fleet.flop_per_s, utilisation=prefill_utilisation
        )
        here = m.stack(
            [_decoding(m, curve, speed=speed, utilisation=prefill_utilisation) for curve in used],
            dim="hardware",
        )
        bandwidth = m.array([curve.table.bandwidth for curve in used], dims=("hardware",))
        active = m.array([curve.table.active for curve in used], dims=("hardware",))
        ideal = here * (model["active"] / active) * (bandwidth / fleet.bandwidth)
        time = ideal * 10.0 ** (-1.0 * log10_error)
        fastest = m.array([curve.fastest for curve in used], dims=("hardware",))
        streams = m.where(speed <= fastest, 1.0, 0.0) / (time * speed)
        price = marginal_cost(streams=1.0 / (time * speed), speed=speed, prefill=prefill, **task)
        return share_with_prefill(streams, speed=speed, prefill=prefill, **task), price

    return Serving(
        api=api,
        id=id_,
        summary="Throughput against speed from tables made elsewhere.",
        serve=serve,
        priors=PRIORS if priors is None else priors,
        sources=tuple(sources),
        limits=limits
        or "Holds for the models, lengths and devices of its tables; carried over to others in "
        "proportion to active parameters and memory bandwidth. KV does not grow with the answer. "
        "A device without a table is taken after the first one.",
    )


def _decoding(m: MathNamespace, curve: _Curve, *, speed: Value, utilisation: Value) -> Value:
    """Device time of writing a token at `speed`, without the reading of its input [s]."""
    position = (m.log(speed) - math.log(curve.slowest)) / curve.step
    time = m.exp(m.interpolate(m.array(curve.log_time, dims=("at",)), position, dim="at"))
    return m.maximum(time - curve.reading / utilisation, LEAST_DECODING * time)


def _curve(table: ServingTable) -> _Curve:
    """The rows that no other row beats, from the slowest to the fastest, and between them."""
    rows = _rows(table.path)
    best: list[tuple[float, float]] = []
    for row in sorted(rows, key=lambda row: (-row["tokens/s/user"], -row["tokens/s/gpu"])):
        if not best or row["tokens/s/gpu"] > best[-1][1]:
            best.append((row["tokens/s/user"], row["tokens/s/gpu"]))
    best.reverse()
    slowest, fastest = best[0][0], best[-1][0]
    step = max(math.log(fastest / slowest), 1e-9) / (POINTS - 1)
    mean = {name: sum(row[name] for row in rows) / len(rows) for name in ("isl", "osl")}
    return _Curve(
        table=table,
        slowest=slowest,
        step=step,
        log_time=tuple(-_between(best, math.log(slowest) + step * i) for i in range(POINTS)),
        reading=2.0 * table.active / table.flop_per_s * mean["isl"] / mean["osl"],
    )


def _between(points: Sequence[tuple[float, float]], log_speed: float) -> float:
    """Log of throughput at a speed, linear in logs between the points."""
    logs = [(math.log(speed), math.log(rate)) for speed, rate in points]
    for (x0, y0), (x1, y1) in pairwise(logs):
        if log_speed <= x1:
            return y0 + (y1 - y0) * max(log_speed - x0, 0.0) / (x1 - x0)
    return logs[-1][1]


def _rows(path: Path) -> list[dict[str, float]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            records = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise _error(f"{path.name} cannot be read: {error}", "ship it with the plugin") from error
    missing = sorted(set(COLUMNS) - set(records[0] if records else ()))
    if missing:
        raise _error(
            f"{path.name} has no row, or no column {', '.join(missing)}",
            f"it needs the columns {', '.join(COLUMNS)}",
        )
    return [
        {name: _number(record[name], f"{path.name}, line {line}: {name}") for name in COLUMNS}
        for line, record in enumerate(records, start=2)
    ]


def _number(text: str | None, where: str) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = 0.0
    if not 0.0 < value < math.inf:
        raise _error(f"{where} is {text!r}", "write a positive number")
    return value


def _error(what: str, fix: str) -> PluginError:
    return PluginError(
        Problem(code="AMP-P133", what=what, why="Copies follow from these rows directly.", fix=fix)
    )
