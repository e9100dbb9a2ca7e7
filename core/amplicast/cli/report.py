"""``amplicast report``: a run as one HTML file that needs nothing else."""

from __future__ import annotations

from pathlib import Path

import click

from amplicast.cli.common import opened, registry_of, require_passed
from amplicast.cli.completing import run_names
from amplicast.cli.terminal import say


@click.command("report")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="FILE.html (report-RUN.html).")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--allow-failed-checks", is_flag=True, help="Report a run whose checks failed, stamped so."
)
@click.pass_context
def command(
    ctx: click.Context, run: str, out: Path | None, force: bool, allow_failed_checks: bool
) -> None:
    """Write RUN as one page: answers, pictures, assumptions, evidence, checks and sources.

    \b
    amplicast report latest
    amplicast report latest --out forecast.html --force
    """
    from amplicast.report import ForecastDocument
    from amplicast.report.export import MAIN, require_place, write_files
    from amplicast.report.html import report_html

    document = ForecastDocument(opened(ctx, run), registry_of(ctx))
    require_passed(
        document.forecast, allowed=allow_failed_checks, code="AMP-H101",
        refused="no report is written", otherwise="every page is stamped",
    )  # fmt: skip
    path = out or Path(f"report-{document.run}.html")
    require_place(path, force=force)
    write_files({MAIN: report_html(document)}, path, force=force)
    click.echo(str(path))
    say(ctx, f"{path.stat().st_size / 1e6:.1f} MB; it opens in any browser and fetches nothing.")
