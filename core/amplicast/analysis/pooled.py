"""Several forecasters' runs put together: each one's answers, and those of an opinion pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from amplicast.analysis.conditions import Comparison, holds
from amplicast.analysis.opinions import (
    linear_chance,
    linear_quantiles,
    logarithmic_chance,
    logarithmic_quantiles,
)
from amplicast.analysis.precision import BATCHES
from amplicast.analysis.questions import unlike
from amplicast.analysis.replay import Answer
from amplicast.errors import Problem, RunError, ScenarioError
from amplicast.forecast.outputs import OUTPUTS

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["LEVELS", "Chance", "Member", "Pooled", "Pooling", "pool"]

LEVELS: Mapping[str, float] = {"p05": 0.05, "p17": 0.17, "p50": 0.5, "p83": 0.83, "p95": 0.95}

Method = Literal["linear", "logarithmic"]

Numbers = Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Member:
    """One forecaster's answer, or the pool's.

    Attributes
    ----------
    quantiles, error : Mapping[str, float or None]
        By column of `LEVELS`, over the draws in which it is defined, and the Monte Carlo standard
        error of each, in OOM where the quantity is positive and wide. None where there is none.
    defined : float
        Chance that it is defined: that such copies can be run.
    """

    quantiles: Numbers
    error: Numbers
    defined: float


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A headline at one place.

    Attributes
    ----------
    answer : Answer
    members : tuple of Member
        In the order of the runs.
    pool : Member
    overlap : float or None
        Of the forecasters' densities: 1 where they agree, 0 where they exclude each other; None of
        a linear pool.
    """

    answer: Answer
    members: tuple[Member, ...]
    pool: Member
    overlap: float | None


@dataclass(frozen=True, kw_only=True)
class Chance:
    """How likely a condition is in one year, by forecaster and pooled."""

    year: int
    members: tuple[float, ...]
    pool: float


@dataclass(frozen=True, kw_only=True)
class Pooling:
    """Runs put together.

    Attributes
    ----------
    runs : tuple of Forecast
    weights : tuple of float
        Adding up to one.
    method : {"linear", "logarithmic"}
    place : Mapping[str, str]
        Actor, regime and task class.
    answers : tuple of Pooled
    where : tuple of Comparison
    chances : tuple of Chance
        Of the condition, by year; empty where none is asked for.
    """

    runs: tuple[Forecast, ...]
    weights: tuple[float, ...]
    method: Method
    place: Mapping[str, str]
    answers: tuple[Pooled, ...]
    where: tuple[Comparison, ...]
    chances: tuple[Chance, ...]


def pool(
    runs: Sequence[Forecast],
    *,
    quantities: Sequence[str],
    place: Mapping[str, str],
    years: Sequence[int],
    weights: Sequence[float] = (),
    method: Method = "linear",
    where: Sequence[Comparison] = (),
) -> Pooling:
    """Put the reference scenarios of several runs together.

    Parameters
    ----------
    runs : sequence of Forecast
    quantities : sequence of str
    place : Mapping[str, str]
        ``actor``, ``regime`` and ``task_class``.
    years : sequence of int
    weights : sequence of float, optional
        One for each run; all alike by default.
    method : {"linear", "logarithmic"}
    where : sequence of Comparison, optional
        A condition whose chance is pooled as well.

    Raises
    ------
    RunError
        The runs ask different questions, or one of them is there twice.
    ScenarioError
        The weights are not one positive number for each run.
    """
    problems = list(unlike(runs))
    if problems:
        raise RunError(*problems)
    told = _weights(weights, len(runs))
    answers = [Answer.at(name, **place, year=year) for name in quantities for year in years]
    return Pooling(
        runs=tuple(runs),
        weights=told,
        method=method,
        place=dict(place),
        answers=tuple(_pooled(runs, told, method, answer) for answer in answers),
        where=tuple(where),
        chances=tuple(_chance(runs, told, method, where, place, year) for year in years)
        if where
        else (),
    )


