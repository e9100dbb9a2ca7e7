"""Serving as a roofline: what memory, bandwidth and arithmetic allow, times a fitted efficiency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amplicast import Fleet, Serving, hookimpl
from amplicast.math import MathNamespace
from amplicast.physics.serving import (
    group_streams,
    marginal_cost,
    prefill_time,
    share_with_prefill,
)
from amplicast_plugins.serving.roofline.beliefs import PRIORS, SOURCES
from amplicast_plugins.serving.roofline.calibration import EVIDENCE

__all__ = ["ROOFLINE"]

Value = Any

BYTES_PER_PARAMETER = 1.0
"""Weights in 8 bits, unless the model says otherwise: the precision of the forecast."""

LARGEST_DOMAIN = 64.0
"""Devices of a scale-up domain that one model uses at most, if it would fit on fewer."""

FEW_DEVICES = 2.0
"""Devices that count as few: dense models were measured on one and two."""

MIXTURE = 1.2
"""Total over active parameters above which a model counts as a mixture of experts."""


def _frontier(
    m: MathNamespace,
    *,
    fleet: Fleet,
    model: Mapping[str, Value],
    task: Mapping[str, Value],
    speed: Value,
    p: Mapping[str, Value],
) -> tuple[Value, Value]:
    """Decoding streams per device, and the device time of an input token [s], by device.

    A dense model runs on few devices or on a whole group, whichever gives more streams; a
    mixture of experts on a whole group.
    """
    mixture = m.where(model["total"] > MIXTURE * model["active"], 1.0, 0.0)
    bytes_per_parameter = model.get("bytes_per_parameter", BYTES_PER_PARAMETER)
    loss = p["between_systems"] * p["new_system"] + p["log10_fp4"] * fleet.fp4

    def option(log10_efficiency: Value, smallest: Value, largest: Value) -> Value:
        return group_streams(
            m,
            memory_bytes=fleet.memory_bytes,
            bandwidth=fleet.bandwidth,
            flop_per_s=fleet.flop_per_s,
            total=model["total"],
            active=model["active"],
            bytes_per_parameter=bytes_per_parameter,
            kv_bytes=model["kv_bytes"],
            speed=speed * 10.0 ** (p["speed_scatter"] * p["new_run"]),
            layers=model.get("layers", p["layers"]),
            layer_time=10.0 ** (p["log10_layer_time"] + p["between_settings"] * p["new_setting"]),
            collective=p["collective"],
            efficiency=10.0 ** (log10_efficiency + loss),
            weight_share=p["weight_share"],
            smallest=smallest,
            largest=largest,
            tokens_per_step=1.0 + p["speculation"],
            **task,
        )

    node = p["log10_efficiency"] + p["log10_node_loss"]
    whole = option(
        node + mixture * (p["log10_efficiency_experts"] - node),
        m.minimum(fleet.domain, LARGEST_DOMAIN),
        p["largest_group"],
    )
    few = option(p["log10_efficiency"], 1.0, FEW_DEVICES)
    dense, experts = p["prefill_utilisation"], p["prefill_utilisation_experts"]
    prefill = prefill_time(
        active=model["active"],
        flop_per_s=fleet.flop_per_s,
        utilisation=dense + mixture * (experts - dense),
    )
    return m.maximum(whole, (1.0 - mixture) * few), prefill


def serve(
    m: MathNamespace,
    *,
    fleet: Fleet,
    model: Mapping[str, Value],
    task: Mapping[str, Value],
    speed: Value,
    **parameters: Value,
) -> tuple[Value, Value]:
    """Streams per device at `speed`, and the marginal device time of decode work, by device.

    Streams are those of a fleet that does its own prefill [streams/device]; the second is the
    device time per FLOP of extra decode work over the average of an unaugmented task [1].
    """
    decoding, prefill = _frontier(m, fleet=fleet, model=model, task=task, speed=speed, p=parameters)
    return (
        share_with_prefill(decoding, speed=speed, prefill=prefill, **task),
        marginal_cost(streams=decoding, speed=speed, prefill=prefill, **task),
    )


ROOFLINE = Serving(
    id="roofline",
    summary="Weights, KV and arithmetic against memory, bandwidth and peak; fitted efficiency.",
    serve=serve,
    labels={
        "log10_efficiency": "efficiency on one or two devices",
        "log10_node_loss": "loss to spreading over a node",
        "log10_efficiency_experts": "efficiency with experts",
        "log10_fp4": "gain from 4 bits",
        "prefill_utilisation": "utilisation when reading input",
        "prefill_utilisation_experts": "utilisation when reading, with experts",
        "between_systems": "spread of efficiency between systems",
        "scatter": "spread within a system",
        "new_system": "efficiency of the served system, among systems",
        "speed_scatter": "spread of measured speed",
        "new_run": "speed of the fleet, among measured runs",
        "log10_layer_time": "time per layer",
        "between_settings": "spread of the time per layer",
        "new_setting": "speed of the fleet's software",
        "collective": "cost of doubling the devices",
        "layers": "number of layers",
        "speculation": "tokens that drafts add to a step",
        "weight_share": "share of memory for weights",
        "largest_group": "most devices per copy of the weights",
    },
    priors=PRIORS,
    evidence=EVIDENCE,
    sources=SOURCES,
    limits=(
        "Frontier models are mixtures of experts on many devices: their efficiency is that of the "
        "mixtures measured on one node of eight, and of DeepSeek's fleet. Throughput is of offline "
        "runs, on Hopper in 8 bits or Blackwell in FP4. Speed at a stated batch is of public "
        "software on A100, H100, L40S, H200 and B200, of DeepSeek's and of Google's own; time per "
        "layer is that of 2022 to 2025 and does not fall in later years. AMD, Trainium and later "
        "TPUs are taken at the same efficiency, unmeasured, and so is Blackwell in 8 bits. The "
        "forecast serves in 8 bits throughout. Device counts of a group are not rounded. Left out: "
        "prompt caching, offload, FLOP of attention. KV of Qwen3-235B, GPT-J and LLaMA in the "
        "tables rests on architectures recalled, not read; the batch of PaLM's row and the devices "
        "of DeepSeek's were read second-hand; API speeds, of unknown batch and devices, are no "
        "evidence."
    ),
)


@hookimpl
def amplicast_register_serving() -> list[Serving]:
    """Contribute the roofline."""
    return [ROOFLINE]
