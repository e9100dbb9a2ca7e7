"""What a plugin hands over: frozen data and pure functions, never a random variable.

Every function here is written once against a math namespace `m` (see `amplicast.math`) and must
run on NumPy/xarray values and on PyTensor `xtensor` variables alike: operators, the functions of
`m`, and the methods `.sum(dim)`, `.max(dim)`, `.isel(...)`, `.cumsum(dim)` that both sides share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from amplicast.priors import Prior

__all__ = [
    "Combining",
    "Context",
    "Demand",
    "Evidence",
    "Exporter",
    "Family",
    "Fleet",
    "ForecastSpec",
    "Group",
    "Hardware",
    "Mechanism",
    "ModelLine",
    "Plugin",
    "Serving",
    "Source",
    "Supply",
    "Table",
    "TaskClass",
    "Technique",
]

API_VERSION = 1
"""Version of the plugin contract; a plugin that declares another is refused by name."""

Mechanism = Literal["parameters", "passes", "serial-tokens", "latency"]
TaskClass = Literal["general", "sequential", "verifiable", "game"]

Value = Any
"""A labelled value: float, NumPy array, `xarray.DataArray` or PyTensor `XTensorVariable`."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a number comes from.

    Attributes
    ----------
    key : str
        Short citation key, ASCII, for example ``besiroglu2024``.
    title, url, accessed : str
        Bibliographic record; `accessed` is an ISO date or empty.
    grade : {"A", "B", "C", "D"}
        A direct measurement, B derived, C argument, D judgement.
    """

    key: str
    title: str
    url: str = ""
    accessed: str = ""
    grade: Literal["A", "B", "C", "D"] = "B"


@dataclass(frozen=True)
class Table:
    """A CSV file that ships with its plugin; the first column names the row.

    Attributes
    ----------
    path : Path
        Absolute path of the CSV (build it from ``Path(__file__).with_name(...)``).
    """

    path: Path


@dataclass(frozen=True, kw_only=True)
class Family:
    """A named likelihood; which columns or parameters it reads.

    Attributes
    ----------
    name : str
        ``normal``, ``student-t``, ``log-normal``: columns `value`, and `scale` (a column, else a
        parameter); ``binomial``, ``beta-binomial``: columns `value` (successes) and `trials`,
        the predictor returns a probability, `scale` is the concentration parameter;
        ``interval``: columns `low`, `value`, `high` of a published central range of `mass`, on a
        log scale when `log` is true (the predictor then returns the natural log);
        ``estimate``: column `value` with the covariance matrix in the table `covariance`
        (a square CSV in the row order), plus `scatter`, a parameter (or a column of parameter
        names, one per row) whose square is added to the diagonal.
    """

    name: Literal[
        "normal", "student-t", "log-normal", "binomial", "beta-binomial", "interval", "estimate"
    ]
    value: str = "value"
    scale: str = "scale"
    trials: str = "trials"
    low: str = "low"
    high: str = "high"
    mass: float = 0.9
    log: bool = False
    degrees: float = 4.0
    covariance: Table | None = None
    scatter: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Partial pooling: a parameter takes one value per level of a column.

    The value for a level is ``parameter + scale * z[level]`` with ``z ~ Normal(0, 1)``; the
    predictor receives it already looked up for each row.

    Attributes
    ----------
    by : str
        Column whose distinct values are the levels.
    scale : str
        Name of the declared parameter that is the between-level standard deviation.
    """

    by: str
    scale: str


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Dated measurements and what the model says they should be.

    Attributes
    ----------
    id : str
        Unique inside the plugin.
    table : Table
        The rows. Numeric columns reach the predictor as arrays along dim ``point``; text columns
        are used for groups only.
    predictor : callable
        ``predictor(m, columns, **parameters) -> mean`` along ``point`` (names of the parameters
        it takes are read from its signature). Pure.
    family : Family
        The likelihood.
    groups : Mapping[str, Group]
        Parameters that are partially pooled in this evidence.
    informs : str
        One plain sentence: what these rows teach.
    sources : tuple of Source
    where : Mapping[str, str]
        Optional row filter: keep rows whose column equals the value.
    """

    id: str
    table: Table
    predictor: Callable[..., Value]
    family: Family
    informs: str
    sources: tuple[Source, ...]
    groups: Mapping[str, Group] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """What every plugin declares.

    Attributes
    ----------
    id : str
        Lower case with hyphens; unique within its kind.
    summary : str
        One sentence for lists.
    priors : Mapping[str, Prior]
        Every parameter its functions take, with unit and source. A parameter that the predictor
        of some evidence names is calibrated; the others are beliefs.
    evidence : tuple of Evidence
    coords, dims : Mapping
        Labels of the plugin's own dimensions, and the dims of parameters that are not scalar.
        The dim ``year`` is always there: one independent draw per forecast year.
    sources : tuple of Source
    limits : str
        Where it holds and what it leaves out, in plain words.
    version, api : str, int
    """

    id: str
    summary: str
    sources: tuple[Source, ...]
    limits: str
    priors: Mapping[str, Prior] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    coords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    version: str = "1"
    api: int = API_VERSION


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a technique may know of the model and the task.

    Attributes
    ----------
    task_class : str
    log10_training_flop : Value
        log10 of the training compute of the base model [FLOP].
    pass_rate : Value
        Chance that one unaugmented answer is right on the tasks in question [fraction].
    """

    task_class: TaskClass
    log10_training_flop: Value
    pass_rate: Value


