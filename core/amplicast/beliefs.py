"""Joint draws of beliefs: one stream per name, rank correlations between named ones.

The stream of a name depends on the seed and the name alone. So a belief has the same draws
whatever else is drawn, in whatever order, and the first draws of a longer run are those of a
shorter one: variants and re-runs differ by what was changed and by nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, ScenarioError

if TYPE_CHECKING:
    import numpy

    from amplicast.priors import Prior

    Array = numpy.ndarray[Any, numpy.dtype[numpy.float64]]

__all__ = ["Correlation", "draw", "factors", "scores"]

_BLOCK = 1 << 15
"""Scores worked on at a time: 256 KiB stay in a core's cache from the generator to the exp."""

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Correlation:
    """Two beliefs that tend to be high together, or one high when the other is low.

    Attributes
    ----------
    a, b : str
        Names of the beliefs.
    rank : float
        Spearman's rank correlation, above -1 and below 1.
    """

    a: str
    b: str
    rank: float

    @property
    def pearson(self) -> float:
        """Correlation of the normal scores, ``2 sin(pi rank / 6)`` (Pearson 1907)."""
        return 2.0 * math.sin(math.pi * self.rank / 6.0)


def draw(
    priors: Mapping[str, Prior],
    *,
    draws: int,
    seed: int,
    correlations: Sequence[Correlation] = (),
    shapes: Shapes | None = None,
) -> dict[str, Array]:
    """Draw beliefs jointly.

    Parameters
    ----------
    priors : Mapping[str, Prior]
    draws, seed : int
    correlations : sequence of Correlation
        The dependence is a Gaussian copula; entries of a shaped belief are correlated in pairs.
    shapes : Mapping[str, tuple of int], optional
        Shape of one draw of a belief that is no scalar; entries are independent.

    Returns
    -------
    dict of str to numpy.ndarray
        Sorted by name, each ``(draws, *shape)`` in the unit of its prior.

    Raises
    ------
    ScenarioError
        The correlations name no belief, or no joint distribution has them.
    """
    import numpy

    shapes = shapes or {}
    tied = {name for pair in correlations for name in (pair.a, pair.b)}
    _check(priors, correlations, shapes)
    joint = scores(tied, draws=draws, seed=seed, correlations=correlations, shapes=shapes)
    drawn: dict[str, Array] = {}
    for name in sorted(priors):
        prior, shape = priors[name], (draws, *shapes.get(name, ()))
        if prior.is_fixed:
            drawn[name] = numpy.full(shape, prior.quantile(0.5))
            continue
        flat = joint[name].reshape(-1) if name in joint else numpy.empty(math.prod(shape))
        stream = None if name in joint else _stream(name, seed)
        for start in range(0, flat.size, _BLOCK):
            part = flat[start : start + _BLOCK]
            if stream is not None:
                stream.standard_normal(out=part)
            result = prior.from_scores(part)
            if result is not part:
                part[...] = result
        drawn[name] = flat.reshape(shape)
    return drawn


def scores(
    names: Iterable[str],
    *,
    draws: int,
    seed: int,
    correlations: Sequence[Correlation] = (),
    shapes: Shapes | None = None,
) -> dict[str, Array]:
    """Standard-normal scores behind `draw`, for several beliefs about the same quantities.

    Parameters
    ----------
    names : iterable of str
    draws, seed, correlations, shapes
        As in `draw`; equal arguments give the scores that `draw` uses.

    Returns
    -------
    dict of str to numpy.ndarray
        Sorted by name, each ``(draws, *shape)``.
    """
    import numpy

    shapes, known = shapes or {}, sorted(set(names))
    _check(known, correlations, shapes)
    z: dict[str, Array] = {}
    for name in known:
        z[name] = numpy.empty((draws, *shapes.get(name, ())))
        _stream(name, seed).standard_normal(out=z[name])
    for block, factor in factors(correlations).items():
        rows = [z[name].reshape(-1) for name in block]
        # From the last row up, so that each row still finds the rows before it unmixed.
        for i in range(len(rows) - 1, 0, -1):
            rows[i] *= factor[i, i]
            for j in range(i):
                rows[i] += factor[i, j] * rows[j]
    return z


