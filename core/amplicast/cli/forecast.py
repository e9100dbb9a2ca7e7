"""``amplicast forecast``: the answer of a saved run, without sampling and without PyMC."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, opened, parse_years
from amplicast.cli.completing import run_names
from amplicast.cli.options import reevaluating
from amplicast.cli.terminal import ascii_only, show


@click.command("forecast")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option(
    "--quantity",
    type=click.Choice(["amplification", "copies"]),
    help="Show one headline only.",
)
@click.option("--years", metavar="Y,Y", help="Years to show, for example 2026,2030.")
@click.option(
    "--at-least", type=float, metavar="OOM", help="Chance of at least this amplification."
)
@click.option("--fan/--no-fan", default=True, help="Draw each headline as a small fan first.")
@reevaluating
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    quantity: str | None,
    years: str | None,
    at_least: float | None,
    fan: bool,
    variant: str | None,
    sets: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show the answer of RUN (a folder, a short id, or latest).

    \b
    amplicast forecast latest --years 2026,2030 --at-least 1
    amplicast forecast latest --set inference_share="0.6 to 0.9"
    """
    from amplicast.report.table import ForecastTable
    from amplicast.report.text import forecast_text

    forecast = opened(ctx, run, variant=variant, sets=sets)
    names = (quantity,) if quantity else ("copies", "amplification")
    shown = parse_years(years, forecast.plan.years)
    if as_json:
        table = ForecastTable.of(forecast, names, shown)
        answer(
            "forecast",
            [
                {"quantity": r.quantity, "unit": r.unit, **r.place, **r.quantiles}
                | {"share_defined": r.defined}
                for r in table.rows
            ],
        )
        return
    show(forecast_text(forecast, shown, names, at_least, fan=fan, ascii_only=ascii_only()))
