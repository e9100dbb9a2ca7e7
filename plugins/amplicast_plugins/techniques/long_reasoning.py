"""Long reasoning: a model trained by reinforcement to think, given more tokens to think with.

The gain saturates in OOM of tokens. How fast comes from one model stopped at eight lengths; how
large per class of task comes from published compute-equivalent gains of reasoning models.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast.physics import baseline
from amplicast.physics.baseline import bounded_gain

Value = Any

STEEPNESS = 0.22
"""Mean of p (1 - p) for p from 0.2 to 0.8, where benchmark slopes were read [1]."""

TOKENS = Table(Path(__file__).with_name("long_reasoning_tokens.csv"))
EQUIVALENTS = Table(Path(__file__).with_name("long_reasoning_equivalents.csv"))
EQUIVALENTS_COVARIANCE = Table(
    Path(__file__).with_name("long_reasoning_equivalents_covariance.csv")
)
SLOPES = Table(Path(__file__).with_name("long_reasoning_slopes.csv"))


def _source(key: str, url: str, title: str) -> Source:
    return Source(key=key, title=title, url=f"https://{url}")


ZHANG = _source(
    "zhang2024",
    "github.com/hughbzhang/o1_inference_scaling_laws",
    "Zhang & Chen, o1 inference scaling laws: o1-mini on AIME 2024",
)
REASONING = _source(
    "epoch2025reasoning",
    "epoch.ai/gradient-updates/quantifying-the-algorithmic-improvement-from-reasoning-models",
    "Epoch AI, Quantifying the algorithmic improvement from reasoning models",
)
LENGTH = _source(
    "epoch2025length",
    "epoch.ai/data-insights/output-length",
    "Epoch AI, LLM responses to benchmark questions are getting longer over time",
)
BENCHMARKS = _source(
    "epoch2024slopes",
    "epoch.ai/data-insights",
    "Epoch AI, data insight on benchmark scores against training compute (2024)",
)
WU = _source(
    "wu2024", "arxiv.org/abs/2408.00724", "Wu et al., Inference scaling laws, table 4: tokens"
)
S1 = _source("muennighoff2025", "arxiv.org/abs/2501.19393", "Muennighoff et al., s1")
EPOCH = _source(
    "villalobos2023",
    "epoch.ai/publications/trading-off-compute-in-training-and-inference",
    "Villalobos & Atkinson, Trading off compute in training and inference",
)


def thinking_gain(m: Any, spend: Value, *, ln_span: Value, scale: Value) -> Value:
    """``exp(ln_span) (1 - exp(-spend / scale))`` [OOM]."""
    span = m.exp(ln_span)
    return baseline.saturating_gain(m, spend, span=span, rate=span / scale)


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    ln_span: Value,
    class_sd: Value,
    general_score: Value,
    sequential_score: Value,
    verifiable_score: Value,
    scale: Value,
    threshold: Value,
    width: Value,
    no_chance: Value,
    reach: Value,
    longest: Value,
    **_others: Value,
) -> Value:
    """Training-equivalent compute of thinking ``10**spend`` times as long as an answer [OOM]."""
    scores = {
        "general": general_score,
        "sequential": sequential_score,
        "verifiable": verifiable_score,
    }
    full = thinking_gain(
        m,
        m.minimum(m.maximum(spend, 0.0), reach),
        ln_span=ln_span + class_sd * scores[context.task_class],
        scale=scale,
    )
    able = m.expit((context.log10_training_flop - threshold) / width)
    chance = context.pass_rate / (context.pass_rate + no_chance)
    return bounded_gain(m, full, bound=longest) * able * chance


def lift(
    m: Any,
    spend: Value,
    *,
    context: Any,
    ln_slope: Value,
    slope_sd: Value,
    new_slope: Value,
    **curve: Value,
) -> Value:
    """Rise of the log odds [nat]: the gain at the slope of an unmeasured benchmark."""
    return exchange(m, spend, context=context, **curve) * m.exp(ln_slope + slope_sd * new_slope)


def domain(m: Any, *, context: Any, reach: Value, **_others: Value) -> tuple[Value, Value]:
    """From one plain answer to the longest thinking that still pays [OOM]."""
    return 0.0 * reach, reach


def solved(
    m: Any,
    columns: Any,
    *,
    log_odds: Value,
    answer_tokens: Value,
    ln_slope: Value,
    ln_span: Value,
    class_sd: Value,
    verifiable_score: Value,
    scale: Value,
) -> Value:
    """Share of contest problems solved at each length of thinking, along ``point``."""
    spend = m.log10(columns["thinking_tokens"]) - m.log10(answer_tokens)
    span = ln_span + class_sd * verifiable_score
    gain = thinking_gain(m, spend, ln_span=span, scale=scale)
    return baseline.accuracy(m, log_odds + m.exp(ln_slope) * gain)


def equivalent(
    m: Any,
    columns: Any,
    *,
    ln_span: Value,
    class_sd: Value,
    general_score: Value,
    sequential_score: Value,
    verifiable_score: Value,
    scale: Value,
) -> Value:
    """Compute-equivalent gain of reasoning models on each benchmark [OOM], along ``point``."""
    score = (
        columns["is_general"] * general_score
        + columns["is_sequential"] * sequential_score
        + columns["is_verifiable"] * verifiable_score
    )
    return thinking_gain(m, columns["spend"], ln_span=ln_span + class_sd * score, scale=scale)


def points_per_oom(m: Any, columns: Any, *, ln_slope: Value) -> Value:
    """Rise of a benchmark's score per OOM of training [percentage points], along ``point``."""
    return 100.0 * (1.0 - columns["chance"]) * STEEPNESS * m.exp(ln_slope)


