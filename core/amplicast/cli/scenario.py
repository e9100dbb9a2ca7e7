"""``amplicast scenario``: make, check, show and explain the file that people edit."""

from __future__ import annotations

from pathlib import Path

import click

from amplicast.cli.common import (
    answer,
    builtin_path,
    known_ids,
    load_scenario,
    registry_of,
    require_folder,
    say,
)
from amplicast.errors import Problem, ScenarioError


@click.group("scenario")
def command() -> None:
    """Make, check, show or explain a scenario file.

    \b
    amplicast scenario new my-case
    amplicast scenario check my-case.toml
    """


@command.command("new")
@click.argument("name")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.pass_context
def new_file(ctx: click.Context, name: str, force: bool) -> None:
    """Write NAME.toml, based on the baseline, every line explained.

    \b
    amplicast scenario new my-case
    amplicast scenario new cases/more-chips
    """
    from amplicast.scenario import new

    stem = Path(name).name.removesuffix(".toml")
    path = Path(name).with_name(f"{stem}.toml")
    if path.exists() and not force:
        raise ScenarioError(
            Problem(
                code="AMP-C103",
                what=f"{path} exists",
                why="Nothing is overwritten unasked.",
                fix="choose another name, or add --force",
            )
        )
    require_folder(path)
    path.write_text(new(stem), encoding="utf-8")
    click.echo(str(path))
    say(ctx.find_root(), f"Next: edit it, then  amplicast scenario check {path}")


@command.command("check")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def check_file(ctx: click.Context, file: str, as_json: bool) -> None:
    """Tell everything that is wrong or odd in FILE, at once.

    \b
    amplicast scenario check my-case.toml
    amplicast scenario check baseline --json
    """
    from amplicast.forecast.inputs import declared
    from amplicast.scenario import check

    registry = registry_of(ctx.find_root())
    report = check(
        f"builtin:{file}" if file in registry.forecasts else file,
        declared=declared(registry),
        builtin=builtin_path(registry),
        known=known_ids(registry),
    )
    if as_json:
        data = {
            "problems": [vars(problem) for problem in report.problems],
            "warnings": [vars(warning) for warning in report.warnings],
        }
        answer("scenario-check", data)
    elif report.scenario is not None:
        known = report.scenario
        fixed = sum(belief.prior.is_fixed for belief in known.assumptions.values())
        click.echo(
            f"{file}: OK. {len(known.assumptions)} assumptions "
            f"({len(known.assumptions) - fixed} uncertain, {fixed} fixed), "
            f"{len(known.variants)} variants, {len(known.techniques)} techniques."
        )
        for warning in report.warnings:
            click.echo(str(warning).replace("Error", "Warning", 1))
    if report.problems:
        if not as_json:
            click.echo("\n\n".join(map(str, report.problems)), err=True)
        ctx.exit(ScenarioError.exit_code)


@command.command("show")
@click.argument("file")
@click.option("--schema", "as_schema", is_flag=True, help="Print the JSON Schema of the format.")
@click.pass_context
def show(ctx: click.Context, file: str, as_schema: bool) -> None:
    """Print FILE with everything it inherits, as one complete file.

    \b
    amplicast scenario show baseline
    amplicast scenario show baseline --schema
    """
    if as_schema:
        import json

        from amplicast.scenario import schema

        click.echo(json.dumps(schema(), indent=1, sort_keys=True))
        return
    root = ctx.find_root()
    click.echo(load_scenario(root, file, registry_of(root)).resolved_toml(), nl=False)


@command.command("explain")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def explain_file(ctx: click.Context, file: str, as_json: bool) -> None:
    """Say what every belief of FILE means, in numbers and words.

    \b
    amplicast scenario explain baseline
    amplicast scenario explain my-case.toml --json
    """
    from amplicast.forecast.inputs import declared
    from amplicast.scenario import explain

    root = ctx.find_root()
    registry = registry_of(root)
    rows = explain(load_scenario(root, file, registry), declared=declared(registry))
    if as_json:
        answer("scenario-explain", [vars(row) for row in rows])
        return
    for row in rows:
        click.echo(f"{row.name} [{row.unit}]  {row.description}")
        click.echo(
            f"    5 % {row.p05:.3g} · 25 % {row.p25:.3g} · median {row.p50:.3g} · "
            f"75 % {row.p75:.3g} · 95 % {row.p95:.3g}"
        )
        click.echo(f"    {row.why} Source: {row.source or 'none'}. From: {row.origin}.")
