"""Accelerators on a terminal and as plain data: every figure with its unit and grade."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import TYPE_CHECKING, Any

from amplicast.report.layout import Block, Text, grid, note, text_of

if TYPE_CHECKING:
    from amplicast.concepts import Hardware

__all__ = ["device_text", "devices_text", "hardware_record"]

ABOUT = note("""\
H100e: dense peak for 8-bit weights over that of an H100 (1.979e15 FLOP/s). Rates are dense;
marketed ones are often twice as high, with 2:4 sparsity. A star marks a figure that was recalled
and not looked up. `amplicast hardware ID` tells every figure with its sources.""")

FIGURES = (
    ("memory", "memory_bytes", "byte", "memory_gb"),
    ("memory bandwidth", "bandwidth", "byte/s", "bandwidth_tb_s"),
    ("link, one way", "link_bandwidth", "byte/s", "link_gb_s"),
    ("scale-up domain", "domain", "devices", "domain"),
    ("PCIe, one way", "pcie_bandwidth", "byte/s", "pcie_gb_s"),
    ("power", "power_w", "W", "power_w"),
    ("power with its server", "it_power_w", "W", "it_power_w"),
    ("rent", "rent_usd_per_hour", "USD/hour", "rent_usd"),
)
"""Title, field, unit, and column of the table it comes from."""


def devices_text(devices: Iterable[Hardware]) -> Text:
    """One line a device, by id."""
    head = ["", "released", "H100e", "BF16", "8 bit", "FP4", "memory", "bandwidth", "power"]
    units = ["", "", "", "TFLOP/s", "TFLOP/s", "TFLOP/s", "GB", "TB/s", "W"]
    rows = [
        [*head, "rent", "PFLOP per USD", "TFLOP/s per W"],
        [*units, "USD/h", "8 bit", "8 bit"],
    ]
    rows += [_line(device) for device in devices]
    return text_of([grid("Accelerators, per device", rows, head=2), ABOUT])


def device_text(device: Hardware) -> Text:
    """Every figure of one device."""
    record = hardware_record(device)
    rows = [
        [name, f"{each['value']:.6g}", each["unit"], each["grade"]]
        for name, each in record["figures"].items()
    ]
    about = f"{device.vendor}, released {device.released}; {_plain(device.h100e)} H100e."
    parts: list[Block] = [
        f"{device.id}: {device.summary}\n{about}",
        grid("Figure, unit, grade (D: from memory)", rows, head=0),
        f"Limits: {device.limits}",
        "Sources:\n" + "\n".join(f"  {s.key} ({s.grade}): {s.title}" for s in device.sources),
    ]
    return text_of(parts)


def hardware_record(device: Hardware) -> dict[str, Any]:
    """The same as plain data."""
    grades = sorted(source.grade for source in device.sources)
    found: dict[str, dict[str, Any]] = {}

    def tell(name: str, value: float | None, unit: str, column: str) -> None:
        if value is not None:
            # Sources of specifications are better than those of prices.
            grade = "D" if column in device.from_memory else grades[-1 if "usd" in column else 0]
            found[name] = {"value": value, "unit": unit, "grade": grade}

    for precision, rate in device.flop_per_s.items():
        ending = "tops" if precision == "int8" else "tflops"
        tell(f"{precision}, dense", rate, "FLOP/s", f"{precision}_{ending}")
    for name, field, unit, column in FIGURES:
        tell(name, getattr(device, field), unit, column)
    for name, place, column in (
        ("price, low", 0, "price_low_usd"),
        ("price, high", 1, "price_high_usd"),
    ):
        tell(name, device.price_usd[place] if device.price_usd else None, "USD", column)
    tell("marketed sparsity", device.marketed_sparsity, "1", "marketed_sparsity")
    return {
        "id": device.id,
        "summary": device.summary,
        "vendor": device.vendor,
        "released": device.released,
        "h100e": None if isnan(device.h100e) else device.h100e,
        "link": device.link,
        "rent_date": device.rent_date,
        "figures": found,
        "limits": device.limits,
        "sources": [source.key for source in device.sources],
    }


def _line(device: Hardware) -> list[str]:
    eight, rent = device.flop_per_s_8bit, device.rent_usd_per_hour
    recalled = device.from_memory
    eight_recalled = {"fp8_tflops", "int8_tops"} & set(recalled)

    def rate(precision: str) -> str:
        value = device.flop_per_s.get(precision)
        star = "*" if f"{precision}_tflops" in recalled else ""
        return "" if value is None else f"{_plain(value / 1e12)}{star}"

    return [
        device.id,
        device.released[:7],
        _plain(device.h100e),
        rate("bf16"),
        f"{_plain(eight / 1e12)}{'*' if eight_recalled else ''}",
        rate("fp4"),
        _plain(device.memory_bytes / 1e9),
        _plain(device.bandwidth / 1e12),
        f"{_plain(device.power_w)}{'*' if 'power_w' in recalled else ''}",
        "" if rent is None else _plain(rent),
        "" if rent is None else _plain(eight * 3600.0 / rent / 1e15),
        _plain(eight / device.power_w / 1e12),
    ]


def _plain(value: float) -> str:
    return "unknown" if isnan(value) else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"
