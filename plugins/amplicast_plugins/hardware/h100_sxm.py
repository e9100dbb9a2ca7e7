"""NVIDIA H100 SXM5 with 80 GB: the reference device of H100e."""

from __future__ import annotations

from amplicast import Hardware, Source, hookimpl

EPOCH = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware (CSV copy of 2026-04-27)",
    url="https://epoch.ai/data/machine-learning-hardware",
    grade="A",
)
NVIDIA = Source(
    key="nvidia2026rubin",
    title="NVIDIA technical blog on the Rubin architecture (2026), tables of earlier chips",
    url="https://developer.nvidia.com/blog",
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

H100_SXM = Hardware(
    id="h100-sxm",
    summary="NVIDIA H100 SXM5 with 80 GB: the reference device of H100e.",
    vendor="NVIDIA",
    released="2022-09-20",
    flop_per_s={"bf16": 989.4e12, "fp8": 1979e12, "int8": 1979e12},
    memory_bytes=80e9,
    bandwidth=3.35e12,
    link_bandwidth=450e9,
    domain=8,
    power_w=700.0,
    it_power_w=1389.0,
    price_usd=(20_000.0, 27_000.0),
    rent_usd_per_hour=2.0,
    sources=(EPOCH, NVIDIA, PRICES, RENT),
    limits=(
        "Dense rates. The product page prints 1979 (BF16) and 3958 (FP8): those are 2:4 sparse, "
        "twice the dense rate. Price is that of 2025 (30,000 to 45,000 in 2022). Rent is not "
        "monotone in time: 1.70 in 2025-10, 2.35 in 2026-03, 2.0 by 2026-09. The PCIe card is "
        "another device (756 TFLOP/s BF16, 2.04 TB/s)."
    ),
)


@hookimpl
def amplicast_register_hardware() -> list[Hardware]:
    """Contribute this device."""
    return [H100_SXM]
