"""How an answer meets a terminal or a pipe: width, colour, encoding, and what goes to stderr."""

from __future__ import annotations

import os
import shutil
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from amplicast.engine.progress import Progress
    from amplicast.report.layout import Role, Text

__all__ = ["COLORS", "ascii_only", "color_of", "complain", "forgiving", "progress", "say", "show"]

COLORS = ("auto", "always", "never")

LEAST = 40
"""Columns below which nothing is laid out narrower."""


def color_of(choice: str) -> bool | None:
    """Whether to colour; None leaves it to whether there is a terminal.

    `NO_COLOR` (no-color.org), `FORCE_COLOR` and ``TERM=dumb`` are heard unless the user chose.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return True if os.environ.get("FORCE_COLOR") else None


def forgiving() -> None:
    """Print a mark in place of a character that the encoding lacks, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and "utf" not in stream.encoding.lower():
            stream.reconfigure(errors="replace")


def ascii_only() -> bool:
    """Whether stdout's encoding lacks the block characters."""
    try:
        "░▓█·".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def show(text: Text) -> None:
    """Print an answer: fitted to a terminal, in its own width in a pipe."""
    click.echo(text.laid(_width(sys.stdout), _dressed))


def say(ctx: click.Context, text: str) -> None:
    """Tell the user something that is not the answer: on stderr, unless quiet."""
    if not ctx.find_root().obj["quiet"]:
        complain(text)


def complain(text: str) -> None:
    """Print to stderr; commands to be copied stay in one line."""
    from amplicast.report.layout import Text

    width = _width(sys.stderr)
    lines = [
        Text((line,)).laid(width) if width and not line.startswith("Fix: ") else line
        for line in text.split("\n")
    ]
    click.echo("\n".join(lines), err=True)


def progress(ctx: click.Context) -> Progress:
    """What shows how far the fits have got; no bars beside JSON."""
    from amplicast.engine.progress import display

    return display(
        quiet=ctx.find_root().obj["quiet"],
        bars=not ctx.params.get("as_json", False),
        color=ctx.color is not False,
    )


def _width(stream: TextIO) -> int | None:
    return max(LEAST, shutil.get_terminal_size().columns) if stream.isatty() else None


def _dressed(line: str, role: Role) -> str:
    if role == "title":
        return click.style(line, bold=True)
    return click.style(line, dim=True) if role == "head" else line
