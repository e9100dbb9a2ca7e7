"""Chain of thought: the model writes its steps before its answer.

One step in spend. The gain has a threshold in scale and differs between classes of task; it is
read off pairs of runs with and without steps, against the same models' scaling without them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl

Value = Any

CENTRE = 23.5
"""log10 training FLOP about which scale is measured: between PaLM 62B and GPT 175B."""

RUNS = Table(Path(__file__).with_name("chain_of_thought.csv"))

WEI = Source(
    key="wei2022",
    title="Wei et al., Chain-of-thought prompting elicits reasoning (2022), tables 2 to 4",
    url="https://arxiv.org/abs/2201.11903",
    grade="A",
)
EPOCH = Source(
    key="epoch2024gains",
    title="Epoch AI on compute-equivalent gains of inference techniques (2024)",
    url="https://epoch.ai",
    grade="C",
)


def net_gain(
    m: Any,
    log10_flop: Value,
    *,
    span: Value,
    harm: Value,
    threshold: Value,
    width: Value,
) -> Value:
    """Gain of writing steps [OOM]: `span` far above the threshold, minus `harm` far below it."""
    grown = m.expit((log10_flop - threshold) / width)
    return (span + harm) * grown - harm


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    span: Value,
    class_sd: Value,
    general_score: Value,
    sequential_score: Value,
    verifiable_score: Value,
    harm: Value,
    threshold: Value,
    width: Value,
    cost: Value,
    **_others: Value,
) -> Value:
    """Gain [OOM] where `spend` pays for the steps, else 0; where steps harm, nobody takes them."""
    scores = {
        "general": general_score,
        "sequential": sequential_score,
        "verifiable": verifiable_score,
    }
    gain = net_gain(
        m,
        context.log10_training_flop,
        span=span + class_sd * scores[context.task_class],
        harm=harm,
        threshold=threshold,
        width=width,
    )
    useful = m.where(context.pass_rate > 0.0, m.maximum(gain, 0.0), 0.0)
    paid = m.where(spend >= cost, 1.0, 0.0) * m.where(spend > 0.0, 1.0, 0.0)
    return useful * paid


def domain(m: Any, *, context: Any, cost: Value, **_others: Value) -> tuple[Value, Value]:
    """From no step to all of them: the technique is on or off [OOM]."""
    return 0.0 * cost, m.maximum(cost, 0.0)


def accuracy(
    m: Any,
    columns: Any,
    *,
    intercept: Value,
    ln_slope: Value,
    span: Value,
    class_sd: Value,
    general_score: Value,
    sequential_score: Value,
    harm: Value,
    threshold: Value,
    width: Value,
) -> Value:
    """Share of right answers of each run, guessing included, along ``point``."""
    flop, sequential = columns["log10_flop"], columns["is_sequential"]
    score = sequential * sequential_score + (1.0 - sequential) * general_score
    gain = net_gain(
        m, flop, span=span + class_sd * score, harm=harm, threshold=threshold, width=width
    )
    equivalent = flop - CENTRE + columns["chain"] * gain
    guessed = columns["chance"]
    return guessed + (1.0 - guessed) * m.expit(intercept + m.exp(ln_slope) * equivalent)


def _score(why: str) -> Prior:
    return Prior(dist="normal", mean=0.0, sd=1.0, unit="1", source="judgement", why=why)


CHAIN_OF_THOUGHT = Technique(
    id="chain-of-thought",
    summary="Writes intermediate steps before the answer.",
    mechanism="serial-tokens",
    role="amplifier",
    task_classes=("general", "sequential", "verifiable"),
    exchange=exchange,
    domain=domain,
    sources=(WEI, EPOCH),
    limits=(
        "Prompted steps of models of 2020 to 2022, not reasoning trained by reinforcement. Gain "
        "is accuracy over the slope of accuracy with training compute; where that baseline is "
        "flat (GPT below 175B) the rows hold bounds and not points, and only the prior that "
        "slopes are above zero keeps the conversion finite. Sequential: GSM8K, SVAMP, MultiArith "
        "and StrategyQA; general: CSQA and SingleOp, answered in one step. No row is of the "
        "class `verifiable`: it is a new class among those. Number of test questions and guessing "
        "rates are from memory; a fitted overdispersion keeps the result from resting on them. "
        "Training compute takes 780 billion tokens for every PaLM and 300 billion for every GPT. "
        "Left out, because training compute is not on record here: LaMDA (6.5 to 14.3 % at 137B), "
        "Codex and UL2. The span is that of the class, not of a single task in it."
    ),
    priors={
        "intercept": Prior(
            dist="normal",
            mean=0.0,
            sd=2.0,
            unit="nat",
            source="judgement",
            why="Weak: log odds without steps at 3e23 FLOP.",
        ),
        "intercept_sd": Prior(
            "0.5 to 4",
            dist="lognormal",
            unit="nat",
            source="judgement",
            why="Weak: between pairs of model family and task.",
        ),
        "ln_slope": Prior(
            dist="normal",
            mean=0.0,
            sd=0.7,
            unit="nat",
            source="judgement",
            why="Weak: log odds rise by 0.3 to 3.2 per OOM of training; a flat baseline is not "
            "allowed, because it would make every gain infinite.",
        ),
        "slope_sd": Prior(
            "0.1 to 1",
            dist="lognormal",
            unit="nat",
            source="judgement",
            why="Weak: between tasks.",
        ),
        "span": Prior(
            dist="normal",
            mean=0.0,
            sd=2.0,
            unit="OOM",
            source="judgement",
            why="Weak, and of either sign: gain at scale over all classes of task.",
        ),
        "class_sd": Prior(
            "0.1 to 2",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Weak: between classes of task; the same for every class.",
        ),
        "task_sd": Prior(
            "0.1 to 2",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Weak: between tasks of one class.",
        ),
        "general_score": _score("Where one-step tasks lie among classes."),
        "sequential_score": _score("Where multi-step tasks lie among classes."),
        "verifiable_score": _score("A class without rows: its place among classes."),
        "harm": Prior(
            "0.05 to 2",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Weak: small models lose accuracy by writing steps.",
        ),
        "threshold": Prior(
            "20 to 26",
            unit="OOM FLOP",
            source="judgement",
            why="Weak: training compute at which steps begin to pay.",
        ),
        "width": Prior(
            "0.1 to 1",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Weak: how sharp the threshold is.",
        ),
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
                "intercept": Group(by="series", scale="intercept_sd"),
                "ln_slope": Group(by="task", scale="slope_sd"),
                "span": Group(by="task", scale="task_sd"),
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
