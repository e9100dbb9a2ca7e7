"""NVIDIA B200 on an HGX board of eight, 180 GB."""

from __future__ import annotations

from amplicast import Hardware, Source, hookimpl

EPOCH = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware (CSV copy of 2026-04-27)",
    url="https://epoch.ai/data/machine-learning-hardware",
    grade="A",
)
INFERENCEX = Source(
    key="semianalysis2026inferencex",
    title="SemiAnalysis InferenceX app, device constants (2026): dense rates, one-way links",
    url="https://github.com/SemiAnalysisAI/InferenceX-app",
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

B200 = Hardware(
    id="b200",
    summary="NVIDIA B200 on an HGX board of eight, 180 GB.",
    vendor="NVIDIA",
    released="2024-11-15",
    flop_per_s={"bf16": 2250e12, "fp8": 4500e12, "int8": 4500e12, "fp4": 9000e12},
    memory_bytes=180e9,
    bandwidth=7.7e12,
    link_bandwidth=900e9,
    domain=8,
    power_w=1000.0,
    it_power_w=2170.0,
    price_usd=(30_000.0, 45_000.0),
    rent_usd_per_hour=3.7,
    sources=(EPOCH, INFERENCEX, NVIDIA, RENT),
    limits=(
        "Dense rates. The headline of 20 PFLOP/s FP4 is 2:4 sparse and of the GB200, not of this "
        "board. Bandwidth is the HGX figure (another list has 8 TB/s). The price range is the "
        "published one of the GB200. IT power is an all-in figure per GPU. Rent is of 2026-09."
    ),
)


@hookimpl
def amplicast_register_hardware() -> list[Hardware]:
    """Contribute this device."""
    return [B200]
