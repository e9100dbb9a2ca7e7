"""``amplicast calibrate``: fit one plugin, and show what its evidence says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amplicast.cli.common import answer, registry_of
from amplicast.cli.completing import names_of
from amplicast.cli.options import cluster_of, on_cluster
from amplicast.cli.picture_file import require_picture
from amplicast.cli.terminal import progress, say, show

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.execute import Where
    from amplicast.engine.fit import SamplerSettings
    from amplicast.registry import Registry
    from amplicast.report.calibrated import Calibration

SEED = 20260101
"""That of the scenario which ships, so that its fits are found in the cache."""


@click.command("calibrate")
@click.argument("name", shell_complete=names_of("plugins"))
@click.option(
    "--data", type=click.Path(path_type=Path), metavar="FILE", help="Fit your own measurements."
)
@click.option("--leave-one-source-out", "held_out", is_flag=True, help="Foresee each source.")
@click.option(
    "--picture",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw the held-out rows: NAME.svg, .png or .pdf.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing picture.")
@click.option("--by", default="source", metavar="COLUMN", help="Leave out rows alike in COLUMN.")
@click.option("--strict", is_flag=True, help="End with code 4 where held-out coverage is too low.")
@click.option("--draws", type=click.IntRange(100), default=1000, help="Draws per chain.")
@click.option("--chains", type=click.IntRange(4), default=4, help="Chains.")
@click.option("--seed", type=click.IntRange(0), default=SEED, help="Seed.")
@click.option("--cores", type=click.IntRange(1), help="Processor cores to use.")
@on_cluster
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    data: Path | None,
    held_out: bool,
    picture: Path | None,
    force: bool,
    by: str,
    strict: bool,
    draws: int,
    chains: int,
    seed: int,
    cores: int | None,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Fit the plugin NAME to its evidence, and tell prior, posterior and how far to trust them.

    NAME is a technique, or another plugin with evidence; with --leave-one-source-out it may be
    ``all``, for all techniques.

    \b
    amplicast calibrate resampling
    amplicast calibrate overtraining --data losses.csv
    amplicast calibrate all --leave-one-source-out --picture heldout.svg
    amplicast calibrate roofline --leave-one-source-out --by system
    """
    from amplicast.engine.fit import SamplerSettings

    settings = SamplerSettings(draws=draws, chains=chains, seed=seed, cores=cores)
    if held_out and data:
        raise click.UsageError("--data and --leave-one-source-out cannot be used together.", ctx)
    if picture is not None:
        if not held_out:
            raise click.UsageError("--picture needs --leave-one-source-out.", ctx)
        require_picture(picture, force=force)
    registry = registry_of(ctx)
    chosen = _chosen(registry, name, every=held_out)
    if held_out:
        _leave_out(
            ctx, chosen, settings, cluster_of(scheduler),
            by=by, strict=strict, picture=picture, as_json=as_json,
        )  # fmt: skip
        return
    from amplicast.report.calibrated import calibration_record, calibration_text

    told = _calibrate(ctx, chosen[0], data, settings, cluster_of(scheduler))
    if as_json:
        answer("calibration", calibration_record(told))
    else:
        show(calibration_text(told))
    if not told.verdict.passed:
        ctx.exit(4)


def _chosen(registry: Registry, name: str, *, every: bool) -> list[Plugin]:
    """The named plugin, or all techniques that have evidence.

    Raises
    ------
    PluginError
        There is no such technique or plugin with evidence, or it has no evidence.
    """
    from amplicast.errors import PluginError, Problem
    from amplicast.registry import KINDS

    if every and name == "all":
        return [one for _, one in sorted(registry.techniques.items()) if one.evidence]
    named = [getattr(registry, kind).get(name) for kind in KINDS if kind != "techniques"]
    informed = [one for one in named if getattr(one, "evidence", ())]
    if name not in registry.techniques and informed:
        return informed[:1]
    technique = registry.get("techniques", name)
    if not technique.evidence:
        raise PluginError(
            Problem(
                code="AMP-C133",
                what=f"{name!r} has no evidence, so there is nothing to calibrate",
                why="All its parameters are beliefs.",
                fix=f"see them with: amplicast plugins info {name}",
            )
        )
    return [technique]


def _calibrate(
    ctx: click.Context,
    plugin: Plugin,
    data: Path | None,
    settings: SamplerSettings,
    where: Where | None,
) -> Calibration:
    from amplicast.analysis.calibration import evidence_fits, parameter_shifts
    from amplicast.analysis.own_data import compare, loss_law_of, with_data
    from amplicast.engine.calibrate import calibrate
    from amplicast.report.calibrated import Calibration

    def fit(one: Plugin) -> Any:
        shown = progress(ctx)
        return calibrate([one], settings=settings, progress=shown, where=where)[one.id]

    used = plugin if data is None else with_data(plugin, data)
    posterior = fit(used)
    beside: dict[str, Any] = {}
    if data is not None:
        shared = [one.id for one in used.evidence if one in plugin.evidence]
        beside = {
            "data": data.name,
            "law": loss_law_of(used),
            "comparisons": compare(posterior, fit(plugin), shared=shared),
        }
    return Calibration(
        technique=used.id,
        verdict=posterior.verdict,
        sampling=posterior.sampling,
        shifts=parameter_shifts(used, posterior),
        fits=evidence_fits(used, posterior, seed=settings.seed),
        **beside,
    )


def _leave_out(
    ctx: click.Context,
    chosen: list[Plugin],
    settings: SamplerSettings,
    where: Where | None,
    *,
    by: str,
    strict: bool,
    picture: Path | None,
    as_json: bool,
) -> None:
    from amplicast.analysis.heldout import leave_one_source_out, sources_of, total
    from amplicast.report.calibrated import heldout_record, heldout_text

    for one in chosen:
        say(ctx, f"{one.id} will be fitted without each of: {'; '.join(sources_of(one, by))}")
    found = leave_one_source_out(
        chosen, settings=settings, progress=progress(ctx), by=by, where=where
    )
    if as_json:
        answer("held-out", heldout_record(found))
    else:
        show(heldout_text(found))
    if picture is not None:
        from amplicast.report.charts.heldout import heldout_sources

        drawn = heldout_sources(found, by=by)
        for file in drawn.save(picture):
            say(ctx, f"wrote {file}")
    sums = total(found)
    if strict and not (sums["passed"] and not sums["failed_fits"]):
        ctx.exit(4)
