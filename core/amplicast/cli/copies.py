"""``amplicast copies``: what a run's copies take of the pool, leave beside demand, and pass."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, opened, parse_years
from amplicast.cli.completing import run_names
from amplicast.cli.options import reevaluating
from amplicast.cli.terminal import show


@click.command("copies")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option("--years", metavar="Y,Y", help="Years to show, for example 2026,2030.")
@click.option(
    "--at-least",
    "thresholds",
    type=click.FloatRange(min=0.0, min_open=True),
    multiple=True,
    metavar="N",
    help="Number of copies to pass (repeatable); by default a million, and as many as people.",
)
@reevaluating
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    years: str | None,
    thresholds: tuple[float, ...],
    variant: str | None,
    sets: tuple[str, ...],
    as_json: bool,
) -> None:
    """Tell what the copies of RUN take of the pool, what demand leaves, and when they pass N.

    \b
    amplicast copies latest --years 2026,2030
    amplicast copies latest --at-least 1e6 --set serial_speed=10
    """
    from amplicast.analysis.copies import MILLION, PEOPLE, copies_of
    from amplicast.report.copies import copies_record, copies_text, title_of

    forecast = opened(ctx, run, variant=variant, sets=sets)
    shown = parse_years(years, forecast.plan.years)
    numbers = thresholds or (MILLION, PEOPLE)
    found = {name: copies_of(forecast, name, thresholds=numbers) for name in forecast.scenarios}
    if as_json:
        records = [
            {"scenario": name, "pools": copies_record(pools, years=shown)}
            for name, pools in found.items()
        ]
        answer("copies", records)
        return
    speed = forecast.scenario.assumptions["serial_speed"].prior.quantile(0.5)
    for name, pools in found.items():
        title = title_of(forecast.scenario.name, scenario=name, speed=speed)
        show(copies_text(pools, title=title, years=shown))
