"""Best-of-n: sample many answers and keep the one that a learned verifier scores highest.

The best of n scores grows with the root of 2 ln n, and with it the odds that its answer is right;
in a longer search the verifier's own errors are selected, and nothing more is gained. What the
verifier reads is paid for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast.physics.baseline import gain_of_lift, optimal_equivalent
from amplicast.physics.voting import (
    best_of_n_rise,
    lift_under_ceiling,
    samples_bought,
)

Value = Any

CENTRE = 23.0
"""log10 training FLOP at which a ladder's log odds are stated, inside all five ladders."""

LADDER = Table(Path(__file__).with_name("selection_ladder.csv"))
SELECTED = Table(Path(__file__).with_name("best_of_n.csv"))


def _source(key: str, url: str, title: str) -> Source:
    return Source(key=key, title=title, url=f"https://arxiv.org/abs/{url}")


MINERVA = _source("lewkowycz2022", "2206.14858", "Lewkowycz et al., Minerva (2022)")
LLAMA = _source("touvron2023", "2302.13971", "Touvron et al., LLaMA (2023), table 7")
LIU = _source("liu2025", "2502.06703", "Liu et al., Can 1B surpass 405B? (2025), table 5")
WU = _source("wu2024", "2408.00724", "Wu et al., Inference scaling laws (2024), tables 1 and 4")
COBBE = _source("cobbe2021", "2110.14168", "Cobbe et al., Training verifiers (2021)")
BROWN = _source("brown2024", "2407.21787", "Brown et al., Large language monkeys (2024)")


def selection_lift(
    m: Any,
    log10_samples: Value,
    rate: Value,
    *,
    ln_discrimination: Value,
    spread: Value,
    ceiling: Value,
) -> Value:
    """Rise of the log odds from one answer to the best scored of many [nat]."""
    rise = best_of_n_rise(
        m,
        log10_samples=log10_samples,
        spread=spread,
        discrimination=m.exp(ln_discrimination),
    )
    return lift_under_ceiling(m, rise, rate=rate, ceiling=ceiling)


def lift(
    m: Any,
    spend: Value,
    *,
    context: Any,
    ln_discrimination: Value,
    discrimination_sd: Value,
    new_discrimination: Value,
    spread: Value,
    ceiling: Value,
    verifier: Value,
    most: Value,
    no_chance: Value,
    **_others: Value,
) -> Value:
    """Rise of the log odds from one answer to the selection that `spend` pays for [nat]."""
    rate, paid = context.pass_rate, verifier * context.reading_price
    risen = selection_lift(
        m,
        samples_bought(m, spend, verifier=paid, most=m.log10(most)),
        rate,
        ln_discrimination=ln_discrimination + discrimination_sd * new_discrimination,
        spread=spread,
        ceiling=ceiling,
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
    """Training-equivalent compute of samples and a verifier that reads them [OOM]."""
    risen = lift(m, spend, context=context, **curve)
    return gain_of_lift(m, risen, slope=m.exp(ln_slope + slope_sd * new_slope))


def domain(
    m: Any, *, context: Any, most: Value, verifier: Value, **_others: Value
) -> tuple[Value, Value]:
    """From one answer to the last sample that helps, verifier included [OOM]."""
    return 0.0 * most, m.maximum(m.log10(most), 0.0) + m.log10(
        1.0 + verifier * context.reading_price
    )


def ladder_accuracy(m: Any, columns: Any, *, log_odds: Value, ln_slope: Value) -> Value:
    """Share of right answers of each model of a ladder, one answer each, along ``point``."""
    scale = optimal_equivalent(m, params=columns["params"], tokens=columns["tokens"]) - CENTRE
    return m.expit(log_odds + m.exp(ln_slope) * scale)


def selected_accuracy(
    m: Any,
    columns: Any,
    *,
    ln_discrimination: Value,
    spread: Value,
    ceiling: Value,
) -> Value:
    """Share of right answers after each selection, along ``point``."""
    base = columns["base"]
    risen = selection_lift(
        m,
        m.log10(columns["samples"]),
        base,
        ln_discrimination=ln_discrimination,
        spread=spread,
        ceiling=ceiling,
    )
    return m.expit(m.logit(base) + risen)


def _normal(mean: float, sd: float, unit: str, why: str) -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, unit=unit, source="judgement", why=why)


