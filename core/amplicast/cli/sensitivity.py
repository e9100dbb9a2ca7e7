"""``amplicast sensitivity``: what moves the answers of a run, and where a condition holds."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, opened
from amplicast.cli.completing import run_names
from amplicast.cli.options import at_place, reevaluating
from amplicast.cli.terminal import say, show


@click.command("sensitivity")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option(
    "--quantity",
    type=click.Choice(["copies", "amplification"]),
    help="Tell of one headline only.",
)
@at_place
@click.option(
    "--where",
    metavar="CONDITION",
    help='Tell instead where this holds, such as "copies > 1e9 and amplification < 1".',
)
@click.option(
    "--density",
    type=click.FloatRange(0.0, 1.0, min_open=True),
    metavar="P",
    help="Share of draws that must meet the condition there (default: half way to certainty).",
)
@click.option(
    "--top", type=click.IntRange(min=1), default=7, show_default=True, help="Rows in a table."
)
@reevaluating
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    quantity: str | None,
    year: int | None,
    actor: str | None,
    regime: str | None,
    task_class: str | None,
    where: str | None,
    density: float | None,
    top: int,
    variant: str | None,
    sets: tuple[str, ...],
    as_json: bool,
) -> None:
    """Tell what moves the headlines of RUN most, by block and by input, and what moves nothing.

    \b
    amplicast sensitivity latest --quantity copies --year 2030
    amplicast sensitivity latest --where "copies>100 million" --actor world
    """
    from amplicast.analysis.conditions import parse_condition
    from amplicast.analysis.influence import discovery, influences
    from amplicast.analysis.reach import reach
    from amplicast.analysis.replay import Answer
    from amplicast.report.charts.place import place_of
    from amplicast.report.discovery import discovery_record, discovery_text
    from amplicast.report.sensitivity import sensitivity_record, sensitivity_text

    condition = parse_condition(where) if where is not None else ()
    forecast = opened(ctx, run, variant=variant, sets=sets)
    failed = list(forecast.provenance.get("failed_checks", []))
    place = place_of(forecast, actor=actor, regime=regime, task_class=task_class, year=year)
    labels = {
        "actor": place.actor,
        "regime": place.regime,
        "task_class": place.task_class,
        "year": place.year,
    }
    seed = forecast.scenario.compute.seed
    if condition:
        asked = [Answer.at(one.output, **labels) for one in condition]
        box = discovery(forecast, condition, asked, scenario=place.scenario, density=density)
        if as_json:
            answer("discovery", discovery_record(box), failed)
        else:
            show(discovery_text(forecast, box))
        return
    names = (quantity,) if quantity else ("copies", "amplification")
    say(ctx, "Evaluating the model anew for every block of inputs; this may take a minute.")
    answers = [Answer.at(name, **labels) for name in names]
    found = influences(forecast, answers, scenario=place.scenario, seed=seed, most=top)
    still = reach(forecast, scenario=place.scenario, seed=seed)
    if as_json:
        answer("sensitivity", sensitivity_record(found, still), failed)
    else:
        show(sensitivity_text(forecast, found, still, top=top))
