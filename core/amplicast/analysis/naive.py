"""Naive rules that a forecast of a series must beat: random walks, and a straight line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["FEWEST", "line", "walk"]

Array = Any

LEAST_GAP = 1e-2
"""Rows closer in time than this are taken as this far apart [year]."""

FEWEST = 4
"""Given rows from which a line foresees with a finite mean: two more than it has parameters."""


def walk(
    times: Array,
    values: Array,
    series: Array,
    given: Array,
    *,
    drift: bool,
    draws: int,
    seed: Sequence[int],
) -> Array | None:
    """Draw the later rows of each series as a random walk from its last given one.

    The variance of a year's step is pooled over all series; the drift, if any, is that of the
    series' given rows, with its error, or the mean over series for one with a single given row.

    Parameters
    ----------
    times, values : numpy.ndarray
        Of all rows (point) [year].
    series : numpy.ndarray of str
    given : numpy.ndarray of bool
        Rows that are known.
    drift : bool
    draws : int
    seed : sequence of int

    Returns
    -------
    numpy.ndarray or None
        (draw, later point) in the order of the rows, nan for a series without a given row; None
        where no series has two given rows.
    """
    import numpy

    generator = numpy.random.default_rng([*seed, int(drift)])
    slopes: dict[str, float] = {}
    spans: dict[str, float] = {}
    squares, freedom = 0.0, 0
    for name in numpy.unique(series[given]):
        place = numpy.flatnonzero(given & (series == name))
        place = place[numpy.argsort(times[place])]
        if len(place) < 2:
            continue
        gaps = numpy.maximum(numpy.diff(times[place]), LEAST_GAP)
        steps = numpy.diff(values[place])
        spans[name] = float(gaps.sum())
        slopes[name] = float(steps.sum() / gaps.sum()) if drift else 0.0
        squares += float((numpy.square(steps - slopes[name] * gaps) / gaps).sum())
        freedom += len(steps) - int(drift)
    if not spans:
        return None
    spread = numpy.sqrt(squares / max(freedom, 1))
    paths = numpy.full((draws, len(times)), numpy.nan)
    for name in numpy.unique(series[~given]):
        known = numpy.flatnonzero(given & (series == name))
        if not len(known):
            continue
        last = known[numpy.argmax(times[known])]
        slope = slopes.get(name, float(numpy.mean(list(slopes.values()))))
        span = spans.get(name, min(spans.values()))
        wrong = spread / numpy.sqrt(span) * generator.standard_normal(draws) if drift else 0.0
        at, time = numpy.full(draws, values[last]), times[last]
        later = numpy.flatnonzero(~given & (series == name))
        for place in later[numpy.argsort(times[later])]:
            gap = max(times[place] - time, LEAST_GAP)
            step = spread * numpy.sqrt(gap) * generator.standard_normal(draws)
            at, time = at + (slope + wrong) * gap + step, times[place]
            paths[:, place] = at
    return paths[:, ~given]


def line(
    times: Array, values: Array, series: Array, given: Array, *, draws: int, seed: Sequence[int]
) -> Array | None:
    """Draw the later rows of each series from a straight line through its given ones.

    Ordinary least squares, with flat priors on the line and ``1 / s**2`` on its variance: single
    rows have the Student-t of the textbook, and rows of a draw share their line. Where values are
    logarithms this is log-linear regression.

    Parameters
    ----------
    times, values, series, given, draws, seed
        As for `walk`.

    Returns
    -------
    numpy.ndarray or None
        (draw, later point) in the order of the rows, nan for a series with fewer than `FEWEST`
        given rows; None where every series has fewer.
    """
    import numpy

    generator = numpy.random.default_rng([*seed, FEWEST])
    paths = numpy.full((draws, len(times)), numpy.nan)
    for name in numpy.unique(series[~given]):
        known = numpy.flatnonzero(given & (series == name))
        if len(known) < FEWEST or numpy.ptp(times[known]) == 0.0:
            continue
        middle = times[known].mean()
        x, y = times[known] - middle, values[known]
        slope = float(x @ y / (x @ x))
        left = y - y.mean() - slope * x
        freedom = len(known) - 2
        spread = numpy.sqrt(left @ left / generator.chisquare(freedom, draws))
        level = y.mean() + spread * generator.standard_normal(draws) / numpy.sqrt(len(known))
        slopes = slope + spread * generator.standard_normal(draws) / numpy.sqrt(x @ x)
        later = numpy.flatnonzero(~given & (series == name))
        noise = spread[:, None] * generator.standard_normal((draws, len(later)))
        paths[:, later] = level[:, None] + slopes[:, None] * (times[later] - middle) + noise
    found: Array = paths[:, ~given]
    return found if numpy.isfinite(found).any() else None
