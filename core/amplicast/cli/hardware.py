"""``amplicast hardware``: the accelerators that a forecast can be made of."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, registry_of
from amplicast.cli.completing import names_of
from amplicast.cli.terminal import show


@click.command("hardware")
@click.argument("device", required=False, shell_complete=names_of("hardware"))
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(ctx: click.Context, device: str | None, as_json: bool) -> None:
    """List the accelerators, or tell every figure of DEVICE with its unit, grade and source.

    \b
    amplicast hardware
    amplicast hardware b300
    """
    from amplicast.report.hardware import device_text, devices_text, hardware_record

    registry = registry_of(ctx)
    chosen = [registry.get("hardware", device)] if device else list(registry.hardware.values())
    if as_json:
        answer("hardware", [hardware_record(each) for each in chosen])
    else:
        show(device_text(chosen[0]) if device else devices_text(chosen))
