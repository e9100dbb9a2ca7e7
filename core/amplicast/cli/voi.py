"""``amplicast voi``: what knowing an input is worth to a decision, and what to measure next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amplicast.cli.common import answer, opened
from amplicast.cli.completing import assumptions, run_names
from amplicast.cli.options import at_place, reevaluating
from amplicast.cli.terminal import say, show
from amplicast.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from amplicast.analysis.decision import Decision
    from amplicast.report.charts.place import Place


@click.command("voi")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option(
    "--decision", "file", type=click.Path(), metavar="FILE.toml", help="Actions and payoffs."
)
@click.option(
    "--quantity",
    type=click.Choice(["copies", "amplification"]),
    help="What to call without a file (default: copies).",
)
@click.option(
    "--at-least",
    type=float,
    metavar="N",
    help="Number that the call is about (default: the median, the hardest call).",
)
@at_place
@click.option(
    "--precision",
    "precisions",
    multiple=True,
    metavar="NAME=SE",
    shell_complete=assumptions,
    help="Input to be measured with that standard error, in its unit (repeatable).",
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
    file: str | None,
    quantity: str | None,
    at_least: float | None,
    year: int | None,
    actor: str | None,
    regime: str | None,
    task_class: str | None,
    precisions: tuple[str, ...],
    top: int,
    variant: str | None,
    sets: tuple[str, ...],
    as_json: bool,
) -> None:
    """Tell what to measure next: what knowing each input of RUN is worth to a decision.

    Without a file, the decision is a plain call: is the quantity at least N, or not?

    \b
    amplicast voi latest --at-least 1e9 --year 2030
    amplicast voi latest --decision reporting.toml --precision served_size=0.1
    """
    from amplicast.analysis.decision import call, read_decision
    from amplicast.analysis.information import information, usual_call
    from amplicast.analysis.replay import Answer
    from amplicast.report.charts.place import place_of
    from amplicast.report.voi import information_record, information_text

    if file is not None and (quantity is not None or at_least is not None):
        raise click.UsageError("--decision states the output and its numbers itself.", ctx)
    stated: Decision | None = read_decision(Path(file)) if file is not None else None
    asked: dict[str, Any] = {
        "actor": actor,
        "regime": regime,
        "task_class": task_class,
        "year": year,
    }
    wanted = stated.place if stated else {}
    chosen = {key: wanted.get(key) if label is None else label for key, label in asked.items()}
    precision = _precisions(precisions)
    forecast = opened(ctx, run, variant=variant, sets=sets)
    failed = list(forecast.provenance.get("failed_checks", []))
    place: Place = place_of(forecast, **chosen)
    output = stated.output if stated else quantity or "copies"
    labels = {key: getattr(place, key) for key in asked}
    where = Answer.at(output, **labels)
    decision = stated
    if decision is None:
        decision = (
            usual_call(forecast, where, place.scenario)
            if at_least is None
            else call(output, at_least)
        )
    say(ctx, "Evaluating the model anew for every block of inputs; this may take a minute.")
    found = information(
        forecast,
        decision,
        where,
        scenario=place.scenario,
        seed=forecast.scenario.compute.seed,
        most=top,
        precision=precision,
    )
    if as_json:
        answer("voi", information_record(found), failed)
    else:
        show(information_text(forecast, found, top=top))


def _precisions(texts: tuple[str, ...]) -> dict[str, float]:
    found = {}
    for text in texts:
        name, _, number = text.rpartition("=")
        try:
            error = float(number)
        except ValueError:
            error = 0.0
        if not name or not 0.0 < error < float("inf"):
            raise ScenarioError(
                Problem(
                    code="AMP-V122",
                    what=f"{text!r} is no input with a standard error",
                    why="A precision is a positive number in the unit of the input.",
                    fix="--precision served_size=0.1",
                )
            )
        found[name.strip()] = error
    return found
