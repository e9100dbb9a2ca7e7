"""``amplicast doctor``: whether everything is here that a forecast needs."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import click

from amplicast.cli.common import answer, registry_of
from amplicast.cli.terminal import show

NEEDED = {
    "pymc": "6.4",
    "arviz": "1.3",
    "nutpie": "0.16.10",
    "numpy": "",
    "xarray": "",
    "click": "",
}
"""Package -> lowest version, empty for any."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``ok``, or what to do."""

    ok: bool
    what: str
    fix: str = ""

    def __str__(self) -> str:
        return f"{'✓' if self.ok else '✗'} {self.what}" + (
            f"   Fix: {self.fix}" if self.fix else ""
        )


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Check Python, packages, caches and plugins; nothing is downloaded.

    \b
    amplicast doctor
    amplicast doctor --json
    """
    findings = [_python(), *_packages(), *_caches(), *_plugins(ctx)]
    if as_json:
        answer("doctor", [vars(finding) for finding in findings])
    else:
        from amplicast.report.layout import text_of

        show(text_of(["\n".join(map(str, findings))]))
    if not all(finding.ok for finding in findings):
        ctx.exit(1)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(sys.version_info >= (3, 12), f"python {version}")


def _packages() -> list[Finding]:
    from importlib.metadata import PackageNotFoundError, version

    findings = []
    for name, least in NEEDED.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            findings.append(Finding(False, f"{name} is not installed", f"pip install {name}"))
            continue
        enough = _numbers(found) >= _numbers(least)
        fix = "" if enough else f'pip install "{name}>={least}"'
        findings.append(Finding(enough, f"{name} {found}", fix))
    return findings


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _caches() -> list[Finding]:
    from amplicast.engine.environment import CACHE_VARIABLE, cache_folder

    findings = []
    for name, holds in (("calibrations", "fitted posteriors"), ("compiled", "compiled code")):
        folder = cache_folder(name)
        lasting = "amplicast-" not in folder.parent.name
        fix = "" if lasting else f"set {CACHE_VARIABLE} to a folder that can be written"
        findings.append(Finding(lasting, f"cache of {holds}: {folder}", fix))
    return findings


def _plugins(ctx: click.Context) -> list[Finding]:
    registry = registry_of(ctx)
    rows = registry.rows()
    loaded = sum(row.loaded for row in rows)
    broken = [row for row in rows if not row.loaded and row.problem]
    findings = [Finding(True, f"{loaded} of {len(rows)} plugins loaded")]
    findings += [
        Finding(False, f"plugin {row.name} ({row.distribution}) is left out: {row.problem}",
                f"amplicast --block {row.name} ...")
        for row in broken
    ]  # fmt: skip
    return findings
