"""Rows as CSV, with text that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

__all__ = ["Cell", "guarded", "lines"]

Cell = str | int | float | None

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """Text with an apostrophe before it where a spreadsheet would read a formula."""
    return "'" + text if text.startswith(_STARTS) else text


def lines(rows: Iterable[Sequence[Cell]]) -> str:
    """CSV of rows: text guarded, numbers to the last digit, empty where there is nothing."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return guarded(cell) if isinstance(cell, str) else repr(cell)