def _stream(name: str, seed: int) -> numpy.random.Generator:
    from hashlib import sha256

    import numpy

    digest = sha256(name.encode()).digest()
    key = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 32, 4))
    sequence = numpy.random.SeedSequence(seed, spawn_key=key)
    return numpy.random.Generator(numpy.random.SFC64(sequence))


def factors(correlations: Sequence[Correlation]) -> dict[tuple[str, ...], Array]:
    """Cholesky factor of each block of names that are tied, directly or through others.

    Parameters
    ----------
    correlations : sequence of Correlation

    Returns
    -------
    dict of tuple of str to numpy.ndarray
        Names of the block, sorted -> lower triangle that turns its independent scores into
        correlated ones; the first name keeps its own.

    Raises
    ------
    ScenarioError
        No joint distribution has the correlations.
    """
    import numpy

    blocks: list[set[str]] = []
    for pair in correlations:
        touched = [block for block in blocks if block & {pair.a, pair.b}]
        blocks = [block for block in blocks if block not in touched]
        blocks.append({pair.a, pair.b}.union(*touched))
    found: dict[tuple[str, ...], Array] = {}
    for block in sorted(tuple(sorted(block)) for block in blocks):
        try:
            found[block] = _factor(block, correlations, 1.0)
        except numpy.linalg.LinAlgError as error:
            raise _error(
                "AMP-S154",
                "no joint distribution has the correlations of " + ", ".join(block),
                "They contradict each other: the correlation matrix is not positive definite.",
                f"multiply each of them by {_enough(block, correlations):.2f}, or leave one out",
            ) from error
    return found


def _factor(block: tuple[str, ...], correlations: Sequence[Correlation], shrink: float) -> Array:
    import numpy

    matrix = numpy.eye(len(block))
    for pair in correlations:
        if pair.a in block:
            i, j = block.index(pair.a), block.index(pair.b)
            matrix[i, j] = matrix[j, i] = Correlation("", "", shrink * pair.rank).pearson
    return numpy.linalg.cholesky(matrix)


def _enough(block: tuple[str, ...], correlations: Sequence[Correlation]) -> float:
    """Return the largest factor, in hundredths, that makes the correlations possible."""
    import numpy

    for hundredths in range(99, 0, -1):
        try:
            _factor(block, correlations, hundredths / 100.0)
        except numpy.linalg.LinAlgError:
            continue
        return hundredths / 100.0
    return 0.0


def _check(names: Iterable[str], correlations: Sequence[Correlation], shapes: Shapes) -> None:
    """Raise for a correlation between names that cannot have it."""
    known, seen = set(names), set[frozenset[str]]()
    for pair in correlations:
        what = f"the correlation of {pair.a} and {pair.b}"
        for name in (pair.a, pair.b):
            if name not in known:
                from difflib import get_close_matches

                near = get_close_matches(name, known, n=1)
                raise _error(
                    "AMP-S150",
                    f"{what} names {name!r}, which is not a belief of this forecast",
                    "Only beliefs that are drawn fresh can be correlated.",
                    f"did you mean {near[0]!r}?" if near else "leave the correlation out",
                )
        if not -1.0 < pair.rank < 1.0:
            raise _error(
                "AMP-S151",
                f"{what} is {pair.rank}",
                "A rank correlation lies above -1 and below 1.",
                "rank = 0.7",
            )
        if pair.a == pair.b or frozenset({pair.a, pair.b}) in seen:
            raise _error(
                "AMP-S152",
                f"{what} ties a belief to itself or is stated twice",
                "Each pair of different beliefs has one correlation.",
                "keep one",
            )
        seen.add(frozenset({pair.a, pair.b}))
        if shapes.get(pair.a, ()) != shapes.get(pair.b, ()):
            raise _error(
                "AMP-S153",
                f"{what} ties {shapes.get(pair.a, ())} values to {shapes.get(pair.b, ())}",
                "Correlated beliefs are paired value by value, so their shapes must agree.",
                "correlate beliefs with the same dimensions",
            )


def _error(code: str, what: str, why: str, fix: str) -> ScenarioError:
    return ScenarioError(Problem(code=code, what=what, why=why, fix=fix))
