"""How far each technique reaches, where it is efficient, and what scale does to it.

The summary table of Villalobos & Atkinson 2023, with a posterior in every cell. The efficient
region is where a further OOM on either side costs less than six on the other: a marginal gain
between 1/6 and 6 OOM of training per OOM of inference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.curves import Curves
from amplicast.concepts import TaskClass, Technique

if TYPE_CHECKING:
    import xarray

__all__ = [
    "CURVE_POINTS", "GAME_SCORE", "STEEPEST", "Span", "classes_of", "curve", "is_efficient",
    "spans",
]  # fmt: skip

STEEPEST = 6.0
"""Marginal rate at which the efficient region ends, in both directions [OOM/OOM]."""

CURVE_POINTS = 121
"""Points of a trade-off curve over its domain."""

MOST = 0.95
"""Share of the largest gain at which a span of spend is told to end: curves only approach it."""

GAME_SCORE = 3e-3
"""Expected score against perfect play at which games are told: about 1,000 Elo below it. The pass
rate of a scenario is that of tasks, and would be near perfection as a score."""

STEP = 0.5
"""Share of the whole gain in one point of a curve from which a technique counts as a step."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """Reach of one technique on one task class; every number is an array of draws.

    Attributes
    ----------
    technique : Technique
    task_class : str
    training, inference : xarray.DataArray
        Largest gain, and the least spend that reaches 95 % of it; of an economiser, the largest
        saving and what it costs [OOM].
    efficient_training, efficient_inference : xarray.DataArray
        The same over the efficient region alone [OOM].
    scale_effect : xarray.DataArray
        Change of `training` per OOM of training compute of the base model [OOM/OOM].
    binary : bool
        On or off: it has no efficient region.
    """

    technique: Technique
    task_class: TaskClass
    training: xarray.DataArray
    inference: xarray.DataArray
    efficient_training: xarray.DataArray
    efficient_inference: xarray.DataArray
    scale_effect: xarray.DataArray
    binary: bool


def spans(
    curves: Curves, *, log10_training_flop: Any, game_score: float | None = GAME_SCORE
) -> list[Span]:
    """Spans of every technique that trades anything, by technique id and task class.

    Parameters
    ----------
    log10_training_flop : Value
        Compute-optimal training compute of the base model [log10 FLOP].
    game_score : float, optional
        Expected score at which games are told; None takes the pass rate for it [fraction].
    """
    playing = curves if game_score is None else curves.believing(task_pass_rate=game_score)
    return [
        _span(
            playing if task_class == "game" else curves, technique, task_class, log10_training_flop
        )
        for technique in curves.plan.techniques
        if technique.role != "accelerator"
        for task_class in classes_of(technique)
    ]


def curve(
    curves: Curves, id_: str, *, task_class: TaskClass, log10_training_flop: Any
) -> tuple[xarray.DataArray, xarray.DataArray]:
    """Spend and gain of one technique over its domain, along ``spend`` and ``draw`` [OOM]."""
    import numpy
    import xarray

    low, high = curves.domain(id_, task_class=task_class, log10_training_flop=log10_training_flop)
    share = xarray.DataArray(numpy.linspace(0.0, 1.0, CURVE_POINTS), dims=("spend",))
    zero = 0.0 * curves.inputs["task_pass_rate"]
    spend = low + share * (high - low) + zero
    gain = curves.gain(id_, spend, task_class=task_class, log10_training_flop=log10_training_flop)
    return spend, gain


def classes_of(technique: Technique) -> tuple[TaskClass, ...]:
    """Classes to tell apart: an economiser acts on the model, whatever the task."""
    return technique.task_classes[:1] if technique.role == "economiser" else technique.task_classes


def is_efficient(spend_step: Any, gain_step: Any) -> Any:
    """Where a step of a curve costs less than `STEEPEST` on either side, element by element."""
    import numpy

    slope = gain_step / numpy.maximum(spend_step, 1e-12)
    return (slope >= 1.0 / STEEPEST) & (slope <= STEEPEST)


def _span(
    curves: Curves, technique: Technique, task_class: TaskClass, log10_training_flop: Any
) -> Span:
    import numpy

    spend, gain = curve(
        curves, technique.id, task_class=task_class, log10_training_flop=log10_training_flop
    )
    _, larger = curve(
        curves, technique.id, task_class=task_class, log10_training_flop=log10_training_flop + 0.5
    )
    _, smaller = curve(
        curves, technique.id, task_class=task_class, log10_training_flop=log10_training_flop - 0.5
    )
    whole = _reach(gain)
    dx, dg = spend.diff("spend"), gain.diff("spend")
    efficient = is_efficient(dx, dg) & (dx > 0.0)
    return Span(
        technique=technique,
        task_class=task_class,
        training=whole,
        inference=_used(spend, gain, technique),
        efficient_training=dg.where(efficient, 0.0).sum("spend"),
        efficient_inference=dx.where(efficient, 0.0).sum("spend"),
        scale_effect=_reach(larger) - _reach(smaller),
        binary=bool((dg.max("spend") > STEP * numpy.maximum(whole, 1e-12)).mean() > 0.5),
    )


def _reach(gain: xarray.DataArray) -> xarray.DataArray:
    return gain.max("spend") - gain.min("spend")


def _used(
    spend: xarray.DataArray, gain: xarray.DataArray, technique: Technique
) -> xarray.DataArray:
    """Least spend that reaches most of the gain; all of the saving of an economiser."""
    if technique.role == "economiser":
        return spend.max("spend") - spend.min("spend")
    most = MOST * gain.max("spend")
    return spend.where(gain >= most).min("spend")
