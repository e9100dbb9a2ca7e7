"""The words of a forecast that a reader may not know, in a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amplicast.report.charts.place import Place

__all__ = ["glossary"]


def glossary(place: Place) -> tuple[tuple[str, str], ...]:
    """Word and meaning; what the scenario defines is told as it does."""
    person = place.forecast.plan.equivalence.id
    return (
        (
            "AI copy",
            (
                f"An unaugmented stream of {place.speed:.3g} output tokens per second of the "
                "served model. Copies are streams, not people."
            ),
        ),
        (
            "Amplification",
            (
                "Training compute that more inference stands in for, at equal performance on a "
                "class of tasks, beyond what the deployed model already gains by it. Below 0: with "
                "so many copies, each must do with less than that."
            ),
        ),
        (
            "OOM",
            "Order of magnitude: 1 OOM is a factor of 10, 2 OOM of 100, 0.3 OOM of 2.",
        ),
        (
            "66 % and 90 % interval",
            (
                "If the model is right, the value falls inside on 66 and on 90 of 100 occasions; "
                "as much probability lies below as above."
            ),
        ),
        (
            "Pool",
            "Compute that one actor can use for inference: a lab's, a country's, the world's.",
        ),
        (
            "Copies wanted",
            (
                "How many copies share the pool. Fewer copies leave more compute for each: that is "
                "what amplifies it. Where the pool cannot run so many, there is no amplification."
            ),
        ),
        (
            "Task class",
            (
                "General tasks have no check; sequential ones are solved step by step; "
                "verifiable ones have a check that is cheap and right."
            ),
        ),
        (
            "Human-equivalent",
            (
                f"People whom the copies equal in output of tokens, as `{person}` counts them. "
                "Definitions differ by a factor of a hundred."
            ),
        ),
        ("FLOP", "Floating-point operation; H100e: compute of one H100 accelerator."),
    )
