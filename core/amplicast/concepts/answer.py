"""Scenarios that ship with a distribution, and formats that an answer is written in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amplicast.concepts.plugin import Plugin

__all__ = ["Exporter", "ForecastSpec"]


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
