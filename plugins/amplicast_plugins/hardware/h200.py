"""NVIDIA H200 SXM: the compute of an H100 with 141 GB."""

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
RENT = Source(
    key="semianalysis2026rent",
    title="SemiAnalysis: rental contracts and cost of ownership by chip (2025-08 to 2026-09)",
    grade="B",
)

H200 = Hardware(
    id="h200",
    summary="NVIDIA H200 SXM: the compute of an H100 with 141 GB.",
    vendor="NVIDIA",
    released="2024-11-18",
    flop_per_s={"bf16": 989.5e12, "fp8": 1979e12, "int8": 1979e12},
    memory_bytes=141e9,
    bandwidth=4.8e12,
    link_bandwidth=450e9,
    domain=8,
    power_w=700.0,
    rent_usd_per_hour=2.9,
    sources=(EPOCH, NVIDIA, RENT),
    limits=(
        "Dense rates (the product page prints 2:4 sparse ones, twice as high). H100e counts only "
        "arithmetic, so an H200 is 1.0 H100e although it serves more streams. No published "
        "purchase price was found, and no IT power of its own. Rent is of 2026-09."
    ),
)


@hookimpl
def amplicast_register_hardware() -> list[Hardware]:
    """Contribute this device."""
    return [H200]
