"""Streams, speed and device time of a served model: a roofline that inverts in closed form.

One decode step of a group of `n` devices that runs `s` streams per device takes ::

    overhead + (weights read + s * stream) / efficiency          [s]

    overhead     = layers * layer time * (1 + collective * log2(n)), see `latency`

    weights read = min(all weights, s n * active weights) / (n * bandwidth)
    stream       = KV of the mean context / bandwidth + 2 * active parameters / peak rate

and every stream gains `tokens_per_step`, which is 1 without speculative decoding. With it a step
checks ``2 * tokens_per_step - 1`` tokens of each stream, some of which are drafted in vain.

Streams of a mixture of experts choose different experts, so weights read grow with the batch until
all are read. The active weights of every stream, none shared, bound them from above; both branches
grow with `s`, so the inverse of their minimum is the maximum of their inverses. A dense model
reads everything from its first stream on.

Bytes, seconds, FLOP/s and bytes/s throughout; floats or labelled values alike.

Left out: FLOP of attention (small beside the reading of KV), network time that grows with the
batch (it is in the efficiency), offload to host memory (see `offload`), and prompt caching.

Sources: the roofline of the JAX scaling book (2025) and of kipply, "Transformer inference
arithmetic" (2022); shares of devices as in DeepSeek's open-infra-index, day 6 (2025).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from amplicast.math import MathNamespace
from amplicast.physics.latency import layer_overhead, useful_group

__all__ = [
    "USABLE_MEMORY",
    "DecodeTimes",
    "decode_times",
    "group_size",
    "group_streams",
    "marginal_cost",
    "memory_limit",
    "prefill_time",
    "share_with_prefill",
    "step_time",
    "streams_at_speed",
]

Value = Any

USABLE_MEMORY = 0.9
"""Share of device memory for weights and KV; the rest holds activations and buffers."""

FLOP_PER_PARAMETER = 2.0
"""A multiply and an add per active parameter and token."""


@dataclass(frozen=True, kw_only=True)
class DecodeTimes:
    """Parts of one decode step at full efficiency.

    Attributes
    ----------
    weights : Value
        Reading all weights once, spread over the group [s].
    active : Value
        Reading the active weights of one stream, by one device [s].
    stream : Value
        KV and arithmetic of one stream, by one device [s].
    """

    weights: Value
    active: Value
    stream: Value


def group_size(
    m: MathNamespace,
    *,
    weight_bytes: Value,
    memory_bytes: Value,
    weight_share: Value,
    smallest: Value,
    largest: Value,
) -> Value:
    """Devices that hold one copy of the model [devices, not rounded].

    Weights take at most `weight_share` of usable memory: packed tighter, a step would read weights
    for few streams. At least `smallest` (the scale-up domain), at most `largest`.
    """
    needed = weight_bytes / (weight_share * USABLE_MEMORY * memory_bytes)
    return m.minimum(m.maximum(needed, smallest), largest)


def memory_limit(
    m: MathNamespace,
    *,
    weight_bytes: Value,
    memory_bytes: Value,
    group: Value,
    stream_bytes: Value,
) -> Value:
    """Most streams per device whose KV (`stream_bytes` each) fits beside the weights, or 0."""
    streams = (USABLE_MEMORY * memory_bytes - weight_bytes / group) / stream_bytes
    return _whole_stream(m, streams, group)


def decode_times(
    *,
    weight_bytes: Value,
    bytes_per_parameter: Value,
    active: Value,
    kv_bytes: Value,
    mean_context: Value,
    group: Value,
    bandwidth: Value,
    flop_per_s: Value,
    checked: Value = 1.0,
) -> DecodeTimes:
    """Parts of one decode step.

    Parameters
    ----------
    active, kv_bytes : Value
        Active parameters; KV per token of context [byte].
    mean_context : Value
        Context while decoding, averaged over the answer [tokens].
    flop_per_s : Value
        Dense peak at the serving precision [FLOP/s].
    checked : Value
        Tokens of one stream that a step computes, more than one with speculative decoding.
    """
    arithmetic = checked * FLOP_PER_PARAMETER * active / flop_per_s
    return DecodeTimes(
        weights=weight_bytes / (group * bandwidth),
        active=active * bytes_per_parameter / bandwidth,
        stream=mean_context * kv_bytes / bandwidth + arithmetic,
    )


def step_time(
    m: MathNamespace, streams: Value, *, times: DecodeTimes, overhead: Value, efficiency: Value
) -> Value:
    """Time of one decode step with `streams` per device [s]."""
    read = m.minimum(times.weights, streams * times.active)
    return overhead + (read + streams * times.stream) / efficiency


def streams_at_speed(
    m: MathNamespace,
    *,
    speed: Value,
    times: DecodeTimes,
    largest: Value,
    overhead: Value,
    efficiency: Value,
) -> Value:
    """Streams per device that each run at `speed` [steps/s]: the inverse of `step_time`.

    Zero where so few streams would run that the `largest` group would not hold one. Memory is a
    separate limit.
    """
    budget = efficiency * (1.0 / speed - overhead)
    everything_read = (budget - times.weights) / times.stream
    nothing_shared = budget / (times.stream + times.active)
    return _whole_stream(m, m.maximum(everything_read, nothing_shared), largest)


def group_streams(
    m: MathNamespace,
    *,
    memory_bytes: Value,
    bandwidth: Value,
    flop_per_s: Value,
    total: Value,
    active: Value,
    bytes_per_parameter: Value,
    kv_bytes: Value,
    input_tokens: Value,
    output_tokens: Value,
    speed: Value,
    layers: Value,
    layer_time: Value,
    collective: Value,
    efficiency: Value,
    weight_share: Value,
    smallest: Value,
    largest: Value,
    tokens_per_step: Value = 1.0,
) -> Value:
    """Streams per decoding device at `speed`, within memory [streams/device].

    The copy is spread as far as helps (`useful_group`), at least over the tighter group whose
    memory counts; so streams never fall with bandwidth or memory. 0 where no group holds the model
    or runs one stream that fast.
    """
    weight_bytes = total * bytes_per_parameter
    tight = group_size(
        m,
        weight_bytes=weight_bytes,
        memory_bytes=memory_bytes,
        weight_share=weight_share,
        smallest=smallest,
        largest=largest,
    )
    useful = useful_group(
        m,
        weight_bytes=weight_bytes,
        bandwidth=bandwidth,
        efficiency=efficiency,
        layers=layers,
        layer_time=layer_time,
        collective=collective,
    )
    group = m.minimum(m.maximum(useful, tight), largest)
    times = decode_times(
        weight_bytes=weight_bytes,
        bytes_per_parameter=bytes_per_parameter,
        active=active,
        kv_bytes=kv_bytes,
        mean_context=input_tokens + output_tokens / 2.0,
        group=group,
        bandwidth=bandwidth,
        flop_per_s=flop_per_s,
        checked=2.0 * tokens_per_step - 1.0,
    )
    overhead = layer_overhead(
        m, layers=layers, layer_time=layer_time, collective=collective, group=group
    )
    fast_enough = streams_at_speed(
        m,
        speed=speed / tokens_per_step,
        times=times,
        largest=largest,
        overhead=overhead,
        efficiency=efficiency,
    )
    held = memory_limit(
        m,
        weight_bytes=weight_bytes,
        memory_bytes=memory_bytes,
        group=tight,
        stream_bytes=kv_bytes * (input_tokens + output_tokens),
    )
    return m.minimum(fast_enough, held)


def prefill_time(*, active: Value, flop_per_s: Value, utilisation: Value) -> Value:
    """Device time per input token [s]: prefill is bound by arithmetic, so by its utilisation."""
    return FLOP_PER_PARAMETER * active / (flop_per_s * utilisation)


def share_with_prefill(
    streams: Value, *, speed: Value, prefill: Value, input_tokens: Value, output_tokens: Value
) -> Value:
    """Streams per device of a fleet that also does its own prefill.

    A task takes ``output / (speed * streams)`` of device time to decode and
    ``input * prefill`` to prefill; the fleet decodes for the first share of its time.
    `prefill` is device time per input token [s].
    """
    return streams / (1.0 + streams * speed * prefill * input_tokens / output_tokens)


def marginal_cost(
    *, streams: Value, speed: Value, prefill: Value, input_tokens: Value, output_tokens: Value
) -> Value:
    """Device time per FLOP of extra decode work, over the average of an unaugmented task.

    With device time `d = 1 / (speed * streams)` per decoded token and `p` per input token, a task
    of `i` input and `o` output tokens costs ``i p + o d`` for ``2 N (i + o)`` FLOP, and one more
    decoded token costs `d` for `2 N` FLOP. So ::

        kappa = d (i + o) / (i p + o d)

    1 where cost is proportional to FLOP (`d = p`, or no input); at most ``(i + o) / o``, where
    prefill is free beside decoding. A task at spend `x` takes ``1 + kappa (10**x - 1)`` times the
    device time of an unaugmented one. `streams` are those of a decoding device.
    """
    prefill_per_decode = streams * speed * prefill
    return (input_tokens + output_tokens) / (output_tokens + input_tokens * prefill_per_decode)


def _whole_stream(m: MathNamespace, streams: Value, group: Value) -> Value:
    """Zero where a group would hold less than one stream."""
    return m.where(streams * group >= 1.0, streams, 0.0)
