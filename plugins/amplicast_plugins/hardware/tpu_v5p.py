"""Google TPU v5p with 95 GB: no FP8, 8-bit serving in INT8."""

from __future__ import annotations

from amplicast import Hardware, Source, hookimpl

EPOCH = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware (CSV copy of 2026-04-27)",
    url="https://epoch.ai/data/machine-learning-hardware",
    grade="B",
)
SCALING_BOOK = Source(
    key="scalingbook2025",
    title="How to Scale Your Model, chapter on TPUs (JAX, 2025-02-18)",
    url="https://github.com/jax-ml/scaling-book",
)
GOOGLE = Source(
    key="google2026tpu",
    title="Google Cloud documentation, TPU system architecture",
    url="https://docs.cloud.google.com/tpu/docs",
    grade="A",
)

TPU_V5P = Hardware(
    id="tpu-v5p",
    summary="Google TPU v5p with 95 GB: no FP8, 8-bit serving in INT8.",
    vendor="Google",
    released="2023-12-06",
    flop_per_s={"bf16": 459e12, "int8": 918e12},
    memory_bytes=95e9,
    bandwidth=2.765e12,
    link_bandwidth=540e9,
    domain=8960,
    power_w=540.0,
    sources=(EPOCH, SCALING_BOOK, GOOGLE),
    limits=(
        "Dense rates; TPUs market no sparse ones. The link figure is six links of 90 GB/s one way "
        "in a 3-D torus (also quoted as 4,800 Gbit/s). The scale-up domain is the whole pod; a "
        "serving group is far smaller. Power is an estimate. Not sold, and no verified rent. No "
        "throughput rows of this device calibrate the serving model."
    ),
)


@hookimpl
def amplicast_register_hardware() -> list[Hardware]:
    """Contribute this device."""
    return [TPU_V5P]
