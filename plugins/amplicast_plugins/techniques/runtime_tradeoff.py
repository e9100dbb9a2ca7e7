"""Runtime for training, as in the Full Takeoff Model: one straight line for every task.

There a task that asks for more training than the largest run can still be automated, at a runtime
that grows as the shortfall to a power, up to a largest shortfall. An alternative to amplifiers
that are measured one by one, and never on top of them.
"""

from __future__ import annotations

from typing import Any

from amplicast import Prior, Source, Technique, hookimpl

Value = Any

MODEL = Source(
    key="ftm2023",
    title=(
        "Full Takeoff Model (Davidson, Epoch AI): ftm/core/utils.py, get_parameter_table, commit "
        "0656df6; an earlier opmodel/analysis/mc_analysis.py for the largest trade"
    ),
    url="https://github.com/epoch-research/ftm",
    grade="D",
)


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    tradeoff: Value,
    largest: Value,
    no_chance: Value,
    **_others: Value,
) -> Value:
    """Training that the runtime stands in for [OOM]."""
    chance = context.pass_rate / (context.pass_rate + no_chance)
    return m.minimum(m.maximum(spend, 0.0) / tradeoff, m.maximum(largest, 0.0)) * chance


def domain(
    m: Any, *, context: Any, tradeoff: Value, largest: Value, **_others: Value
) -> tuple[Value, Value]:
    """From none to the spend of the largest trade [OOM]."""
    return 0.0 * tradeoff, tradeoff * m.maximum(largest, 0.0)


RUNTIME_TRADEOFF = Technique(
    id="runtime-tradeoff",
    summary="Trades runtime for training along one line, as the Full Takeoff Model does.",
    mechanism="passes",
    role="amplifier",
    task_classes=("general", "sequential", "verifiable", "game"),
    exchange=exchange,
    domain=domain,
    formula="g(x) = min(x / tradeoff, largest)",
    sources=(MODEL,),
    limits=(
        "A belief of its authors without data, off by default in their model too. It stands for "
        "all ways to spend runtime at once and for every task alike: use it in place of the "
        "measured techniques, not with them. The sheet with the justifications was not "
        "recovered, only the values in the published code: 3, 1.5 and 0.8 (0.5 in an earlier "
        "version) for the rate, and 10^0.001, 10^1.5 and 10^3 for the largest trade, each as "
        "conservative, best and aggressive."
    ),
    labels={
        "tradeoff": "inference per training traded",
        "largest": "largest trade",
        "no_chance": "pass rate that halves the gain",
    },
    priors={
        "tradeoff": Prior(
            "0.85 to 2.8",
            unit="OOM/OOM",
            source="ftm2023",
            why="5 and 95 % points of its law (half of it log-uniform from 3 to 1.5, half from "
            "1.5 to 0.8); its median of 1.5 is kept.",
        ),
        "largest": Prior(
            "0.15 to 2.85",
            dist="uniform",
            unit="OOM",
            source="ftm2023",
            why="Log-uniform from 0.001 to 1.5 and from 1.5 to 3 OOM with equal halves: uniform.",
        ),
        "no_chance": Prior(
            "1e-6 to 1e-4",
            unit="fraction",
            source="judgement",
            why="Gain is halved there: runtime does not make up for a model without any chance.",
        ),
    },
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer the runtime trade-off."""
    return [RUNTIME_TRADEOFF]
