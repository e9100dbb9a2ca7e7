"""Accelerators, the model they serve, how they serve it, who owns them and who asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from amplicast.concepts.evidence import Value
from amplicast.concepts.plugin import Plugin

__all__ = [
    "Cost",
    "Demand",
    "Equivalence",
    "Fleet",
    "Hardware",
    "ModelLine",
    "Serving",
    "Supply",
]


H100_FLOP_PER_S = {
    "fp32": 66.91e12,
    "tf32": 494.7e12,
    "bf16": 989.4e12,
    "fp8": 1979e12,
    "int8": 1979e12,
    "8bit": 1979e12,
}
"""Dense peaks of an H100 SXM, the unit that stock is counted in; Epoch AI, chip data of 2026."""


@dataclass(frozen=True, kw_only=True)
class Hardware(Plugin):
    """One accelerator, per device; dense rates only.

    Attributes
    ----------
    flop_per_s : Mapping[str, float]
        Dense peak by precision, keys among ``fp32``, ``tf32``, ``bf16``, ``fp8``, ``int8``,
        ``fp4`` [FLOP/s]; what is not published is left out.
    memory_bytes, bandwidth : float
        Capacity [byte] and memory bandwidth [byte/s].
    link_bandwidth, domain : float, int
        One-way scale-up bandwidth per device [byte/s], devices in the scale-up domain.
    power_w : float
        Thermal design power [W]; `it_power_w` with its share of the server, where published.
    link, pcie_bandwidth : str, float, optional
        What the scale-up links are; one way to the host [byte/s].
    price_usd, rent_usd_per_hour, rent_range_usd, rent_date
        Low and high price [USD]; central rent, its range [USD/hour] and their date.
    marketed_sparsity : float, optional
        What marketed rates exceed these dense ones by [1].
    from_memory : tuple of str
        Figures that were recalled and not looked up: grade D, whatever the sources are.
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
    rent_range_usd: tuple[float, float] | None = None
    rent_date: str = ""
    link: str = ""
    pcie_bandwidth: float | None = None
    marketed_sparsity: float | None = None
    from_memory: tuple[str, ...] = ()

    @property
    def flop_per_s_8bit(self) -> float:
        """Dense peak at which weights of 8 bits are used [FLOP/s].

        The greatest of fp8, int8 and bf16: weights can be widened as they are read, and INT8 was
        cut to a thirtieth on some devices. NaN where none is published.
        """
        return max(
            (self.flop_per_s[key] for key in ("fp8", "int8", "bf16") if key in self.flop_per_s),
            default=float("nan"),
        )

    @property
    def h100e(self) -> float:
        """Dense 8-bit peak over that of an H100 (1.979e15 FLOP/s)."""
        return self.flop_per_s_8bit / H100_FLOP_PER_S["8bit"]

    def h100e_at(self, precision: str) -> float:
        """Dense peak at a precision over that of an H100 [1]; NaN where either has none.

        Parameters
        ----------
        precision : str
            A key of `flop_per_s`, or ``8bit``.
        """
        own = self.flop_per_s_8bit if precision == "8bit" else self.flop_per_s.get(precision)
        reference = H100_FLOP_PER_S.get(precision)
        return own / reference if own and reference else float("nan")


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
    bounded : bool
        The runs are made on the compute of their year, so that it bounds them; not so for a model
        that is there already.
    """

    path: Callable[..., Mapping[str, Value]]
    bounded: bool = False


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
    since : int, optional
        Year from whose end the pool grows with the world: the years of a forecast with this pool
        start no later.
    """

    actor: str
    stock: Callable[..., Value]
    since: int | None = None


@dataclass(frozen=True, kw_only=True)
class Cost(Plugin):
    """What compute costs whoever runs it.

    Attributes
    ----------
    hour : callable
        ``hour(m, *, year, **parameters) -> USD/hour``: one H100e for an hour, at the end of each
        year.
    """

    hour: Callable[..., Value]


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


@dataclass(frozen=True, kw_only=True)
class Equivalence(Plugin):
    """What counts as one person at work.

    Attributes
    ----------
    tokens_per_second : callable
        ``tokens_per_second(m, *, speed, task, **parameters) -> tokens/s``: output tokens per
        second that count as one person at work, positive. `speed` is the serial speed of a copy
        [tokens/s], `task` has ``input_tokens`` and ``output_tokens``. A pool's token capacity over
        it is its human-equivalents [people]; a copy's speed over it is how much faster than a
        person one copy is.
    """

    tokens_per_second: Callable[..., Value]
