"""A model that does not fit: devices that hold it, and weights streamed from slower memory.

Weights that stay outside the devices are read again for every pass, over PCIe from host memory or
from SSD. Loading one layer overlaps with computing the layer before, so a stage takes
``max(load, compute)``; on several hosts, each loads its own layers while others compute.

A pass may be one token of a whole batch: what streaming costs is time per pass, and throughput
comes back with the batch.

Sources: worked cases in the comments on SoerenMind (2021), `answers/soerenmind2021.py`; PCIe x16
one way: 15.75, 31.5, 63 and 126 GB/s for generations 3 to 6.
"""

from __future__ import annotations

from amplicast.math import MathNamespace, Value

__all__ = [
    "devices_to_hold",
    "hosts_time",
    "pipelined_time",
    "sequential_time",
    "stream_time",
    "tiered_time",
]


def devices_to_hold(*, weight_bytes: Value, memory_bytes: Value, usable: Value = 1.0) -> Value:
    """Devices whose memory holds the weights [devices, not rounded]; a whole number is no less.

    Parameters
    ----------
    weight_bytes, memory_bytes : Value
        Of the model and of one device [byte].
    usable : Value
        Share of device memory that weights may take [fraction].
    """
    return weight_bytes / (usable * memory_bytes)


def stream_time(
    m: MathNamespace,
    *,
    weight_bytes: Value,
    resident_bytes: Value,
    links: Value,
    link_bandwidth: Value,
) -> Value:
    """Time to bring the weights that are not resident to the devices, once [s].

    Parameters
    ----------
    weight_bytes, resident_bytes : Value
        All weights, and those that stay on the devices [byte].
    links : Value
        Links that work side by side [1].
    link_bandwidth : Value
        Of each, one way [byte/s].
    """
    return m.maximum(weight_bytes - resident_bytes, 0.0) / (links * link_bandwidth)


def tiered_time(
    m: MathNamespace,
    *,
    weight_bytes: Value,
    resident_bytes: Value,
    host_bytes: Value,
    link_bandwidth: Value,
    ssd_bandwidth: Value,
) -> Value:
    """Time of one pass's loading where host memory is too small as well and the rest is on SSD [s].

    All that is not resident crosses the links; the part beyond host memory is read from SSD at the
    same time, so the slower of the two decides.

    Parameters
    ----------
    weight_bytes, resident_bytes, host_bytes : Value
        All weights, those on the devices and the most that host memory holds [byte].
    link_bandwidth, ssd_bandwidth : Value
        Of all links and all drives together [byte/s].
    """
    streamed = m.maximum(weight_bytes - resident_bytes, 0.0)
    on_ssd = m.maximum(streamed - host_bytes, 0.0)
    return m.maximum(streamed / link_bandwidth, on_ssd / ssd_bandwidth)


def sequential_time(*, stages: Value, load: Value, compute: Value) -> Value:
    """Time of a pass that loads each stage and then computes it [s].

    Parameters
    ----------
    stages : Value
        Layers, or groups of layers, that are loaded together.
    load, compute : Value
        Of one stage [s].
    """
    return stages * (load + compute)


def pipelined_time(m: MathNamespace, *, stages: Value, load: Value, compute: Value) -> Value:
    """Time of a pass that loads the next stage while one is computed [s].

    The first load and the last compute stand alone; between them every stage takes
    ``max(load, compute)``. Parameters as in `sequential_time`, with at least one stage.
    """
    return load + (stages - 1.0) * m.maximum(load, compute) + compute


def hosts_time(
    m: MathNamespace, *, hosts: Value, stages: Value, load: Value, compute: Value
) -> Value:
    """Time of a pass over several hosts, each of which loads and computes its own stages [s].

    All begin to load at once, so only the first host is ever waited for: the others have loaded
    by the time their turn comes, and add their compute.

    Parameters
    ----------
    hosts, stages : Value
        Hosts, and stages on each of them.
    load, compute : Value
        Of one stage [s].
    """
    first = pipelined_time(m, stages=stages, load=load, compute=compute)
    return first + (hosts - 1.0) * stages * compute
