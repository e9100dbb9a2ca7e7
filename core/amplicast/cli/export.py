"""``amplicast export``: a run in a format that a plugin writes."""

from __future__ import annotations

from pathlib import Path

import click

from amplicast.cli.common import opened, registry_of, require_passed
from amplicast.cli.completing import names_of, run_names
from amplicast.cli.terminal import say, show
from amplicast.errors import CheckError, Problem


@click.command("export")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option(
    "--format",
    "kind",
    default="csv",
    show_default=True,
    shell_complete=names_of("exporters"),
    help="csv, xlsx, tex, ...",
)
@click.option("--out", "-o", default="-", show_default=True, help="File, folder, or - for stdout.")
@click.option("--force", is_flag=True, help="Overwrite existing files.")
@click.option(
    "--allow-failed-checks", is_flag=True, help="Export a run whose checks failed, stamped so."
)
@click.option("--list", "as_list", is_flag=True, help="List the formats.")
@click.option("--schema", "as_schema", is_flag=True, help="Print the JSON Schema of --format json.")
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    kind: str,
    out: str,
    force: bool,
    allow_failed_checks: bool,
    as_list: bool,
    as_schema: bool,
) -> None:
    """Write RUN for a paper, a spreadsheet, a database or another program.

    \b
    amplicast export latest --format xlsx --out forecast.xlsx
    amplicast export latest --format json | jq '.data[0]'
    """
    if as_schema:
        import json

        from amplicast.report.schema import forecast_schema

        click.echo(json.dumps(forecast_schema(), indent=1, sort_keys=True))
        return
    registry = registry_of(ctx)
    if as_list:
        from amplicast.report.layout import grid, text_of

        rows = [
            [each.id, f"file {each.suffix}" if each.suffix else "folder", each.summary]
            for each in registry.exporters.values()
        ]
        show(text_of([grid("", rows, head=0)]))
        return
    from amplicast.report import ForecastDocument
    from amplicast.report.export import MAIN, export, rendered

    exporter = registry.get("exporters", kind)
    document = ForecastDocument(opened(ctx, run), registry)
    require_passed(
        document.forecast, allowed=allow_failed_checks, code="AMP-X101",
        refused="nothing is exported", otherwise="the export names the failures",
    )  # fmt: skip
    if out != "-":
        for path in export(exporter, document, Path(out), force=force)[:1]:
            say(ctx, str(path if exporter.suffix else out))
        return
    text = rendered(exporter, document, stem=document.run).get(MAIN)
    if not isinstance(text, str):
        raise CheckError(
            Problem(
                code="AMP-X103",
                what=f"{kind} is not text that can be printed",
                why="It is a binary file, or several files in a folder.",
                fix=f"--out {document.run}{exporter.suffix}",
            )
        )
    click.echo(text, nl=False)
