"""``amplicast compare``: two runs, what they assume otherwise, and what that does."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, opened, parse_years
from amplicast.cli.completing import run_names
from amplicast.cli.options import changing, in_pool
from amplicast.cli.terminal import say, show
from amplicast.errors import Problem, ScenarioError


@click.command("compare")
@click.argument("first", required=False, shell_complete=run_names)
@click.argument("second", required=False, shell_complete=run_names)
@click.option(
    "--quantity",
    type=click.Choice(["amplification", "copies"]),
    help="Compare one headline only.",
)
@click.option("--years", metavar="Y,Y", help="Years to show, for example 2026,2030.")
@click.option("--variant", metavar="NAME", help="Take SECOND under a variant of its scenario.")
@changing("Take SECOND under another belief.")
@click.option("--attribute", is_flag=True, help="Share the difference out among what changed.")
@in_pool
@click.option(
    "--orders",
    type=click.IntRange(4),
    metavar="N",
    help="Orders to sample where more than 8 things differ (default: 32).",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    first: str | None,
    second: str | None,
    quantity: str | None,
    years: str | None,
    variant: str | None,
    sets: tuple[str, ...],
    attribute: bool,
    actor: str | None,
    regime: str | None,
    task_class: str | None,
    orders: int | None,
    as_json: bool,
) -> None:
    """Tell what the run SECOND assumes otherwise than FIRST, and how far its headlines differ.

    Without names it holds the newest run against the one before; with --variant or --set, a run
    against itself under other beliefs.

    \b
    amplicast compare
    amplicast compare 7f3a9c2 b21e004 --years 2030 --quantity copies
    amplicast compare latest --variant inference-cap --attribute
    """
    from amplicast.analysis.comparison import compare
    from amplicast.report.comparison import comparison_record, comparison_text

    if not attribute and (orders or actor or regime or task_class):
        raise ScenarioError(_only_attributed())
    itself = variant is not None or bool(sets)
    one = first or ("latest" if itself else "previous")
    before = opened(ctx, one)
    after = opened(ctx, second or (one if itself else "latest"), variant=variant, sets=sets)
    shared = tuple(year for year in before.plan.years if year in after.plan.years)
    shown = parse_years(years, shared) if shared else ()
    names = (quantity,) if quantity else ("copies", "amplification")
    if attribute:
        from amplicast.analysis.attribution import PAIRS
        from amplicast.analysis.attribution import attribute as attributed
        from amplicast.analysis.replay import Answer
        from amplicast.report.attribution import attribution_record, attribution_text
        from amplicast.report.charts.place import place_of

        at = place_of(before, actor=actor, regime=regime, task_class=task_class)
        place_of(after, actor=at.actor, regime=at.regime, task_class=at.task_class)  # has it too
        labels = {"actor": at.actor, "regime": at.regime, "task_class": at.task_class}
        asked = [Answer.at(name, **labels, year=year) for name in names for year in shown]
        pairs = (orders + 1) // 2 if orders else PAIRS
        shares = attributed(before, after, asked, pairs=pairs, say=lambda text: say(ctx, text))
        if as_json:
            answer("attribution", attribution_record(shares))
        else:
            show(attribution_text(shares))
        return
    found = compare(before, after, quantities=names, years=shown)
    if as_json:
        answer("comparison", comparison_record(found))
    else:
        show(comparison_text(found))


def _only_attributed() -> Problem:
    return Problem(
        code="AMP-C150",
        what="--actor, --regime, --task-class and --orders belong to --attribute",
        why="Without it every place that both runs have is compared.",
        fix="add --attribute, or leave them out",
    )
