"""AWS Trainium2 with 96 GB."""

from __future__ import annotations

from amplicast import Hardware, Source, hookimpl

EPOCH = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware (CSV copy of 2026-04-27)",
    url="https://epoch.ai/data/machine-learning-hardware",
    grade="B",
)
AWS = Source(
    key="aws2026trainium2",
    title="AWS Neuron documentation 2.29.0, Trainium2",
    url="https://awsdocs-neuron.readthedocs-hosted.com",
    grade="A",
)

TRAINIUM2 = Hardware(
    id="trainium2",
    summary="AWS Trainium2 with 96 GB.",
    vendor="AWS",
    released="2024-12-03",
    flop_per_s={"bf16": 667e12, "fp8": 1299e12},
    memory_bytes=96e9,
    bandwidth=2.9e12,
    link_bandwidth=640e9,
    domain=64,
    power_w=500.0,
    it_power_w=870.0,
    sources=(EPOCH, AWS),
    limits=(
        "Dense rates. The 2,563 TFLOP/s of the vendor documentation are 16:4 sparse, 3.8 times the "
        "dense rate. The link figure is half of a total of 1.28 TB/s that was not verified, and "
        "the power is an analyst estimate: the vendor publishes none. Not sold, and no rent of its "
        "own was found. No throughput rows of this device calibrate the serving model."
    ),
)


@hookimpl
def amplicast_register_hardware() -> list[Hardware]:
    """Contribute this device."""
    return [TRAINIUM2]
