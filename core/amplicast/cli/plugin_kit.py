"""``amplicast plugins new`` and ``check``: begin a plugin, and hold it to the laws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amplicast.cli.common import answer, registry_of
from amplicast.cli.completing import names_of
from amplicast.cli.terminal import complain, say
from amplicast.errors import CheckError, PluginError, Problem

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.registry import Registry, Row
    from amplicast.testing import LawReport

__all__ = ["check", "new"]


@click.command("new")
@click.argument("kind")
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="Where its folder is made; here, if not said.",
)
@click.pass_context
def new(ctx: click.Context, kind: str, name: str, into: Path) -> None:
    """Write a distribution with a plugin NAME of a KIND, ready to be installed and tested.

    Its numbers are made up, and marked so that they cannot be published by mistake.

    \b
    amplicast plugins new technique self-review
    amplicast plugins new hardware my-chip --into ..
    """
    from amplicast.scaffold import write

    root = ctx.find_root()
    rows = registry_of(root).rows()
    taken = {row.name for row in rows}
    taken |= {id_ for row in rows for ids in row.adds.values() for id_ in ids}
    folder = write(kind, name, into, taken=taken)
    click.echo(str(folder))
    say(
        root,
        f"Next:\n  cd {folder}\n  pip install -e .\n  amplicast plugins check {name}",
    )


@click.command("check")
@click.argument(
    "names", nargs=-1, required=True, metavar="NAME...", shell_complete=names_of("plugins")
)
@click.option("--strict", is_flag=True, help="End with code 4 on warnings too: before publishing.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...], strict: bool, as_json: bool) -> None:
    """Hold plugins to the laws; NAME is a plugin, as listed, or the id of something it adds.

    \b
    amplicast plugins check resampling
    amplicast --plugin my_chip.py plugins check my_chip.py --strict
    """
    from amplicast.testing import check as hold
    from amplicast.testing import check_loading

    registry = registry_of(ctx.find_root())
    records = []
    for name in names:
        for row, things in _found(registry, name):
            loading = check_loading(row.distribution if row.trust == "file" else row.name)
            reports = [(kind, thing, hold(thing)) for kind, thing in things]
            records.append(_record(row, loading, reports))
            if not as_json:
                _tell(records[-1], loading, [report for _, _, report in reports])
    if as_json:
        answer("plugin-check", records)
    broken = sum(len(record["problems"]) for record in records)
    drafts = sum(len(record["warnings"]) for record in records)
    if broken or (strict and drafts):
        ctx.exit(CheckError.exit_code)


def _found(registry: Registry, name: str) -> list[tuple[Row, list[tuple[str, Plugin]]]]:
    """Plugins of this name, or those that add something of this id, with what is to be held.

    Raises
    ------
    PluginError
        There is none, or it was left out as the registry loaded.
    """
    from amplicast.fields import did_you_mean
    from amplicast.registry import KINDS

    rows = registry.rows()
    found = []
    for row in rows:
        ids = {(kind, id_) for kind, all_ids in row.adds.items() for id_ in all_ids}
        wanted = ids if row.name == name else {pair for pair in ids if pair[1] == name}
        if row.name == name and not row.loaded:
            raise PluginError(
                Problem(
                    code="AMP-P135",
                    what=f"the plugin {name!r} was left out, so it cannot be held to the laws",
                    why=row.problem,
                    fix="mend what is said above, and check it again",
                )
            )
        if row.loaded and wanted:
            ordered = sorted(wanted, key=lambda pair: (list(KINDS).index(pair[0]), pair[1]))
            found.append((row, [(kind, getattr(registry, kind)[id_]) for kind, id_ in ordered]))
    if found:
        return found
    known = {id_ for row in rows for all_ids in row.adds.values() for id_ in all_ids}
    known |= {row.name for row in rows}
    raise PluginError(
        Problem(
            code="AMP-P130",
            what=f"there is no plugin {name!r}.{did_you_mean(name, known)}",
            why=f"{len(rows)} are installed or named by --plugin.",
            fix="amplicast plugins list",
        )
    )


def _record(
    row: Row, loading: LawReport, reports: list[tuple[str, Plugin, LawReport]]
) -> dict[str, Any]:
    every = [loading, *(report for _, _, report in reports)]
    return {
        "plugin": row.name,
        "distribution": row.distribution,
        "version": row.version,
        "held": [
            {"kind": kind, "id": thing.id, "broken": list(report.broken)}
            for kind, thing, report in reports
        ],
        "problems": [vars(problem) for report in every for problem in report.problems],
        "warnings": [vars(problem) for report in every for problem in report.warnings],
    }


def _tell(record: dict[str, Any], loading: LawReport, reports: list[LawReport]) -> None:
    from amplicast.testing import LAWS

    whole = loading
    for report in reports:
        whole = whole.joined(report)
    ids = ", ".join(held["id"] for held in record["held"])
    name = f"{record['plugin']} ({record['distribution']} {record['version']}".rstrip() + ")"
    verdict = f"breaks {', '.join(whole.broken)}" if whole.broken else "keeps the laws"
    click.echo(f"{name}: {verdict}. Held: {ids}; {len(whole.kept)} of {len(LAWS)} laws in order.")
    for problem in whole.problems:
        complain(f"\n{problem}")
    for problem in whole.warnings:
        click.echo("\n" + str(problem).replace("Error", "Warning", 1))
