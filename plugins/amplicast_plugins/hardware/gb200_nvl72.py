"""NVIDIA GB200 in a 72-GPU rack, figures per GPU."""

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
PRICES = Source(
    key="epoch2026chipcounts",
    title="Epoch AI, ai-chip-counts: annual prices and IT power by chip (2026-04)",
    url="https://github.com/epoch-research/ai-chip-counts",
)
RENT = Source(
    key="semianalysis2026rent",
    title="SemiAnalysis: rental contracts and cost of ownership by chip (2025-08 to 2026-09)",
    grade="B",
)

GB200_NVL72 = Hardware(
    id="gb200-nvl72",
    summary="NVIDIA GB200 in a 72-GPU rack, figures per GPU.",
    vendor="NVIDIA",
    released="2025-02-15",
    flop_per_s={"bf16": 2500e12, "fp8": 5000e12, "int8": 5000e12, "fp4": 10_000e12},
    memory_bytes=186e9,
    bandwidth=8.0e12,
    link_bandwidth=900e9,
    domain=72,
    power_w=1200.0,
    it_power_w=2083.0,
    price_usd=(30_000.0, 45_000.0),
    rent_usd_per_hour=4.0,
    sources=(EPOCH, INFERENCEX, NVIDIA, PRICES, RENT),
    limits=(
        "Dense rates per GPU, half of a superchip with two. Marketed FP4 and FP8 figures are 2:4 "
        "sparse, twice the dense rate, and often per superchip: a factor of four apart from these. "
        "Another list has 192 GB instead of 186. Rent is of 2026-09."
    ),
)


@hookimpl
def amplicast_register_hardware() -> list[Hardware]:
    """Contribute this device."""
    return [GB200_NVL72]
