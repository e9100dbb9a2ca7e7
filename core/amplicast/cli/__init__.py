"""The command ``amplicast``: one command per file, loaded when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from amplicast.cli.options import with_shared
from amplicast.cli.terminal import COLORS, color_of, complain, forgiving
from amplicast.errors import AmplicastError

__all__ = ["main"]

COMMANDS: Mapping[str, str] = {
    "run": "Calibrate on evidence and forecast a scenario.",
    "forecast": "Show the answer of a run, or re-evaluate it under other beliefs.",
    "sweep": "Forecast thousands of scenarios from one grid file.",
    "compare": "Tell how two runs differ: assumptions and headlines.",
    "diff": "Tell why two runs differ: what each change adds.",
    "pool": "Put runs of several forecasters together.",
    "copies": "Tell what copies take of the pool, leave and pass.",
    "check": "Tell whether a run may be quoted, and what stands against it.",
    "sensitivity": "Tell which inputs move the answer, and where a thing holds.",
    "voi": "Tell what to measure next: what knowing an input is worth.",
    "picture": "Draw a picture of a run as svg, png or pdf.",
    "report": "Write a run as one page for people to read.",
    "memo": "Write two pages about a run for people who decide.",
    "export": "Write a run as spreadsheet, csv, json, LaTeX, BibTeX and more.",
    "serve": "Open a run as a page with sliders, on this computer alone.",
    "runs": "List the runs of this folder, or remove one.",
    "techniques": "Tell what each technique can do, and what models already use.",
    "reproduce": "Give published answers back, and say where a source slipped.",
    "hardware": "List the accelerators, or tell every figure of one.",
    "supply": "Show pools of compute by year, or what a number of copies takes.",
    "optimal": "Find the best strategy and model size for an inference budget.",
    "hindcast": "Score what evidence up to a date would have foreseen.",
    "serving": "Tell what a device serves, and what a token costs.",
    "calibrate": "Fit one plugin and show what its evidence says.",
    "plugins": "List the plugins, tell about one, begin or check your own.",
    "evidence": "List the sources behind the plugins, or cite them.",
    "scenario": "Make, check, show or explain a scenario file.",
    "doctor": "Check the installation.",
    "completion": "Print the script that lets a shell complete names.",
}
"""Name -> help line; ``amplicast --help`` imports no command."""

INTERRUPTED = (
    "Interrupted. Nothing half-written is left; fits and slices that were finished are kept, so "
    "the same command goes on from there."
)


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"amplicast.cli.{cmd_name}")
        return with_shared(module.command, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command for a typing slip."""
        from difflib import get_close_matches

        slip = args and args[0] not in COMMANDS and not args[0].startswith("-")
        if slip and not ctx.resilient_parsing:
            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer commands and options without importing a command."""
        found = [
            CompletionItem(name, help=about)
            for name, about in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the table without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Turn the user's mistakes into messages, never tracebacks."""
        try:
            return super().invoke(ctx)
        except AmplicastError as error:
            complain(str(error))
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            complain(f"\n{INTERRUPTED}" if sys.stderr.isatty() else INTERRUPTED)
            ctx.exit(130)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise  # click tells them
        except BaseException as error:
            self._unforeseen(ctx, error)

    def _unforeseen(self, ctx: click.Context, error: BaseException) -> NoReturn:
        """Tell what nobody foresaw; a traceback is for those who ask for it."""
        from amplicast.cli.faults import TRACEBACK, OutOfTimeError, told

        foreseen = isinstance(error, Exception | OutOfTimeError)
        if not foreseen or os.environ.get(TRACEBACK):
            raise error
        problem = told(error, (ctx.obj or {}).get("registry"))
        complain(str(problem))
        ctx.exit(problem.exit_code)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "AMPLICAST"},
)
@click.version_option(package_name="amplicast", prog_name="amplicast", allow_from_autoenv=False)
@click.option(
    "--plugin",
    "plugin_files",
    multiple=True,
    type=click.Path(),
    envvar="AMPLICAST_PLUGIN",
    metavar="FILE.py",
    help="Load a one-file plugin as well (repeatable).",
)
@click.option("--block", multiple=True, metavar="NAME", help="Leave out a plugin (repeatable).")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the answer and errors.")
@click.option(
    "--color",
    type=click.Choice(COLORS),
    default="auto",
    show_default=True,
    help="Colour; auto: on a terminal, unless NO_COLOR is set.",
)
@click.pass_context
def main(
    ctx: click.Context,
    plugin_files: tuple[str, ...],
    block: tuple[str, ...],
    quiet: bool,
    color: str,
) -> None:
    """Forecast capability amplification and the number of AI copies, with honest uncertainty.

    Every option can be given by an environment variable too: AMPLICAST_RUN_DRAWS for the option
    --draws of run.

    \b
    amplicast run baseline
    amplicast forecast latest --years 2026,2030
    """
    forgiving()
    ctx.color = color_of(color)
    ctx.obj = {"plugin_files": plugin_files, "block": block, "quiet": quiet}


if __name__ == "__main__":
    sys.exit(main())
