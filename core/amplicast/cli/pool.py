"""``amplicast pool``: several forecasters' runs side by side, and put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import click

from amplicast.cli.common import answer, opened, parse_years
from amplicast.cli.completing import run_names
from amplicast.cli.options import in_pool
from amplicast.cli.terminal import show
from amplicast.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("pool")
@click.argument("runs", nargs=-1, required=True, metavar="RUN RUN...", shell_complete=run_names)
@click.option("--weights", metavar="W,W", help="Weight of each run (default: all alike).")
@click.option(
    "--method",
    type=click.Choice(["linear", "logarithmic"]),
    default="linear",
    show_default=True,
    help="Mixture of draws, or geometric mean of densities.",
)
@click.option(
    "--quantity",
    type=click.Choice(["amplification", "copies"]),
    help="Pool one headline only.",
)
@click.option("--years", metavar="Y,Y", help="Years to show, for example 2026,2030.")
@in_pool
@click.option(
    "--where",
    metavar="CONDITION",
    help='Pool the chance of this as well, such as "copies > 1e9".',
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    runs: tuple[str, ...],
    weights: str | None,
    method: str,
    quantity: str | None,
    years: str | None,
    actor: str | None,
    regime: str | None,
    task_class: str | None,
    where: str | None,
    as_json: bool,
) -> None:
    """Put the forecasts of several RUNs together, with each one's own answers beside.

    The runs must ask one question: the same years, actors, regimes and serial speed.

    \b
    amplicast pool 7f3a9c2 b21e004 --where "copies>100 million"
    amplicast pool alice/run bob/run --weights 2,1 --method logarithmic
    """
    from amplicast.analysis.conditions import parse_condition
    from amplicast.analysis.pooled import pool
    from amplicast.report.charts.place import place_of
    from amplicast.report.pooled import pooling_record, pooling_text

    condition = parse_condition(where) if where is not None else ()
    told = _numbers(weights, runs) if weights is not None else ()
    forecasts = [opened(ctx, run) for run in runs]
    at = place_of(forecasts[0], actor=actor, regime=regime, task_class=task_class)
    found = pool(
        forecasts,
        quantities=(quantity,) if quantity else ("copies", "amplification"),
        place={"actor": at.actor, "regime": at.regime, "task_class": at.task_class},
        years=parse_years(years, forecasts[0].plan.years),
        weights=told,
        method=cast(Literal["linear", "logarithmic"], method),
        where=condition,
    )
    if as_json:
        answer("pool", pooling_record(found))
    else:
        show(pooling_text(found))


def _numbers(text: str, runs: Sequence[str]) -> tuple[float, ...]:
    """Weights of ``--weights 2,1``, each a positive number."""
    found = []
    for part in text.split(","):
        try:
            number = float(part)
        except ValueError:
            number = 0.0
        if not 0.0 < number < float("inf"):
            raise ScenarioError(
                Problem(
                    code="AMP-C152",
                    what=f"{part.strip()!r} is not a weight",
                    why="Weights are positive numbers, one for each run; only their ratios count.",
                    fix="--weights " + ",".join(["1"] * len(runs)),
                )
            )
        found.append(number)
    return tuple(found)
