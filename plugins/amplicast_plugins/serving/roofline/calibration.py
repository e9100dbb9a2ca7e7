"""What the roofline is calibrated on: measured throughput and measured speed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Table
from amplicast.math import MathNamespace
from amplicast.physics.latency import layer_overhead
from amplicast.physics.serving import (
    FLOP_PER_PARAMETER,
    decode_times,
    memory_limit,
    prefill_time,
    step_time,
)
from amplicast_plugins.serving.roofline.beliefs import (
    DEEPSEEK,
    FASTER,
    POPE,
    TENSORRT,
    TENSORRT_2023,
    TENSORRT_R1,
)

__all__ = ["EVIDENCE"]

Value = Any
Columns = Mapping[str, Value]


def token_time(
    m: MathNamespace,
    c: Columns,
    *,
    streams: Value,
    prompt: Value,
    context: Value,
    log10_efficiency: Value,
    log10_layer_time: Value,
    collective: Value,
    log10_fp4: Value,
    utilisation: Value,
) -> Value:
    """Seconds from one output token of a stream to its next, prefill taking turns with decode.

    `streams` per device, `prompt` tokens of each that the devices prefill, and `context` [tokens]
    averaged over the answer.
    """
    times = decode_times(
        weight_bytes=c["parameters"] * c["bytes_per_parameter"],
        bytes_per_parameter=c["bytes_per_parameter"],
        active=c["active"],
        kv_bytes=c["kv_bytes"],
        mean_context=context,
        group=c["devices"],
        bandwidth=c["bandwidth"],
        flop_per_s=c["flop_per_s"],
    )
    step = step_time(
        m,
        streams,
        times=times,
        overhead=layer_overhead(
            m,
            layers=c["layers"],
            layer_time=10.0**log10_layer_time,
            collective=collective,
            group=c["devices"],
        ),
        efficiency=10.0 ** (log10_efficiency + log10_fp4 * c["fp4"]),
    )
    prefill = prefill_time(active=c["active"], flop_per_s=c["flop_per_s"], utilisation=utilisation)
    return step + streams * prefill * prompt / c["output_tokens"]


def predict(m: MathNamespace, columns: Columns, **found: Value) -> Value:
    """log10 of tokens per second: of a device at its largest batch, or of a stream at a given one.

    A table of largest batches states `memory_bytes`, from which the streams follow; a table of
    timed steps states the `streams`.
    """
    c = columns
    if "memory_bytes" not in c:
        return -m.log10(
            token_time(
                m, c, streams=c["streams"], prompt=c["prompt_tokens"], context=c["context"], **found
            )
        )
    streams = memory_limit(
        m,
        weight_bytes=c["parameters"] * c["bytes_per_parameter"],
        memory_bytes=c["memory_bytes"],
        group=c["devices"],
        stream_bytes=c["kv_bytes"] * (c["input_tokens"] + c["output_tokens"]),
    )
    time = token_time(
        m,
        c,
        streams=streams,
        prompt=c["input_tokens"],
        context=c["input_tokens"] + c["output_tokens"] / 2.0,
        **found,
    )
    return m.log10(streams / time)


def predict_dense(
    m: MathNamespace,
    columns: Columns,
    *,
    log10_efficiency: Value,
    log10_node_loss: Value,
    log10_fp4: Value,
    log10_layer_time: Value,
    collective: Value,
    prefill_utilisation: Value,
) -> Value:
    """`predict` for dense models."""
    return predict(
        m,
        columns,
        log10_efficiency=log10_efficiency + log10_node_loss * columns["node"],
        log10_fp4=log10_fp4,
        log10_layer_time=log10_layer_time,
        collective=collective,
        utilisation=prefill_utilisation,
    )


def predict_experts(
    m: MathNamespace,
    columns: Columns,
    *,
    log10_efficiency_experts: Value,
    log10_fp4: Value,
    log10_layer_time: Value,
    collective: Value,
    prefill_utilisation_experts: Value,
) -> Value:
    """`predict` for mixtures of experts."""
    return predict(
        m,
        columns,
        log10_efficiency=log10_efficiency_experts,
        log10_fp4=log10_fp4,
        log10_layer_time=log10_layer_time,
        collective=collective,
        utilisation=prefill_utilisation_experts,
    )


def at_peak(m: MathNamespace, columns: Columns) -> Value:
    """log10 of what `predict` predicts, were everything arithmetic at the peak rate.

    What is measured over it is the utilisation (MFU), so a constant MFU is the naive rule.
    """
    c = columns
    timed = "memory_bytes" not in c
    read = c["prompt_tokens"] if timed else c["input_tokens"]
    streams = c["streams"] if timed else 1.0
    work = FLOP_PER_PARAMETER * c["active"] * (1.0 + read / c["output_tokens"])
    return m.log10(c["flop_per_s"] / (work * streams))


def _evidence(table: str, kind: str, informs: str) -> Evidence:
    timed = table == "steps"
    experts = kind == "experts"
    efficiency = "log10_efficiency_experts" if experts else "log10_efficiency"
    timings = (DEEPSEEK, TENSORRT_R1) if experts else (FASTER, POPE, TENSORRT_2023)
    return Evidence(
        id=f"{'speed' if timed else 'throughput'}-{kind}",
        table=Table(Path(__file__).with_name(f"{table}.csv")),
        where={"kind": kind},
        predictor=predict_experts if experts else predict_dense,
        naive=at_peak,
        family=Family(
            name="normal",
            value="log10_tokens_per_s",
            scale="speed_scatter" if timed else "scatter",
        ),
        groups={
            efficiency: Group(by="system", scale="between_systems"),
            "log10_layer_time": Group(by="setting", scale="between_settings"),
        },
        informs=informs,
        sources=timings if timed else (TENSORRT,),
    )


EVIDENCE = (
    _evidence(
        "throughput",
        "dense",
        "How near dense models come to the roofline, and what spreading them over 4-8 loses.",
    ),
    _evidence(
        "throughput",
        "experts",
        "How near mixtures of experts on eight devices come to the roofline.",
    ),
    _evidence(
        "steps",
        "dense",
        "How fast a stream is at a stated batch: time per layer, and what more devices add to it.",
    ),
    _evidence(
        "steps",
        "experts",
        "The same of mixtures of experts, in production and at the least latency.",
    ),
)
