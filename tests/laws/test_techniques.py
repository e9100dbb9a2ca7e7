"""Every technique keeps the laws, and each law catches the technique that breaks it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amplicast import Registry, Technique, testing

STRANGER = Path(__file__).parents[1] / "contract" / "stranger.py"
REGISTRY = Registry.load([STRANGER])
GOOD = REGISTRY.techniques["self-check"]
CALLS = itertools.count()


def changed(**changes: Any) -> Technique:
    """Change the good technique, on one task class."""
    return replace(GOOD, task_classes=("general",), **changes)


BROKEN = {
    "the domain does not hold zero spend": [
        changed(domain=lambda m, *, context, reach: (0.1 + 0.0 * reach, reach)),
        changed(domain=lambda m, *, context, reach: (-2.0, -reach)),
    ],
    "a gain is not finite": [
        changed(exchange=lambda m, spend, *, context, slope: slope * spend / (spend > 0)),
        changed(exchange=lambda m, spend, *, context, slope: 0.0 * m.log(slope * spend) + spend),
    ],
    "zero spend gains something": [
        changed(exchange=lambda m, spend, *, context, slope: slope * (spend + 0.01)),
    ],
    "more spend gains less": [
        changed(exchange=lambda m, spend, *, context, slope: slope * spend * (1.0 - spend)),
    ],
    "two calls differ": [
        changed(exchange=lambda m, spend, *, context, slope: spend * (1.0 + next(CALLS))),
    ],
    "an economiser gains": [
        changed(role="economiser", exchange=lambda m, spend, *, context, slope: slope * spend),
    ],
}
"""Law -> techniques that break it."""


@pytest.mark.parametrize("id_", REGISTRY.techniques)
@pytest.mark.parametrize("seed", range(3))
def test_every_technique_keeps_every_law(id_: str, seed: int) -> None:
    """Installed techniques and the stranger's break no law at any drawn parameter."""
    assert testing.broken_laws(REGISTRY.techniques[id_], seed=seed) == []


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("law", "technique"),
    [(law, technique) for law, broken in BROKEN.items() for technique in broken],
    ids=[law for law, broken in BROKEN.items() for _ in broken],
)
def test_every_law_can_be_broken(law: str, technique: Technique) -> None:
    """A law that no technique could break would be no law."""
    found = testing.broken_laws(technique)
    assert f"general: {law}" in found


def test_gains_that_shrink_with_spend_break_one_law_only() -> None:
    """A breach is named by itself, without others in its wake."""
    (only,) = BROKEN["more spend gains less"]
    assert testing.broken_laws(only) == ["general: more spend gains less"]


def test_every_task_class_is_tried() -> None:
    """A breach on one class is not hidden by the classes that go well."""
    technique = replace(
        GOOD,
        task_classes=("general", "sequential"),
        exchange=lambda m, spend, *, context, slope: (
            slope * (spend + (0.1 if context.task_class == "sequential" else 0.0))
        ),
    )
    assert testing.broken_laws(technique) == ["sequential: zero spend gains something"]


def test_a_function_is_given_only_what_it_names() -> None:
    """Parameters reach a function as in a forecast: by name, or all of them where it takes all."""
    seen: list[set[str]] = []

    def exchange(m: Any, spend: Any, *, context: Any, slope: Any, **others: Any) -> Any:
        seen.append(set(others))
        return slope * spend

    assert testing.broken_laws(changed(exchange=exchange)) == []
    assert set.union(*seen) == {"ceiling", "reach"}
