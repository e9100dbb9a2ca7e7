"""``amplicast runs``: which runs are here, and taking one away."""

from __future__ import annotations

import sys
from typing import Any

import click

from amplicast.cli.common import RUNS, answer
from amplicast.cli.completing import run_ids
from amplicast.cli.terminal import say, show


@click.group("runs", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """List the runs of this folder, or remove one.

    \b
    amplicast runs
    amplicast runs remove 7f3a9c2
    """
    if ctx.invoked_subcommand is None:
        _list(ctx, as_json=as_json)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def list_runs(ctx: click.Context, as_json: bool) -> None:
    """List the runs, the newest first; it is the one that the name latest stands for.

    \b
    amplicast runs list
    amplicast runs list --json
    """
    _list(ctx, as_json=as_json)


@command.command("remove")
@click.argument("run", shell_complete=run_ids)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def remove(ctx: click.Context, run: str, yes: bool) -> None:
    """Delete the files of RUN (an id, or the beginning of one); on a terminal it asks first.

    \b
    amplicast runs remove 7f3a9c2
    amplicast runs remove 7f3a9c2 --yes
    """
    from amplicast.forecast.runs import named_run, remove_run
    from amplicast.report.runs import told_run

    found = named_run(run, RUNS)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("There is no terminal to ask on. Add --yes to remove it.", ctx)
        if not click.confirm(f"Remove {told_run(found)}?", err=True):
            say(ctx, "Nothing was removed.")
            return
    left = remove_run(found)
    say(ctx, f"Removed {found.path}/")
    for path in left:
        say(ctx, f"Left, since amplicast did not write it: {path}")


def _list(ctx: click.Context, *, as_json: bool) -> None:
    from amplicast.forecast.runs import run_folders
    from amplicast.report.runs import runs_record, runs_text

    found: Any = run_folders(RUNS)
    if as_json:
        answer("runs", runs_record(found))
        return
    if found:
        show(runs_text(found))
    else:
        say(ctx, f"There are no runs in {RUNS}/ yet. Make the first: amplicast run baseline")
