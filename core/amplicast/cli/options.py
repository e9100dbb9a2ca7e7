"""What every command takes: ``--quiet``, ``--color``, and options from the environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from amplicast.cli.completing import assumptions
from amplicast.cli.terminal import COLORS, color_of

if TYPE_CHECKING:
    from amplicast.engine.execute import Where

__all__ = [
    "Several",
    "at_place",
    "changing",
    "cluster_of",
    "executing",
    "in_pool",
    "on_cluster",
    "reevaluating",
    "variable",
    "where_of",
    "with_shared",
]

PREFIX = "AMPLICAST"


class Several(click.types.StringParamType):
    """Text of a repeatable option; in an environment variable, ``;`` stands between two."""

    envvar_list_splitter = ";"


def variable(path: tuple[str, ...], option: click.Parameter) -> str:
    """Environment variable of an option: ``AMPLICAST_RUN_DRAWS`` for ``run --draws``."""
    flag = max(option.opts, key=len).lstrip("-")
    return "_".join([PREFIX, *path, flag]).replace("-", "_").upper()


def changing[F: Callable[..., Any]](told: str) -> Callable[[F], F]:
    """``--set NAME=VALUE``, repeatable, as the argument `sets`."""
    return click.option(
        "--set",
        "sets",
        multiple=True,
        metavar="NAME=VALUE",
        shell_complete=assumptions,
        help=told,
    )


def reevaluating[F: Callable[..., Any]](function: F) -> F:
    """``--variant`` and ``--set``: the run under other beliefs."""
    variant = click.option(
        "--variant", metavar="NAME", help="Re-evaluate under a variant of the scenario."
    )
    return variant(changing("Re-evaluate a belief.")(function))


def at_place[F: Callable[..., Any]](function: F) -> F:
    """``--year``, ``--actor``, ``--regime`` and ``--task-class``: where in a run to look."""
    year = click.option(
        "--year", type=int, metavar="Y", help="Year to look at (default: the last)."
    )
    return year(in_pool(function))


def in_pool[F: Callable[..., Any]](function: F) -> F:
    """``--actor``, ``--regime`` and ``--task-class``: where to look in every year."""
    for option in (
        click.option(
            "--task-class", metavar="NAME", help="Class of tasks (default: the middle one)."
        ),
        click.option(
            "--regime", metavar="NAME", help="Regime of amplification (default: the last)."
        ),
        click.option("--actor", metavar="NAME", help="Pool of compute (default: the first)."),
    ):
        function = option(function)
    return function


def on_cluster[F: Callable[..., Any]](function: F) -> F:
    """``--scheduler``: fits on a Dask cluster; see `cluster_of`."""
    return click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Use the Dask cluster at this address, tcp://HOST:8786.",
    )(function)


def executing[F: Callable[..., Any]](function: F) -> F:
    """``--executor`` and ``--scheduler``: where tasks are done; see `where_of`."""
    return click.option(
        "--executor",
        type=click.Choice(["serial", "threads", "processes", "dask"]),
        help="Where tasks are done (default: threads); the results are the same.",
    )(on_cluster(function))


def cluster_of(scheduler: str | None) -> Where | None:
    """The cluster that was asked for, if any.

    Raises
    ------
    ExtraError
        Dask is not installed.
    """
    from amplicast.engine.execute import Where, require_dask

    if not scheduler:
        return None
    require_dask()
    return Where(kind="dask", scheduler=scheduler)


def where_of(
    ctx: click.Context, executor: str | None, scheduler: str | None, workers: int | None
) -> Where:
    """Where tasks are to be done: the cluster, if there is an address, else on this machine.

    Raises
    ------
    UsageError
        A cluster without an address.
    ExtraError
        Dask is not installed.
    """
    from amplicast.engine.execute import Where

    if executor == "dask" and not scheduler:
        raise click.UsageError("--executor dask needs --scheduler ADDRESS.", ctx)
    here = Where(kind=executor or "threads", workers=workers or 0)
    return cluster_of(scheduler) or here


def with_shared(command: click.Command, *path: str) -> click.Command:
    """The command, and those below it, with the options that all have."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            with_shared(below, *path, name)
    known = {option.name for option in command.params}
    if "color" not in known:
        command.params += _options()
    for option in command.params:
        if isinstance(option, click.Option):
            option.envvar = variable(path, option)
            if option.multiple and type(option.type) is click.types.StringParamType:
                option.type = Several()
    return command


def _options() -> list[click.Option]:
    return [
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            expose_value=False,
            callback=_quiet,
            help="Say nothing but the answer and errors.",
        ),
        click.Option(
            ["--color"],
            type=click.Choice(COLORS),
            expose_value=False,
            callback=_color,
            help="Colour, instead of what the terminal and NO_COLOR ask for.",
        ),
    ]


def _quiet(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.find_root().obj["quiet"] = True


def _color(ctx: click.Context, _: click.Parameter, value: Any) -> None:
    if value is not None:
        ctx.color = ctx.find_root().color = color_of(value)
