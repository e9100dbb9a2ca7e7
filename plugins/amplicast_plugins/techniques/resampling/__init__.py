"""Resampling with an oracle or a cheap verifier: try until an answer passes the check."""

from __future__ import annotations

from pathlib import Path

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast_plugins.techniques.resampling.counts import with_counts
from amplicast_plugins.techniques.resampling.curve import domain, exchange, lift
from amplicast_plugins.techniques.resampling.ladders import (
    beta_shapes,
    ladder_coverage,
    lone_coverage,
)


def _table(name: str) -> Table:
    return Table(Path(__file__).with_name(f"{name}.csv"))


def _source(key: str, url: str, title: str) -> Source:
    return Source(key=key, title=title, url=f"https://{url}")


BROWN = _source("brown2024", "arxiv.org/abs/2407.21787", "Brown et al., Large language monkeys")
SCHAEFFER = _source(
    "schaeffer2025",
    "arxiv.org/abs/2502.17578",
    "Schaeffer et al., How do large language monkeys get their power (laws)?",
)
CHEN = _source("chen2021", "arxiv.org/abs/2107.03374", "Chen et al., Codex, table 1")
LI = _source("li2022", "arxiv.org/abs/2203.07814", "Li et al., AlphaCode, table 5")
LIU = _source("liu2025", "arxiv.org/abs/2502.06703", "Liu et al., Can 1B surpass 405B?, table 4")
EPOCH = _source(
    "villalobos2023",
    "epoch.ai/publications/trading-off-compute-in-training-and-inference",
    "Villalobos & Atkinson, Trading off compute in training and inference",
)


def _normal(mean: float, sd: float, unit: str, why: str) -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, unit=unit, source="judgement", why=why)


def _positive(points: str, unit: str, why: str, source: str = "judgement") -> Prior:
    return Prior(points, dist="lognormal", unit=unit, source=source, why=why)


def _plain(points: str, unit: str, why: str, source: str = "judgement") -> Prior:
    return Prior(points, unit=unit, source=source, why=why)


BY_FAMILY = {
    "log_odds": Group(by="family", scale="log_odds_sd", centred=True),
    "ln_a": Group(by="family", scale="ln_a_sd", centred=True),
    "ln_odds_slope": Group(by="family", scale="slope_sd", centred=True),
}


def _with_data(path: Path) -> Technique:
    """Return the technique informed by a user's counts, see `with_counts`."""
    return with_counts(RESAMPLING, path)


