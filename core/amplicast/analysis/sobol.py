"""Sobol indices by block: how much of an answer's variance comes from a block of inputs.

Draws are paired; each of a pair takes over the other's draw of one block (pick-freeze). First-order
and total indices follow from the four answers of a pair (Azzini, Mara & Rosati 2021,
doi:10.1016/j.envsoft.2021.105167), so a block without effect has exactly zero. Pairs stay inside
batches of draws that share none, and the batches are resampled for the interval (bootstrap).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, RunError

if TYPE_CHECKING:
    from amplicast.analysis.replay import Model

__all__ = ["Estimate", "Index", "Scale", "as_it_is", "by_rank", "sobol"]

Scale = Callable[[Any], Any]
"""From answers to the numbers whose variance is told."""

BATCHES = 50
"""Batches of draws; pairs are made inside them."""

PAIRINGS = 1
"""Ways to pair the draws of a batch."""

RESAMPLES = 1000


@dataclass(frozen=True)
class Estimate:
    """A number with its 90 % Monte Carlo interval, and its standard error."""

    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, kw_only=True)
class Index:
    """What a block is to an answer.

    Attributes
    ----------
    block : str
    own : Estimate
        First-order index: share of the variance that goes once the block is known [fraction].
    total : Estimate
        Total index: share that stays while only the block is unknown [fraction].
    changed : float
        Share of the evaluations in which another draw of the block changes the answer at all.
    """

    block: str
    own: Estimate
    total: Estimate
    changed: float


def as_it_is(answers: Any) -> Any:
    """The answers themselves."""
    return answers


def by_rank(draws: Any) -> Scale:
    """Share of the draws that lie below an answer, ties halved; what is undefined lies lowest.

    Variance of ranks is not ruled by a few extreme draws, and is told where some are undefined.

    Parameters
    ----------
    draws : array
        The answers that others are ranked among (draw).
    """
    import numpy

    ordered = numpy.sort(_defined(draws))

    def rank(answers: Any) -> Any:
        told = _defined(answers)
        below = numpy.searchsorted(ordered, told, side="left")
        upto = numpy.searchsorted(ordered, told, side="right")
        return (below + upto) / (2.0 * len(ordered))

    return rank


def _defined(answers: Any) -> Any:
    import numpy

    return numpy.where(numpy.isnan(answers), -numpy.inf, answers)


def sobol(
    model: Model,
    blocks: Sequence[str],
    stored: Any,
    scales: Sequence[Scale],
    *,
    seed: int,
    batches: int = BATCHES,
    pairings: int = PAIRINGS,
) -> list[list[Index]]:
    """Indices of every block, for each answer, the block with the largest total first.

    Parameters
    ----------
    model : Model
    blocks : sequence of str
    stored : array
        Answers of the draws as they are (answer, draw).
    scales : sequence of Scale
        One for each answer.
    seed : int
    batches, pairings : int

    Raises
    ------
    RunError
        There are too few draws to be paired in batches.
    """
    import numpy

    count = stored.shape[1]
    size = count // batches // 2 * 2
    if size < 2:
        raise RunError(
            Problem(
                code="AMP-R121",
                what=f"{count} draws are too few for a sensitivity analysis",
                why=f"They are paired in {batches} batches.",
                fix=f"run the scenario with --draws {20 * batches} or more",
            )
        )
    generator = numpy.random.default_rng([seed, 0x50B01])
    groups = generator.permutation(count)[: batches * size].reshape(batches, size)
    paired = numpy.stack([generator.permuted(groups, axis=1) for _ in range(pairings)])
    first, second = paired[..., : size // 2], paired[..., size // 2 :]
    rest = numpy.concatenate([first.ravel(), second.ravel()])
    other = numpy.concatenate([second.ravel(), first.ravel()])
    before = numpy.stack([scale(each) for scale, each in zip(scales, stored, strict=True)])[:, rest]
    weights = generator.multinomial(batches, [1.0 / batches] * batches, size=RESAMPLES)
    found: list[list[Index]] = [[] for _ in scales]
    for block in blocks:
        answers = model(rest, {block: other})
        for i, (scale, told) in enumerate(zip(scales, answers, strict=True)):
            after = scale(told)
            found[i].append(_index(block, before[i], after, first.shape, weights))
    return [sorted(each, key=lambda index: (-index.total.value, index.block)) for each in found]


def _index(block: str, before: Any, after: Any, shape: tuple[int, ...], weights: Any) -> Index:
    """Both indices of a block from the answers before and after an exchange of its draws."""
    y, z = before.reshape(2, *shape), after.reshape(2, *shape)
    moved = (y - z).swapaxes(1, 2)  # side, batch, pairing, pair
    spread = ((y[0] - y[1]) ** 2 + (z[0] - z[1]) ** 2).swapaxes(0, 1)
    sums = [each.sum(axis=(1, 2)) for each in (
        -2.0 * moved[0] * moved[1], moved[0] ** 2 + moved[1] ** 2, spread,
    )]  # fmt: skip
    return Index(
        block=block,
        own=_ratio(sums[0], sums[2], weights),
        total=_ratio(sums[1], sums[2], weights),
        changed=float((before != after).mean()),
    )


def _ratio(over: Any, under: Any, weights: Any) -> Estimate:
    """Ratio of sums over batches, with the spread that resampled batches give it."""
    import numpy

    whole = float(under.sum())
    if whole == 0.0:
        return Estimate(0.0, 0.0, 0.0, 0.0)
    again = (weights @ over) / (weights @ under)
    low, high = numpy.quantile(again, [0.05, 0.95])
    return Estimate(float(over.sum()) / whole, float(low), float(high), float(again.std(ddof=1)))
