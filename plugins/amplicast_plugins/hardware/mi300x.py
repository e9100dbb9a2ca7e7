"""AMD MI300X with 192 GB."""

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
RENT = Source(
    key="semianalysis2026rent",
    title="SemiAnalysis: rental contracts and cost of ownership by chip (2025-08 to 2026-09)",
    grade="B",
)

MI300X = Hardware(
    id="mi300x",
    summary="AMD MI300X with 192 GB.",
    vendor="AMD",
    released="2023-12-06",
    flop_per_s={"bf16": 1307.4e12, "fp8": 2614.9e12, "int8": 2614.9e12},
    memory_bytes=192e9,
    bandwidth=5.3e12,
    link_bandwidth=448e9,
    domain=8,
    power_w=750.0,
    it_power_w=1790.0,
    price_usd=(15_000.0, 15_000.0),
    rent_usd_per_hour=1.3,
    sources=(EPOCH, INFERENCEX, RENT),
    limits=(
        "Dense rates (marketed sparse ones are twice as high). The link figure is the sum of seven "
        "mesh links of 64 GB/s: any two GPUs share only 64 GB/s, so collectives are slower than on "
        "a switched fabric of the same total. Published price is a single estimate. No throughput "
        "rows of this device calibrate the serving model. Rent is of 2026-09."
    ),
)


@hookimpl
def amplicast_register_hardware() -> list[Hardware]:
    """Contribute this device."""
    return [MI300X]
