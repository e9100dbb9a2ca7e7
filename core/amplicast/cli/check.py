"""``amplicast check``: may a run be quoted, and what stands against it."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, opened
from amplicast.cli.completing import run_names
from amplicast.cli.terminal import say, show


@click.command("check")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option("--strict", is_flag=True, help="End with code 4 for warnings too.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(ctx: click.Context, run: str, strict: bool, as_json: bool) -> None:
    """Tell whether RUN may be quoted: every check in plain words, with what to do next.

    Failures end with code 4, warnings with 0.

    \b
    amplicast check latest
    amplicast check latest --strict --json
    """
    from amplicast.report.check import check_run, checked_record, checked_text

    forecast = opened(ctx, run)
    say(ctx, "Checking calibrations, evidence, draws and model; this takes some seconds.")
    found = check_run(forecast)
    if as_json:
        answer("check", checked_record(found))
    else:
        show(checked_text(found))
    if not found.passed(strict=strict):
        ctx.exit(4)
