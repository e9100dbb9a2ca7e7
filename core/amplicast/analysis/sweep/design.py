"""What a sweep is: its cases, what is kept of each, and what they start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amplicast.forecast.outputs import HEADLINES, OUTPUTS
from amplicast.forecast.quantiles import QUANTILES

if TYPE_CHECKING:
    from amplicast.priors import Prior

__all__ = ["MOST_CASES", "PLACES", "STRUCTURE", "Case", "Design", "Keep"]

STRUCTURE = (
    "decision", "model", "serving", "cost", "demand", "combining", "equivalence", "techniques",
    "leave_out",
)  # fmt: skip
"""What a case may change besides beliefs, as scenarios call it."""

PLACES = {"year": "years", "actor": "actors", "regime": "regimes", "task_class": "task_classes"}
"""Dims of which some labels may be kept, and the key that names them."""

MOST_CASES = 100_000


@dataclass(frozen=True, kw_only=True)
class Case:
    """One scenario of a sweep.

    Attributes
    ----------
    name : str
    beliefs : Mapping[str, Prior]
        By full name, what differs from the base.
    structure : Mapping[str, str or tuple of str]
        By a name of `STRUCTURE`, what differs from the base.
    seed : int or None
        None for that of the base.
    """

    name: str
    beliefs: Mapping[str, Prior] = field(default_factory=dict)
    structure: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Keep:
    """What is kept of every case.

    Attributes
    ----------
    outputs : tuple of str
    labels : Mapping[str, tuple]
        By dim, the labels that are kept; every label of a dim that is not named.
    quantiles : tuple of float
    draws : bool
        Whether every draw is kept as well, in single precision.
    """

    outputs: tuple[str, ...] = HEADLINES
    labels: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    quantiles: tuple[float, ...] = QUANTILES
    draws: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "outputs": list(self.outputs),
            "labels": {dim: list(labels) for dim, labels in self.labels.items()},
            "quantiles": list(self.quantiles),
            "draws": self.draws,
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Keep:
        """Rebuild from `to_dict`."""
        return cls(
            outputs=tuple(record["outputs"]),
            labels={dim: tuple(labels) for dim, labels in record["labels"].items()},
            quantiles=tuple(record["quantiles"]),
            draws=record["draws"],
        )

    def places(self, output: str) -> list[dict[str, Any]]:
        """Label of every dim, for each value that is kept of an output, in order."""
        found: list[dict[str, Any]] = [{}]
        for dim in OUTPUTS[output].dims:
            found = [{**place, dim: label} for place in found for label in self.labels[dim]]
        return found


@dataclass(frozen=True, kw_only=True)
class Design:
    """A sweep before it is done.

    Attributes
    ----------
    name : str
    run, scenario : str
        What the cases start from: a saved run, or a scenario that is fitted; one is empty.
    cases : tuple of Case
    keep : Keep
    """

    name: str
    cases: tuple[Case, ...]
    run: str = ""
    scenario: str = ""
    keep: Keep = field(default_factory=Keep)
