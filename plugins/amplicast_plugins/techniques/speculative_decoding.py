"""Speculative decoding: a small model drafts tokens that the large one checks in one pass.

The answers are those of the large model, so nothing is gained in capability; they come sooner, for
somewhat more FLOP. How much sooner follows from the share of drafted tokens that are kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Prior, Source, Table, Technique, hookimpl
from amplicast.physics.decoding import speed_up

Value = Any

SPEED_UPS = Table(Path(__file__).with_name("speculative_decoding.csv"))

LEVIATHAN = Source(
    key="leviathan2023",
    title="Leviathan et al., Fast inference from transformers via speculative decoding (2023)",
    url="https://arxiv.org/abs/2211.17192",
    grade="B",
)


def exchange(m: Any, spend: Value, *, context: Any, **_others: Value) -> Value:
    """Nothing [OOM]: the same answers, sooner."""
    return 0.0 * spend


def domain(m: Any, *, context: Any, acceptance: Value, **_others: Value) -> tuple[Value, Value]:
    """No spend does anything [OOM]."""
    return 0.0 * acceptance, 0.0 * acceptance


def faster(
    m: Any, columns: Any, *, acceptance: Value, lookahead: Value, draft_cost: Value
) -> Value:
    """Median factor of serial speed [1], along ``point``."""
    factor = speed_up(m, acceptance=acceptance, lookahead=lookahead, draft_time=draft_cost)
    return factor + 0.0 * columns["is_sampled"]


SPECULATIVE_DECODING = Technique(
    id="speculative-decoding",
    summary="Drafts tokens with a small model and checks them with the large one.",
    mechanism="latency",
    role="accelerator",
    task_classes=("general", "sequential", "verifiable", "game"),
    exchange=exchange,
    domain=domain,
    formula="faster by (1 - a^(g+1)) / ((1 - a)(g c + 1)); FLOP never fewer",
    sources=(LEVIATHAN,),
    limits=(
        "It raises the serial speed of a stream and changes no gain; serving does not read it yet, "
        "so copies at a stated speed leave it out. Fitted on two tasks of one encoder-decoder "
        "model with one draft model, four speed-ups read in a second-hand summary. Drafting costs "
        "FLOP, so it pays where a device waits for memory and not where it computes at its peak, "
        "as with many streams."
    ),
    labels={
        "acceptance": "chance that a drafted token is kept",
        "draft_cost": "cost of drafting",
        "new_setting": "acceptance in the setting in question",
    },
    priors={
        "acceptance": Prior(
            "0.3 to 0.95",
            unit="fraction",
            source="judgement",
            why="Weak: chance that a drafted token is kept.",
        ),
        "lookahead": Prior(
            "3 to 10",
            unit="1",
            source="judgement",
            why="Drafted tokens before each check, chosen for the acceptance at hand.",
        ),
        "draft_cost": Prior(
            "0.005 to 0.1",
            unit="fraction",
            source="judgement",
            why="Time of a draft pass over a pass of the model: it is a tenth to a hundredth of "
            "its size.",
        ),
        "scatter": Prior(
            "0.05 to 0.5",
            dist="lognormal",
            unit="nat",
            source="judgement",
            why="Weak: between tasks and ways to sample.",
        ),
        "new_setting": Prior(
            dist="normal",
            mean=0.0,
            sd=1.0,
            unit="1",
            source="judgement",
            why="A task and way to sample that were not measured: their place.",
        ),
    },
    evidence=(
        Evidence(
            id="speed-ups",
            table=SPEED_UPS,
            predictor=faster,
            family=Family(name="log-normal", value="speed_up", scale="scatter"),
            informs="Speed-up of an 11-billion-parameter model on two tasks, greedy and sampled.",
            sources=(LEVIATHAN,),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer speculative decoding."""
    return [SPECULATIVE_DECODING]
