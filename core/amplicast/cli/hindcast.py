"""``amplicast hindcast``: what the evidence up to a date would have foreseen."""

from __future__ import annotations

from datetime import datetime

import click

from amplicast.cli.common import answer, registry_of
from amplicast.cli.options import cluster_of, on_cluster
from amplicast.cli.terminal import progress, show
from amplicast.errors import Problem, ScenarioError


@click.command("hindcast")
@click.argument("plugins", nargs=-1, metavar="[PLUGIN]...")
@click.option(
    "--cutoff",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    metavar="DATE",
    help="Last day that is known, for example 2024-12-31.",
)
@on_cluster
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    plugins: tuple[str, ...],
    cutoff: datetime,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Fit to evidence up to a date, and score what came later; by default every dated plugin.

    \b
    amplicast hindcast --cutoff 2024-12-31
    amplicast hindcast world-chips --cutoff 2024-06-30
    """
    from amplicast.analysis.dated import dated_plugins
    from amplicast.analysis.hindcast import hindcast
    from amplicast.report.hindcast import hindcast_record, hindcast_text

    dated = dated_plugins(registry_of(ctx))
    unknown = [name for name in plugins if name not in dated]
    if unknown:
        raise ScenarioError(
            Problem(
                code="AMP-C106",
                what=f"{unknown[0]!r} has no dated evidence to hold back",
                why="A hindcast needs a plugin whose evidence names a series and has dates.",
                fix=f"name one of: {', '.join(dated)}",
            )
        )
    found = hindcast(
        [dated[name] for name in plugins or dated],
        cutoff=cutoff.date(),
        progress=progress(ctx),
        where=cluster_of(scheduler),
    )
    if not found.figures:
        raise ScenarioError(
            Problem(
                code="AMP-C107",
                what=f"nothing can be foreseen from {cutoff.date()}",
                why="; ".join(f"{p}, {e}: {why}" for (p, e), why in sorted(found.left_out.items())),
                fix="choose a cutoff inside the dates of the evidence",
            )
        )
    if as_json:
        answer("hindcast", hindcast_record(found))
    else:
        show(hindcast_text(found))
    if found.failed:
        ctx.exit(4)
