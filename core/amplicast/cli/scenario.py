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
)
from amplicast.cli.completing import scenarios
from amplicast.cli.scenario_import import import_file
from amplicast.cli.terminal import say
from amplicast.cli.terminal import show as shown
from amplicast.errors import Problem, ScenarioError
from amplicast.files import write_whole


@click.group("scenario")
def command() -> None:
    """Make, check, show or explain a scenario file.

    \b
    amplicast scenario new my-case
    amplicast scenario check my-case.toml
    """


command.add_command(import_file)


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
    write_whole({path: new(stem).encode("utf-8")})
    click.echo(str(path))
    say(ctx.find_root(), f"Next: edit it, then  amplicast scenario check {path}")


@command.command("check")
@click.argument("file", shell_complete=scenarios)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def check_file(ctx: click.Context, file: str, as_json: bool) -> None:
    """Tell everything that is wrong or odd in FILE, at once.

    \b
    amplicast scenario check my-case.toml
    amplicast scenario check baseline --json
    """
    from dataclasses import replace

    from amplicast.forecast.inputs import declared
    from amplicast.forecast.must_hold import must_hold_problems
    from amplicast.scenario import check

    registry = registry_of(ctx.find_root())
    report = check(
        f"builtin:{file}" if file in registry.forecasts else file,
        declared=declared(registry),
        builtin=builtin_path(registry),
        known=known_ids(registry),
    )
    if report.scenario is not None and (more := tuple(must_hold_problems(report.scenario))):
        report = replace(report, scenario=None, problems=more)
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
@click.argument("file", shell_complete=scenarios)
@click.option("--schema", "as_schema", is_flag=True, help="Print the JSON Schema of the format.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def show(ctx: click.Context, file: str, as_schema: bool, as_json: bool) -> None:
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
    scenario = load_scenario(root, file, registry_of(root))
    if as_json:
        answer("scenario", scenario.to_dict()["tree"])
    else:
        click.echo(scenario.resolved_toml(), nl=False)


@command.command("explain")
@click.argument("file", shell_complete=scenarios)
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
    scenario = load_scenario(root, file, registry)
    rows = explain(scenario, declared=declared(registry))
    if as_json:
        bounds = [vars(belief) for belief in scenario.must_hold]
        answer("scenario-explain", [*(vars(row) for row in rows), *bounds])
        return
    from amplicast.report.layout import text_of
    from amplicast.report.must_hold import sentence_of

    lines = [
        line
        for row in rows
        for line in (
            f"{row.name} [{row.unit}]  {row.description}",
            (
                f"    5 % {row.p05:.3g} · 25 % {row.p25:.3g} · median {row.p50:.3g} · "
                f"75 % {row.p75:.3g} · 95 % {row.p95:.3g}"
            ),
            f"    {row.why} Source: {row.source or 'none'}. From: {row.origin}.",
        )
    ]
    held = [
        line
        for belief in scenario.must_hold
        for line in (
            f"{belief.name}, must hold ({belief.severity})",
            f"    {sentence_of(belief)}.",
            f"    {belief.why} Source: {belief.source}.",
        )
    ]
    shown(text_of(["\n".join(lines), "\n".join(held)]))


@command.command("to-xlsx")
@click.argument("file", shell_complete=scenarios)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.pass_context
def to_xlsx(ctx: click.Context, file: str, out: Path, force: bool) -> None:
    """Write FILE as a spreadsheet, to edit there.

    \b
    amplicast scenario to-xlsx my-case.toml my-case.xlsx
    amplicast scenario to-xlsx baseline baseline.xlsx
    """
    import tomllib

    from amplicast.forecast.inputs import declared
    from amplicast.report.export import MAIN, require_modules, write_files
    from amplicast.scenario import write_workbook

    require_modules(("xlsxwriter",), extra="amplicast[xlsx]", what="a spreadsheet")
    root = ctx.find_root()
    registry = registry_of(root)
    load_scenario(root, file, registry)  # a file with mistakes is told here
    known = registry.forecasts.get(file.removeprefix("builtin:"))
    path = known.scenario if known else Path(file)
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    content = write_workbook(tree, declared=declared(registry))
    write_files({MAIN: content}, out, force=force)
    click.echo(str(out))
    say(root, f"Next: edit it, then  amplicast scenario from-xlsx {out} {out.stem}.toml")


@command.command("from-xlsx")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.pass_context
def from_xlsx(ctx: click.Context, file: Path, out: Path, force: bool) -> None:
    """Write the spreadsheet FILE as a scenario file, after checking it cell by cell.

    \b
    amplicast scenario from-xlsx my-case.xlsx my-case.toml
    amplicast scenario from-xlsx my-case.xlsx my-case.toml --force
    """
    import tempfile

    from amplicast.forecast.inputs import declared
    from amplicast.report.export import MAIN, require_modules, write_files
    from amplicast.scenario import check, read_workbook

    require_modules(("openpyxl",), extra="amplicast[xlsx]", what="a spreadsheet")
    root = ctx.find_root()
    registry = registry_of(root)
    sheets = read_workbook(file)
    require_folder(out)
    with tempfile.NamedTemporaryFile(
        "w", suffix=".toml", dir=out.parent, encoding="utf-8"
    ) as trial:
        # Beside where it will lie, since based_on may name a file beside it.
        trial.write(sheets.text)
        trial.flush()
        report = check(
            trial.name,
            declared=declared(registry),
            builtin=builtin_path(registry),
            known=known_ids(registry),
        )
    if report.scenario is None:
        raise ScenarioError(*map(sheets.at_cell, report.problems))
    for warning in map(sheets.at_cell, report.warnings):
        say(root, str(warning).replace("Error", "Warning", 1))
    write_files({MAIN: sheets.text}, out, force=force)
    click.echo(str(out))
    say(root, f"Next: amplicast run {out}")
