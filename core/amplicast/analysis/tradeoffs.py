"""What each technique trades: its curve of training against inference, and where that is cheap.

The form of Villalobos & Atkinson 2023: along a curve performance stays the same. The efficient
region is where a further OOM on either side costs less than six on the other.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.curves import Curves
from amplicast.analysis.spans import GAME_SCORE, is_efficient
from amplicast.concepts import TaskClass, Technique

if TYPE_CHECKING:
    import xarray

    from amplicast.concepts import PublishedAnswers

__all__ = ["PublishedPoint", "Tradeoff", "efficient_region", "published_points", "tradeoff_of"]

POINTS = 61
"""Spends at which a curve is told."""

RARE = 0.05
"""Share of draws that may trade beyond either end of a curve."""

FEWEST = 4
"""Steps inside the efficient region from which it counts as one."""


@dataclass(frozen=True)
class PublishedPoint:
    """A trade-off that somebody published: spend and gain [OOM], and whose it is."""

    spend: float
    gain: float
    label: str


@dataclass(frozen=True)
class Tradeoff:
    """The curve of one technique on one task class.

    Attributes
    ----------
    technique : Technique
    task_class : str
    spend : numpy.ndarray
        Inference per task beyond one answer; below zero it is saved [OOM].
    gain : xarray.DataArray
        Training that it stands in for, along ``draw`` and ``spend``; below zero it costs [OOM].
    """

    technique: Technique
    task_class: TaskClass
    spend: Any
    gain: xarray.DataArray

    @property
    def economises(self) -> bool:
        """It saves inference by more training, whatever the task."""
        return self.technique.role == "economiser"

    @property
    def efficient(self) -> tuple[float, float] | None:
        """Spends between which the median curve is efficient [OOM]; none where it steps."""
        return efficient_region(self.spend, self.gain.median("draw").values)

    @property
    def reach(self) -> xarray.DataArray:
        """Largest gain, or of an economiser the largest cost in training, along ``draw`` [OOM]."""
        return self.gain.max("spend") - self.gain.min("spend")


def tradeoff_of(
    curves: Curves, id_: str, *, task_class: TaskClass, log10_training_flop: Any
) -> Tradeoff:
    """The curve of one technique for a model of this training compute.

    Parameters
    ----------
    curves : Curves
    id_ : str
        Of a technique that trades: no accelerator.
    task_class : str
        Games are told at `GAME_SCORE`; an economiser is the same on all classes.
    log10_training_flop : Value
        Compute-optimal training compute of the base model [log10 FLOP].
    """
    import numpy
    import xarray

    here = curves.believing(task_pass_rate=GAME_SCORE) if task_class == "game" else curves
    asked: dict[str, Any] = {"task_class": task_class, "log10_training_flop": log10_training_flop}
    zero = 0.0 * here.inputs["task_pass_rate"]
    low, high = (end + zero for end in here.domain(id_, **asked))
    ends = float(low.quantile(RARE)), float(high.quantile(1.0 - RARE))
    spend = numpy.linspace(min(*ends, 0.0), max(*ends, 0.0), POINTS)
    gain = here.gain(id_, xarray.DataArray(spend, dims=("spend",)), **asked)
    return Tradeoff(here.technique(id_), task_class, spend, gain.transpose("draw", "spend"))


def efficient_region(spend: Any, gain: Any) -> tuple[float, float] | None:
    """Spends between which a further OOM on either side costs less than six.

    Parameters
    ----------
    spend, gain : numpy.ndarray
        One curve, both increasing [OOM].

    Returns
    -------
    tuple of float or None
        None where hardly any step is: techniques that are on or off.
    """
    inside = is_efficient(spend[1:] - spend[:-1], gain[1:] - gain[:-1])
    if inside.sum() < FEWEST:
        return None
    return float(spend[:-1][inside].min()), float(spend[1:][inside].max())


def published_points(
    answers: Iterable[PublishedAnswers],
) -> dict[str, tuple[PublishedPoint, ...]]:
    """Published trade-offs by technique, from the tables ``points`` of published answers."""
    found: dict[str, list[PublishedPoint]] = {}
    for each in answers:
        if "points" not in each.tables:
            continue
        with each.tables["points"].path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                point = PublishedPoint(float(row["spend"]), float(row["gain"]), row["label"])
                found.setdefault(row["technique"], []).append(point)
    return {id_: tuple(points) for id_, points in found.items()}
