"""Majority vote (self-consistency): sample many answers and keep the most frequent one.

A problem whose most frequent answer is right is won by many samples, any other is lost, so that
accuracy tends to the share of problems whose modal answer is right and goes no further.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast.physics.baseline import gain_of_lift, optimal_equivalent
from amplicast.physics.voting import (
    lift_under_ceiling,
    log_odds_under_ceiling,
    vote_rise,
)

Value = Any

CENTRE = 23.0
"""log10 training FLOP at which a ladder's log odds are stated, inside all five ladders."""

LADDER = Table(Path(__file__).with_name("selection_ladder.csv"))
VOTES = Table(Path(__file__).with_name("majority_vote.csv"))


def _source(key: str, url: str, title: str) -> Source:
    return Source(key=key, title=title, url=f"https://arxiv.org/abs/{url}")


MINERVA = _source("lewkowycz2022", "2206.14858", "Lewkowycz et al., Minerva (2022)")
LLAMA = _source("touvron2023", "2302.13971", "Touvron et al., LLaMA (2023), table 7")
WANG = _source("wang2022", "2203.11171", "Wang et al., Self-consistency (2022), table 2")
LIU = _source("liu2025", "2502.06703", "Liu et al., Can 1B surpass 405B? (2025), table 5")
WU = _source("wu2024", "2408.00724", "Wu et al., Inference scaling laws (2024), tables 1 and 4")
BROWN = _source("brown2024", "2407.21787", "Brown et al., Large language monkeys (2024)")


def vote_lift(
    m: Any,
    log10_samples: Value,
    rate: Value,
    *,
    rival: Value,
    spread: Value,
    half: Value,
    ceiling: Value,
) -> Value:
    """Rise of the log odds from one answer to the vote of many [nat]."""
    rise = vote_rise(
        m,
        log10_samples=log10_samples,
        log_odds=log_odds_under_ceiling(m, rate, ceiling=ceiling),
        spread=spread,
        ln_rival=-m.log1p(m.exp(-rival)),
        half=half,
    )
    return lift_under_ceiling(m, rise, rate=rate, ceiling=ceiling)


def lift(
    m: Any,
    spend: Value,
    *,
    context: Any,
    rival: Value,
    rival_sd: Value,
    new_rival: Value,
    no_chance: Value,
    reach: Value,
    **curve: Value,
) -> Value:
    """Rise of the log odds from one answer to the vote of ``10**spend`` [nat]."""
    rate = context.pass_rate
    risen = vote_lift(
        m,
        m.minimum(m.maximum(spend, 0.0), m.maximum(reach, 0.0)),
        rate,
        rival=rival + rival_sd * new_rival,
        **{name: curve[name] for name in ("spread", "half", "ceiling")},
    )
    return risen * rate / (rate + no_chance)


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    ln_slope: Value,
    slope_sd: Value,
    new_slope: Value,
    **curve: Value,
) -> Value:
    """Training-equivalent compute of the vote of ``10**spend`` samples [OOM]."""
    risen = lift(m, spend, context=context, **curve)
    return gain_of_lift(m, risen, slope=m.exp(ln_slope + slope_sd * new_slope))


def domain(m: Any, *, context: Any, reach: Value, **_others: Value) -> tuple[Value, Value]:
    """From one sample to the most that were ever put to a vote [OOM]."""
    return 0.0 * reach, m.maximum(reach, 0.0)


def ladder_accuracy(m: Any, columns: Any, *, log_odds: Value, ln_slope: Value) -> Value:
    """Share of right answers of each model of a ladder, one answer each, along ``point``."""
    scale = optimal_equivalent(m, params=columns["params"], tokens=columns["tokens"]) - CENTRE
    return m.expit(log_odds + m.exp(ln_slope) * scale)


def vote_accuracy(
    m: Any,
    columns: Any,
    *,
    rival: Value,
    spread: Value,
    half: Value,
    ceiling: Value,
) -> Value:
    """Share of right answers after each vote, along ``point``."""
    base = columns["base"]
    risen = vote_lift(
        m,
        m.log10(columns["samples"]),
        base,
        rival=rival,
        spread=spread,
        half=half,
        ceiling=ceiling,
    )
    return m.expit(m.logit(base) + risen)


def _normal(mean: float, sd: float, unit: str, why: str) -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, unit=unit, source="judgement", why=why)


def _positive(points: str, unit: str, why: str, source: str = "judgement") -> Prior:
    return Prior(points, dist="lognormal", unit=unit, source=source, why=why)


