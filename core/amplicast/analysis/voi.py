"""Value of information: what knowing a block of inputs would be worth, by nested Monte Carlo.

For some draws of the block, the model is evaluated on a set of draws of everything else, and the
best action is chosen for each, as one would choose who knew the block. Many draws of the block
share a set, so one without effect is worth exactly nothing; means are put right by those of all
stored draws. What is left of the bias, in first order as one over the number of draws, goes by
taking twice the estimate less that from half of them (Giles & Goda 2019,
doi:10.1007/s11222-018-9835-1). Regression needs no nesting, but is biased upward for many inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.precision import Z
from amplicast.analysis.sobol import Estimate

if TYPE_CHECKING:
    from amplicast.analysis.replay import Model

__all__ = ["ENDS", "Worth", "expected", "mean_of", "nested", "perfect", "spread_around"]

GROUPS = 4
"""Sets of draws of everything else."""

OUTER = 64
"""Draws of the block that are tried with each set."""

INNER = 128
"""Draws of everything else in a set; even."""

ENDS = (0.05, 0.95)
"""Ends of the interval that becomes narrower."""

RESAMPLES = 50

Payoffs = Callable[[Any], Any]
"""From answers (evaluation) to the payoff of each action (action, evaluation)."""

Heights = Callable[[Any], Any]
"""From answers to finite numbers, on the scale on which the interval is measured."""


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What knowing something exactly would bring.

    Attributes
    ----------
    name : str
    worth : Estimate
        Expected gain of payoff from choosing with that knowledge (EVPPI) [unit of the payoff].
    narrower : Estimate
        Expected share of the 90 % interval's width that goes [fraction].
    null : float
        What the same estimate gives where nothing is learnt; it was taken off `worth`.
    """

    name: str
    worth: Estimate
    narrower: Estimate
    null: float = 0.0


def expected(payoffs: Any) -> tuple[int, Any]:
    """The action that is best without more knowledge, and the expected payoff of each."""
    means = payoffs.mean(axis=1)
    return int(means.argmax()), means


def perfect(payoffs: Any) -> Estimate:
    """What knowing everything would be worth (EVPI), from the payoffs (action, draw)."""
    best, _ = expected(payoffs)
    return mean_of(payoffs.max(axis=0) - payoffs[best])


def mean_of(draws: Any) -> Estimate:
    """Mean of independent draws with its Monte Carlo error."""
    error = float(draws.std(ddof=1)) / len(draws) ** 0.5
    value = float(draws.mean())
    return Estimate(value, value - Z * error, value + Z * error, error)


def nested(
    model: Model,
    blocks: Sequence[str],
    base: Any,
    payoffs: Payoffs,
    heights: Heights,
    *,
    seed: int,
    groups: int = GROUPS,
    outer: int = OUTER,
    inner: int = INNER,
) -> list[Worth]:
    """What each block would be worth to know, the most valuable first.

    Parameters
    ----------
    model : Model
        Of one answer.
    blocks : sequence of str
    base : array
        The answer of the stored draws (draw).
    payoffs : callable
    heights : callable
    seed : int
    groups, outer, inner : int
    """
    import numpy

    stored = payoffs(base)
    shape = (groups, outer, inner)
    found = []
    for block in blocks:
        generator = numpy.random.default_rng([seed, 0xE991, *block.encode()])
        own = _drawn(generator, len(base), groups * outer).reshape(groups, outer, 1)
        rest = _drawn(generator, len(base), groups * inner).reshape(groups, 1, inner)
        rows = [numpy.broadcast_to(each, shape).ravel() for each in (rest, own)]
        answers = model(rows[0], {block: rows[1]})[0]
        paid, told = payoffs(answers).reshape(-1, *shape), heights(answers).reshape(shape)
        mixed = generator.integers(outer, size=shape)
        worth, narrower = _worth(paid, expected(stored)[1]), _narrower(told, mixed)
        again = []
        for _ in range(RESAMPLES):
            i = generator.integers(outer, size=(groups, outer, 1))
            j = generator.integers(inner, size=(groups, 1, inner))
            at = (numpy.arange(groups)[:, None, None], i, j)
            means = expected(stored[:, generator.integers(len(base), size=len(base))])[1]
            again.append((_worth(paid[:, *at], means), _narrower(told[at], mixed)))
        found.append(
            Worth(
                name=block,
                worth=spread_around(worth, [each[0] for each in again]),
                narrower=spread_around(narrower, [each[1] for each in again]),
            )
        )
    return sorted(found, key=lambda each: (-each.worth.value, -each.narrower.value, each.name))


def _drawn(generator: Any, count: int, size: int) -> Any:
    """Numbers of draws, each used equally often."""
    import numpy

    tours = -(-size // count)
    return numpy.concatenate([generator.permutation(count) for _ in range(tours)])[:size]


def _worth(paid: Any, means: Any) -> float:
    """Gain over choosing without knowledge.

    Parameters
    ----------
    paid : array
        (action, set, draw of the block, draw of the rest).
    means : array
        Expected payoffs from all stored draws (action).
    """
    half, tried = paid.shape[3] // 2, paid.shape[2]
    wider = (tried / (tried - 1.0)) ** 0.5 if tried > 1 else 1.0  # means are those of the sample

    def chosen(part: Any) -> float:
        inner = part.mean(axis=3)
        apart = (inner - inner.mean(axis=2, keepdims=True)) * wider
        return float((apart + means[:, None, None]).max(axis=0).mean())

    halves = (chosen(paid[..., :half]) + chosen(paid[..., half:])) / 2.0
    return 2.0 * chosen(paid) - halves - float(means.max())


def _narrower(told: Any, mixed: Any) -> float:
    """Share of the interval's width that goes; against the same rest with any draws of the block.

    Parameters
    ----------
    told : array
        (set, draw of the block, draw of the rest).
    mixed : array
        Draws of the block that take the place of one, for each draw of the rest.
    """
    import numpy

    width = _width(numpy.take_along_axis(told, mixed, axis=1))
    return 1.0 - _width(told) / width if width > 0.0 else 0.0


def _width(heights: Any) -> float:
    import numpy

    low, high = numpy.quantile(heights, ENDS, axis=-1)
    return float((high - low).mean())


def spread_around(value: float, again: Sequence[float]) -> Estimate:
    """An estimate with the standard error of its resampled values.

    Their own middle is not used: a resampled set holds draws twice, which adds to a gain.
    """
    import numpy

    value, error = float(value), float(numpy.std(again, ddof=1))
    return Estimate(value, value - Z * error, value + Z * error, error)
