"""Resampling with an oracle or a cheap verifier: try until an answer passes the check.

A problem's success rate is ``Beta(a, b)`` over the problems of a task, so that coverage at `k`
samples is ``1 - B(a, b + k) / B(a, b)``. Along one family of models ln a and the log odds of
pass@1, ``ln a - ln b``, are linear in log10 training FLOP; the training compute that `k` samples
stand in for is therefore the rise of the log odds over their slope.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Prior, Source, Table, Technique, hookimpl, physics

Value = Any

CENTRE = 21.26
"""Mean log10 training FLOP of the seven Pythia models, 6 x parameters x 3e11 tokens."""

LOWEST, HIGHEST = 20.1004 - CENTRE, 22.3345 - CENTRE
"""Scales of the smallest and the largest of them, Pythia 70M and 12B, from the centre [OOM]."""

SHIFTS = ((-0.1, 0.1, 0.0, 0.0), (0.0, 0.0, -0.1, 0.1))
"""Steps of the central differences: in samples, and in training compute [OOM]."""

PYTHIA = Table(Path(__file__).with_name("resampling_pythia_estimate.csv"))
PYTHIA_COVARIANCE = Table(Path(__file__).with_name("resampling_pythia_covariance.csv"))
FAMILIES = Table(Path(__file__).with_name("resampling_families.csv"))
COVERAGE = Table(Path(__file__).with_name("resampling_coverage.csv"))


def _source(key: str, url: str, title: str) -> Source:
    return Source(key=key, title=title, url=f"https://{url}")


BROWN = _source("brown2024", "arxiv.org/abs/2407.21787", "Brown et al., Large language monkeys")
SCHAEFFER = _source(
    "schaeffer2025",
    "arxiv.org/abs/2502.17578",
    "Schaeffer et al., How do large language monkeys get their power (laws)?",
)
ALPHACODE = _source("li2022", "arxiv.org/abs/2203.07814", "Li et al., AlphaCode, tables 5 and 8")
CODEX = _source("chen2021", "arxiv.org/abs/2107.03374", "Chen et al., Codex, table 1")
EPOCH = _source(
    "villalobos2023",
    "epoch.ai/publications/trading-off-compute-in-training-and-inference",
    "Villalobos & Atkinson, Trading off compute in training and inference",
)


def log_odds_after(
    m: Any,
    log10_samples: Value,
    log_odds: Value,
    *,
    ln_a: Value,
    a_slope: Value,
    log_odds_at_centre: Value,
    odds_slope: Value,
    beyond: Value = 0.0,
    **_others: Value,
) -> Value:
    """Log odds that one of the samples is right [nat].

    Parameters
    ----------
    log10_samples : Value
        Independent answers [OOM].
    log_odds : Value
        Of one answer being right [nat]; it sets the scale at which the family is read.
    beyond : Value
        How far past the fitted range `a`, and with it the span, still changes [OOM].
    """
    scale = (log_odds - log_odds_at_centre) / odds_slope
    fitted = m.maximum(m.minimum(scale, HIGHEST + beyond), LOWEST - beyond)
    log_a = ln_a + a_slope * fitted
    return physics.coverage_log_odds(
        m, log10_samples=log10_samples, a=m.exp(log_a), b=m.exp(log_a - log_odds)
    )


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    odds_slope: Value,
    family_sd: Value,
    pythia_score: Value,
    new_family: Value,
    no_chance: Value,
    reach: Value,
    **curve: Value,
) -> Value:
    """Training-equivalent compute of ``10**spend`` samples and a check [OOM]."""
    rate = m.minimum(m.maximum(context.pass_rate, 1e-9), 1.0 - 1e-9)
    log_odds = m.log(rate) - m.log1p(-rate)
    samples = m.minimum(m.maximum(spend, 0.0), reach)
    after = log_odds_after(m, samples, log_odds, odds_slope=odds_slope, **curve)
    family = m.exp(family_sd * (new_family - pythia_score))
    chance = context.pass_rate / (context.pass_rate + no_chance)
    return m.maximum(after - log_odds, 0.0) / odds_slope * family * chance


def domain(m: Any, *, context: Any, reach: Value, **_others: Value) -> tuple[Value, Value]:
    """From one sample to the most that were ever drawn [OOM]."""
    return 0.0 * reach, reach


def beta_shapes(
    m: Any,
    columns: Any,
    *,
    ln_a: Value,
    a_slope: Value,
    log_odds_at_centre: Value,
    odds_slope: Value,
) -> Value:
    """Return ln a or ln b of each row's model, along ``point``."""
    scale = columns["log10_flop"] - CENTRE
    odds = log_odds_at_centre + odds_slope * scale
    return ln_a + a_slope * scale - columns["is_ln_b"] * odds


def samples_per_training(
    m: Any,
    columns: Any,
    *,
    ln_a: Value,
    a_slope: Value,
    log_odds_at_centre: Value,
    odds_slope: Value,
    family_sd: Value,
    pythia_score: Value,
    alphacode_score: Value,
    codex_score: Value,
) -> Value:
    """Natural log of the samples [OOM] that replace an OOM of training, along ``point``.

    The slope of a line of equal coverage, by central differences at each row's point. Here
    the span does not grow beyond the fitted range, so that `beyond` stays a belief.
    """
    rate = columns["pass_rate"]
    samples, training = (m.array(shift, dims=("shift",)) for shift in SHIFTS)
    after = log_odds_after(
        m,
        columns["log10_samples"] + samples,
        m.log(rate) - m.log1p(-rate) + odds_slope * training,
        ln_a=ln_a,
        a_slope=a_slope,
        log_odds_at_centre=log_odds_at_centre,
        odds_slope=odds_slope,
    )
    per_sample = after.isel(shift=1) - after.isel(shift=0)
    per_training = after.isel(shift=3) - after.isel(shift=2)
    score = alphacode_score + columns["is_codex"] * (codex_score - alphacode_score)
    return m.log(per_training / per_sample) - family_sd * (score - pythia_score)


