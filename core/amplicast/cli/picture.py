"""``amplicast picture``: one picture of a run as a file, with its text."""

from __future__ import annotations

from pathlib import Path

import click

from amplicast.cli.common import answer, opened, require_passed
from amplicast.cli.completing import names_of, run_names
from amplicast.cli.options import reevaluating
from amplicast.cli.picture_file import require_picture
from amplicast.cli.terminal import say, show


@click.command("picture")
@click.argument("run", default="latest", shell_complete=run_names)
@click.argument("name", required=False, shell_complete=names_of("pictures"))
@click.option("--out", "-o", type=click.Path(path_type=Path), help="NAME.svg, .png or .pdf.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option("--scenario", metavar="NAME", help="Scenario of the run (default: the reference).")
@click.option("--actor", metavar="NAME", help="Pool of compute (default: the first).")
@click.option("--regime", metavar="NAME", help="Way to use the compute (default: the last).")
@click.option("--task-class", metavar="NAME", help="One task class (default: each, or the middle).")
@click.option("--year", type=int, help="Year to show (default: the last).")
@click.option("--quantity", metavar="NAME", help="amplification or copies, where both can be.")
@click.option("--threshold", type=float, metavar="X", help="OOM, or copies.")
@click.option(
    "--plugin", metavar="NAME", shell_complete=names_of("plugins"), help="Calibration to show."
)
@reevaluating
@click.option(
    "--allow-failed-checks", is_flag=True, help="Draw a run whose checks failed, and say so."
)
@click.option("--json", "as_json", is_flag=True, help="Answer with text and numbers as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    name: str | None,
    out: Path | None,
    force: bool,
    scenario: str | None,
    actor: str | None,
    regime: str | None,
    task_class: str | None,
    year: int | None,
    quantity: str | None,
    threshold: float | None,
    plugin: str | None,
    variant: str | None,
    sets: tuple[str, ...],
    allow_failed_checks: bool,
    as_json: bool,
) -> None:
    """Draw the picture NAME of RUN; without NAME, list the pictures.

    \b
    amplicast picture latest frontier --out frontier.png
    amplicast picture latest dots --quantity copies --threshold 1e8 --actor world
    """
    from amplicast.report.charts.catalogue import PICTURES, draw

    if name is None and run in PICTURES:
        run, name = "latest", run
    if name is None:
        if as_json:
            answer("pictures", {each: entry.answers for each, entry in PICTURES.items()})
            return
        from amplicast.report.layout import grid, text_of

        rows = [[each, entry.answers] for each, entry in PICTURES.items()]
        show(text_of([grid("", rows, head=0)]))
        return
    path = out or Path(f"{name}.svg")
    if not as_json:
        require_picture(path, force=force)
    forecast = opened(ctx, run, variant=variant, sets=sets)
    require_passed(
        forecast, allowed=allow_failed_checks, code="AMP-P106",
        refused="nothing is drawn", otherwise="the caption names the failures",
    )  # fmt: skip
    picture = draw(
        forecast, name, scenario=scenario, actor=actor, regime=regime, task_class=task_class,
        year=year, quantity=quantity, threshold=threshold, plugin=plugin,
    )  # fmt: skip
    if as_json:
        answer("picture", picture.record())
        return
    for file in picture.save(path):
        click.echo(str(file))
    say(ctx, picture.caption)
