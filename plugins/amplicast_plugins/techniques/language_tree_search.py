"""Tree search over partial answers in language: reward-balanced search, tree of thoughts.

Partial answers are scored by a reward model or by the model itself, the promising ones are
continued, and one answer is chosen. The rise of the log odds over one greedy answer saturates in
OOM of search; the training compute that it stands in for is this rise over the slope of ladders
of models on the same tasks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast.physics import baseline
from amplicast.physics.baseline import bounded_gain

Value = Any

CENTRE = 23.0
"""log10 training FLOP at which a ladder's log odds are stated, inside both ladders."""

_LN10 = 2.302585092994046

SEARCHES = Table(Path(__file__).with_name("language_tree_search.csv"))
LADDERS = Table(Path(__file__).with_name("language_tree_search_ladders.csv"))

WU = Source(
    key="wu2024",
    title="Wu et al., Inference scaling laws (2024), tables 1, 3 and 4",
    url="https://arxiv.org/abs/2408.00724",
    grade="A",
)
YAO = Source(
    key="yao2023",
    title="Yao et al., Tree of thoughts (2023), table 2: Game of 24",
    url="https://arxiv.org/abs/2305.10601",
    grade="A",
)
LEWKOWYCZ = Source(
    key="lewkowycz2022",
    title="Lewkowycz et al., Minerva (2022), as tabulated by Touvron et al. 2023, table 7",
    url="https://arxiv.org/abs/2206.14858",
    grade="A",
)
TOUVRON = Source(
    key="touvron2023",
    title="Touvron et al., LLaMA (2023), tables 2 and 7",
    url="https://arxiv.org/abs/2302.13971",
    grade="A",
)
EPOCH = Source(
    key="villalobos2023",
    title="Villalobos & Atkinson, Trading off compute in training and inference (2023)",
    url="https://epoch.ai/publications/trading-off-compute-in-training-and-inference",
)


def search_lift(m: Any, search: Value, *, ln_rise: Value, scale: Value) -> Value:
    """``exp(ln_rise) (1 - exp(-search / scale))`` [nat], nothing below one answer."""
    return -m.exp(ln_rise) * m.expm1(-m.maximum(search, 0.0) / scale)


def lift(
    m: Any,
    spend: Value,
    *,
    context: Any,
    ln_rise: Value,
    task_sd: Value,
    new_task: Value,
    scale: Value,
    verifier: Value,
    reach: Value,
    no_chance: Value,
    **_others: Value,
) -> Value:
    """Rise of the log odds from one greedy answer to a search of ``10**spend`` its FLOP [nat]."""
    search = m.minimum(spend - m.log1p(verifier * context.reading_price) / _LN10, reach)
    full = search_lift(m, search, ln_rise=ln_rise + task_sd * new_task, scale=scale)
    return full * context.pass_rate / (context.pass_rate + no_chance)


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
    """Training-equivalent compute of the search, its verifier paid for [OOM]."""
    line = baseline.gain_of_lift(
        m, lift(m, spend, context=context, **curve), slope=m.exp(ln_slope + slope_sd * new_slope)
    )
    return bounded_gain(m, line, bound=longest)


def domain(
    m: Any, *, context: Any, verifier: Value, reach: Value, **_others: Value
) -> tuple[Value, Value]:
    """From one greedy answer to the largest tree, every node of it scored [OOM]."""
    return 0.0 * reach, reach + m.log1p(verifier * context.reading_price) / _LN10


def searched(m: Any, columns: Any, *, log_odds: Value, ln_rise: Value, scale: Value) -> Value:
    """Share of right answers of each search, and without one, along ``point``."""
    rise = search_lift(m, columns["search_spend"], ln_rise=ln_rise, scale=scale)
    return baseline.accuracy(m, log_odds + rise)


def ladder(m: Any, columns: Any, *, log_odds: Value, ln_slope: Value) -> Value:
    """Share of right answers of each model, one answer a problem, along ``point``."""
    flop = baseline.optimal_equivalent(m, params=columns["params"], tokens=columns["tokens"])
    return baseline.accuracy(m, log_odds + m.exp(ln_slope) * (flop - CENTRE))


def _normal(mean: float, sd: float, unit: str, why: str) -> Prior:
    return Prior(dist="normal", mean=mean, sd=sd, unit=unit, source="judgement", why=why)


def _positive(points: str, unit: str, why: str, source: str = "judgement") -> Prior:
    return Prior(points, dist="lognormal", unit=unit, source=source, why=why)


