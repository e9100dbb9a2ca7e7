"""Sources and beliefs of the roofline; evidence informs those that a predictor names."""

from __future__ import annotations

from amplicast import Prior, Source

__all__ = [
    "DEEPSEEK",
    "FASTER",
    "POPE",
    "PRIORS",
    "SOURCES",
    "TENSORRT",
    "TENSORRT_2023",
    "TENSORRT_R1",
]

TENSORRT = Source(
    key="tensorrtllm2025",
    title="NVIDIA TensorRT-LLM 1.0, performance overview (2025-09)",
    url="https://github.com/NVIDIA/TensorRT-LLM",
    grade="A",
)
TENSORRT_2023 = Source(
    key="tensorrtllm2023",
    title="NVIDIA TensorRT-LLM 0.6.1, docs/source/performance.md (2023-12), peak throughput",
    url="https://github.com/NVIDIA/TensorRT-LLM",
    grade="A",
)
TENSORRT_R1 = Source(
    key="tensorrtllm2025deepseek",
    title="NVIDIA TensorRT-LLM technical blogs on DeepSeek-R1 (2025): latency on B200 with and "
    "without multi-token prediction, best performance on B200 and H200",
    url="https://github.com/NVIDIA/TensorRT-LLM",
    grade="A",
)
FASTER = Source(
    key="fastertransformer2023",
    title="NVIDIA FasterTransformer, docs/gpt_guide.md: latency by batch and parallelism on A100",
    url="https://github.com/NVIDIA/FasterTransformer",
    grade="A",
)
DEEPSEEK = Source(
    key="deepseek2025day6",
    title="DeepSeek open-infra-index, inference system overview, day 6 (2025-02)",
    url="https://github.com/deepseek-ai/open-infra-index",
    grade="A",
)
ERDIL = Source(
    key="erdil2025inference",
    title="Erdil, Inference economics of language models (2025), arXiv:2506.04645",
    url="https://arxiv.org/abs/2506.04645",
)
POPE = Source(
    key="pope2022",
    title="Pope et al., Efficiently scaling transformer inference (2022), arXiv:2211.05102",
    url="https://arxiv.org/abs/2211.05102",
    grade="A",
)

INFERENCEX = Source(
    key="inferencex2026",
    title="SemiAnalysis InferenceX, serving benchmarks at 50, 100 and 200 tokens/s per user (2026)",
    url="https://github.com/SemiAnalysisAI/InferenceX-app",
)

SOURCES = (TENSORRT, TENSORRT_2023, TENSORRT_R1, FASTER, DEEPSEEK, ERDIL, POPE, INFERENCEX)

PRIORS = {
    "log10_efficiency": Prior(
        "-0.7 to -0.05",
        unit="OOM",
        source="judgement",
        why="Dense on 1-2 devices: no wider knowledge than a fifth to nine tenths of the roofline.",
    ),
    "log10_node_loss": Prior(
        "-0.5 to 0.05",
        unit="OOM",
        source="judgement",
        why="Spreading a dense model over 4-8 devices adds communication, at most a factor of 3.",
    ),
    "log10_efficiency_experts": Prior(
        "-1.0 to -0.1",
        unit="OOM",
        source="judgement",
        why="Mixture of experts: as dense, less for uneven experts and all-to-all traffic.",
    ),
    "log10_fp4": Prior(
        "-0.4 to 0.2",
        unit="OOM",
        source="judgement",
        why="FP4 on Blackwell against 8 bits on Hopper; the rows cannot tell the two apart.",
    ),
    "prefill_utilisation": Prior(
        "0.2 to 0.8",
        unit="fraction",
        source="pope2022",
        why="Dense prefill reached 0.76 of peak for PaLM; kernels and lengths differ.",
    ),
    "prefill_utilisation_experts": Prior(
        "0.08 to 0.6",
        unit="fraction",
        source="deepseek2025day6",
        why="Production prefill of a mixture ran at 0.15 of the 8-bit peak.",
    ),
    "between_systems": Prior(
        "0.02 to 0.25",
        unit="OOM",
        dist="lognormal",
        source="judgement",
        why="Spread of efficiency between pairs of model and device.",
    ),
    "scatter": Prior(
        "0.02 to 0.2",
        unit="OOM",
        dist="lognormal",
        source="judgement",
        why="Spread of one system over input and output lengths.",
    ),
    "new_system": Prior(
        dist="normal",
        mean=0.0,
        sd=1.0,
        unit="1",
        source="judgement",
        why="The frontier model is a system that was not measured: its place in that spread.",
    ),
    "speed_scatter": Prior(
        "0.02 to 0.3",
        unit="OOM",
        dist="lognormal",
        source="judgement",
        why="Spread of measured over predicted speed at a stated batch; wider than of throughput.",
    ),
    "new_run": Prior(
        dist="normal",
        mean=0.0,
        sd=1.0,
        unit="1",
        source="judgement",
        why="The served fleet is a run that was not measured: its place in that spread.",
    ),
    "log10_layer_time": Prior(
        "-5.3 to -3.5",
        unit="OOM",
        source="erdil2025inference",
        why="Seconds per layer on one device: theory has about ten launches of 4e-6 s; software "
        "without captured graphs is several times slower.",
    ),
    "between_settings": Prior(
        "0.08 to 0.6",
        unit="OOM",
        dist="lognormal",
        source="judgement",
        why="Spread of the time per layer between kinds of software and device.",
    ),
    "new_setting": Prior(
        dist="normal",
        mean=-0.5,
        sd=0.8,
        unit="1",
        source="judgement",
        why="Who serves a frontier model writes its own kernels: likelier the faster half of the "
        "measured settings, most of which are public software.",
    ),
    "collective": Prior(
        "0.05 to 1.5",
        unit="1",
        source="erdil2025inference",
        why="What a doubling of devices adds to the time of a layer: theory has collectives of "
        "7e-6 s and 0.6e-6 s per device beside 4e-5 s of launches.",
    ),
    "layers": Prior(
        "60 to 125",
        unit="1",
        source="judgement",
        why="Large models have 61 (DeepSeek-V3), 94 (Qwen3-235B), 96 (GPT-3), 118 (PaLM) and 126 "
        "(Llama 3.1 405B) layers; those of closed frontier models are not published.",
    ),
    "speculation": Prior(
        "0.1 to 1.3",
        unit="1",
        source="tensorrtllm2025deepseek",
        why="Tokens of a stream that a step gains beyond one, net of drafting: 0.78 with one "
        "predicted token, 1.28 with three, at batch 1; production gains less and says little.",
    ),
    "weight_share": Prior(
        "0.08 to 0.5",
        unit="fraction",
        source="judgement",
        why="Memory that weights take in a serving group: one node to wide expert parallelism.",
    ),
    "largest_group": Prior(
        "128 to 2048",
        unit="devices",
        source="judgement",
        why="Most devices that share one copy of the weights: 64 for PaLM, more for larger models.",
    ),
}
