"""``amplicast evidence``: the sources of the plugins, what each informs, and how to cite it."""

from __future__ import annotations

from typing import Any

import click

from amplicast.cli.common import answer, registry_of
from amplicast.cli.completing import names_of
from amplicast.cli.terminal import show


@click.group("evidence")
def command() -> None:
    """List the sources behind the plugins, tell about one, or cite them.

    \b
    amplicast evidence list
    amplicast evidence cite > sources.bib
    """


@command.command("list")
@click.option("--grade", type=click.Choice(["A", "B", "C", "D"]), help="Those of one grade only.")
@click.option(
    "--plugin",
    "plugin",
    metavar="ID",
    shell_complete=names_of("plugins"),
    help="Those that one plugin names.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def list_sources(ctx: click.Context, grade: str | None, plugin: str | None, as_json: bool) -> None:
    """List every source that a plugin names, with what it informs and its grade.

    \b
    amplicast evidence list --grade A
    amplicast evidence list --plugin resampling
    """
    from amplicast.report.bibliography import known_sources, sources_record, sources_text

    registry = registry_of(ctx.find_root())
    found = known_sources(registry)
    if plugin is not None:
        _require(plugin, {user for each in found for user in each.plugins}, "plugin with sources")
    chosen = [
        each
        for each in found
        if grade in {None, each.source.grade} and (plugin is None or plugin in each.plugins)
    ]
    if as_json:
        answer("sources", sources_record(chosen))
    else:
        show(sources_text(chosen))


@command.command("show")
@click.argument("key", shell_complete=names_of("sources"))
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def show_source(ctx: click.Context, key: str, as_json: bool) -> None:
    """Tell what the source KEY is, what it informs, and who rests on it.

    \b
    amplicast evidence show brown2024
    amplicast evidence show hoffmann2022 --json
    """
    from amplicast.report.bibliography import known_sources, source_text, sources_record

    found = {each.source.key: each for each in known_sources(registry_of(ctx.find_root()))}
    _require(key, set(found), "source")
    if as_json:
        answer("source", sources_record([found[key]])[0])
    else:
        show(source_text(found[key]))


@command.command("cite")
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=names_of("sources"))
@click.option(
    "--format",
    "kind",
    default="bib",
    show_default=True,
    shell_complete=names_of("exporters"),
    help="bib or csl-json.",
)
@click.pass_context
def cite(ctx: click.Context, keys: tuple[str, ...], kind: str) -> None:
    """Print the sources named by KEY, or all of them, as BibTeX or CSL-JSON.

    \b
    amplicast evidence cite brown2024 hoffmann2022
    amplicast evidence cite > sources.bib
    """
    from amplicast.report.bibliography import cited, known_sources

    registry = registry_of(ctx.find_root())
    found = {each.source.key: each for each in known_sources(registry)}
    for key in keys:
        _require(key, set(found), "source")
    click.echo(cited(registry, kind, [found[key] for key in keys or sorted(found)]), nl=False)


def _require(name: str, known: set[str], what: str) -> Any:
    if name in known:
        return
    from difflib import get_close_matches

    from amplicast.errors import PluginError, Problem

    near = get_close_matches(name, sorted(known), n=1)
    raise PluginError(
        Problem(
            code="AMP-P140",
            what=f"there is no {what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""),
            why=f"{len(known)} are known.",
            fix="amplicast evidence list",
        )
    )
