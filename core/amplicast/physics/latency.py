"""How fast one stream can be: layers in series, collectives, and where more devices stop helping.

The layers of a model run one after another, and each costs launches and, on several devices,
collectives whose time grows with the number of devices. One decode step is at least ::

    layers * layer_time * (1 + collective * log2(devices))          [s]

whatever the bandwidth. Reading weights, ``weights / (devices * bandwidth)``, falls as devices are
added, so there is a width at which another doubling costs as much as it saves, and a fastest step.

Sources: Pope et al., "Efficiently scaling transformer inference" (2022); Erdil, "Inference
economics of language models" (2025), arXiv:2506.04645; Steinhardt, "What will GPT-2030 look like?"
(2023); Finnveden (2023) for serial speed by depth.
"""

from __future__ import annotations

import math

from amplicast.math import MathNamespace, Value

__all__ = [
    "copies_fused",
    "depth_step",
    "fastest_step",
    "layer_overhead",
    "speed_for_throughput",
    "useful_group",
]

_LN2 = math.log(2.0)
_INSTANT = 1e-12
"""Shortest collective that is told from none [s]."""


def layer_overhead(
    m: MathNamespace, *, layers: Value, layer_time: Value, collective: Value, group: Value
) -> Value:
    """Time of a step that reading and arithmetic do not explain [s].

    Parameters
    ----------
    layers : Value
        Layers that run in series.
    layer_time : Value
        Launches of one layer on one device [s].
    collective : Value
        What each doubling of the devices adds, as a share of `layer_time` [1].
    group : Value
        Devices that share one copy of the model, at least 1.
    """
    return layers * layer_time * (1.0 + collective * m.log(group) / _LN2)


def useful_group(
    m: MathNamespace,
    *,
    weight_bytes: Value,
    bandwidth: Value,
    efficiency: Value,
    layers: Value,
    layer_time: Value,
    collective: Value,
) -> Value:
    """Devices beyond which another one slows the step [devices, not rounded].

    The least of ``weights / (n bandwidth efficiency) + layers layer_time collective log2(n)``; it
    does not depend on the speed that is asked for.
    """
    doubling = m.maximum(layers * layer_time * collective, _INSTANT)
    return weight_bytes * _LN2 / (bandwidth * efficiency * doubling)


def fastest_step(*, weights: Value, collective: Value, exponent: float) -> tuple[Value, Value]:
    """Shortest step over all widths, and the width that reaches it.

    The least over `n` of ``weights / n + collective * n**exponent``. With two-dimensional tensor
    parallelism a collective runs along the side of a square of devices, so its exponent is 1/2:
    the step falls with the cube root of bandwidth, and grows with the 5/9th power of the size of
    a model whose depth grows with the cube root of its size (about a square root).

    Parameters
    ----------
    weights : Value
        Reading all weights by one device [s].
    collective : Value
        Collectives of one step on one device [s], above 0.
    exponent : float
        How they grow with the devices [1], above 0.

    Returns
    -------
    tuple of Value
        The step [s] and the devices [not rounded].
    """
    group = (weights / (exponent * collective)) ** (1.0 / (1.0 + exponent))
    return weights / group + collective * group**exponent, group


def depth_step(step: Value, *, layers: Value, reference: Value) -> Value:
    """Step of a model of other depth at equal time per layer [s].

    Parameters
    ----------
    step : Value
        Measured step of a model of `reference` layers [s].
    layers, reference : Value
        Layers of either model.
    """
    return step * layers / reference


def speed_for_throughput(loss: Value) -> Value:
    """Serial speed-up that a loss of throughput buys: its square (Steinhardt 2023) [1].

    Spreading a model over more devices along two axes, each `loss` times smaller per device, cuts
    the utilisation by `loss`, and the step by its square. An idealisation without fixed latencies.
    """
    return loss**2


def copies_fused(speed_up: Value) -> Value:
    """Copies that fuse into one that is `speed_up` times as fast: ``speed_up ** 1.5`` [copies].

    With ``k**2`` the speed-up: its throughput is that of ``k**2`` copies, and `k` times as much is
    lost, so ``k**3`` copies fuse.
    """
    return speed_up**1.5
