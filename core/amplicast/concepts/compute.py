"""Accelerators, the model they serve, how they serve it, who owns them and who asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amplicast.concepts.evidence import Value
from amplicast.concepts.plugin import Plugin

__all__ = ["Demand", "Fleet", "Hardware", "ModelLine", "Serving", "Supply"]


@dataclass(frozen=True, kw_only=True)
class Hardware(Plugin):
    """One accelerator, per device; dense rates only.

    Attributes
    ----------
    flop_per_s : Mapping[str, float]
        Dense peak by precision, keys among ``bf16``, ``fp8``, ``int8``, ``fp4`` [FLOP/s].
    memory_bytes, bandwidth : float
        Capacity [byte] and memory bandwidth [byte/s].
    link_bandwidth, domain : float, int
        One-way scale-up bandwidth per device [byte/s], devices in the scale-up domain.
    power_w : float
        Thermal design power [W]; `it_power_w` with its share of the server, where published.
    """

    vendor: str
    released: str
    flop_per_s: Mapping[str, float]
    memory_bytes: float
    bandwidth: float
    link_bandwidth: float
    domain: int
    power_w: float
    it_power_w: float | None = None
    price_usd: tuple[float, float] | None = None
    rent_usd_per_hour: float | None = None

    @property
    def flop_per_s_8bit(self) -> float:
        """Dense 8-bit peak: the greater of fp8 and int8 [FLOP/s]."""
        return max(self.flop_per_s[key] for key in ("fp8", "int8") if key in self.flop_per_s)

    @property
    def h100e(self) -> float:
        """Dense 8-bit peak over that of an H100 (1.979e15 FLOP/s)."""
        return self.flop_per_s_8bit / 1.979e15


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Devices side by side, so that a serving model is evaluated once for all of them.

    All but `ids` are labelled values along dim ``hardware``, in the order of `ids`; dense rates,
    per device, as in `Hardware`.

    Attributes
    ----------
    ids : tuple of str
    flop_per_s, flop_per_s_bf16 : Value
        Peak at the precision that is served, 8 bits in a forecast, and in bf16, nan where a
        device states none [FLOP/s].
    memory_bytes, bandwidth : Value
        Capacity [byte] and memory bandwidth [byte/s].
    link_bandwidth, domain : Value
        One-way scale-up bandwidth [byte/s], devices in the scale-up domain.
    power_w : Value
        Thermal design power [W].
    h100e : Value
        Peak in 8 bits (the greater of fp8 and int8) over that of an H100.
    fp4 : Value
        1 where `flop_per_s` is that of FP4, else 0.
    """

    ids: tuple[str, ...]
    flop_per_s: Value
    flop_per_s_bf16: Value
    memory_bytes: Value
    bandwidth: Value
    link_bandwidth: Value
    domain: Value
    power_w: Value
    h100e: Value
    fp4: Value = 0.0


@dataclass(frozen=True, kw_only=True)
class ModelLine(Plugin):
    """The frontier model by year.

    Attributes
    ----------
    path : callable
        ``path(m, *, year, **parameters) -> dict`` with labelled ``log10_training_flop``
        [OOM FLOP], ``active`` and ``total`` [parameters], ``tokens`` [training tokens],
        ``kv_bytes`` [byte per context token].
    """

    path: Callable[..., Mapping[str, Value]]


@dataclass(frozen=True, kw_only=True)
class Serving(Plugin):
    """Turns hardware and model into streams and device time.

    Attributes
    ----------
    serve : callable
        ``serve(m, *, fleet, model, task, speed, **parameters) -> (streams, kappa)``, both along
        ``hardware``. `fleet` is a `Fleet`, `model` what `ModelLine.path` returned, `task` has
        ``input_tokens`` and ``output_tokens``.

        `streams`: streams per device that each run at ``speed`` [tokens/s]; 0 where the device
        cannot.

        `kappa`: device time per FLOP of extra (decode) work over the average of an unaugmented
        task, so that ``rho(x) = 1 + kappa (10**x - 1)``; 1 where cost is proportional to FLOP,
        positive and finite even where no stream runs.
    """

    serve: Callable[..., tuple[Value, Value]]


@dataclass(frozen=True, kw_only=True)
class Supply(Plugin):
    """A pool of compute by year.

    Attributes
    ----------
    actor : str
        Whose pool: ``world``, ``leading-lab``, ...
    stock : callable
        ``stock(m, *, year, world, **parameters) -> H100e`` at the end of each year; `world` is
        the world's stock for pools that are a share of it (None for the world itself).
    """

    actor: str
    stock: Callable[..., Value]


@dataclass(frozen=True, kw_only=True)
class Demand(Plugin):
    """What users ask of the pool.

    Attributes
    ----------
    rate : callable
        ``rate(m, *, year, **parameters) -> dict`` with ``output``, ``fresh`` and ``cached``
        tokens per second, world total at the end of each year.
    """

    rate: Callable[..., Mapping[str, Value]]
