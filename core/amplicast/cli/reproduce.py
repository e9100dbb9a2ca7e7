"""``amplicast reproduce``: published answers, given back from their inputs and our evidence."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, load_scenario, registry_of
from amplicast.cli.completing import names_of, scenarios
from amplicast.cli.terminal import progress, say, show


@click.command("reproduce")
@click.argument("source", required=False, shell_complete=names_of("answers"))
@click.option(
    "--scenario",
    default="baseline",
    shell_complete=scenarios,
    show_default=True,
    help="Scenario that gives the beliefs, a file or the name of a built-in one.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(["derived", "arithmetic", "quoted"]),
    help="Show rows of this kind only (repeatable); the others are worked out no less.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Fail also on a slip without a note, and on any problem with a plugin.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    source: str | None,
    scenario: str,
    kinds: tuple[str, ...],
    strict: bool,
    as_json: bool,
) -> None:
    """Give back what SOURCE published, or every source, and say where one slipped.

    Nothing is fetched. Techniques are calibrated where an answer asks for them, and kept.

    \b
    amplicast reproduce
    amplicast reproduce wu2024
    amplicast reproduce villalobos2023 --kind derived
    """
    from amplicast.analysis.reproduce import reproduce
    from amplicast.report.reproduced import reproduced_record, reproduced_text

    registry = registry_of(ctx)
    results = reproduce(
        registry,
        load_scenario(ctx, scenario, registry),
        only=None if source is None else [source],
        progress=progress(ctx),
    )
    failed = [each for each in results if each.counted and each.verdict == "fails"]
    unexplained = [
        each for each in results if each.verdict == "source slipped" and not each.row.note
    ]
    shown = [each for each in results if not kinds or each.row.kind in kinds]
    if as_json:
        answer("reproduce", reproduced_record(shown), [str(each) for each in registry.problems])
    else:
        show(reproduced_text(shown, registry.answers))
    if failed:
        names = ", ".join(f"{each.source}/{each.row.id}" for each in failed)
        say(ctx, f"\n{len(failed)} of {len(results)} rows fail: {names}")
    if strict and unexplained:
        names = ", ".join(f"{each.source}/{each.row.id}" for each in unexplained)
        say(ctx, f"\nSlips without a note: {names}")
    if failed or (strict and (unexplained or registry.problems)):
        ctx.exit(4)
