"""The devices of a forecast side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from amplicast.concepts import Fleet, Hardware
from amplicast.math import MathNamespace

__all__ = ["BASE_YEAR", "PRECISIONS", "Precision", "fleet_mean", "grown", "make_fleet"]

BASE_YEAR = 2025.0
"""End of this year is the date of the device mix."""

Value = Any


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How weights and KV are kept, and in what they are multiplied.

    Attributes
    ----------
    weights, kv : float
        Bytes per parameter; bytes of KV over those in 8 bits.
    arithmetic : tuple of str
        Kinds of peak in `Hardware.flop_per_s`, in order of preference; the fastest of those that
        stand in one entry, which ``/`` separates.
    """

    weights: float
    kv: float
    arithmetic: tuple[str, ...]


PRECISIONS = {
    "16-bit": Precision(weights=2.0, kv=2.0, arithmetic=("bf16",)),
    "8-bit": Precision(weights=1.0, kv=1.0, arithmetic=("fp8/int8/bf16",)),
    "4-bit": Precision(weights=0.5, kv=1.0, arithmetic=("fp4", "fp8/int8/bf16")),
    "4-bit-weights": Precision(weights=0.5, kv=2.0, arithmetic=("bf16",)),
}
"""Serving precisions by name; weights are widened as they are read where a device lacks the
arithmetic: INT8 was cut to a thirtieth on some, and older ones have 16 bits only."""


def peak(device: Hardware, precision: Precision) -> tuple[str, float]:
    """Kind and size of the peak that a device serves with [FLOP/s]; nan where it states none."""
    for kinds in precision.arithmetic:
        stated = [(device.flop_per_s.get(kind, 0.0), kind) for kind in kinds.split("/")]
        rate, kind = max(stated)
        if rate > 0.0:
            return kind, rate
    return "", math.nan


def make_fleet(
    m: MathNamespace, hardware: Sequence[Hardware], *, precision: str = "8-bit"
) -> Fleet:
    """Put the figures of each device side by side along dim ``hardware``, in the order given.

    Parameters
    ----------
    m : MathNamespace
    hardware : sequence of Hardware
    precision : str
        One of `PRECISIONS`.
    """
    served = [peak(device, PRECISIONS[precision]) for device in hardware]

    def along(figures: Iterable[float]) -> Value:
        return m.array([float(figure) for figure in figures], dims=("hardware",))

    return Fleet(
        ids=tuple(device.id for device in hardware),
        flop_per_s=along(rate for _, rate in served),
        flop_per_s_bf16=along(device.flop_per_s.get("bf16", float("nan")) for device in hardware),
        memory_bytes=along(device.memory_bytes for device in hardware),
        bandwidth=along(device.bandwidth for device in hardware),
        link_bandwidth=along(device.link_bandwidth for device in hardware),
        domain=along(device.domain for device in hardware),
        power_w=along(device.power_w for device in hardware),
        h100e=along(device.h100e for device in hardware),
        fp4=along(float(kind == "fp4") for kind, _ in served),
    )


def grown(m: MathNamespace, fleet: Fleet, *, years: Value, compute: Value, memory: Value) -> Fleet:
    """Devices of the stock some `years` after the base year, on the trend of accelerators.

    Parameters
    ----------
    years : Value
        Years since the end of `BASE_YEAR`, at least 0.
    compute, memory : Value
        Growth of the peak rates; of memory and bandwidth [OOM/year].
    """
    faster = m.exp(math.log(10.0) * compute * years)
    larger = m.exp(math.log(10.0) * memory * years)
    return replace(
        fleet,
        flop_per_s=fleet.flop_per_s * faster,
        flop_per_s_bf16=fleet.flop_per_s_bf16 * faster,
        h100e=fleet.h100e * faster,
        memory_bytes=fleet.memory_bytes * larger,
        bandwidth=fleet.bandwidth * larger,
        link_bandwidth=fleet.link_bandwidth * larger,
    )


def fleet_mean(m: MathNamespace, each: Value, *, mix: Value, streams: Value) -> Value:
    """Mean of a figure over the streams of a mixed fleet, not over its devices.

    A device that runs no stream has no say, whatever its share. Where none runs any, the mean
    over devices keeps the result finite.

    Parameters
    ----------
    each, mix, streams : Value
        The figure, weight by device count, and streams per device, along ``hardware``.
    """
    contributed = mix * streams
    weight = m.where(contributed.sum("hardware") > 0.0, contributed, mix)
    return (weight * each).sum("hardware") / weight.sum("hardware")
