"""Pruning: remove weights of a trained model, and train what is left.

Language models are pruned in whole heads, channels and layers, which any hardware exploits, and
are retrained for a small share of their tokens with the parent as teacher: the price is quality.
Networks of games follow the iterative pruning of vision networks, which keeps quality, costs
several full trainings, and removes single weights, of which hardware exploits a part.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast.physics.baseline import optimal_equivalent
from amplicast.physics.economy import pruning_cost

Value = Any

CENTRE = 24.0
"""log10 training FLOP at which the ladder's log odds are stated, between its two models."""

LADDER = Table(Path(__file__).with_name("pruning_ladder.csv"))
PAIRS = Table(Path(__file__).with_name("pruning.csv"))

SREENIVAS = Source(
    key="sreenivas2024",
    title="Sreenivas et al., LLM pruning and distillation in practice (2024), table 1",
    url="https://arxiv.org/abs/2408.11796",
    grade="A",
)
MURALIDHARAN = Source(
    key="muralidharan2024",
    title="Muralidharan et al., Compact language models via pruning and distillation (2024)",
    url="https://arxiv.org/abs/2407.14679",
)
LLAMA = Source(
    key="meta2024",
    title="Meta, Llama 3 evaluation details (2024): micro averages of MMLU, pre-trained models",
    url="https://github.com/meta-llama/llama3/blob/main/eval_details.md",
    grade="A",
)
PARMAR = Source(
    key="parmar2024",
    title="Parmar et al., Nemotron-4 15B technical report (2024): MMLU of a pruned parent",
    url="https://arxiv.org/abs/2402.16819",
)
ROSENFELD = Source(
    key="rosenfeld2021",
    title="Rosenfeld et al., On the predictability of pruning across scales (2021)",
    url="https://arxiv.org/abs/2006.10621",
)
EPOCH = Source(
    key="villalobos2023",
    title="Villalobos & Atkinson, Trading off compute in training and inference (2023)",
    url="https://epoch.ai/publications/trading-off-compute-in-training-and-inference",
)


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    ln_rate: Value,
    rate_sd: Value,
    new_family: Value,
    deepest: Value,
    per_round: Value,
    exploited: Value,
    sparsest: Value,
    **_others: Value,
) -> Value:
    """Training compute given up for the pruned model [OOM], at most 0; `spend` is at most 0."""
    saving = m.maximum(-spend, 0.0)
    if context.task_class == "game":
        removed = m.minimum(saving / exploited, m.maximum(sparsest, 0.0))
        return -pruning_cost(m, removed, per_round=per_round)
    return -m.exp(ln_rate + rate_sd * new_family) * m.minimum(saving, deepest)


def domain(
    m: Any, *, context: Any, deepest: Value, exploited: Value, sparsest: Value, **_others: Value
) -> tuple[Value, Value]:
    """From the deepest pruning that was shown to hold quality, to none [OOM]."""
    if context.task_class == "game":
        return -exploited * m.maximum(sparsest, 0.0), 0.0 * exploited
    return -deepest, 0.0 * deepest


def ladder_log_odds(m: Any, columns: Any, *, log_odds: Value, ln_slope: Value) -> Value:
    """Log odds of knowing an answer, by models trained alike [nat], along ``point``."""
    flop = optimal_equivalent(m, params=columns["params"], tokens=columns["tokens"])
    return log_odds + m.exp(ln_slope) * (flop - CENTRE)


def pair_change(m: Any, columns: Any, *, ln_rate: Value, ln_slope: Value) -> Value:
    """Log odds of the pruned model less those of its parent [nat], along ``point``."""
    return -m.exp(ln_slope + ln_rate) * columns["saving"]


def _normal(mean: float, sd: float, unit: str, why: str) -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, unit=unit, source="judgement", why=why)


PRUNING = Technique(
    id="pruning",
    summary="Removes weights of a trained model, so that each answer costs less inference.",
    mechanism="parameters",
    role="economiser",
    task_classes=("general", "sequential", "verifiable", "game"),
    exchange=exchange,
    domain=domain,
    formula=(
        "language: cost(x) = rate x; games: cost(x) = log10[(1 - (1 - r) d) / r], "
        "d = 10^(-x / exploited)"
    ),
    sources=(SREENIVAS, MURALIDHARAN, PARMAR, LLAMA, ROSENFELD, EPOCH),
    limits=(
        "Language: five pruned models of three families, on MMLU only, read on the slope of two "
        "Llama 3 models; the saving counts parameters other than embeddings, and retraining "
        "(94 to 380 billion tokens) is left out. The same models lose more in arithmetic: "
        "GSM8K falls from 48.6 to 41.2 % by width and to 16.8 % by depth (Llama 3.1). They were "
        "overtrained parents; pruning interferes with overtraining. Games take the cost of "
        "vision networks by analogy. That the span grows by 0.08 OOM and the efficiency by 0.5 "
        "per OOM of training is put down to overfitting by its authors and is left out."
    ),
    labels={
        "ln_rate": "training that a saving costs",
        "new_family": "training that it costs the family in question",
        "deepest": "deepest pruning measured",
    },
    priors={
        "log_odds": _normal(0.5, 1.5, "nat", "Weak: a 1e24 FLOP model knows 10 to 95 % of MMLU."),
        "ln_slope": _normal(
            -0.5, 0.7, "nat", "Weak: knowledge tests rise by 0.2 to 2 nat per OOM of training."
        ),
        "scatter": Prior(
            "0.02 to 0.3",
            dist="lognormal",
            unit="nat",
            source="judgement",
            why="14,000 questions leave 0.02; settings of the test and retraining data add to it.",
        ),
        "ln_rate": _normal(
            0.0, 1.2, "nat", "Weak: an OOM of saving costs 0.14 to 7 OOM of training."
        ),
        "rate_sd": Prior(
            "0.2 to 1.2",
            dist="lognormal",
            unit="nat",
            source="judgement",
            why="Weak: families and recipes differ by a fifth to a factor of three.",
        ),
        "new_family": _normal(0.0, 1.0, "1", "A family that was not pruned yet: its place."),
        "deepest": Prior(
            "0.35 to 0.8",
            dist="lognormal",
            unit="OOM",
            source="muralidharan2024",
            why="Deepest structured pruning of the family: 0.68 OOM, 12.5 to 2.6 billion.",
        ),
        "per_round": Prior(
            "0.2",
            unit="fraction",
            source="rosenfeld2021",
            why="Convention of iterative pruning: densities are powers of 0.8.",
        ),
        "exploited": Prior(
            "0.1 to 0.7",
            unit="fraction",
            source="judgement",
            why="OOM of FLOP that hardware saves per OOM of single weights removed: little "
            "without sparse kernels, a factor of two for two in four.",
        ),
        "sparsest": Prior(
            "0.7 to 1.3",
            dist="lognormal",
            unit="OOM",
            source="villalobos2023",
            why="Span of about 1 OOM in weights, at the largest scale that was pruned.",
        ),
    },
    evidence=(
        Evidence(
            id="ladder",
            table=LADDER,
            predictor=ladder_log_odds,
            family=Family(name="normal", scale="scatter"),
            informs="What an OOM of training compute adds to the log odds of knowing an answer.",
            sources=(LLAMA,),
        ),
        Evidence(
            id="pairs",
            table=PAIRS,
            predictor=pair_change,
            family=Family(name="normal", scale="scatter"),
            groups={"ln_rate": Group(by="family", scale="rate_sd")},
            informs="What pruned and retrained language models lose against their parents.",
            sources=(SREENIVAS, MURALIDHARAN, PARMAR),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer pruning."""
    return [PRUNING]
