"""``amplicast sweep``: many scenarios in one go, on threads, processes or a cluster."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amplicast.cli.common import RUNS, answer, known_ids, load_scenario, registry_of
from amplicast.cli.meter import meter
from amplicast.cli.options import executing, where_of
from amplicast.cli.terminal import progress, say, show

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

SWEEPS = Path("sweeps")
"""Folder of sweep folders, below the working directory."""


@click.command("sweep")
@click.argument("grid", type=click.Path(path_type=Path), metavar="GRID.toml")
@executing
@click.option("--workers", type=click.IntRange(1), help="Threads or processes (default: cores).")
@click.option(
    "--slice", "size", type=click.IntRange(1), default=20, show_default=True,
    help="Cases that are done, and kept, together.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Folder (default sweeps/ID).")
@click.option("--force", is_flag=True, help="Write over another sweep in that folder.")
@click.option("--cores", type=click.IntRange(1), help="Fits side by side, where fits are needed.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    grid: Path,
    executor: str | None,
    workers: int | None,
    scheduler: str | None,
    size: int,
    out: Path | None,
    force: bool,
    cores: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Forecast every case of GRID.toml, and write one table of them all.

    Cases that move beliefs alone take the draws of a saved run; others are fitted first, or their
    fits come from the cache. The same command goes on where it was stopped.

    \b
    amplicast sweep shares.toml
    amplicast sweep shares.toml --scheduler tcp://10.0.0.1:8786
    """
    from amplicast.analysis.sweep import read_design, sweep
    from amplicast.forecast.inputs import declared
    from amplicast.report.sweep import outline_text, sweep_outline, sweep_record, sweep_text

    where = where_of(ctx, executor, scheduler, workers)
    started = time.perf_counter()
    registry = registry_of(ctx)
    start = _Start(ctx, registry)
    design = read_design(
        grid, declared=declared(registry), known=known_ids(registry), base=start.labels
    )
    assert start.scenario is not None
    if dry_run:
        from amplicast.analysis.sweep.bases import Bases

        moved, _ = Bases(start.scenario, registry, start.run).needed(design.cases)
        numbers = list(Counter(key for key, _ in moved).values())
        found = sweep_outline(design, by_structure=numbers, size=size)
        if as_json:
            answer("sweep-dry-run", found)
        else:
            show(outline_text(found))
        return
    with meter(ctx, "cases") as done:
        swept = sweep(
            design,
            registry,
            scenario=start.scenario,
            run=start.run,
            folder=lambda id_: out or SWEEPS / id_,
            where=where,
            asked={
                "plugin_files": [str(Path(f).resolve()) for f in ctx.obj["plugin_files"]],
                "block": sorted(ctx.obj["block"]),
            },
            slice_size=size,
            force=force,
            cores=cores,
            progress=progress(ctx),
            say=lambda text: say(ctx, text),
            done=done,
        )
    if as_json:
        answer("sweep", sweep_record(swept), list(swept.failed))
    else:
        show(sweep_text(swept))
    say(ctx, f"\n{swept.folder}/  ({time.perf_counter() - started:.1f} s)")
    if swept.failed:
        ctx.exit(4)


class _Start:
    """What the cases start from, opened once."""

    def __init__(self, ctx: click.Context, registry: Registry) -> None:
        self.ctx, self.registry = ctx, registry
        self.scenario: Scenario | None = None
        self.run: Forecast | None = None

    def labels(self, run: str, scenario: str) -> Mapping[str, Any]:
        """Beliefs and labels of a saved run, or of a scenario."""
        from amplicast.forecast import Forecast
        from amplicast.forecast.outputs import output_coords
        from amplicast.forecast.plan import make_plan
        from amplicast.forecast.store import find_run

        if scenario:
            self.scenario = load_scenario(self.ctx, scenario, self.registry)
        else:
            self.run = Forecast.load(find_run(run, RUNS), self.registry, groups={"inputs"})
            self.scenario = self.run.scenario
        coords = output_coords(make_plan(self.scenario, self.registry))
        beliefs = {name: each.prior for name, each in self.scenario.assumptions.items()}
        return {**coords, "others": coords, "beliefs": beliefs}
