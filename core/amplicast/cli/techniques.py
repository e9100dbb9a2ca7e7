"""``amplicast techniques``: what inference compute can stand in for, technique by technique."""

from __future__ import annotations

import click

from amplicast.cli.common import answer, load_scenario, registry_of
from amplicast.cli.completing import scenarios
from amplicast.cli.terminal import progress, show


@click.command("techniques")
@click.argument("scenario", default="baseline", shell_complete=scenarios)
@click.option(
    "--training-flop",
    type=click.FloatRange(1e15, 1e35),
    default=2e25,
    show_default=True,
    metavar="FLOP",
    help="Training compute of the base model, compute-optimal.",
)
@click.option(
    "--positions", "told", is_flag=True, help="Tell what classes of models already use instead."
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context, scenario: str, training_flop: float, told: bool, as_json: bool
) -> None:
    """Tell how far every installed technique reaches, with the beliefs of SCENARIO.

    \b
    amplicast techniques
    amplicast techniques --training-flop 3e23
    amplicast techniques --positions
    """
    import math

    registry = registry_of(ctx)
    chosen = load_scenario(ctx, scenario, registry, ())
    if told:
        from amplicast.analysis.positions import positions
        from amplicast.report.techniques import positions_record, positions_text

        found = positions(
            chosen, registry, task_classes=chosen.task_classes, progress=progress(ctx)
        )
        if as_json:
            answer("positions", positions_record(found))
        else:
            show(positions_text(found))
        return
    from amplicast.analysis.curves import calibrated_curves
    from amplicast.analysis.spans import spans
    from amplicast.report.techniques import spans_record, spans_text

    scale = math.log10(training_flop)
    curves = calibrated_curves(chosen, registry, progress=progress(ctx))
    reach = spans(curves, log10_training_flop=scale)
    if as_json:
        answer("techniques", spans_record(reach))
    else:
        show(spans_text(reach, log10_training_flop=round(scale, 1)))
