"""Mechanism overlap: techniques that work alike interfere, others add up, all under a cap."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from amplicast import Combining, Prior, Source, hookimpl

Value = Any

TINY = 1e-9
"""Room under the cap that counts as none [OOM]; keeps a quotient finite."""

EPOCH = Source(
    key="villalobos2023",
    title="Villalobos & Atkinson, Trading off compute in training and inference (2023)",
    url="https://epoch.ai/publications/trading-off-compute-in-training-and-inference",
    grade="D",
)


def within(m: Any, gains: Sequence[Value], *, overlap: Value, **_others: Value) -> Value:
    """Joint gain of techniques of one mechanism [OOM]: the best, and what overlap leaves.

    Parameters
    ----------
    gains : sequence of Value
        Gain of each technique at equal spend, same or broadcastable dims [OOM].
    overlap : Value
        0: gains add up fully; 1: only the best one counts [fraction].
    """
    best = reduce(m.maximum, gains)
    total = reduce(lambda a, b: a + b, gains)
    return best + (1.0 - overlap) * (total - best)


def cap(
    m: Any,
    gain: Value,
    *,
    best_single: Value,
    task_class: str,
    cap: Value,
    cap_verifiable: Value,
    **_others: Value,
) -> Value:
    """Gain under the cap [OOM]: untouched well below it, never below `best_single`.

    What combining adds over the best single technique saturates smoothly in the room that is
    left under the cap, as the 4-norm of reciprocals. Monotone in gain, best single and cap.
    """
    limit = cap_verifiable if task_class == "verifiable" else cap
    added = m.maximum(gain - best_single, 0.0)
    room = m.maximum(limit - best_single, TINY)
    crowding = added / room
    crowding = crowding * crowding
    return best_single + added / m.sqrt(m.sqrt(1.0 + crowding * crowding))


MECHANISM_OVERLAP = Combining(
    id="mechanism-overlap",
    summary="Adds gains across mechanisms, discounts them within one, and caps the total.",
    within=within,
    cap=cap,
    sources=(EPOCH,),
    limits=(
        "For amplifiers. The only data on combining are for a board game, where overtraining and "
        "tree search added up; overlap within a mechanism and the caps are their authors' "
        "judgement about language models of 2023."
    ),
    labels={
        "overlap": "overlap of gains of one mechanism",
        "cap": "ceiling on the joint gain of all techniques",
        "cap_verifiable": "ceiling on the joint gain on verifiable tasks",
    },
    priors={
        "overlap": Prior(
            "0.5 to 0.95",
            unit="fraction",
            source="villalobos2023",
            why="Same mechanism interferes: overtraining with pruning, tree search with "
            "resampling. 0: gains add up fully; 1: only the best one counts.",
        ),
        "cap": Prior(
            "2 to 3",
            unit="OOM",
            source="villalobos2023",
            why="More than two techniques rarely help: 2 to 3 OOM, no more than 3 to 4.",
        ),
        "cap_verifiable": Prior(
            "3 to 5",
            unit="OOM",
            source="villalobos2023",
            why="3 to 4 OOM of training for 5 to 6 of inference where checks are cheap; wider "
            "above, because that span was extrapolated.",
        ),
    },
)


@hookimpl
def amplicast_register_combining() -> list[Combining]:
    """Offer the mechanism-overlap rule."""
    return [MECHANISM_OVERLAP]
