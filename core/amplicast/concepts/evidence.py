"""Measurements, where they come from, and what the model says they should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

__all__ = ["Evidence", "Family", "Group", "Source", "Stock", "Table", "Value"]

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
        the predictor returns a probability, `scale` is the concentration parameter
        (the predictor of a family with a scale may return a pair ``(mean, scale)`` instead, where
        the scale differs by row: then `scale` is empty);
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
    new : str
        Name of the declared parameter that is the score of a level that was not measured, where
        the plugin has one: who asks about a measured level then gets that level instead.
    centred : bool
        Sample the levels themselves, ``Normal(parameter, scale)``, instead of their scores. The
        posterior is the same; it is reached in fewer steps where the rows of each level tell far
        more of it than the other levels do, and in more steps elsewhere.
    """

    by: str
    scale: str
    new: str = ""
    centred: bool = False


@dataclass(frozen=True, kw_only=True)
class Stock:
    """What the rows of a series add to: their sum is its change.

    Attributes
    ----------
    table : Table
        With the column ``date``, the series column of the evidence, and `value`.
    value : str
        Column of the stock, in the unit that ten to the power of a row has.
    """

    table: Table
    value: str


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
    series : str
        Text column that names the series of a row, where rows also have a column ``date`` (ISO):
        a hindcast then holds back what came after a date.
    stock : Stock, optional
        Where rows are log10 of flows: what they add to, series by series.
    naive : callable or None
        ``naive(m, columns) -> value`` of a simpler rule without parameters, on the family's
        scale. Held-out rows are compared with it plus the misses of the other sources' rows;
        without it, with the other sources' rows as they are.
    """

    id: str
    table: Table
    predictor: Callable[..., Value]
    family: Family
    informs: str
    sources: tuple[Source, ...]
    groups: Mapping[str, Group] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)
    series: str = ""
    stock: Stock | None = None
    naive: Callable[..., Value] | None = None
