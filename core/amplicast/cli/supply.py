"""``amplicast supply``: pools of compute by year, and what a number of copies takes."""

from __future__ import annotations

import click

from amplicast.cli.common import RUNS, answer, load_scenario, parse_years, registry_of
from amplicast.cli.completing import names_of, run_names, scenarios
from amplicast.cli.options import changing
from amplicast.cli.terminal import progress, show


@click.command("supply")
@click.argument("pools", nargs=-1, shell_complete=names_of("supply"))
@click.option("--total", is_flag=True, help="Add the sum of the named pools, draw by draw.")
@click.option("--years", metavar="Y,Y", help="Years to show, for example 2026,2030.")
@click.option(
    "--scenario",
    default="baseline",
    show_default=True,
    shell_complete=scenarios,
    help="World, years and beliefs.",
)
@changing("Change one assumption.")
@click.option(
    "--copies",
    type=click.FloatRange(0.0, min_open=True),
    metavar="N",
    help="Tell what N copies take instead, on the draws of a saved run.",
)
@click.option(
    "--run",
    default="latest",
    show_default=True,
    shell_complete=run_names,
    help="The run that --copies asks.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    pools: tuple[str, ...],
    total: bool,
    years: str | None,
    scenario: str,
    sets: tuple[str, ...],
    copies: float | None,
    run: str,
    as_json: bool,
) -> None:
    """Show the compute, power and capital of POOLS by year; of every supply if none is named.

    \b
    amplicast supply
    amplicast supply deepmind-fleet openai-fleet --total --years 2025,2028
    amplicast supply fixed-rate --set fixed-rate.rate=4e21
    amplicast supply --copies 1e6 --run latest
    """
    if copies is not None:
        if pools or total or sets:
            raise click.UsageError(
                "--copies asks a saved run, so it goes with no pools, --total or --set. "
                "Make the run with the pools and beliefs in question.",
                ctx,
            )
        _inverse(ctx, copies, run, years, as_json=as_json)
        return
    from amplicast.analysis.pools import pools as drawn
    from amplicast.analysis.pools import with_total
    from amplicast.report.supply import pools_record, pools_text

    registry = registry_of(ctx)
    chosen = load_scenario(ctx, scenario, registry, sets)
    found = drawn(chosen, registry, pools, progress=progress(ctx))
    if total:
        found = with_total(found)
    shown = parse_years(years, found.plan.years)
    if as_json:
        answer("supply", pools_record(found, shown))
    else:
        show(pools_text(found, shown))


def _inverse(
    ctx: click.Context, copies: float, run: str, years: str | None, *, as_json: bool
) -> None:
    from amplicast.analysis.needs import needs
    from amplicast.forecast import Forecast
    from amplicast.forecast.store import find_run
    from amplicast.report.supply import needs_record, needs_text

    forecast = Forecast.load(find_run(run, RUNS), registry_of(ctx))
    found = needs(forecast, copies)
    shown = parse_years(years, forecast.plan.years)
    if as_json:
        answer("needs", needs_record(found, forecast, shown))
    else:
        show(needs_text(found, forecast, shown))