def log_odds_gained(
    m: Any,
    columns: Any,
    *,
    ln_a: Value,
    a_slope: Value,
    log_odds_at_centre: Value,
    odds_slope: Value,
    family_sd: Value,
    pythia_score: Value,
    swe_bench_score: Value,
) -> Value:
    """Natural log of the rise of the log odds [nat] from one sample to many, along ``point``."""
    rate = columns["pass_rate"]
    log_odds = m.log(rate) - m.log1p(-rate)
    after = log_odds_after(
        m,
        columns["log10_samples"],
        log_odds,
        ln_a=ln_a,
        a_slope=a_slope,
        log_odds_at_centre=log_odds_at_centre,
        odds_slope=odds_slope,
    )
    return m.log(after - log_odds) + family_sd * (swe_bench_score - pythia_score)


def _normal(mean: float, sd: float, unit: str, why: str) -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, unit=unit, source="judgement", why=why)


def _positive(points: str, unit: str, why: str) -> Prior:
    return Prior(points, dist="lognormal", unit=unit, source="judgement", why=why)


def _score(why: str) -> Prior:
    return _normal(0.0, 1.0, "1", f"{why} among families.")


RESAMPLING = Technique(
    id="resampling",
    summary="Samples many answers and keeps one that an oracle or a cheap check accepts.",
    mechanism="passes",
    role="amplifier",
    task_classes=("verifiable",),
    exchange=exchange,
    domain=domain,
    sources=(BROWN, SCHAEFFER, ALPHACODE, CODEX, EPOCH),
    limits=(
        "Needs a check that costs next to nothing and is never wrong; with a learned verifier or "
        "a vote the gain is far smaller. Read at the scale at which one family had the pass rate "
        "of the tasks in question. Beyond the fitted range (pass rates of 0.0007 to 0.023, 1.3e20 "
        "to 2.2e22 FLOP) the tail exponent, and with it the span, stops growing after `beyond`. "
        "Within that range the gain of a fixed number of samples hardly changes with scale; the "
        "published +0.75 OOM of span per OOM of training does not come out. One factor per "
        "family scales its whole curve. The ladders have fixed tokens, so they are not "
        "compute-optimal and overstate training. Pythia is read at its nominal sizes; AlphaCode "
        "submits ten answers and has no oracle."
    ),
    priors={
        "ln_a": _normal(-1.5, 1.5, "nat", "Weak: tail exponent of 0.02 to 2.6 at the centre."),
        "a_slope": _normal(0.0, 1.0, "nat/OOM", "Weak, of either sign: ln a over scale."),
        "log_odds_at_centre": _normal(
            -4.0, 3.0, "nat", "Weak: one answer is right on 1e-4 to 0.7 of the problems."
        ),
        "odds_slope": _positive(
            "0.3 to 4", "nat/OOM", "Weak, above zero: more training makes one answer better."
        ),
        "scatter_a": _positive("0.03 to 0.5", "nat", "Single models about the trend in ln a."),
        "scatter_b": _positive("0.03 to 0.5", "nat", "Single models about the trend in ln b."),
        "beyond": _positive(
            "0.05 to 1", "OOM", "The published span grows on without end, which its authors doubt."
        ),
        "family_sd": _positive(
            "0.1 to 0.5", "nat", "Gain of families differs by tens of per cent to a factor of 2."
        ),
        "pythia_score": _score("Place of Pythia on MATH"),
        "alphacode_score": _score("Place of AlphaCode on CodeContests"),
        "codex_score": _score("Place of Codex on HumanEval"),
        "swe_bench_score": _score("Place of repairing repositories"),
        "new_family": _score("The family in question was not measured: its place"),
        "no_chance": Prior(
            "1e-6 to 1e-4",
            unit="fraction",
            source="brown2024",
            why="Pass rate at which the gain is halved: Pythia solved no CodeContests problem in "
            "10,000 samples; nothing was fitted below 7e-4.",
        ),
        "reach": Prior(
            "4 to 6",
            unit="OOM",
            source="li2022",
            why="Most samples drawn: 1e4 a problem for Pythia, 1e6 for AlphaCode.",
        ),
    },
    evidence=(
        Evidence(
            id="pythia",
            table=PYTHIA,
            predictor=beta_shapes,
            family=Family(name="estimate", covariance=PYTHIA_COVARIANCE, scatter="scatter"),
            informs=(
                "How success rates spread over problems, at seven scales of one family. All "
                "models answer the same 128 problems, so the covariance is joint: 1,000 "
                "bootstrap resamples of the problems, as it came out, with no regularisation."
            ),
            sources=(BROWN, SCHAEFFER),
        ),
        Evidence(
            id="families",
            table=FAMILIES,
            predictor=samples_per_training,
            family=Family(name="interval", log=True),
            informs=(
                "Samples that replace an OOM of training in two other families, one row each: "
                "median and range of ratios that share their problems, as a 90 % interval."
            ),
            sources=(ALPHACODE, CODEX),
        ),
        Evidence(
            id="coverage",
            table=COVERAGE,
            predictor=log_odds_gained,
            family=Family(name="interval", log=True),
            informs=(
                "What 250 attempts add for a strong model on whole software issues. No ladder of "
                "training runs is known: log odds are taken to rise with training as Pythia's do."
            ),
            sources=(BROWN,),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer resampling."""
    return [RESAMPLING]