MAJORITY_VOTE = Technique(
    id="majority-vote",
    summary="Samples many answers and keeps the most frequent one (self-consistency).",
    mechanism="passes",
    role="amplifier",
    task_classes=("sequential", "verifiable"),
    choice="selection",
    formula=(
        "g = lift / slope; lift = [logit(modal share) - logit(pass@1)] (n - 2) / (half + n - 2), "
        "n = 10^x, under a ceiling"
    ),
    exchange=exchange,
    domain=domain,
    lift=lift,
    sources=(MINERVA, LLAMA, WANG, LIU, WU, BROWN),
    limits=(
        "Answers must be short enough to be compared: numbers, formulas, choices. Measured on "
        "mathematics only. One answer is the greedy one of the same model, as published, and is "
        "taken as known: vote and single answer are marked on the same problems. Liu et al. do "
        "not state the number of votes here; 256 is read, and the curve is flat there. "
        "Training: Minerva (nominal sizes, 780 billion tokens, its tuning on mathematics not "
        "counted), LLaMA (1 and 1.4 trillion) and Qwen2.5 (18 trillion), on MATH, GSM8K and "
        "MATH-500; sizes of the first two tests are from memory. Where accuracy bends off the "
        "straight line (Qwen2.5 above 14B) training is the worse substitute and the gain is "
        "understated. LLaMA's table 7 gives 68.5 % on GSM8K for Minerva 540B; other tables "
        "quote 58.8 % for it (68.5 % is the 62B vote), which is used. Not fitted, for want of "
        "the single answer: Lightman et al. (69.6 % at 1860 votes) and the best selector of "
        "Brown et al. (40.5 % at 100 samples, 41.41 % at 10,000)."
    ),
    labels={
        "ln_slope": "how fast scores rise with training",
        "new_slope": "how fast the model's scores rise with training",
        "rival": "share of the strongest wrong answer",
        "new_rival": "that share, for the model in question",
        "half": "votes for half of the rise",
        "ceiling": "best score that votes reach",
        "no_chance": "pass rate that halves the gain",
        "reach": "most votes",
    },
    priors={
        "ln_slope": _normal(
            0.0, 0.7, "nat", "Weak: log odds of one answer rise by 0.3 to 3.2 per OOM of training."
        ),
        "slope_sd": _positive(
            "0.1 to 0.8", "nat", "Slopes of two tasks differ by tens of % to a factor of 2."
        ),
        "new_slope": _normal(
            0.0, 1.0, "1", "The family in question was not measured: its slope among ladders."
        ),
        "log_odds": Prior(
            "-1",
            unit="nat",
            source="judgement",
            why="Fixed: a model of 1e23 FLOP is right in 27 %.",
        ),
        "log_odds_sd": Prior(
            "2", unit="nat", source="judgement", why="Fixed and wide: one answer in 0.7 to 95 %."
        ),
        "ladder_scatter": _positive(
            "10 to 1000",
            "1",
            "Concentration about a straight line, in answers: models bend off it.",
        ),
        "rival": _normal(
            -1.0,
            1.0,
            "nat",
            "Weak: log odds of the share that the strongest wrong answer has among wrong ones, "
            "7 to 65 %.",
        ),
        "rival_sd": _positive("0.1 to 1.5", "nat", "Weak: between families of models."),
        "new_rival": _normal(
            0.0, 1.0, "1", "The family in question was not measured: its place among families."
        ),
        "spread": _positive(
            "2 to 5",
            "nat",
            "Log odds over problems: Beta laws fitted to Pythia on MATH spread by 5.8 nat at 160M "
            "and by 3.6 at 12B.",
            source="brown2024",
        ),
        "half": _positive(
            "1.5 to 6",
            "samples",
            "Exact votes over simulated problems have half of their rise 2 to 5 samples past two.",
        ),
        "vote_scatter": _positive(
            "50 to 5000", "1", "Concentration about the curve, in answers, besides the test's size."
        ),
        "ceiling": Prior(
            "0.88 to 0.99",
            unit="fraction",
            source="judgement",
            why="Some keys are wrong, some problems ambiguous; ten models reach 92 % at best.",
        ),
        "no_chance": Prior(
            "1e-6 to 1e-4",
            unit="fraction",
            source="brown2024",
            why="Pass rate at which the gain is halved: Pythia solved no CodeContests problem in "
            "10,000 samples.",
        ),
        "reach": Prior(
            "2.4 to 4",
            unit="OOM",
            source="brown2024",
            why="Most samples put to a vote: 256 for Minerva and 1e4 by Brown et al.",
        ),
    },
    evidence=(
        Evidence(
            id="ladder",
            table=LADDER,
            predictor=ladder_accuracy,
            family=Family(
                name="beta-binomial", value="correct", trials="trials", scale="ladder_scatter"
            ),
            groups={
                "log_odds": Group(by="family", scale="log_odds_sd"),
                "ln_slope": Group(by="family", scale="slope_sd"),
            },
            informs=(
                "How the log odds of one answer rise with training, in five ladders of one family "
                "and one test. The same rows as in the other ways to select."
            ),
            sources=(MINERVA, LLAMA, LIU),
        ),
        Evidence(
            id="votes",
            table=VOTES,
            predictor=vote_accuracy,
            family=Family(
                name="beta-binomial", value="correct", trials="trials", scale="vote_scatter"
            ),
            groups={"rival": Group(by="series", scale="rival_sd", new="new_rival")},
            informs="Accuracy of 27 pairs of model and test by vote, beside that of one answer.",
            sources=(MINERVA, WANG, LIU, WU),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer majority vote."""
    return [MAJORITY_VOTE]
