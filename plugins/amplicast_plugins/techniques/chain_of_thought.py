"""Chain of thought: the model writes its steps before its answer.

One step in spend. What the steps add to the log odds of a right answer has a threshold in scale
and differs between classes of task; it is read off pairs of runs with and without steps. The
training compute that it stands in for is this rise over the slope of the log odds without steps.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast.physics import baseline
from amplicast.physics.baseline import bounded_gain

Value = Any

CENTRE = 23.3
"""log10 training FLOP at which log odds without steps are stated: PaLM 62B and GPT 175B."""

RUNS = Table(Path(__file__).with_name("chain_of_thought.csv"))

WEI = Source(
    key="wei2022",
    title="Wei et al., Chain-of-thought prompting elicits reasoning (2022), tables 2 to 4",
    url="https://arxiv.org/abs/2201.11903",
    grade="A",
)
SCALING = Source(
    key="epoch2024gains",
    title="Epoch AI on compute-equivalent gains of inference techniques (2024)",
    url="https://epoch.ai",
    grade="C",
)
EPOCH = Source(
    key="villalobos2023",
    title="Villalobos & Atkinson, Trading off compute in training and inference (2023)",
    url="https://epoch.ai/publications/trading-off-compute-in-training-and-inference",
)


def rise_at_scale(
    m: Any, log10_flop: Value, *, rise: Value, harm: Value, threshold: Value, width: Value
) -> Value:
    """Effect of the steps on the log odds [nat]: `rise` far above the threshold, `-harm` below."""
    return (rise + harm) * m.expit((log10_flop - threshold) / width) - harm


def lift(
    m: Any,
    spend: Value,
    *,
    context: Any,
    rise: Value,
    class_sd: Value,
    general_score: Value,
    sequential_score: Value,
    verifiable_score: Value,
    harm: Value,
    threshold: Value,
    width: Value,
    cost: Value,
    no_chance: Value,
    **_others: Value,
) -> Value:
    """Rise of the log odds where `spend` pays for the steps [nat]; where they harm, none."""
    scores = {
        "general": general_score,
        "sequential": sequential_score,
        "verifiable": verifiable_score,
    }
    risen = rise_at_scale(
        m,
        context.log10_training_flop,
        rise=rise + class_sd * scores[context.task_class],
        harm=harm,
        threshold=threshold,
        width=width,
    )
    chance = context.pass_rate / (context.pass_rate + no_chance)
    paid = m.where(spend >= cost, 1.0, 0.0) * m.where(spend > 0.0, 1.0, 0.0)
    return m.maximum(risen, 0.0) * chance * paid


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    ln_slope: Value,
    slope_sd: Value,
    new_slope: Value,
    longest: Value,
    **curve: Value,
) -> Value:
    """Training-equivalent compute of writing the steps [OOM]."""
    line = baseline.gain_of_lift(
        m, lift(m, spend, context=context, **curve), slope=m.exp(ln_slope + slope_sd * new_slope)
    )
    return bounded_gain(m, line, bound=longest)


def domain(m: Any, *, context: Any, cost: Value, **_others: Value) -> tuple[Value, Value]:
    """From no step to all of them: the technique is on or off [OOM]."""
    return 0.0 * cost, m.maximum(cost, 0.0)


def accuracy(
    m: Any,
    columns: Any,
    *,
    log_odds: Value,
    ln_slope: Value,
    rise: Value,
    class_sd: Value,
    general_score: Value,
    sequential_score: Value,
    harm: Value,
    threshold: Value,
    width: Value,
) -> Value:
    """Share of right answers of each run, guessing included, along ``point``."""
    flop = baseline.optimal_equivalent(m, params=columns["params"], tokens=columns["tokens"])
    sequential = columns["is_sequential"]
    score = sequential * sequential_score + (1.0 - sequential) * general_score
    risen = rise_at_scale(
        m, flop, rise=rise + class_sd * score, harm=harm, threshold=threshold, width=width
    )
    known = log_odds + m.exp(ln_slope) * (flop - CENTRE) + columns["chain"] * risen
    return baseline.accuracy(m, known, chance=columns["chance"])


def _normal(mean: float, sd: float, unit: str, why: str) -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, unit=unit, source="judgement", why=why)


def _positive(points: str, unit: str, why: str, source: str = "judgement") -> Prior:
    return Prior(points, dist="lognormal", unit=unit, source=source, why=why)


CHAIN_OF_THOUGHT = Technique(
    id="chain-of-thought",
    summary="Writes intermediate steps before the answer.",
    mechanism="serial-tokens",
    role="amplifier",
    task_classes=("general", "sequential", "verifiable"),
    choice="thinking",
    formula=(
        "g = bounded(lift / slope) once x pays for the steps; lift = max(0, (rise_class + harm) "
        "expit((log10 F - threshold) / width) - harm)"
    ),
    exchange=exchange,
    domain=domain,
    lift=lift,
    sources=(WEI, SCALING, EPOCH),
    limits=(
        "Counted from an answer without steps; models since 2023 write steps of their own accord "
        "and have this gain already. Prompted steps of models of 2020 to 2022, not reasoning "
        "trained by reinforcement. Where the baseline is flat (GPT below 175B) the rows say little "
        "of its slope, and only the prior that slopes are above zero keeps the conversion finite; "
        "the longest comparison inside one family is 0.7 OOM (PaLM 62B with steps beats 540B "
        "without), and more rests on `longest`. Sequential: GSM8K, SVAMP, MultiArith and "
        "StrategyQA; general: CSQA and SingleOp, answered in one step. No row is of the class "
        "`verifiable`: it is a new class among those. Numbers of test questions and guessing rates "
        "are from memory; a fitted overdispersion keeps the result from resting on them. Every "
        "PaLM is taken at 780 billion tokens and every GPT at 300 billion, read as compute-optimal "
        "equivalents. Left out, because the training tokens of these models are not on record: "
        "LaMDA (6.5 to 14.3 % at 137B), UL2 and Codex."
    ),
    labels={
        "rise": "what written steps add",
        "general_score": "how much general tasks gain",
        "sequential_score": "how much sequential tasks gain",
        "verifiable_score": "how much verifiable tasks gain",
        "threshold": "training at which steps begin to pay",
        "cost": "cost of written steps",
        "longest": "longest comparison measured",
        "no_chance": "pass rate that halves the gain",
    },
    priors={
        "log_odds": Prior(
            "-1", unit="nat", source="judgement", why="Fixed: middle of log odds without steps."
        ),
        "log_odds_sd": Prior(
            "2.5", unit="nat", source="judgement", why="Fixed and wide: accuracy of 0.2 to 98 %."
        ),
        "ln_slope": _normal(
            0.0,
            0.7,
            "nat",
            "Weak: log odds rise by 0.3 to 3.2 per OOM of training; a flat baseline is not "
            "allowed, because it would make every gain infinite.",
        ),
        "slope_sd": _positive("0.1 to 1", "nat", "Weak: slopes of tasks differ by up to e times."),
        "new_slope": _normal(
            0.0, 1.0, "1", "The task in question was not measured: its slope among tasks."
        ),
        "rise": _normal(0.0, 2.0, "nat", "Weak, and of either sign: over all classes of task."),
        "class_sd": Prior(
            "0.7",
            unit="nat",
            source="judgement",
            why="Fixed: two measured classes cannot tell how far classes differ.",
        ),
        "task_sd": _positive("0.2 to 2", "nat", "Weak: between tasks of one class."),
        "general_score": _normal(0.0, 1.0, "1", "Where one-step tasks lie among classes."),
        "sequential_score": _normal(0.0, 1.0, "1", "Where multi-step tasks lie among classes."),
        "verifiable_score": _normal(0.0, 1.0, "1", "A class without rows: its place among them."),
        "harm": _positive("0.05 to 3", "nat", "Weak: small models lose accuracy by steps."),
        "threshold": Prior(
            "20 to 26",
            unit="OOM FLOP",
            source="judgement",
            why="Weak: training compute at which steps begin to pay.",
        ),
        "width": _positive("0.2 to 1", "OOM", "Weak: how sharp the threshold is."),
        "concentration": Prior(
            "20 to 2000",
            unit="1",
            source="judgement",
            why="Prompts alone move accuracy by 0.4 to 0.9 points; models differ by more.",
        ),
        "cost": Prior(
            "0.6 to 1.3",
            unit="OOM",
            source="epoch2024gains",
            why="Steps cost about ten times the tokens of an answer.",
        ),
        "longest": _positive(
            "1 to 3.5",
            "OOM",
            "Longest comparison at equal performance: at least 0.7 OOM inside a family; about 2 "
            "judged possible on tasks of many steps.",
            source="villalobos2023",
        ),
        "no_chance": Prior(
            "1e-5 to 1e-3",
            unit="fraction",
            source="judgement",
            why="Pass rate at which the rise is halved: steps do not help where nothing is known.",
        ),
    },
    evidence=(
        Evidence(
            id="prompting",
            table=RUNS,
            predictor=accuracy,
            family=Family(
                name="beta-binomial", value="correct", trials="trials", scale="concentration"
            ),
            groups={
                "log_odds": Group(by="series", scale="log_odds_sd"),
                "ln_slope": Group(by="task", scale="slope_sd"),
                "rise": Group(by="task", scale="task_sd"),
            },
            informs=(
                "Accuracy of 7 models with and without steps on 6 tasks: the gain per class, "
                "the scale below which there is none, and how far tasks of one class differ."
            ),
            sources=(WEI,),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer chain of thought."""
    return [CHAIN_OF_THOUGHT]
