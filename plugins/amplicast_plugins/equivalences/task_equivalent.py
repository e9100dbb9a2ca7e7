"""A person as the tokens that a model needs for what the person does in a day."""

from __future__ import annotations

from typing import Any

from amplicast import Equivalence, Prior, Source, hookimpl

Value = Any

SECONDS_PER_DAY_AT_WORK = 8.0 * 3600.0

EPOCH = Source(
    key="epoch2025workers",
    title="Epoch AI, How many digital workers could OpenAI deploy? (2025-10)",
    grade="C",
)
SEMIANALYSIS = Source(
    key="semianalysis2026analyst",
    title="SemiAnalysis (2026-06): 7 to 30 million tokens for 8 hours of analyst work, over 90 % "
    "of the input from a cache; quoted in a comment on the EA Forum",
    grade="C",
)


def tokens_per_second(m: Any, *, speed: Value, task: Value, fresh_per_day: Value) -> Value:
    """Return the output tokens per second that do one person's work.

    Of the tokens that a copy processes, one in ``1 + input / output`` is output.

    Parameters
    ----------
    m : MathNamespace
    speed
        Not used.
    task : mapping
        ``input_tokens`` and ``output_tokens`` of one task [tokens].
    fresh_per_day : tokens
        Output and uncached input that replace a person's day of eight hours.
    """
    processed = 1.0 + task["input_tokens"] / task["output_tokens"]
    return fresh_per_day / SECONDS_PER_DAY_AT_WORK / processed


TASK_EQUIVALENT = Equivalence(
    id="task-equivalent",
    summary="A person is the tokens that models need for a day of the same work.",
    tokens_per_second=tokens_per_second,
    labels={
        "fresh_per_day": "tokens of a working day",
    },
    priors={
        "fresh_per_day": Prior(
            low=2e5,
            best=3e6,
            high=3e7,
            unit="tokens",
            source="epoch2025workers",
            why=(
                "100 thousand to a million tokens for a task of an hour on METR's tasks, so 0.8 to "
                "8 million a day; 7 to 30 million for an analyst's day with cached input, a tenth "
                "of that without. Lower for a day of few, short answers."
            ),
        ),
    },
    sources=(EPOCH, SEMIANALYSIS),
    limits=(
        "Only for tasks that the model does at all, counted as if it always succeeded. Measured on "
        "programming and analysis. The mix of input and output is that of the scenario's task."
    ),
)


@hookimpl
def amplicast_register_equivalences() -> list[Equivalence]:
    """Contribute task equivalents."""
    return [TASK_EQUIVALENT]
