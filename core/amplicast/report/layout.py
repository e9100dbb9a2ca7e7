"""Text for a terminal: notes and tables, laid out for a width, or as they are for a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from amplicast.report.table_layout import table_lines, wrapped

__all__ = ["Block", "Grid", "Text", "grid", "note", "text_of"]

NOTES = 100
"""Columns after which notes are wrapped where there is no terminal."""

Role = Literal["title", "head", "body"]

Style = Callable[[str, Role], str]
"""Dresses a line by its role, for example in bold; the layout never depends on it."""


@dataclass(frozen=True)
class Grid:
    """A table under a title.

    Attributes
    ----------
    title : str
        May be empty.
    rows : tuple of tuple of str
        A row may have fewer cells than others; its last one may run on to the right.
    head : int
        Rows at the top that name the columns.
    keys : int
        Columns at the left that name the rows; they are repeated where a table is cut in two.
    group : int
        Columns after those that belong together, so that a cut does not part them.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    head: int = 1
    keys: int = 1
    group: int = 1


Block = str | Grid
"""A note, each line of which is a paragraph, or a table."""


@dataclass(frozen=True)
class Text:
    """Blocks, with an empty line between each two; ``str`` gives what a pipe gets."""

    blocks: tuple[Block, ...]

    def __str__(self) -> str:
        return self.laid()

    def laid(self, width: int | None = None, style: Style = lambda line, _: line) -> str:
        """The text for so many columns; tables keep their own width where it is None."""
        parts = [
            "\n".join(
                _paragraphs(block, width or NOTES)
                if isinstance(block, str)
                else _table(block, width, style)
            )
            for block in self.blocks
        ]
        return "\n\n".join(parts)


def grid(
    title: str, rows: Iterable[Sequence[str]], *, head: int = 1, keys: int = 1, group: int = 1
) -> Grid:
    """A table of rows under a title."""
    return Grid(title, tuple(tuple(row) for row in rows), head, keys, group)


def note(text: str) -> str:
    """One paragraph, however its source breaks the lines."""
    return " ".join(text.split())


def text_of(blocks: Iterable[Block]) -> Text:
    """A text of those blocks that are not empty."""
    return Text(tuple(block for block in blocks if block))


def _paragraphs(block: str, width: int) -> list[str]:
    lines = []
    for line in block.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        hanging = indent + "  " if indent else ""
        lines += wrapped(line, width, indent=hanging)
    return lines


def _table(block: Grid, width: int | None, style: Style) -> list[str]:
    title = _paragraphs(block.title, width or NOTES) if block.title else []
    lines = [style(line, "title") for line in title]
    parts = table_lines(block.rows, width, head=block.head, keys=block.keys, group=block.group)
    for place, part in enumerate(parts):
        if place:
            lines.append("")
        lines += [style(line, "head" if is_head else "body") for is_head, line in part]
    return lines
