"""``amplicast check``: may a run be quoted, and what stands against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from amplicast.cli.common import answer, opened
from amplicast.cli.completing import run_names
from amplicast.cli.meter import meter
from amplicast.cli.options import executing, where_of
from amplicast.cli.picture_file import require_picture
from amplicast.cli.terminal import progress, say, show
from amplicast.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from amplicast.analysis.sbc_ranks import SimulatedCalibration
    from amplicast.concepts import Plugin
    from amplicast.engine.execute import Where
    from amplicast.forecast import Forecast


@click.command("check")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option("--strict", is_flag=True, help="End with code 4 for warnings too.")
@click.option(
    "--sbc", is_flag=True, help="Instead, fit rows that the priors simulate (takes minutes)."
)
@click.option(
    "--lfo", is_flag=True, help="Instead, foresee the last dates of trends, each from its past."
)
@click.option("--simulations", type=click.IntRange(20), help="Of each plugin (default 100).")
@click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="With these alone.")
@click.option("--steps", type=click.IntRange(1), help="Last dates of each (default 3).")
@click.option("--cores", type=click.IntRange(1), help="Simulations or fits side by side.")
@executing
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw the simulated ranks: NAME.svg, .png or .pdf.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing picture.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    strict: bool,
    sbc: bool,
    lfo: bool,
    simulations: int | None,
    plugins: tuple[str, ...],
    steps: int | None,
    cores: int | None,
    executor: str | None,
    scheduler: str | None,
    picture: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Tell whether RUN may be quoted: every check in plain words, with what to do next.

    Failures end with code 4, warnings with 0. With --sbc, tell instead whether the calibrations
    of RUN give back what they are told (simulation-based calibration); with --lfo, what each of
    the last dates of a trend foresaw of the next (leave-future-out).

    \b
    amplicast check latest
    amplicast check latest --strict --json
    amplicast check latest --sbc --plugin overtraining --picture ranks.svg
    amplicast check latest --lfo --plugin world-chips
    """
    if sbc and lfo:
        raise click.UsageError("--sbc and --lfo cannot be used together.", ctx)
    if not sbc and (simulations or picture or executor):
        raise click.UsageError("--simulations, --executor and --picture need --sbc.", ctx)
    if not lfo and steps:
        raise click.UsageError("--steps needs --lfo.", ctx)
    if not (sbc or lfo) and (plugins or cores or scheduler):
        raise click.UsageError("--plugin, --cores and --scheduler need --sbc or --lfo.", ctx)
    if picture is not None:
        require_picture(picture, force=force)
    where = where_of(ctx, executor, scheduler, cores)
    forecast = opened(ctx, run)
    if sbc:
        _simulate(ctx, forecast, plugins, simulations, where, picture, as_json=as_json)
        return
    if lfo:
        there = where if where.kind == "dask" else None
        _leave_future_out(ctx, forecast, plugins, steps, cores, there, as_json=as_json)
        return
    from amplicast.report.check import check_run, checked_record, checked_text

    say(ctx, "Checking calibrations, evidence, draws and model; this takes some seconds.")
    found = check_run(forecast)
    if as_json:
        answer("check", checked_record(found))
    else:
        show(checked_text(found))
    if not found.passed(strict=strict):
        ctx.exit(4)


def _simulate(
    ctx: click.Context,
    forecast: Forecast,
    names: tuple[str, ...],
    simulations: int | None,
    where: Where,
    picture: Path | None,
    *,
    as_json: bool,
) -> None:
    """Simulation-based calibration of every calibration of the run, or of the named ones."""
    import time

    from amplicast.analysis.sbc import SIMULATIONS, simulate_calibration
    from amplicast.report.simulated import simulated_record, simulated_text

    chosen = _chosen(forecast, names)
    many = simulations or SIMULATIONS
    models = f"each of {len(chosen)} models" if len(chosen) > 1 else "the model"
    say(ctx, f"Fitting {many} sets of simulated rows to {models}.")
    found: list[SimulatedCalibration] = []
    words = []
    with meter(ctx, "simulations") as shown:

        def report(done: int) -> None:
            shown(many * len(found) + done, many * len(chosen))

        for plugin in chosen:
            started = time.perf_counter()
            one = simulate_calibration(
                plugin,
                simulations=many,
                seed=forecast.scenario.compute.seed,
                where=where,
                report=report,
            )
            found.append(one)
            stages = [f"{name} {spent:.0f} s" for name, spent in one.seconds.items() if spent]
            took = f"in {time.perf_counter() - started:.0f} s (workers: {', '.join(stages)})"
            verdict = "passed" if one.passed else "FAILED"
            words.append(f"{plugin.id}: {verdict}, {took if stages else 'kept from before'}")
    say(ctx, "\n".join(words))  # a bar and lines on one terminal would write over each other
    if as_json:
        answer("simulated-calibration", simulated_record(found))
    else:
        show(simulated_text(found))
    if picture is not None:
        from amplicast.report.charts.simulated import simulated_ranks

        for file in simulated_ranks(found).save(picture):
            say(ctx, f"wrote {file}")
    if not all(one.passed for one in found):
        ctx.exit(4)


def _leave_future_out(
    ctx: click.Context,
    forecast: Forecast,
    names: tuple[str, ...],
    steps: int | None,
    cores: int | None,
    where: Where | None,
    *,
    as_json: bool,
) -> None:
    """Leave-future-out of every trend of the run, or of the named ones."""
    from amplicast.analysis.dated import has_dates
    from amplicast.analysis.leave_future_out import STEPS, leave_future_out
    from amplicast.engine.fit import SamplerSettings
    from amplicast.report.leave_future_out import left_future_out_record, left_future_out_text

    chosen = [plugin for plugin in _chosen(forecast, names) if has_dates(plugin)]
    if not chosen:
        raise ScenarioError(
            Problem(
                code="AMP-C152",
                what="nothing that was named or run has dated evidence to hold back",
                why="Only a trend has a future: rows with dates, in series.",
                fix="amplicast check --lfo, without --plugin, on a run with supply or demand",
            )
        )
    compute = forecast.scenario.compute
    found = leave_future_out(
        chosen,
        steps=steps or STEPS,
        settings=SamplerSettings(
            draws=compute.draws, chains=compute.chains, seed=compute.seed, cores=cores
        ),
        progress=progress(ctx),
        where=where,
    )
    if as_json:
        answer("leave-future-out", left_future_out_record(found))
    else:
        show(left_future_out_text(found))
    if found.failed:
        ctx.exit(4)


def _chosen(forecast: Forecast, names: tuple[str, ...]) -> list[Plugin]:
    """The named calibrations of the run, or all.

    Raises
    ------
    ScenarioError
        The run has no such calibration.
    """
    from amplicast.analysis.kept_fits import calibrated_plugins

    known = calibrated_plugins(forecast)
    if unknown := [name for name in names if name not in known]:
        raise ScenarioError(
            Problem(
                code="AMP-C151",
                what=f"this run has no calibration of {unknown[0]!r}",
                why="Only what evidence informs is fitted, and can be fitted anew.",
                fix=f"name one of: {', '.join(known)}",
            )
        )
    return [known[name] for name in names or known]
