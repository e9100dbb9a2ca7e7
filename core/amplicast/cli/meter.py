"""How much of a long piece of work is done: on stderr, and nothing if quiet."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from amplicast.cli.terminal import say

__all__ = ["Meter", "meter"]


Meter = Callable[[int, int], None]
"""``meter(done, total)``, from any thread."""


@contextmanager
def meter(ctx: click.Context, things: str) -> Iterator[Meter]:
    """A bar on a terminal, a line for every tenth elsewhere.

    Parameters
    ----------
    ctx : click.Context
    things : str
        What is counted, in the plural.
    """
    quiet = ctx.find_root().obj["quiet"]
    shown = {"done": 0, "tenth": -1}
    bars: list[Any] = []
    lock = threading.Lock()
    with ExitStack() as stack:

        def bar(done: int, total: int) -> None:
            if not bars:
                made = click.progressbar(length=total, label=things, show_pos=True, file=sys.stderr)
                bars.append(stack.enter_context(made))
            bars[0].update(done - shown["done"])
            shown["done"] = done

        def line(done: int, total: int) -> None:
            tenth = 10 * done // total
            if tenth > shown["tenth"] and done:
                say(ctx, f"{done:,} of {total:,} {things}")
                shown["tenth"] = tenth

        def show(done: int, total: int) -> None:
            with lock:
                if not quiet:
                    (bar if sys.stderr.isatty() else line)(done, total)

        yield show
