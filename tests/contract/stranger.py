"""A third party's technique in one file, made up for tests: a model that checks its own answer.

It is as small as a plugin gets and keeps every law, so that tests can add a stranger to the
techniques that ship and see nothing else change.
"""

from __future__ import annotations

from typing import Any

import amplicast
from amplicast import Context, Prior, Source, Technique

MADE_UP = Source(
    key="judgement",
    title="Judgement of nobody: these numbers exist for tests only",
    grade="D",
)


def exchange(m: Any, spend: Any, *, context: Context, slope: Any, ceiling: Any) -> Any:
    """Gain [OOM] that rises at `slope` from zero spend and levels off at `ceiling`."""
    return -ceiling * m.expm1(-slope * m.maximum(spend, 0.0) / ceiling)


def domain(m: Any, *, context: Context, reach: Any) -> tuple[Any, Any]:
    """From zero to the longest check worth its tokens [OOM]."""
    return 0.0 * reach, reach


SELF_CHECK = Technique(
    id="self-check",
    summary="The model reads its answer once more and mends it.",
    mechanism="serial-tokens",
    role="amplifier",
    task_classes=("general", "sequential"),
    exchange=exchange,
    domain=domain,
    priors={
        "slope": Prior(
            "0.2 to 0.8",
            unit="OOM/OOM",
            dist="lognormal",
            source="judgement",
            why="Made up: the first OOM of checking stands in for less than one of training.",
        ),
        "ceiling": Prior(
            "0.1 to 0.6",
            unit="OOM",
            dist="lognormal",
            source="judgement",
            why="Made up: some slips stay unseen. Log-normal, since it cannot be negative.",
        ),
        "reach": Prior(
            "0.5 to 2",
            unit="OOM",
            dist="lognormal",
            source="judgement",
            why="Made up: later checks repeat earlier.",
        ),
    },
    sources=(MADE_UP,),
    limits="Made up for tests; it says nothing about any model.",
)


@amplicast.hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Contribute the self-check."""
    return [SELF_CHECK]