def _pooled(
    runs: Sequence[Forecast], weights: Sequence[float], method: Method, answer: Answer
) -> Pooled:
    import numpy

    log = OUTPUTS[answer.output].log
    draws = [answer.draws(run, run.scenarios[0]) for run in runs]
    members = tuple(
        _member([each], [1.0], "linear", log=log, defined=float((~numpy.isnan(each)).mean()))[0]
        for each in draws
    )
    shares = [_share(~numpy.isnan(each)) for each in draws]
    exact = [member.defined for member in members]
    same = len(set(exact)) == 1
    defined = (
        exact[0] if same
        else linear_chance(exact, weights) if method == "linear"
        else logarithmic_chance(shares, weights)
    )  # fmt: skip
    pooled, overlap = _member(draws, weights, method, log=log, defined=defined)
    return Pooled(
        answer=answer,
        members=members,
        pool=pooled,
        overlap=overlap if method == "logarithmic" else None,
    )


def _member(
    draws: Sequence[Any], weights: Sequence[float], method: Method, *, log: bool, defined: float
) -> tuple[Member, float]:
    """Pooled quantiles with their errors, from batches of consecutive draws."""
    import numpy

    whole, overlap = _quantiles(draws, weights, method, log=log)
    error = numpy.full(len(LEVELS), numpy.nan)
    size = min(map(len, draws))
    if size >= 2 * BATCHES:
        cut = [each[: len(each) - len(each) % BATCHES].reshape(BATCHES, -1) for each in draws]
        batches = numpy.array(
            [
                _quantiles([each[i] for each in cut], weights, method, log=log)[0]
                for i in range(BATCHES)
            ]
        )
        with numpy.errstate(divide="ignore", invalid="ignore"):
            steps = numpy.log10(batches) if log else batches
            error = steps.std(axis=0, ddof=1) / BATCHES**0.5
    return Member(quantiles=_named(whole), error=_named(error), defined=defined), overlap


def _quantiles(
    draws: Sequence[Any], weights: Sequence[float], method: Method, *, log: bool
) -> tuple[Any, float]:
    """Quantiles in the quantity's own unit; densities are estimated on its natural scale."""
    import numpy

    levels = numpy.array(list(LEVELS.values()))
    kept = [each[~numpy.isnan(each)] for each in draws]
    if method == "linear":
        # Draws that are not defined weigh nothing, so neither does who cannot run them.
        own = [w * len(k) / len(each) for w, k, each in zip(weights, kept, draws, strict=True)]
        return linear_quantiles(kept, own, levels), 1.0
    if not log:
        return logarithmic_quantiles(kept, weights, levels)
    if any(not len(each) for each in kept):
        return numpy.full(len(levels), numpy.nan), 0.0
    # None at all is a chance of its own beside the density of what there is.
    never = [float((each <= 0.0).mean()) for each in kept]
    none = (
        never[0] if len(set(never)) == 1
        else logarithmic_chance([_share(each <= 0.0) for each in kept], weights)
    )  # fmt: skip
    some = numpy.clip((levels - none) / max(1.0 - none, 1e-12), 0.0, 1.0)
    found, overlap = logarithmic_quantiles(
        [numpy.log10(each[each > 0.0]) for each in kept], weights, some
    )
    return numpy.where(levels <= none, 0.0, 10.0**found), overlap


def _chance(
    runs: Sequence[Forecast],
    weights: Sequence[float],
    method: Method,
    where: Sequence[Comparison],
    place: Mapping[str, str],
    year: int,
) -> Chance:
    members, shares = [], []
    for run in runs:
        answers = [Answer.at(one.output, **place, year=year) for one in where]
        hits = holds(where, [answer.draws(run, run.scenarios[0]) for answer in answers])
        members.append(float(hits.mean()))
        shares.append(_share(hits))
    pooled = (
        linear_chance(members, weights)
        if method == "linear"
        else logarithmic_chance(shares, weights)
    )
    return Chance(year=year, members=tuple(members), pool=pooled)


def _share(hits: Any) -> float:
    """Share of draws with half a hit on either side: draws do not know what is impossible."""
    return (float(hits.sum()) + 0.5) / (len(hits) + 1.0)


def _named(numbers: Any) -> dict[str, float | None]:
    import numpy

    return {
        name: float(number) if numpy.isfinite(number) else None
        for name, number in zip(LEVELS, numbers, strict=True)
    }


def _weights(weights: Sequence[float], runs: int) -> tuple[float, ...]:
    if not weights:
        return (1.0 / runs,) * runs
    if len(weights) != runs:
        raise ScenarioError(
            Problem(
                code="AMP-C151",
                what=f"{len(weights)} weights do not fit {runs} runs",
                why="Each run has one, in the order in which the runs are named.",
                fix="--weights " + ",".join(["1"] * runs),
            )
        )
    return tuple(weight / sum(weights) for weight in weights)
