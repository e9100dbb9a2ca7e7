"""Whether several runs answer one question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from amplicast.errors import Problem

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["unlike"]


def unlike(runs: Sequence[Forecast]) -> Iterator[Problem]:
    """Why the forecasts of several runs cannot be put together."""
    first = runs[0]
    if len(runs) < 2 or len({run.id for run in runs}) < len(runs):
        yield Problem(
            code="AMP-R140",
            what="a pool needs at least two runs, each named once",
            why="A run that is there twice would count twice; weights are for that.",
            fix="amplicast pool RUN RUN --weights 2,1",
        )
    for run in runs[1:]:
        apart = [
            f"{what} ({one} in {first.id}, {two} in {run.id})"
            for (what, one), (_, two) in zip(_question(first), _question(run), strict=True)
            if one != two
        ]
        if apart:
            yield Problem(
                code="AMP-R141",
                what=f"the runs {first.id} and {run.id} ask different questions",
                why=f"They differ in {'; '.join(apart)}. Their numbers are not about one thing.",
                fix="run the scenarios with the same years, actors, regimes and serial speed",
            )


def _question(run: Forecast) -> list[tuple[str, str]]:
    """What a forecaster is asked, as opposed to what the forecaster believes."""
    plan = run.plan
    speed = run.scenario.assumptions["serial_speed"].prior
    regimes = (
        name if copies is None else f"{name} = {copies:g}" for name, copies in plan.regimes.items()
    )
    return [
        ("years", f"{plan.years[0]} to {plan.years[-1]}"),
        ("actors", ", ".join(sorted(plan.actors))),
        ("regimes", ", ".join(sorted(regimes))),
        ("task classes", ", ".join(sorted(map(str, plan.task_classes)))),
        ("serial speed of a copy", f"{speed.statement} {speed.unit}"),
    ]
