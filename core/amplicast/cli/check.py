"""``amplicast check``: may a run be quoted, and what stands against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from amplicast.cli.common import answer, opened
from amplicast.cli.completing import run_names
from amplicast.cli.picture_file import require_picture
from amplicast.cli.terminal import say, show

if TYPE_CHECKING:
    from amplicast.forecast import Forecast


@click.command("check")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option("--strict", is_flag=True, help="End with code 4 for warnings too.")
@click.option(
    "--sbc", is_flag=True, help="Instead, fit rows that the priors simulate (takes minutes)."
)
@click.option("--simulations", type=click.IntRange(20), help="Of each plugin (default 100).")
@click.option("--plugin", "plugins", multiple=True, metavar="NAME", help="Simulate this one alone.")
@click.option("--cores", type=click.IntRange(1), help="Simulations side by side.")
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
    simulations: int | None,
    plugins: tuple[str, ...],
    cores: int | None,
    picture: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Tell whether RUN may be quoted: every check in plain words, with what to do next.

    Failures end with code 4, warnings with 0. With --sbc, tell instead whether the calibrations
    of RUN give back what they are told: simulation-based calibration.

    \b
    amplicast check latest
    amplicast check latest --strict --json
    amplicast check latest --sbc --plugin overtraining --picture ranks.svg
    """
    if not sbc and (simulations or plugins or cores or picture):
        raise click.UsageError("--simulations, --plugin, --cores and --picture need --sbc.", ctx)
    if picture is not None:
        require_picture(picture, force=force)
    forecast = opened(ctx, run)
    if sbc:
        _simulate(ctx, forecast, plugins, simulations, cores, picture, as_json=as_json)
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
    cores: int | None,
    picture: Path | None,
    *,
    as_json: bool,
) -> None:
    """Simulation-based calibration of every calibration of the run, or of the named ones.

    Raises
    ------
    ScenarioError
        The run has no such calibration.
    """
    import time

    from amplicast.analysis.kept_fits import calibrated_plugins
    from amplicast.analysis.sbc import SIMULATIONS, simulate_calibration
    from amplicast.errors import Problem, ScenarioError
    from amplicast.report.simulated import simulated_record, simulated_text

    known = calibrated_plugins(forecast)
    if unknown := [name for name in names if name not in known]:
        raise ScenarioError(
            Problem(
                code="AMP-C151",
                what=f"this run has no calibration of {unknown[0]!r}",
                why="Only what evidence informs is fitted, and can be fitted to simulated rows.",
                fix=f"name one of: {', '.join(known)}",
            )
        )
    many = simulations or SIMULATIONS
    say(ctx, f"Fitting {many} sets of simulated rows to each of {len(names or known)} models.")
    found = []
    for name in names or known:
        started = time.perf_counter()
        one = simulate_calibration(
            known[name], simulations=many, seed=forecast.scenario.compute.seed, cores=cores
        )
        verdict = "passed" if one.passed else "FAILED"
        say(ctx, f"{name}: {verdict}, in {time.perf_counter() - started:.0f} s")
        found.append(one)
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
