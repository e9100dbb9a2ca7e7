"""``amplicast export``: a run's quantiles in a format that a plugin writes."""

from __future__ import annotations

import os
from pathlib import Path

import click

from amplicast.cli.common import RUNS, registry_of, require_folder, say
from amplicast.errors import CheckError, Problem


@click.command("export")
@click.argument("run", default="latest")
@click.option("--format", "kind", default="csv", show_default=True, help="csv, json, md, ...")
@click.option("--out", "-o", default="-", show_default=True, help="File, or - for stdout.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--allow-failed-checks", is_flag=True, help="Export a run whose checks failed, stamped so."
)
@click.pass_context
def command(
    ctx: click.Context, run: str, kind: str, out: str, force: bool, allow_failed_checks: bool
) -> None:
    """Write every output of RUN with its quantiles.

    \b
    amplicast export latest --format csv --out forecast.csv
    amplicast export latest --format json | jq '.data[0]'
    """
    from amplicast.forecast import Forecast
    from amplicast.forecast.store import find_run
    from amplicast.report import ForecastTable

    registry = registry_of(ctx)
    exporter = registry.get("exporters", kind)
    forecast = Forecast.load(find_run(run, RUNS), registry)
    failed = forecast.provenance["failed_checks"]
    if failed and not allow_failed_checks:
        raise CheckError(
            Problem(
                code="AMP-X101",
                what="this run failed its checks, so nothing is exported",
                why="; ".join(failed),
                fix="mend the run, or add --allow-failed-checks (the export names the failures)",
            )
        )
    text = exporter.write(ForecastTable.of(forecast))
    if out == "-":
        click.echo(text, nl=False)
        return
    path = Path(out)
    if path.exists() and not force:
        raise CheckError(
            Problem(
                code="AMP-X102",
                what=f"{path} exists",
                why="Nothing is overwritten unasked.",
                fix="choose another name, or add --force",
            )
        )
    require_folder(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
    say(ctx, f"{path}")
