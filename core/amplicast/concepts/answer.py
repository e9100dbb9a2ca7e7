"""Scenarios that ship with a distribution, and formats that an answer is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

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
    """Writes a forecast in one format.

    Attributes
    ----------
    write : callable
        ``write(table) -> str``; `table` is an `amplicast.report.ForecastTable`. Where `reads` is
        ``document`` it gets an `amplicast.report.ForecastDocument` instead, which has the table
        and, beside it, the registers, the sources and the joint draws. It returns text, or bytes
        for a binary format, or a mapping from names to either for several files: the name ``""``
        is the file that the user names, other names are endings of files beside it; without
        ``""``, they are files in a folder that the user names. If it takes a keyword `stem`, that
        is the user's file name without its ending.
    suffix : str
        File name ending, for example ``.csv``; empty where a folder is written.
    reads : {"table", "document"}
    needs : tuple of str
        Modules that it imports besides those that amplicast always has.
    extra : str
        Extra of the distribution that brings them, for example ``amplicast[xlsx]``.
    cite : callable or None
        ``cite(sources) -> str``, where the format is one for references: it gets rows of
        `amplicast.report.registers.SourceRow`, without any forecast.
    """

    write: Callable[..., str | bytes | Mapping[str, str | bytes]]
    suffix: str
    reads: Literal["table", "document"] = "table"
    needs: tuple[str, ...] = ()
    extra: str = ""
    cite: Callable[[Sequence[Any]], str] | None = None
