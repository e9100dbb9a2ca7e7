"""``amplicast scenario import``: beliefs that researchers keep elsewhere, as a scenario."""

from __future__ import annotations

from pathlib import Path

import click

from amplicast.cli.common import builtin_path, known_ids, registry_of, require_folder
from amplicast.cli.terminal import say
from amplicast.errors import ScenarioError

__all__ = ["import_file"]


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.toml",
    help="Write a whole scenario; else its assumptions are printed.",
)
@click.option("--rename", multiple=True, metavar="THEIRS=OURS", help="Call it so (repeatable).")
@click.option("--leave-out", multiple=True, metavar="THEIRS", help="Do not take it (repeatable).")
@click.option(
    "--where", multiple=True, metavar="COLUMN=VALUE", help="Take these rows only (repeatable)."
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.pass_context
def import_file(
    ctx: click.Context,
    file: Path,
    out: Path | None,
    rename: tuple[str, ...],
    leave_out: tuple[str, ...],
    where: tuple[str, ...],
    force: bool,
) -> None:
    """Turn the beliefs of FILE into assumptions of a scenario, with where each came from.

    FILE is a table (.csv, .tsv) with a column of names and low and high, quantiles or three
    points; YAML with intervals such as ci80; or lines of Squiggle or squigglepy.

    \b
    amplicast scenario import priors.csv --where lab=OpenAI
    amplicast scenario import beliefs.squiggle --rename overlap_share=overlap --out case.toml
    """
    from amplicast.forecast.inputs import declared
    from amplicast.report.export import require_modules
    from amplicast.scenario import import_beliefs

    if file.suffix.lower() in {".yaml", ".yml"}:
        require_modules(("yaml",), extra="amplicast[yaml]", what="a YAML file")
    root = ctx.find_root()
    text = import_beliefs(
        file,
        declared=declared(registry_of(root)),
        rename=_pairs(ctx, "--rename", rename),
        leave_out=leave_out,
        where=_pairs(ctx, "--where", where),
    )
    if out is None:
        click.echo(text, nl=False)
        return
    _write(root, text, file, out, force=force)


def _pairs(ctx: click.Context, option: str, texts: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if not all(name and sign and value for name, sign, value in pairs):
        raise click.UsageError(f"{option} takes a name, the sign = and a value.", ctx)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _write(root: click.Context, text: str, file: Path, out: Path, *, force: bool) -> None:
    """A scenario on the baseline with these assumptions, checked before it is there."""
    import tempfile

    from amplicast.forecast.inputs import declared
    from amplicast.report.export import MAIN, write_files
    from amplicast.scenario import check
    from amplicast.scenario.write import toml_text

    require_folder(out)
    registry = registry_of(root)
    head = (
        "# What is not named here is the baseline's.\n\n"
        f"format   = 1\nname     = {toml_text(out.stem)}\n"
        f'author   = ""\nbased_on = "builtin:baseline"\n\n'
    )
    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as trial:
        trial.write(head + text)
        trial.flush()
        report = check(
            trial.name,
            declared=declared(registry),
            builtin=builtin_path(registry),
            known=known_ids(registry),
        )
    if report.scenario is None:
        raise ScenarioError(*report.problems)
    for warning in report.warnings:
        say(root, str(warning).replace("Error", "Warning", 1).replace(trial.name, file.name))
    write_files({MAIN: head + text}, out, force=force)
    click.echo(str(out))
    say(root, f"Next: amplicast run {out}")