@dataclass(frozen=True, kw_only=True)
class Technique(Plugin):
    """Trades inference compute against training compute.

    Attributes
    ----------
    exchange : callable
        ``exchange(m, spend, *, context, **parameters) -> gain``, both in OOM. ``spend`` is
        inference FLOP per task over that of the same model unaugmented. Laws: ``g(0) = 0``,
        non-decreasing, finite everywhere, same shape as its broadcast inputs.
    domain : callable
        ``domain(m, *, context, **parameters) -> (low, high)`` with ``low <= 0 <= high``;
        the engine clamps spend to it.
    mechanism, role, task_classes
    base_compute : callable, optional
        ``base_compute(m, *, params, tokens, **parameters) -> log10 FLOP``: the compute-optimal
        training compute of equal loss. Offered by a scaling policy, so that an overtrained model
        counts for less than its FLOP.
    """

    exchange: Callable[..., Value]
    domain: Callable[..., tuple[Value, Value]]
    mechanism: Mechanism
    role: Literal["amplifier", "economiser"]
    task_classes: tuple[TaskClass, ...]
    base_compute: Callable[..., Value] | None = None


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
        Peak in 8 bits (the greater of fp8 and int8), and in bf16, nan where a device states
        none [FLOP/s].
    memory_bytes, bandwidth : Value
        Capacity [byte] and memory bandwidth [byte/s].
    link_bandwidth, domain : Value
        One-way scale-up bandwidth [byte/s], devices in the scale-up domain.
    power_w : Value
        Thermal design power [W].
    h100e : Value
        `flop_per_s` over that of an H100.
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


@dataclass(frozen=True, kw_only=True)
class Combining(Plugin):
    """A rule for the joint gain of several techniques.

    Attributes
    ----------
    within : callable
        ``within(m, gains, **parameters) -> gain``: techniques of one mechanism at equal spend;
        `gains` is a list of labelled tables.
    cap : callable
        ``cap(m, gain, *, best_single, task_class, **parameters) -> gain``: monotone, never below
        `best_single`.
    """

    within: Callable[..., Value]
    cap: Callable[..., Value]


@dataclass(frozen=True, kw_only=True)
class ForecastSpec(Plugin):
    """A scenario that ships with its distribution.

    Attributes
    ----------
    scenario : Path
        Its TOML file.
    """

    scenario: Path


@dataclass(frozen=True, kw_only=True)
class Exporter(Plugin):
    """Writes a forecast table in one format.

    Attributes
    ----------
    write : callable
        ``write(table) -> str``; `table` is an `amplicast.report.ForecastTable`.
    suffix : str
        File name ending, for example ``.csv``.
    """

    write: Callable[..., str]
    suffix: str
