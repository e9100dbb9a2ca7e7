"""What every command takes: ``--quiet``, ``--color``, and options from the environment."""

from __future__ import annotations

from typing import Any

import click

from amplicast.cli.terminal import COLORS, color_of

__all__ = ["Several", "variable", "with_shared"]

PREFIX = "AMPLICAST"


class Several(click.types.StringParamType):
    """Text of a repeatable option; in an environment variable, ``;`` stands between two."""

    envvar_list_splitter = ";"


def variable(path: tuple[str, ...], option: click.Parameter) -> str:
    """Environment variable of an option: ``AMPLICAST_RUN_DRAWS`` for ``run --draws``."""
    flag = max(option.opts, key=len).lstrip("-")
    return "_".join([PREFIX, *path, flag]).replace("-", "_").upper()


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
