"""The devices of a forecast side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from amplicast.concepts import Fleet, Hardware
from amplicast.math import MathNamespace

__all__ = ["make_fleet"]

Value = Any


def make_fleet(m: MathNamespace, hardware: Sequence[Hardware]) -> Fleet:
    """Put the figures of each device side by side along dim ``hardware``, in the order given."""

    def along(figures: Iterable[float]) -> Value:
        return m.array([float(figure) for figure in figures], dims=("hardware",))

    return Fleet(
        ids=tuple(device.id for device in hardware),
        flop_per_s=along(device.flop_per_s_8bit for device in hardware),
        flop_per_s_bf16=along(device.flop_per_s.get("bf16", float("nan")) for device in hardware),
        memory_bytes=along(device.memory_bytes for device in hardware),
        bandwidth=along(device.bandwidth for device in hardware),
        link_bandwidth=along(device.link_bandwidth for device in hardware),
        domain=along(device.domain for device in hardware),
        power_w=along(device.power_w for device in hardware),
        h100e=along(device.h100e for device in hardware),
    )
