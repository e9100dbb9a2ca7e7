"""``amplicast compare``: two runs, what they assume otherwise, and what that does."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, opened, parse_years
from amplicast.cli.completing import run_names
from amplicast.cli.terminal import show


@click.command("compare")
@click.argument("first", default="previous", shell_complete=run_names)
@click.argument("second", default="latest", shell_complete=run_names)
@click.option(
    "--quantity",
    type=click.Choice(["amplification", "copies"]),
    help="Compare one headline only.",
)
@click.option("--years", metavar="Y,Y", help="Years to show, for example 2026,2030.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    first: str,
    second: str,
    quantity: str | None,
    years: str | None,
    as_json: bool,
) -> None:
    """Tell what the run SECOND assumes otherwise than FIRST, and how far its headlines differ.

    Without names it holds the newest run against the one before.

    \b
    amplicast compare
    amplicast compare 7f3a9c2 b21e004 --years 2030 --quantity copies
    """
    from amplicast.analysis.comparison import compare
    from amplicast.report.comparison import comparison_record, comparison_text

    before, after = opened(ctx, first), opened(ctx, second)
    shared = tuple(year for year in before.plan.years if year in after.plan.years)
    shown = parse_years(years, shared) if shared else ()
    names = (quantity,) if quantity else ("copies", "amplification")
    found = compare(before, after, quantities=names, years=shown)
    if as_json:
        answer("comparison", comparison_record(found))
    else:
        show(comparison_text(found))
