"""Why two runs differ: every changed thing with its share of what a headline's quantiles moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.comparison import LEVELS
from amplicast.analysis.mixtures import Cause, Mixtures, causes
from amplicast.analysis.precision import BATCHES
from amplicast.analysis.replay import Answer
from amplicast.analysis.shapley import EXACT, shares_of
from amplicast.errors import Problem, RunError
from amplicast.forecast.outputs import OUTPUTS

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["PAIRS", "Attributed", "Attribution", "Contribution", "attribute"]

PAIRS = 16
"""Orders that are sampled, each with its reverse, where there are too many for all sets."""

Numbers = Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """What one cause adds to a difference.

    Attributes
    ----------
    cause : Cause
    moved : Mapping[str, float or None]
        By column of `LEVELS`; in OOM where the quantity is positive and wide. None where a
        mixture has no such quantile, since nothing could be run in it.
    error : Mapping[str, float or None]
        Monte Carlo standard error, of draws and of sampled orders together.
    """

    cause: Cause
    moved: Numbers
    error: Numbers


@dataclass(frozen=True, kw_only=True)
class Attributed:
    """A difference at one place, taken apart.

    Attributes
    ----------
    answer : Answer
    before, after : Mapping[str, float or None]
        Quantiles on either side, log10 where the quantity is positive and wide.
    moved : Mapping[str, float or None]
        The second run less the first; contributions add up to it.
    contributions : tuple of Contribution
        The largest shift of the median first.
    """

    answer: Answer
    before: Numbers
    after: Numbers
    moved: Numbers
    contributions: tuple[Contribution, ...]

    @property
    def log(self) -> bool:
        """Whether the numbers are log10."""
        return OUTPUTS[self.answer.output].log


@dataclass(frozen=True, kw_only=True)
class Attribution:
    """Two runs, and why they differ.

    Attributes
    ----------
    before, after : Forecast
    causes : tuple of Cause
    without : tuple of Cause
        Those from which there is no path to any of the answers.
    apart : tuple of str
        Why their draws are not common; then chance is one of the causes.
    exact : bool
        Whether every set of causes was worked out.
    evaluations : int
    orders : int
        Orders that were sampled; zero where it is exact.
    answers : tuple of Attributed
    """

    before: Forecast
    after: Forecast
    causes: tuple[Cause, ...]
    without: tuple[Cause, ...]
    apart: tuple[str, ...]
    exact: bool
    evaluations: int
    orders: int
    answers: tuple[Attributed, ...]


def attribute(
    before: Forecast,
    after: Forecast,
    answers: Sequence[Answer],
    *,
    pairs: int = PAIRS,
    say: Callable[[str], None] = lambda _: None,
) -> Attribution:
    """Share the difference between two runs out among all that differs between them.

    Shapley values over the things that changed, evaluated on common draws by NumPy: exact up to
    `shapley.EXACT` of them, from sampled orders beyond.

    Parameters
    ----------
    before, after : Forecast
        Their reference scenarios are meant.
    answers : sequence of Answer
    pairs : int
        Orders to sample, each with its reverse.
    say : callable
        Receives a line before the long part.

    Raises
    ------
    RunError
        Nothing differs, draws cannot be put together, or a run's stored draws come out otherwise.
    """
    import numpy

    found = causes(before, after)
    if not found:
        raise RunError(_no_cause(before, after))
    mixtures = Mixtures(before, after, found, answers)
    live = mixtures.reaching
    exact = len(live) <= EXACT
    many = f"{2 ** len(live)}" if exact else f"up to {2 * pairs * len(live)}"
    say(
        f"{many} mixtures of both runs are evaluated: what differs and matters here is {len(live)}."
    )
    logs = numpy.array([OUTPUTS[answer.output].log for answer in answers])

    def worth(members: int) -> Any:
        changed = frozenset(cause.name for i, cause in enumerate(live) if members >> i & 1)
        return _summary(mixtures.draws(changed), logs)

    with numpy.errstate(invalid="ignore"):
        ends = worth(0), worth((1 << len(live)) - 1)
        shares = shares_of(worth, len(live), pairs=pairs, seed=before.scenario.compute.seed)
    return Attribution(
        before=before,
        after=after,
        causes=found,
        without=tuple(cause for cause in found if cause not in live),
        apart=mixtures.apart,
        exact=exact,
        evaluations=shares.evaluations,
        orders=0 if exact else 2 * pairs,
        answers=tuple(
            _attributed(answer, [end[i] for end in ends], live, shares.values[:, i],
                        None if shares.error is None else shares.error[:, i])
            for i, answer in enumerate(answers)
        ),
    )  # fmt: skip


def _summary(draws: Any, logs: Any) -> Any:
    """Quantiles of all draws, then of each batch of consecutive ones (answer, level, 1 + batch)."""
    import numpy

    with numpy.errstate(divide="ignore", invalid="ignore"):
        told = numpy.where(logs[:, None], numpy.log10(draws), draws)
    size = told.shape[1]
    parts = [_quantiles(told)]
    if size >= 2 * BATCHES:
        cut = told[:, : size - size % BATCHES].reshape(len(told) * BATCHES, -1)
        parts.append(_quantiles(cut).reshape(len(told), BATCHES, -1).swapaxes(1, 2))
    return numpy.concatenate([parts[0][:, :, None], *parts[1:]], axis=2)


def _quantiles(values: Any) -> Any:
    """Quantiles of every row's defined values (row, level); not a number where it has none."""
    import numpy

    ordered = numpy.sort(values, axis=1)  # what is undefined comes last
    defined = (~numpy.isnan(ordered)).sum(axis=1)
    place = numpy.maximum(defined - 1, 0)[:, None] * numpy.array(list(LEVELS.values()))
    low = numpy.floor(place).astype(int)
    first = numpy.take_along_axis(ordered, low, axis=1)
    last = numpy.take_along_axis(ordered, numpy.ceil(place).astype(int), axis=1)
    with numpy.errstate(invalid="ignore"):
        between = first + (place - low) * (last - first)
    return numpy.where(first == last, first, between)


def _attributed(
    answer: Answer, ends: Sequence[Any], live: Sequence[Cause], values: Any, sampling: Any | None
) -> Attributed:
    import numpy

    told = []
    for i, cause in enumerate(live):
        whole, batches = values[i, :, 0], values[i, :, 1:]
        kept = numpy.isfinite(batches).all(axis=1) & (batches.shape[1] > 1)
        error = numpy.full(len(whole), numpy.nan)
        error[kept] = batches[kept].std(axis=1, ddof=1) / batches.shape[1] ** 0.5
        if sampling is not None:
            error = numpy.hypot(error, sampling[i, :, 0])
        told.append(Contribution(cause=cause, moved=_named(whole), error=_named(error)))
    told.sort(key=lambda each: (-abs(each.moved["p50"] or 0.0), each.cause.name))
    before, after = (end[:, 0] for end in ends)
    return Attributed(
        answer=answer,
        before=_named(before),
        after=_named(after),
        moved=_named(after - before),
        contributions=tuple(told),
    )


def _named(numbers: Any) -> dict[str, float | None]:
    import numpy

    return {
        name: float(number) if numpy.isfinite(number) else None
        for name, number in zip(LEVELS, numbers, strict=True)
    }


def _no_cause(before: Forecast, after: Forecast) -> Problem:
    return Problem(
        code="AMP-R132",
        what=f"nothing to attribute: all inputs of {before.id} and {after.id} are the same",
        why="Every belief, calibration and plugin agrees, draw by draw.",
        fix='name two runs that differ, or add --variant NAME or --set NAME="VALUE"',
    )
