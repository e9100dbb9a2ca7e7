"""Debate: several copies of a model answer, read each other's answers, and answer again.

The rise of the log odds of a right answer is read off pairs of runs with and without debate. The
training compute that it stands in for is this rise over the slope of the log odds with training
compute.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast.physics import baseline

Value = Any

DU = Source(
    key="du2023",
    title="Du et al., Improving factuality and reasoning through multiagent debate (2023)",
    url="https://arxiv.org/abs/2305.14325",
    grade="A",
)
SMIT = Source(
    key="smit2023",
    title="Smit et al., Should we be going MAD? A look at multi-agent debate strategies (2023)",
    url="https://arxiv.org/abs/2311.17371",
    grade="A",
)


def lift(
    m: Any,
    spend: Value,
    *,
    context: Any,
    rise: Value,
    task_sd: Value,
    new_task: Value,
    cost: Value,
    no_chance: Value,
) -> Value:
    """Rise of the log odds of a right answer [nat]: all of it once `spend` pays for it [OOM]."""
    paid = m.where(spend >= cost, 1.0, 0.0) * m.where(spend > 0.0, 1.0, 0.0)
    chance = context.pass_rate / (context.pass_rate + no_chance)
    return m.maximum(rise + task_sd * new_task, 0.0) * chance * paid


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    rise: Value,
    task_sd: Value,
    new_task: Value,
    cost: Value,
    no_chance: Value,
    slope: Value,
    longest: Value,
) -> Value:
    """Training-equivalent compute [OOM]: the rise over what training would have to buy it."""
    risen = lift(
        m,
        spend,
        context=context,
        rise=rise,
        task_sd=task_sd,
        new_task=new_task,
        cost=cost,
        no_chance=no_chance,
    )
    line = baseline.gain_of_lift(m, risen, slope=slope)
    return baseline.bounded_gain(m, line, bound=longest)


def domain(m: Any, *, context: Any, cost: Value) -> tuple[Value, Value]:
    """It is on or off [OOM]."""
    return 0.0 * cost, cost


def accuracy(m: Any, columns: Any, *, log_odds: Value, rise: Value) -> Value:
    """Share of right answers of each row, guesses included, along ``point`` [fraction]."""
    return baseline.accuracy(m, log_odds + columns["used"] * rise, chance=columns["chance"])


def judged(points: str, unit: str, why: str) -> Prior:
    """A belief above zero that nobody measured."""
    return Prior(points, unit=unit, dist="lognormal", source="judgement", why=why)


DEBATE = Technique(
    id="debate",
    api=1,
    summary="Several copies answer, read each other's answers, and answer again.",
    mechanism="passes",
    role="amplifier",
    task_classes=("general", "sequential"),
    exchange=exchange,
    domain=domain,
    lift=lift,
    formula="g = bounded(max(0, rise + task_sd z) / slope) once x pays for it",
    priors={
        "rise": Prior(
            dist="normal",
            mean=0.0,
            sd=1.0,
            unit="nat",
            source="judgement",
            why="Weak, and of either sign: copies may also talk each other out of it.",
        ),
        "task_sd": judged("0.1 to 0.8", "nat", "Weak: three tasks say little of how tasks differ."),
        "new_task": Prior(
            dist="normal",
            mean=0.0,
            sd=1.0,
            unit="1",
            source="judgement",
            why="The task in question was not measured: its place among tasks.",
        ),
        "log_odds": Prior(
            0.8, unit="nat", source="judgement", why="Fixed: middle of log odds without debate."
        ),
        "log_odds_sd": Prior(
            1.5, unit="nat", source="judgement", why="Fixed and wide: accuracy of 10 to 98 %."
        ),
        "cost": Prior(
            "0.78 to 1.1",
            unit="OOM",
            dist="lognormal",
            source="du2023",
            why="Three copies that answer twice write six answers, and read two each in between.",
        ),
        "slope": judged("0.4 to 2.5", "nat/OOM", "Log odds per OOM of training, across tasks."),
        "longest": judged("0.3 to 1.5", "OOM", "Nobody compared at equal performance, so short."),
        "no_chance": Prior(
            "1e-5 to 1e-3",
            unit="fraction",
            source="judgement",
            why="Pass rate at which the rise is halved: nobody can argue what nobody knows.",
        ),
    },
    evidence=(
        Evidence(
            id="pairs",
            table=Table(Path(__file__).with_name("rows.csv")),
            predictor=accuracy,
            family=Family(name="binomial", value="correct", trials="trials"),
            groups={
                "log_odds": Group(by="task", scale="log_odds_sd"),
                "rise": Group(by="task", scale="task_sd", new="new_task"),
            },
            informs="Right answers of three copies in two rounds, beside those of one copy.",
            sources=(DU,),
        ),
    ),
    sources=(DU, SMIT),
    limits=(
        "Three copies of one model of 2023 (gpt-3.5-turbo-0301) in two rounds, counted from one "
        "answer with reasoning. Arithmetic, GSM8K and MMLU, about a hundred questions each: the "
        "number is inferred from the standard errors that are reported. The rows with and without "
        "debate are on the same questions and are taken as independent. Debate is not reliably "
        "better than a vote over as many answers (smit2023), so it interferes with the other "
        "techniques of its mechanism. Left out: more copies, more rounds, other models as partners."
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Contribute debate."""
    return [DEBATE]