def _normal(mean: float, sd: float, unit: str, why: str) -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, unit=unit, source="judgement", why=why)


def _positive(points: str, unit: str, why: str, source: str = "judgement") -> Prior:
    return Prior(points, dist="lognormal", unit=unit, source=source, why=why)


def _fixed(value: str, unit: str, why: str) -> Prior:
    return Prior(value, unit=unit, source="judgement", why=why)


BY_BENCHMARK = {"ln_slope": Group(by="benchmark", scale="slope_sd")}

LONG_REASONING = Technique(
    id="long-reasoning",
    summary="Thinks at length before it answers, as models trained by reinforcement do.",
    mechanism="serial-tokens",
    role="amplifier",
    task_classes=("general", "sequential", "verifiable"),
    choice="thinking",
    formula=(
        "g = bounded(span_class (1 - exp(-x / scale))) expit((log10 F - threshold) / width), "
        "x up to reach"
    ),
    exchange=exchange,
    domain=domain,
    lift=lift,
    sources=(ZHANG, REASONING, LENGTH, BENCHMARKS, WU, S1, EPOCH),
    limits=(
        "Only for models that were trained by reinforcement to reason; that training is not "
        "counted as inference, and Epoch's gains hold what it changed in the weights as well as "
        "the longer thinking. Spend counts from an answer with such steps as the model writes of "
        "its own accord; it contains chain of thought, which is therefore an alternative and not "
        "added. Token counts stand for FLOP: attention over long contexts is not in them. One "
        "model, o1-mini, on 30 problems gives the shape; votes over its answers saturate near "
        "2^17 tokens and belong to other techniques. Epoch's gains are for one pairing of models "
        "by name, at eight times the tokens on average, `on the order of 10x`: their errors of "
        "0.3 OOM, half shared, are judged here. Epoch counts training FLOP as spent and not as "
        "compute-optimal; the two agree where tokens per parameter do not change along the line. "
        "GeoBench, where reasoning adds almost nothing, alone stands for the general class, "
        "though reasoning models score higher on 90 % of benchmarks: `general` may be low. "
        "s1-32B with forced thinking (50 to 57 %) has no token counts and is unused."
    ),
    labels={"ln_span": "gain if thought is free", "scale": "thinking at which it saturates"},
    priors={
        "ln_span": _normal(0.0, 0.8, "nat", "Weak: a gain of 0.3 to 3.7 OOM if thought is free."),
        "class_sd": _fixed(
            "0.7", "nat", "Fixed: three classes cannot tell how far classes differ."
        ),
        "general_score": _normal(0.0, 1.0, "1", "Where knowledge-bound tasks lie among classes."),
        "sequential_score": _normal(0.0, 1.0, "1", "Where tasks of many steps lie among classes."),
        "verifiable_score": _normal(0.0, 1.0, "1", "Where contest mathematics lies among classes."),
        "scale": _positive("0.3 to 3", "OOM", "Weak: spend over which the gain saturates."),
        "ln_slope": _normal(
            0.0, 0.7, "nat", "Weak: log odds of a benchmark rise by 0.3 to 3.2 per OOM of training."
        ),
        "slope_sd": _fixed("0.3", "nat", "Fixed: two slopes cannot tell how far slopes differ."),
        "new_slope": _normal(
            0.0, 1.0, "1", "The benchmark in question was not measured: its slope among them."
        ),
        "log_odds": _normal(-1.0, 1.5, "nat", "Weak: 3 to 80 % of the problems at one answer."),
        "answer_tokens": _positive(
            "120 to 500",
            "tokens",
            "One answer with its steps takes 164 tokens on GSM8K and 280 on MATH.",
            source="wu2024",
        ),
        "threshold": Prior(
            "22 to 24.1",
            unit="OOM FLOP",
            source="muennighoff2025",
            why="It was seen to pay at 32B (24.1 as compute-optimal FLOP); below is belief.",
        ),
        "width": _fixed("0.3", "OOM", "Fixed: a soft threshold."),
        "reach": _positive(
            "1.6 to 2.7",
            "OOM",
            "Longest single thinking measured, 11,104 tokens, over an answer; 2^17 tokens, where "
            "even votes stopped helping, over the same.",
            source="zhang2024",
        ),
        "longest": _positive(
            "1.5 to 3.5",
            "OOM",
            "Compared: about 1 OOM; about 2 judged possible on tasks of many steps.",
            source="villalobos2023",
        ),
        "no_chance": Prior(
            "1e-5 to 1e-3",
            unit="fraction",
            source="judgement",
            why="Pass rate at which the gain is halved: where nothing is known, thinking is vain.",
        ),
    },
    evidence=(
        Evidence(
            id="tokens",
            table=TOKENS,
            predictor=solved,
            family=Family(name="binomial", value="correct", trials="trials"),
            groups=BY_BENCHMARK,
            informs=(
                "How accuracy grows with thinking: one model at eight lengths. All lengths share "
                "the same 30 problems, so binomial errors overstate the noise of differences."
            ),
            sources=(ZHANG,),
        ),
        Evidence(
            id="equivalents",
            table=EQUIVALENTS,
            predictor=equivalent,
            family=Family(name="estimate", covariance=EQUIVALENTS_COVARIANCE),
            informs="Training compute that reasoning stood in for; its errors are judged.",
            sources=(REASONING, LENGTH),
        ),
        Evidence(
            id="slopes",
            table=SLOPES,
            predictor=points_per_oom,
            family=Family(name="log-normal"),
            groups=BY_BENCHMARK,
            informs="Points per OOM of training; relative errors of 25 and 40 % are judged.",
            sources=(BENCHMARKS,),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer long reasoning."""
    return [LONG_REASONING]
