"""``amplicast memo``: two pages about a run, for people who decide."""

from __future__ import annotations

from pathlib import Path

import click

from amplicast.cli.common import opened, registry_of
from amplicast.cli.completing import run_names
from amplicast.cli.terminal import say
from amplicast.errors import Problem, ScenarioError

FORMATS = ("docx", "html", "md", "tex")
LANGUAGES = ("ipcc", "icd203", "numbers")


@click.command("memo")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option("--format", "kind", type=click.Choice(FORMATS), default="docx", show_default=True)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="ipcc",
    show_default=True,
    help="Scale of the words for chances.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="FILE.docx",
    help="Word document whose styles are used.",
)
@click.option("--author", default="", help="Who writes (default: the scenario's author).")
@click.option("--audience", default="", help="For whom.")
@click.option(
    "--recommendation-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The author's own view as plain text, set apart.",
)
@click.option("--out", "-o", type=click.Path(path_type=Path), help="File (memo-RUN.FORMAT).")
@click.option("--force", is_flag=True, help="Overwrite existing files.")
@click.option(
    "--allow-failed-checks",
    is_flag=True,
    help="Write about a run whose checks failed, stamped on every page.",
)
@click.option("--because", default="", metavar="REASON", help="Why, in words; it is printed.")
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    kind: str,
    language: str,
    template: Path | None,
    author: str,
    audience: str,
    recommendation_file: Path | None,
    out: Path | None,
    force: bool,
    allow_failed_checks: bool,
    because: str,
) -> None:
    """Write a policy memo of two pages about RUN.

    \b
    amplicast memo latest --format docx --audience "The committee"
    amplicast memo latest --format md --language icd203 --recommendation-file view.txt
    """
    from amplicast.report import ForecastDocument
    from amplicast.report.export import require_place, write_files
    from amplicast.report.memo import Asked, memo_files

    if template is not None and kind != "docx":
        raise ScenarioError(
            Problem(
                code="AMP-M105",
                what=f"--template is for docx, and the format is {kind}",
                fix="--format docx, or leave --template out",
            )
        )
    document = ForecastDocument(opened(ctx, run), registry_of(ctx))
    path = out or Path(f"memo-{document.run}.{kind}")
    require_place(path, force=force)
    asked = Asked(
        language=language,
        author=author,
        audience=audience,
        view=_read(recommendation_file),
        because=because if allow_failed_checks else "",
    )
    files = memo_files(document, kind, stem=path.stem, asked=asked, template=template)
    for written in write_files(files, path, force=force):
        click.echo(str(written))
    if document.failed:
        say(ctx, "The checks of this run failed; every page says so.")


def _read(path: Path | None) -> str:
    """The author's text."""
    if path is None:
        return ""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            Problem(
                code="AMP-M106",
                what=f"{path} cannot be read as text",
                why=f"{error}.",
                fix="save it as plain text (UTF-8)",
            )
        ) from error
