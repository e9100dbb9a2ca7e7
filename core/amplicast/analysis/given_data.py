"""What each single input is to an answer, from the stored draws alone: nothing is evaluated anew.

The draws are sorted by an input into bins of equal size. The spread of the bins' means is the share
of variance that the input settles (correlation ratio, Pearson 1905); the distance between a bin's
distribution and that of all draws is the index of PAWN (Pianosi & Wagener 2015,
doi:10.1016/j.envsoft.2015.01.004). Inputs that evidence ties together speak for each other here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.precision import Z
from amplicast.analysis.sobol import Estimate, Scale
from amplicast.analysis.tornado import elements

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["GivenData", "binned", "correlation_ratio", "given_data", "pawn", "rank_correlation"]

BINS = 20
"""Bins for the share of variance."""

SLICES = 10
"""Bins for the distance between distributions."""

RESAMPLES = 100

SHUFFLES = 100
"""Orders of the answer in which no input says anything about it."""

CERTAIN = 4.0
"""Standard deviations above chance that an index must reach; hundreds of inputs are tried."""


@dataclass(frozen=True, kw_only=True)
class GivenData:
    """What the draws say of one input.

    Attributes
    ----------
    name : str
        ``[label]`` follows the name of an element of an input that has several.
    share : Estimate
        Share of the answer's variance that goes when the input is known [fraction].
    correlation : Estimate
        Spearman's rank correlation with the answer.
    pawn : Estimate
        Median distance (Kolmogorov-Smirnov) between the answer where the input lies in a tenth of
        its draws and the answer anywhere [fraction].
    certain : bool
        Whether the share, the correlation or the distance exceeds what chance makes.

    The estimates have an interval for the inputs that were asked for alone.
    """

    name: str
    share: Estimate
    correlation: Estimate
    pawn: Estimate
    certain: bool


def given_data(
    forecast: Forecast, answer: Any, *, scenario: str, scale: Scale, seed: int, most: int
) -> list[GivenData]:
    """Every input that varies, the one that settles most first.

    Parameters
    ----------
    forecast : Forecast
    answer : array
        Its draws (draw).
    scenario : str
    scale : Scale
        From the answer to the numbers whose variance is told.
    seed : int
    most : int
        Inputs at the top that get an interval.
    """
    import numpy

    y = scale(answer)
    generator = numpy.random.default_rng([seed, 0x61DA])
    orders = numpy.stack([generator.permutation(len(y)) for _ in range(SHUFFLES)])
    shuffled = y[orders]
    places = numpy.arange(len(y))
    noise = [
        float(each.mean() + CERTAIN * each.std())
        for each in (
            correlation_ratio(binned(places, BINS), shuffled),
            _correlated(places, shuffled),
            pawn(binned(places, SLICES), shuffled),
        )
    ]
    found, drawn = [], {}
    for name, draws in elements(forecast, forecast.inputs(forecast.scenarios.index(scenario))):
        if (draws == draws[0]).all():
            continue
        drawn[name] = draws
        told = _indices(draws, y)
        certain = any(abs(value) > least for value, least in zip(told, noise, strict=True))
        found.append((not certain, -float(told[0]), name, told))
    again = generator.integers(len(y), size=(RESAMPLES, len(y)))
    return [
        GivenData(
            name=name,
            certain=not unsure,
            **_estimates(told, _spread(drawn[name], y, again) if place < most else None),
        )
        for place, (unsure, _, name, told) in enumerate(sorted(found, key=lambda each: each[:3]))
    ]


def binned(draws: Any, bins: int) -> Any:
    """Draws of every bin, by ascending value (bin, draw in it); a remainder is spread evenly."""
    import numpy

    order = numpy.argsort(draws, kind="stable")
    size = len(order) // bins
    kept = numpy.linspace(0, len(order) - 1, bins * size).round().astype(int)
    return order[kept].reshape(bins, size)


def correlation_ratio(bins: Any, answers: Any) -> Any:
    """Share of the variance between bins, less what chance puts there, for each row of answers.

    Parameters
    ----------
    bins : array
        From `binned` (bin, draw in it).
    answers : array
        (row, draw).
    """
    import numpy

    told = answers[:, bins]
    inside = told.var(axis=2, ddof=1).mean(axis=1)
    whole = told.reshape(len(answers), -1).var(axis=1, ddof=1)
    with numpy.errstate(invalid="ignore", divide="ignore"):
        return numpy.nan_to_num(1.0 - inside / whole)


def rank_correlation(draws: Any, answer: Any) -> float:
    """Spearman's rank correlation; 0 where one of both does not vary."""
    return float(_correlated(draws, answer[None])[0])


def _correlated(draws: Any, answers: Any) -> Any:
    import numpy
    from scipy.stats import rankdata

    x, y = rankdata(draws), rankdata(answers, axis=-1)
    x, y = x - x.mean(), y - y.mean(axis=-1, keepdims=True)
    with numpy.errstate(invalid="ignore", divide="ignore"):
        return numpy.nan_to_num((y @ x) / numpy.sqrt((x @ x) * (y * y).sum(axis=-1)))


def pawn(bins: Any, answers: Any) -> Any:
    """Median over bins of the distance between their distribution and that of all draws.

    Parameters
    ----------
    bins : array
        From `binned` (bin, draw in it).
    answers : array
        (row, draw).
    """
    import numpy

    count, size = bins.shape
    told = answers[:, bins.ravel()]
    order = numpy.argsort(told, axis=1, kind="stable")
    values = numpy.take_along_axis(told, order, axis=1)
    # Where the answer is tied, a distribution is only known after the last of the tied.
    last = numpy.append(values[:, 1:] != values[:, :-1], numpy.ones((len(told), 1), bool), axis=1)
    whole = numpy.arange(1, told.shape[1] + 1) / told.shape[1]
    owner = order // size
    distances = numpy.stack(
        [
            numpy.abs(
                numpy.where(last, numpy.cumsum(owner == one, axis=1) / size - whole, 0.0)
            ).max(axis=1)
            for one in range(count)
        ]
    )
    return numpy.median(distances, axis=0)


def _indices(draws: Any, y: Any) -> Any:
    """Share of variance, rank correlation and distance of one input."""
    import numpy

    return numpy.array(
        [
            correlation_ratio(binned(draws, BINS), y[None])[0],
            _correlated(draws, y[None])[0],
            pawn(binned(draws, SLICES), y[None])[0],
        ]
    )


def _spread(draws: Any, y: Any, again: Any) -> Any:
    """Standard errors of the three, from resampled draws.

    Their own middle is not used: a resampled set holds draws twice, which adds to an index.
    """
    import numpy

    return numpy.stack([_indices(draws[rows], y[rows]) for rows in again]).std(axis=0, ddof=1)


def _estimates(told: Any, errors: Any) -> dict[str, Estimate]:
    import numpy

    sd = numpy.zeros(3) if errors is None else errors
    return {
        name: Estimate(*(float(v) for v in (value, value - Z * error, value + Z * error, error)))
        for name, value, error in zip(("share", "correlation", "pawn"), told, sd, strict=True)
    }
