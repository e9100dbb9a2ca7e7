"""What the shell offers after a Tab: runs, scenarios, assumptions, plugins, pictures, formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from amplicast.cli.common import RUNS

__all__ = ["assumptions", "names_of", "run_ids", "run_names", "scenarios"]

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def run_ids(_ctx: click.Context, _param: click.Parameter, beginning: str) -> list[str]:
    """Ids of the runs of this folder, the newest first."""
    cards = sorted(RUNS.glob("*/run.json"), key=lambda card: -card.stat().st_mtime)
    return _matching((card.parent.name for card in cards), beginning)


def run_names(ctx: click.Context, param: click.Parameter, beginning: str) -> list[str]:
    """``latest`` and ``previous``, and the ids."""
    return [*_matching(["latest", "previous"], beginning), *run_ids(ctx, param, beginning)]


def scenarios(_ctx: click.Context, _param: click.Parameter, beginning: str) -> list[str]:
    """Scenarios that are installed, and files beside the beginning of a path."""
    from amplicast.cli.names import names

    folder = Path(beginning).parent if "/" in beginning else Path()
    files = sorted(str(path) for path in folder.glob("*.toml"))
    return _matching([*names("forecasts"), *files], beginning)


def assumptions(_ctx: click.Context, _param: click.Parameter, beginning: str) -> list[str]:
    """Names of assumptions, up to the sign after which the belief stands."""
    from amplicast.cli.names import names

    return [f"{name}=" for name in _matching(names("assumptions"), beginning)]


def names_of(kind: str) -> Complete:
    """Names of one kind, from the kept list; see `amplicast.cli.names`."""

    def complete(_ctx: click.Context, _param: click.Parameter, beginning: str) -> list[str]:
        from amplicast.cli.names import names

        return _matching(names(kind), beginning)

    return complete


def _matching(known: Iterable[str], beginning: str) -> list[str]:
    return [name for name in known if name.startswith(beginning)]