def _positive(points: str, unit: str, why: str, source: str = "judgement") -> Prior:
    return Prior(points, dist="lognormal", unit=unit, source=source, why=why)


BEST_OF_N = Technique(
    id="best-of-n",
    summary="Samples many answers and keeps the one that a learned verifier scores highest.",
    mechanism="passes",
    role="amplifier",
    task_classes=("sequential", "verifiable"),
    choice="selection",
    formula=(
        "g = lift / slope; lift = d (sqrt(d^2 + 2 ln n) - d) / sqrt(1 + pi spread^2 / 8), "
        "n = 10^x / (1 + verifier), under a ceiling"
    ),
    exchange=exchange,
    domain=domain,
    lift=lift,
    sources=(MINERVA, LLAMA, LIU, WU, COBBE, BROWN),
    limits=(
        "The verifier must be trained for the subject. One study: three models of 7 to 8 "
        "billion parameters on MATH-500 and GSM8K, 32 samples, one verifier of 34 billion, so "
        "that the growth with samples is that of theory. Its rows leave the verifier out of the "
        "FLOP and are read at their number of samples; here it is paid for. A cheaper verifier "
        "may discriminate less. One answer is the greedy one of the same model and taken as "
        "known. Not fitted: Cobbe et al. (6B with a verifier and 100 samples about as good as "
        "175B, 1.29 OOM of compute-optimal training), kept as a check; Lightman et al. (78.2 % "
        "with process and 72.4 % with outcome rewards at 1860 samples), for want of the single "
        "answer. Training: Minerva (nominal sizes, 780 billion tokens, its tuning on "
        "mathematics not counted), LLaMA (1 and 1.4 trillion) and Qwen2.5 (18 trillion), on "
        "MATH, GSM8K and MATH-500; sizes of the first two tests are from memory. The ladders "
        "are those of the other ways to select."
    ),
    labels={
        "ln_slope": "how fast scores rise with training",
        "new_slope": "how fast the model's scores rise with training",
        "ln_discrimination": "how well verifiers tell right from wrong",
        "new_discrimination": "how well this verifier tells right from wrong",
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
        "ln_discrimination": _normal(
            -0.3,
            0.7,
            "nat",
            "Weak: right answers score 0.2 to 2.3 standard deviations above wrong ones on a "
            "problem, an area under the ROC curve of 0.56 to 0.95.",
        ),
        "discrimination_sd": _positive(
            "0.1 to 0.8", "nat", "Weak: between pairs of model and test."
        ),
        "new_discrimination": _normal(
            0.0, 1.0, "1", "The model in question was not measured: its place among models."
        ),
        "spread": _positive(
            "2 to 5",
            "nat",
            "Log odds over problems: Beta laws fitted to Pythia on MATH spread by 5.8 nat at 160M "
            "and by 3.6 at 12B.",
            source="brown2024",
        ),
        "verifier": _positive(
            "0.7 to 6",
            "1",
            "A verifier of the model's size reads an answer for about what writing it costs; in "
            "the study it is 4.9 times the 7B models.",
            source="wu2024",
        ),
        "most": _positive(
            "100 to 1500",
            "samples",
            "Best-of-n fell beyond about 400 samples; other verifiers hold out for longer.",
            source="cobbe2021",
        ),
        "vote_scatter": _positive(
            "50 to 5000", "1", "Concentration about the curve, in answers, besides the test's size."
        ),
        "ceiling": Prior(
            "0.88 to 0.99",
            unit="fraction",
            source="judgement",
            why="Keys are wrong and problems ambiguous in some %.",
        ),
        "no_chance": Prior(
            "1e-6 to 1e-4",
            unit="fraction",
            source="brown2024",
            why="Pass rate at which the gain is halved: Pythia solved no CodeContests problem in "
            "10,000 samples.",
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
            id="selected",
            table=SELECTED,
            predictor=selected_accuracy,
            family=Family(
                name="beta-binomial", value="correct", trials="trials", scale="vote_scatter"
            ),
            groups={
                "ln_discrimination": Group(
                    by="series", scale="discrimination_sd", new="new_discrimination"
                )
            },
            informs=(
                "Accuracy of six pairs of model and test by best-of-32, beside that of one answer: "
                "how well a verifier discriminates."
            ),
            sources=(WU,),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer best-of-n."""
    return [BEST_OF_N]
