"""``amplicast plugins``: what is installed, what was left out and why, and one plugin in full."""

from __future__ import annotations

from typing import Any

import click

from amplicast.cli.common import answer, registry_of
from amplicast.cli.completing import names_of
from amplicast.cli.names import keep
from amplicast.cli.plugin_kit import check, new
from amplicast.cli.terminal import show
from amplicast.errors import PluginError, Problem


@click.group("plugins")
def command() -> None:
    """List the plugins, tell about one, begin one of your own, or hold one to the laws.

    \b
    amplicast plugins list
    amplicast plugins info resampling
    amplicast plugins new technique self-review
    amplicast plugins check self-review
    """


command.add_command(new)
command.add_command(check)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def list_plugins(ctx: click.Context, as_json: bool) -> None:
    """List every plugin with what it adds.

    \b
    amplicast plugins list
    amplicast --block resampling plugins list
    """
    registry = registry_of(ctx.find_root())
    keep(registry)
    rows = registry.rows()
    if as_json:
        answer("plugins", [_plain(row) for row in rows])
        return
    table = [["name", "version", "adds", "loaded", "trust"]]
    for row in rows:
        loaded = "yes" if row.loaded else "no"
        table.append([row.name, row.version, _adds(row.adds), loaded, row.trust])
    from amplicast.report.layout import grid, text_of

    show(text_of([grid("", table)]))


@command.command("info")
@click.argument("name", shell_complete=names_of("plugins"))
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def info(ctx: click.Context, name: str, as_json: bool) -> None:
    """Tell what the plugin NAME (its id) believes, knows and leaves out.

    \b
    amplicast plugins info resampling
    amplicast plugins info h100-sxm --json
    """
    from amplicast.registry import KINDS

    registry = registry_of(ctx.find_root())
    by_kind = {kind: getattr(registry, kind) for kind in KINDS}
    found = [(kind, plugins[name]) for kind, plugins in by_kind.items() if name in plugins]
    if not found:
        from difflib import get_close_matches

        known = sorted({id_ for plugins in by_kind.values() for id_ in plugins})
        near = get_close_matches(name, known, n=1)
        raise PluginError(
            Problem(
                code="AMP-P130",
                what=f"there is no plugin {name!r}"
                + (f"; did you mean {near[0]!r}?" if near else ""),
                why=f"{len(known)} are loaded.",
                fix="amplicast plugins list",
            )
        )
    if as_json:
        answer("plugin", [_record(kind, plugin) for kind, plugin in found])
        return
    from amplicast.report.layout import text_of

    show(text_of(_text(_record(kind, plugin)) for kind, plugin in found))


def _adds(adds: Any) -> str:
    return ", ".join(f"{kind}: {' '.join(ids)}" for kind, ids in sorted(adds.items()) if ids)


def _plain(row: Any) -> dict[str, Any]:
    record = {
        key: getattr(row, key) for key in ("name", "distribution", "version", "loaded", "trust")
    }
    return record | {
        "adds": {kind: list(ids) for kind, ids in sorted(row.adds.items())},
        "problem": str(row.problem) if row.problem else None,
    }


def _record(kind: str, plugin: Any) -> dict[str, Any]:
    """A plugin's declarations as plain data."""
    informed = {}
    if plugin.evidence:
        from amplicast.engine.latents import calibrated_parameters

        informed = dict.fromkeys(calibrated_parameters(plugin), True)
    return {
        "id": plugin.id,
        "kind": kind,
        "version": plugin.version,
        "summary": plugin.summary,
        "limits": plugin.limits,
        "parameters": [
            {
                "name": name,
                "belief": prior.statement,
                "unit": prior.unit,
                "basis": "calibrated" if name in informed else "belief",
                "source": prior.source,
                "why": prior.why,
            }
            for name, prior in sorted(plugin.priors.items())
        ],
        "correlations": [{"a": c.a, "b": c.b, "rank": c.rank} for c in plugin.correlations],
        "evidence": [
            {"id": e.id, "informs": e.informs, "family": e.family.name, "table": e.table.path.name}
            for e in plugin.evidence
        ],
        "sources": [
            {"key": s.key, "title": s.title, "url": s.url, "grade": s.grade} for s in plugin.sources
        ],
    }


def _text(record: dict[str, Any]) -> str:
    lines = [f"{record['id']} ({record['kind']}, version {record['version']})", record["summary"]]
    lines += ["", f"Limits: {record['limits']}"]
    if record["parameters"]:
        lines += ["", "Parameters"]
        lines += [
            f"  {p['name']}: {p['belief']} {p['unit']} ({p['basis']}; {p['source']}) {p['why']}"
            for p in record["parameters"]
        ]
    if record["correlations"]:
        lines += ["", "Rank correlations"]
        lines += [f"  {c['a']}, {c['b']}: {c['rank']:g}" for c in record["correlations"]]
    if record["evidence"]:
        lines += ["", "Evidence"]
        lines += [
            f"  {e['id']} ({e['table']}, {e['family']}): {e['informs']}" for e in record["evidence"]
        ]
    lines += ["", "Sources"]
    lines += [
        f"  [{s['grade']}] {s['key']}: {s['title']} {s['url']}".rstrip() for s in record["sources"]
    ]
    return "\n".join(lines)
