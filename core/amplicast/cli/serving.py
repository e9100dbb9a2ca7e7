"""``amplicast serving``: how many streams a device runs at what speed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from amplicast.cli.common import answer, load_scenario, positive_numbers, registry_of
from amplicast.cli.completing import names_of, scenarios
from amplicast.cli.terminal import progress, show
from amplicast.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from amplicast.analysis.serving_frontier import Believed

SPEEDS = "10,20,35,50,75,100,150"
SIZES = click.FloatRange(min=1.0)


@click.command("serving")
@click.option(
    "--hardware",
    default="h200",
    show_default=True,
    metavar="ID",
    shell_complete=names_of("hardware"),
    help="Device.",
)
@click.option("--model", metavar="ID", help="Model line (default: the scenario's).")
@click.option("--year", type=int, metavar="YEAR", help="Its year (default: the scenario's first).")
@click.option("--active", type=SIZES, metavar="N", help="Active parameters of your own model.")
@click.option("--total", type=SIZES, metavar="N", help="All its parameters (default: --active).")
@click.option("--kv", type=SIZES, metavar="BYTE", help="Its KV per token in 8 bits.")
@click.option("--layers", type=SIZES, metavar="N", help="Its layers (default: a belief).")
@click.option("--context", type=SIZES, default=1000.0, show_default=True, help="Input tokens.")
@click.option("--output", type=SIZES, default=500.0, show_default=True, help="Output tokens.")
@click.option("--precision", default="8-bit", show_default=True, metavar="NAME", help="See below.")
@click.option("--speeds", default=SPEEDS, show_default=True, metavar="V,V", help="Tokens/s.")
@click.option(
    "--scenario",
    default="baseline",
    show_default=True,
    shell_complete=scenarios,
    help="Beliefs and seed to use.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(ctx: click.Context, /, scenario: str, speeds: str, as_json: bool, **given: Any) -> None:
    """Tell how many streams a device runs at each speed, what a token costs, and how surely.

    The model is that of the scenario, a named line, or your own with --active, --total and --kv.
    Precisions: 16-bit, 8-bit, 4-bit, 4-bit-weights (with 16-bit arithmetic).

    \b
    amplicast serving --hardware h100-sxm
    amplicast serving --active 37e9 --total 671e9 --kv 35136 --layers 61 --precision 4-bit
    """
    from amplicast.analysis.serving_frontier import believe, serving_frontier
    from amplicast.forecast.fleet import PRECISIONS, peak
    from amplicast.report.serving import serving_record, serving_text

    wanted = positive_numbers(
        speeds,
        lambda part: _refused("AMP-C140", f"{part!r} is not a speed", "--speeds 10,50,100"),
    )
    precision = given["precision"]
    if precision not in PRECISIONS:
        raise _refused("AMP-C141", f"there is no precision {precision!r}", ", ".join(PRECISIONS))
    registry = registry_of(ctx)
    device = registry.get("hardware", given["hardware"])
    if math.isnan(peak(device, PRECISIONS[precision])[1]):
        rates = ", ".join(sorted(device.flop_per_s))
        raise _refused("AMP-C142", f"{device.id} states no rate for {precision}", f"has {rates}")
    own = _own(given)
    beliefs = load_scenario(ctx, scenario, registry)
    believed = believe(beliefs, registry, model=given["model"], progress=progress(ctx))
    served, model = _model(believed, given, own)
    found = serving_frontier(
        believed,
        device,
        model=model,
        task={"input_tokens": given["context"], "output_tokens": given["output"]},
        precision=precision,
        speeds=wanted,
    )
    if as_json:
        answer("serving", serving_record(found, served=served))
    else:
        show(serving_text(found, served=served))


def _own(given: dict[str, Any]) -> dict[str, float] | None:
    """The user's own model; None where no size is given.

    Raises
    ------
    ScenarioError
        Half a model is given, or one beside a named one.
    """
    if given["active"] is None:
        lost = [name for name in ("total", "kv") if given[name] is not None]
        if lost:
            raise _refused("AMP-C143", f"--{lost[0]} without --active", "give --active as well")
        return None
    if given["kv"] is None or given["model"] is not None or given["year"] is not None:
        what = "--active without --kv" if given["kv"] is None else "two models"
        raise _refused("AMP-C143", what, "give --active and --kv, or --model and --year")
    total = given["active"] if given["total"] is None else given["total"]
    if total < given["active"]:
        raise _refused("AMP-C143", "--total is below --active", "active is a part of all")
    return {"active": given["active"], "total": total, "kv_bytes": given["kv"]}


def _model(
    believed: Believed, given: dict[str, Any], own: dict[str, float] | None
) -> tuple[str, dict[str, Any]]:
    """What is served, in words and in figures.

    Raises
    ------
    ScenarioError
        The year is not one of the scenario's.
    """
    depth = {} if given["layers"] is None else {"layers": given["layers"]}
    if own is not None:
        words = f"{own['active']:.3g} of {own['total']:.3g} parameters"
        return words, {**own, **depth}
    years = believed.plan.years
    year = years[0] if given["year"] is None else given["year"]
    if year not in years:
        raise _refused("AMP-C144", f"{year} is not a year of it", f"{years[0]} to {years[-1]}")
    return f"{believed.plan.line.id} of {year}", {**believed.model(year), **depth}


def _refused(code: str, what: str, fix: str) -> ScenarioError:
    return ScenarioError(
        Problem(code=code, what=what, why="The frontier cannot be worked out.", fix=fix)
    )