RESAMPLING = Technique(
    id="resampling",
    with_data=_with_data,
    summary="Samples many answers and keeps one that an oracle or a cheap check accepts.",
    mechanism="passes",
    role="amplifier",
    task_classes=("verifiable",),
    choice="selection",
    formula=(
        "g = bounded(lift / slope); lift = logit coverage(10^x) - logit pass@1, "
        "coverage(k) = ceiling (1 - B(a, b+k) / B(a, b))"
    ),
    exchange=exchange,
    domain=domain,
    lift=lift,
    sources=(BROWN, SCHAEFFER, CHEN, LI, LIU, EPOCH),
    limits=(
        "Needs a check that costs next to nothing and is never wrong; with ten submissions, a "
        "learned verifier or a vote the gain is far smaller. Spend counts samples of the same "
        "model. Two ladders only: Pythia on MATH (nominal sizes, 300 billion tokens) and Codex "
        "on HumanEval, read at 400 billion tokens for every size (300 of text, 100 of code; with "
        "the 100 alone its slope would be an eighth higher). Other families have no ladder: they "
        "inform the coverage and not the slope. AlphaCode has ten submissions and is left to "
        "resampling-limited. Many samples leave the range of pass@1 that the ladders reached, so "
        "a gain above 2 OOM rests more on `longest` than on data. The published +0.75 OOM of "
        "span per OOM of training does not come out of these and enters as a belief. "
        "Pythia's shapes were fitted without the ceiling. One Beta is too flat for Codex: at its "
        "largest sizes the curve is 5 points high at 10 samples and 6 to 8 low at 100."
    ),
    labels={
        "ln_a": "how fast repeated samples find answers",
        "new_tail": "how fast this model finds answers",
        "ln_odds_slope": "how fast pass rates rise with training",
        "new_slope": "how fast its pass rates rise with training",
        "longest": "longest comparison measured",
        "beyond": "how far past the measured models it grows",
        "reach": "most samples",
        "ceiling": "best pass rate",
        "no_chance": "pass rate that halves the gain",
    },
    priors={
        "ln_a": _normal(-1.5, 1.5, "nat", "Weak: tail exponent of 0.02 to 2.6 at 3 % pass@1."),
        "ln_a_sd": _positive("0.4 to 2", "nat", "Weak: families differ by half to 10 times."),
        "a_slope": _normal(0.0, 1.0, "nat/OOM", "Weak, of either sign: ln a over scale."),
        "ln_odds_slope": _normal(0.0, 0.7, "nat", "Weak: 0.3 to 3.2 nat per OOM of training."),
        "slope_sd": _positive("0.15 to 0.7", "nat", "Slopes differ by tens of % to a factor of 2."),
        "log_odds": _plain("-4", "nat", "Fixed: half of the tasks are harder than 2 %."),
        "log_odds_sd": _plain("3", "nat", "Fixed and wide: pass@1 of 1e-4 to 0.7."),
        "scatter": _positive("0.03 to 0.5", "nat", "Single models about their family's trend."),
        "ceiling": _plain(
            "0.93 to 0.998",
            "fraction",
            "Pass@k of Minerva is reported to level off; keys are wrong on some problems.",
            "villalobos2023",
        ),
        "new_tail": _normal(0.0, 1.0, "1", "A family that was not measured: its place in ln a."),
        "new_slope": _normal(0.0, 1.0, "1", "A family that was not measured: its place in slope."),
        "longest": _positive(
            "2.3 to 4.5",
            "OOM",
            "Longest comparison at equal performance: at least 2.35 OOM (liu2025), and 3 to 4 by "
            "an extrapolation to twice the fitted range that its authors doubt.",
            source="villalobos2023",
        ),
        "beyond": _positive(
            "0.1 to 1.2",
            "OOM",
            "How far past the largest measured model the longest comparison goes on to grow.",
        ),
        "no_chance": _plain(
            "1e-6 to 1e-4",
            "fraction",
            "Gain is halved there: Pythia solved no CodeContests problem in 10,000 samples.",
            "brown2024",
        ),
        "reach": _plain(
            "4 to 6", "OOM", "Most samples drawn: 1e4 by Brown et al., 1e6 for AlphaCode.", "li2022"
        ),
    },
    evidence=(
        Evidence(
            id="pythia",
            table=_table("pythia_estimate"),
            predictor=beta_shapes,
            family=Family(
                name="estimate", covariance=_table("pythia_covariance"), scatter="scatter"
            ),
            groups=BY_FAMILY,
            informs=(
                "How success rates spread over the same 128 problems, at seven scales: most likely "
                "shapes, and their joint covariance over 1,000 bootstrap resamples of problems."
            ),
            sources=(BROWN, SCHAEFFER),
        ),
        Evidence(
            id="codex",
            table=_table("codex"),
            predictor=ladder_coverage,
            family=Family(
                name="estimate", covariance=_table("codex_covariance"), scatter="scatter"
            ),
            groups=BY_FAMILY,
            informs=(
                "Pass@1, @10 and @100 at eight scales on the same 164 problems. Their errors are "
                "those of one draw of problems, which all models find hard in the same order."
            ),
            sources=(CHEN,),
        ),
        Evidence(
            id="coverage",
            table=_table("coverage"),
            predictor=lone_coverage,
            family=Family(name="estimate", covariance=_table("coverage_covariance")),
            groups={name: BY_FAMILY[name] for name in ("log_odds", "ln_a")},
            informs=(
                "Coverage of three single models on issues, contests and mathematics: how far "
                "families differ. Errors of drawing problems (300, 128 assumed, 128) and rounding."
            ),
            sources=(BROWN,),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer resampling."""
    return [RESAMPLING]
