"""``amplicast run``: calibrate, propagate, save, and show the answer."""

from __future__ import annotations

import time
from pathlib import Path

import click

from amplicast.cli.common import (
    RUNS,
    answer,
    chosen_variants,
    load_scenario,
    parse_years,
    registry_of,
    with_compute,
)
from amplicast.cli.completing import scenarios
from amplicast.cli.faults import limited
from amplicast.cli.options import changing, cluster_of, on_cluster
from amplicast.cli.strangers import require_lawful
from amplicast.cli.terminal import ascii_only, progress, say, show

SHOWN = ("copies", "amplification")


@click.command("run")
@click.argument("scenario", default="baseline", shell_complete=scenarios)
@click.option("--variant", "variants", multiple=True, metavar="NAME", help="Draw this variant too.")
@click.option("--all-variants", is_flag=True, help="Draw every variant of the scenario.")
@changing("Change one assumption.")
@click.option("--draws", type=click.IntRange(100), help="Draws per chain (default 1000).")
@click.option("--chains", type=click.IntRange(4), help="Chains (default 4, the least that passes).")
@click.option("--seed", type=click.IntRange(0), help="Seed; the same seed gives the same draws.")
@click.option("--cores", type=click.IntRange(1), help="Calibrations side by side.")
@on_cluster
@click.option("--out", type=click.Path(path_type=Path), help="Run folder (default runs/ID).")
@click.option(
    "--time-limit",
    type=click.FloatRange(0.0, min_open=True),
    metavar="SECONDS",
    help="Give up after so long, and say what was at work.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    scenario: str,
    variants: tuple[str, ...],
    all_variants: bool,
    sets: tuple[str, ...],
    draws: int | None,
    chains: int | None,
    seed: int | None,
    cores: int | None,
    scheduler: str | None,
    out: Path | None,
    time_limit: float | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Calibrate on evidence and forecast SCENARIO, a file or the name of a built-in one.

    \b
    amplicast run baseline
    amplicast run my-case.toml --set inference_share="0.4 to 0.7" --seed 7
    """
    from amplicast.forecast import run
    from amplicast.forecast.store import CARD, save
    from amplicast.report.text import forecast_text

    started = time.perf_counter()
    ctx.with_resource(limited(time_limit))
    registry = registry_of(ctx)
    loaded = load_scenario(ctx, scenario, registry, sets)
    chosen = with_compute(loaded, draws=draws, chains=chains, seed=seed)
    names = chosen_variants(chosen, variants, every=all_variants)
    if dry_run:
        from amplicast.forecast.outline import outline
        from amplicast.report.outline import outline_record, outline_text

        found = outline(chosen, registry, variants=names, cores=cores, runs=RUNS)
        where = str(out or RUNS / "ID")
        if as_json:
            answer("dry-run", outline_record(found, folder=where))
        else:
            show(outline_text(found, folder=where))
        return
    require_lawful(chosen, registry)
    fitted = started

    def heard(text: str) -> None:
        nonlocal fitted
        fitted = time.perf_counter()
        say(ctx, text)

    forecast = run(
        chosen,
        registry,
        variants=names,
        cores=cores,
        where=cluster_of(scheduler),
        progress=progress(ctx),
        say=heard,
    )
    folder = save(forecast, out or RUNS / forecast.id, seconds=time.perf_counter() - fitted)
    if as_json:
        answer("run", {"run": forecast.id, "folder": str(folder), "card": str(folder / CARD)})
    else:
        years = parse_years(None, forecast.plan.years)
        show(forecast_text(forecast, years, SHOWN, None, ascii_only=ascii_only()))
    say(ctx, f"\n{folder}/  ({time.perf_counter() - started:.1f} s)")
    say(ctx, "Next: amplicast forecast latest · amplicast export latest --format csv")
    if forecast.provenance["failed_checks"]:
        ctx.exit(4)
