"""NVIDIA A100 SXM4 with 80 GB: no FP8, 8-bit serving in INT8."""

from __future__ import annotations

from amplicast import Hardware, Source, hookimpl

EPOCH = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware (CSV copy of 2026-04-27)",
    url="https://epoch.ai/data/machine-learning-hardware",
    grade="A",
)
PRICES = Source(
    key="epoch2026chipcounts",
    title="Epoch AI, ai-chip-counts: annual prices and IT power by chip (2026-04)",
    url="https://github.com/epoch-research/ai-chip-counts",
)
RENT = Source(
    key="aimultiple2026rent",
    title="AIMultiple Cloud GPU index (2026-05-20) and Mercatus cloud GPU pricing (2026-05)",
    url="https://aimultiple.com/gpu-index",
)

A100_80GB = Hardware(
    id="a100-80gb",
    summary="NVIDIA A100 SXM4 with 80 GB: no FP8, 8-bit serving in INT8.",
    vendor="NVIDIA",
    released="2020-11-16",
    flop_per_s={"bf16": 312e12, "int8": 624e12},
    memory_bytes=80e9,
    bandwidth=2.039e12,
    link_bandwidth=300e9,
    domain=8,
    power_w=400.0,
    it_power_w=926.0,
    price_usd=(10_000.0, 20_000.0),
    rent_usd_per_hour=1.3,
    sources=(EPOCH, PRICES, RENT),
    limits=(
        "Dense rates. The data sheet also prints 624 TFLOP/s for BF16 and 1248 TOP/s for INT8: "
        "those are 2:4 sparse, twice the dense rate. No FP8 units; 8-bit serving needs INT8 "
        "kernels and calibrated weights. Price is the low and high of 2022. Rent is the median of "
        "2026-05."
    ),
)


@hookimpl
def amplicast_register_hardware() -> list[Hardware]:
    """Contribute this device."""
    return [A100_80GB]