LANGUAGE_TREE_SEARCH = Technique(
    id="language-tree-search",
    summary="Searches a tree of partial answers, scored by a reward model or by the model itself.",
    mechanism="passes",
    role="amplifier",
    task_classes=("sequential", "verifiable"),
    formula=(
        "g = bounded(lift / slope); lift = rise (1 - exp(-n / scale)), "
        "n = x - log10(1 + verifier), up to reach"
    ),
    exchange=exchange,
    domain=domain,
    lift=lift,
    sources=(WU, YAO, LEWKOWYCZ, TOUVRON, EPOCH),
    limits=(
        "Reward-balanced search (REBASE) on three benchmarks and tree of thoughts on one puzzle. "
        "Plain Monte Carlo tree search was below sampling at every budget in the same study and "
        "is not what this describes. The gain is over one greedy answer and holds that of choosing "
        "among the finished answers: against sampling and the same choice the tree adds only 3 to "
        "5 points on MATH and 0.5 to 2 on GSM8K. Of three ways to choose, "
        "on the same trees and 0 to 3 points apart, "
        "the weighted vote is used. Scoring is paid for: the published FLOP leave the reward model "
        "out, a 34B model that costs 4.9 times the generation of a 7B. Tasks differ a lot (Game "
        "of 24 rises by 3.6 nat, MATH by 0.7) and only four were measured, so both classes share "
        "one wide curve. What chose among MBPP programs is not on record; its growth with the "
        "size of the tree is used, its level is free. The cost of tree of thoughts is known to "
        "the order only (100 answers; fewer states, 1 + 2b, at b = 1). Numbers of questions are "
        "from memory; an overdispersion covers them. Minerva is taken at PaLM's 780 billion "
        "tokens, without its further tuning on mathematics, of which the largest model had least."
    ),
    labels={
        "ln_rise": "what a large tree adds",
        "new_task": "what a tree adds to the task in question",
        "scale": "search at which the gain saturates",
        "ln_slope": "how fast scores rise with training",
        "new_slope": "how fast scores rise on the task in question",
        "verifier": "cost of scoring a step",
        "reach": "largest tree",
        "longest": "longest comparison measured",
        "no_chance": "pass rate that halves the gain",
    },
    priors={
        "log_odds": Prior(
            "-0.5", unit="nat", source="judgement", why="Fixed: middle of the log odds of a task."
        ),
        "log_odds_sd": Prior(
            "2", unit="nat", source="judgement", why="Fixed and wide: accuracy of 1 to 97 %."
        ),
        "ln_rise": _normal(0.0, 1.0, "nat", "Weak: log odds rise by 0.2 to 5 for a large tree."),
        "task_sd": _positive(
            "0.2 to 1.5", "nat", "Weak: between tasks, tens of % to several fold."
        ),
        "new_task": _normal(
            0.0, 1.0, "1", "The task in question was not measured: its place among tasks."
        ),
        "scale": _positive("0.3 to 3", "OOM", "Weak: search over which the rise saturates."),
        "ln_slope": _normal(
            0.0, 0.7, "nat", "Weak: log odds of one answer rise by 0.3 to 3.2 per OOM of training."
        ),
        "slope_sd": _positive("0.1 to 0.8", "nat", "Slopes of two tasks differ by tens of %."),
        "new_slope": _normal(
            0.0, 1.0, "1", "The task in question was not measured: its slope among tasks."
        ),
        "concentration": Prior(
            "20 to 2000",
            unit="1",
            source="judgement",
            why="Single models stray from their family's line by some points.",
        ),
        "verifier": _positive(
            "0.3 to 5",
            "1",
            "FLOP of scoring over those of generating: 4.9 for a 34B model on answers of a 7B, "
            "1 for a model of equal size.",
            source="wu2024",
        ),
        "reach": _positive(
            "1.7 to 2.7",
            "OOM",
            "Largest trees measured cost 70 to 100 answers.",
            source="wu2024",
        ),
        "longest": _positive(
            "1 to 3",
            "OOM",
            "Longest comparison at equal performance: at least 0.7 OOM, a 7B model that searches "
            "against 34B; 1 judged for choosing by an expensive check, 2 on tasks of many steps.",
            source="villalobos2023",
        ),
        "no_chance": Prior(
            "1e-5 to 1e-3",
            unit="fraction",
            source="judgement",
            why="Pass rate at which the rise is halved: what is never sampled is never found.",
        ),
    },
    evidence=(
        Evidence(
            id="searches",
            table=SEARCHES,
            predictor=searched,
            family=Family(
                name="beta-binomial", value="correct", trials="trials", scale="concentration"
            ),
            groups={
                "log_odds": Group(by="series", scale="log_odds_sd"),
                "ln_rise": Group(by="task", scale="task_sd", new="new_task"),
            },
            informs="Rise of accuracy by search on four tasks, for five models, and its growth.",
            sources=(WU, YAO),
        ),
        Evidence(
            id="ladders",
            table=LADDERS,
            predictor=ladder,
            family=Family(
                name="beta-binomial", value="correct", trials="trials", scale="concentration"
            ),
            groups={
                "log_odds": Group(by="ladder", scale="log_odds_sd"),
                "ln_slope": Group(by="ladder", scale="slope_sd"),
            },
            informs="Slope of accuracy with training compute on MATH and GSM8K, in two families.",
            sources=(LEWKOWYCZ, TOUVRON),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer tree search in language."""
    return [LANGUAGE_TREE_SEARCH]
