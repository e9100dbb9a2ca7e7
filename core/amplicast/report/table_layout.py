"""Rows of cells as aligned lines that fit a width: cells are folded, wrapped, or the table cut."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

__all__ = ["table_lines", "wrapped"]

INDENT = "  "

_WHOLE = re.compile(
    r" (?=%|±)|(?<=±) |(?<=\d) (?=to [+\-×]?\d|(?:m|b|tr|quadr)illion)|(?<=\d to) (?=[+\-×]?\d)"
)
"""Spaces at which a line is not broken."""

WIDE, NARROW = 3, 2
"""Columns between cells, where there is room and where there is none."""

MOST = 2
"""Lines into which words of several columns may be wrapped; else the table is rather cut in two."""

Row = Sequence[str]
Part = list[tuple[bool, str]]
"""Lines of a table, each with whether it belongs to the head."""


def table_lines(
    rows: Sequence[Row], width: int | None, *, head: int = 1, keys: int = 1, group: int = 1
) -> list[Part]:
    """The table as one part, or as several with the key columns repeated.

    Parameters
    ----------
    rows : sequence of sequence of str
        Cells; a row may have fewer than the others, and its last one may run on to the right.
    width : int or None
        Columns to fit; None for as many as the cells ask for.
    head, keys, group : int
        Rows that name the columns, columns that name the rows, and how many of the columns after
        those belong together.
    """
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return []
    found = _fitting(rows, columns, width, head)
    if found is not None:
        return [found]
    assert width is not None
    return [
        _fitting(part, len(chosen), width, head) or _crammed(part, len(chosen), width, head)
        for chosen in _cut(rows, columns, width, keys, group)
        for part in [[_pick(row, chosen, columns) for row in rows]]
    ]


def _fitting(rows: Sequence[Row], columns: int, width: int | None, head: int) -> Part | None:
    """The first of the layouts that fits; None where none does."""
    if width is None:
        return _lines(_cells(rows, columns, str.splitlines), columns, WIDE, head)
    for gap, fold, wrapped in (
        (WIDE, str.splitlines, False),
        (NARROW, str.splitlines, False),
        (NARROW, _at_semicolon, False),
        (NARROW, _at_both, False),
        (NARROW, str.splitlines, True),
        (NARROW, _at_semicolon, True),
        (NARROW, _at_both, True),
    ):
        cells = _cells(rows, columns, fold)
        if wrapped:
            room = _shares(cells, columns, width, gap)
            cells = [[_wrapped(cell, room[i]) for i, cell in enumerate(row)] for row in cells]
            if _tall(cells, _cells(rows, columns, fold), columns) > 1:
                continue
        part = _lines(cells, columns, gap, head, width)
        if max(len(line) for _, line in part) <= width:
            return part
    return None


def _crammed(rows: Sequence[Row], columns: int, width: int, head: int) -> Part:
    """Words wrapped into as many lines as it takes."""
    cells = _cells(rows, columns, _at_both)
    room = _shares(cells, columns, width, NARROW)
    wrapped = [[_wrapped(cell, room[i]) for i, cell in enumerate(row)] for row in cells]
    return _lines(wrapped, columns, NARROW, head, width)


def _cells(
    rows: Sequence[Row], columns: int, fold: Callable[[str], list[str]]
) -> list[list[list[str]]]:
    """Lines of every cell; a last cell that runs on to the right is not folded."""
    return [
        [[cell] if _runs_on(row, i, columns) else fold(cell) or [""] for i, cell in enumerate(row)]
        for row in rows
    ]


def _runs_on(row: Sequence[object], place: int, columns: int) -> bool:
    return len(row) < columns and place == len(row) - 1


def _at_semicolon(cell: str) -> list[str]:
    """``0.4 (0.2 to 0.8;`` and below it, under the bracket's content, ``0.1 to 1.1)``."""
    first, *rest = cell.split("; ")
    lead = " " * (first.rfind("(") + 1)
    parts = [first, *(lead + part for part in rest)]
    return [*(part + ";" for part in parts[:-1]), parts[-1]]


def _at_both(cell: str) -> list[str]:
    """A bracket begins a line of its own."""
    first, bracket, rest = cell.partition(" (")
    return [first, *_at_semicolon("(" + rest)] if bracket else _at_semicolon(cell)


def _wrapped(lines: Sequence[str], room: int) -> list[str]:
    found = []
    for line in lines:
        lead = " " * (len(line) - len(line.lstrip()))
        found += wrapped(line, max(room, 1), indent=lead)
    return found


def wrapped(line: str, width: int, *, indent: str = "") -> list[str]:
    """The line in as many as it takes, the later ones indented.

    ``90 %``, ``0.2 to 0.8`` and ``7.4 billion`` stay in one piece.
    """
    lines = textwrap.wrap(
        _WHOLE.sub("\N{NO-BREAK SPACE}", line),
        width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in lines] or [""]


def _widths(cells: Sequence[Sequence[Sequence[str]]], columns: int) -> list[int]:
    return [
        max(
            (
                max(map(len, row[i]))
                for row in cells
                if len(row) > i and not _runs_on(row, i, columns)
            ),
            default=0,
        )
        for i in range(columns)
    ]


def _words(line: str) -> list[str]:
    return wrapped(line, 1) or [""]


def _shares(
    cells: Sequence[Sequence[Sequence[str]]], columns: int, width: int, gap: int
) -> list[int]:
    """Room for each column: the widest give way first, none below its longest word."""
    room = _widths(cells, columns)
    least = _widths(
        [[[max(_words(line), key=len) for line in cell] for cell in row] for row in cells],
        columns,
    )
    left = width - len(INDENT) - gap * (columns - 1)
    while sum(room) > left:
        over = [i for i in range(columns) if room[i] > least[i]]
        if not over:
            break
        room[max(over, key=lambda i: room[i])] -= 1
    return room


def _tall(
    cells: Sequence[Sequence[Sequence[str]]],
    before: Sequence[Sequence[Sequence[str]]],
    columns: int,
) -> int:
    """Columns in which wrapping made more than `MOST` lines of a cell."""
    pairs = [list(zip(row, was, strict=True)) for row, was in zip(cells, before, strict=True)]
    return sum(
        any(len(row) > i and len(row[i][0]) > max(MOST, len(row[i][1])) for row in pairs)
        for i in range(columns)
    )


def _lines(
    cells: Sequence[Sequence[Sequence[str]]],
    columns: int,
    gap: int,
    head: int,
    width: int | None = None,
) -> Part:
    room = _widths(cells, columns)
    part: Part = []
    for place, row in enumerate(cells):
        told = [list(cell) for cell in row]
        if width is not None and len(row) < columns:
            left = width - len(INDENT) - sum(room[: len(row) - 1]) - gap * (len(row) - 1)
            told[-1] = _wrapped(told[-1], left)
        for i in range(max(map(len, told))):
            line = (" " * gap).join(
                (cell[i] if i < len(cell) else "").ljust(room[k]) for k, cell in enumerate(told)
            )
            part.append((place < head, (INDENT + line).rstrip()))
    return part


def _cut(
    rows: Sequence[Row], columns: int, width: int, keys: int, group: int
) -> Iterator[list[int]]:
    """Columns of each part: the keys, then as many others as have room when they are folded."""
    room = _widths(_cells(rows, columns, _at_semicolon), columns)
    lead = list(range(keys))
    start = len(INDENT) + sum(room[:keys]) + NARROW * (keys - 1)
    chosen, used = lead.copy(), start
    for first in range(keys, columns, group):
        together = range(first, min(first + group, columns))
        asked = sum(NARROW + room[i] for i in together)
        if len(chosen) > keys and used + asked > width:
            yield chosen
            chosen, used = lead.copy(), start
        chosen += together
        used += asked
    yield chosen


def _pick(row: Row, chosen: Sequence[int], columns: int) -> Row:
    """The chosen cells; one that runs on to the right stands in every part."""
    if len(row) < columns and len(row) <= max(chosen[:1], default=0) + 1:
        return row
    return [row[i] for i in chosen if i < len(row)]
