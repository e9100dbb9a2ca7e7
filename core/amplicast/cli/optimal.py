"""``amplicast optimal``: the best strategy and model size for an inference budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from amplicast.cli.common import answer, load_scenario, positive_numbers, registry_of
from amplicast.cli.terminal import progress, show
from amplicast.concepts import TaskClass
from amplicast.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from amplicast.registry import Registry

TABLE = "models"
"""Name under which a published study offers its models."""


@click.command("optimal")
@click.argument("models")
@click.option("--budget", metavar="FLOP,FLOP", help="Budgets per question, such as 1e13,1e14,1e15.")
@click.option("--benchmark", metavar="NAME", help="Benchmark of the table (default: its first).")
@click.option(
    "--task-class",
    type=click.Choice(get_args(TaskClass)),
    default="sequential",
    show_default=True,
    help="What the benchmark asks for.",
)
@click.option("--with-oracle", is_flag=True, help="Take strategies that need a cheap check too.")
@click.option(
    "--scenario", default="baseline", show_default=True, help="Beliefs, size and seed to use."
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    models: str,
    budget: str | None,
    benchmark: str | None,
    task_class: TaskClass,
    with_oracle: bool,
    scenario: str,
    as_json: bool,
) -> None:
    """Find the best strategy and model for an inference budget among MODELS.

    MODELS is a CSV file with the columns model, params, answer_tokens, correct and trials, or the
    name of a published study that offers such a table.

    \b
    amplicast optimal wu2024
    amplicast optimal my-models.csv --budget 1e13,1e14 --benchmark MATH500
    """
    from amplicast.analysis.arms import measured
    from amplicast.analysis.candidates import read_candidates
    from amplicast.analysis.curves import calibrated_curves
    from amplicast.analysis.optimal import default_budgets, optimum
    from amplicast.report.optimal import optimal_record, optimal_text

    registry = registry_of(ctx)
    name, candidates = read_candidates(_table(registry, models), benchmark)
    budgets = (
        default_budgets(candidates) if budget is None else positive_numbers(budget, _not_a_budget)
    )
    beliefs = load_scenario(ctx, scenario, registry)
    ids = measured(tuple(registry.techniques.values()), task_class, with_oracle=with_oracle)
    found = optimum(
        calibrated_curves(beliefs, registry, techniques=ids, progress=progress(ctx)),
        candidates,
        budgets,
        task_class=task_class,
        benchmark=name,
        with_oracle=with_oracle,
        seed=beliefs.compute.seed,
    )
    if as_json:
        answer("optimal", optimal_record(found))
    else:
        show(optimal_text(found))


def _table(registry: Registry, models: str) -> Path:
    """The file of that name, or the models of the published study of that name."""
    studies = {id_: each.tables for id_, each in registry.answers.items() if TABLE in each.tables}
    if models in studies:
        return studies[models][TABLE].path
    if Path(models).is_file():
        return Path(models)
    raise ScenarioError(
        Problem(
            code="AMP-C110",
            what=f"there is no file and no published study with models called {models!r}",
            why=f"Studies with models: {', '.join(studies) or 'none'}.",
            fix="give a CSV file with the columns model, params, answer_tokens, correct, trials",
        )
    )


def _not_a_budget(part: str) -> ScenarioError:
    return ScenarioError(
        Problem(
            code="AMP-C115",
            what=f"{part!r} is not a budget",
            why="Budgets are inference FLOP per question, above zero.",
            fix="--budget 1e13,1e14,1e15",
        )
    )
