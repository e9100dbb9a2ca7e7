"""The laws that every technique obeys, for this project and for third parties alike.

>>> from amplicast import testing
>>> testing.broken_laws(MY_TECHNIQUE)  # doctest: +SKIP
[]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from amplicast.concepts import Context, TaskClass, Technique
from amplicast.forecast.parameters import parameters
from amplicast.math import NUMPY

__all__ = ["broken_laws", "parameter_draws", "same_on_both_sides"]

DRAWS = 400
POINTS = 81
TOLERANCE = 1e-9


def parameter_draws(technique: Technique, *, seed: int = 0, draws: int = DRAWS) -> dict[str, Any]:
    """Draws of every parameter from its prior, dims ``draw`` and the parameter's own.

    Returns
    -------
    dict of str to xarray.DataArray
        By bare name, in the unit of the prior; a fixed belief is one number.
    """
    import numpy
    import xarray

    generator = numpy.random.default_rng(seed)
    values = {}
    for name, prior in sorted(technique.priors.items()):
        dims = technique.dims.get(name, ())
        shape = (draws, *(len(technique.coords[dim]) for dim in dims))
        score = xarray.DataArray(generator.standard_normal(shape), dims=("draw", *dims))
        values[name] = prior.transform(NUMPY, score)
    return values


def broken_laws(technique: Technique, *, seed: int = 0) -> list[str]:
    """Every law that the technique breaks, in words; empty when it keeps them all.

    Zero spend gains nothing, more spend never gains less, every gain is finite, the domain holds
    zero, economisers gain nothing, and repeated calls agree.
    """
    import numpy

    broken = []
    for task_class in technique.task_classes:
        (low, high), spend, exchange = _curve(technique, task_class, seed)
        if not (numpy.all(numpy.asarray(low) <= 0) and numpy.all(numpy.asarray(high) >= 0)):
            broken.append(f"{task_class}: the domain does not hold zero spend")
        values = exchange(spend) + 0.0 * spend
        again = exchange(spend) + 0.0 * spend
        zero = exchange(0.0 * spend) + 0.0 * spend
        checks = {
            "a gain is not finite": bool(numpy.isfinite(values).all()),
            "zero spend gains something": bool(numpy.abs(zero).max() <= TOLERANCE),
            "more spend gains less": bool(values.diff("spend").min() >= -TOLERANCE),
            "two calls differ": values.equals(again),
        }
        if technique.role == "economiser":
            checks["an economiser gains"] = bool(values.max() <= TOLERANCE)
        broken += [f"{task_class}: {law}" for law, kept in checks.items() if not kept]
    return broken


def same_on_both_sides(technique: Technique, *, seed: int = 0) -> float:
    """Largest difference of the gain between NumPy and PyTensor, relative to 1 + |gain|.

    NaN where a gain is NaN on either side.
    """
    from amplicast.engine.environment import configure

    configure()
    import numpy
    import pytensor
    from pytensor.xtensor import as_xtensor

    from amplicast.engine.tensors import XTENSOR

    draws = _inputs(technique, seed)
    symbols = {
        name: as_xtensor(value.values, dims=value.dims) if hasattr(value, "dims") else value
        for name, value in draws.items()
    }
    apart = [0.0]
    for task_class in technique.task_classes:
        _, spend, exchange = _curve(technique, task_class, seed)
        context = _context(task_class, seed)
        tensors = Context(
            task_class=task_class,
            log10_training_flop=as_xtensor(context.log10_training_flop.values, dims=("draw",)),
            pass_rate=as_xtensor(context.pass_rate.values, dims=("draw",)),
        )
        symbol: Any = as_xtensor(spend.values, dims=spend.dims)
        own = parameters(technique, technique.exchange, symbols)
        theirs = technique.exchange(XTENSOR, symbol, context=tensors, **own) + 0.0 * symbol
        compiled: Any = pytensor.function([], theirs.values, mode="FAST_COMPILE")()
        ours = (exchange(spend) + 0.0 * spend).transpose(*theirs.type.dims).values
        apart.append((abs(ours - compiled) / (1.0 + abs(compiled))).max())
    return float(numpy.max(apart))


def _inputs(technique: Technique, seed: int) -> dict[str, Any]:
    """Draws under the names that a forecast gives them."""
    drawn = parameter_draws(technique, seed=seed)
    return {f"{technique.id}.{name}": value for name, value in drawn.items()}


def _curve(
    technique: Technique, task_class: TaskClass, seed: int
) -> tuple[tuple[Any, Any], Any, Callable[[Any], Any]]:
    """Domain, spends that fill it, and the exchange at drawn parameters, on NumPy."""
    inputs, context = _inputs(technique, seed), _context(task_class, seed)
    own = parameters(technique, technique.domain, inputs)
    low, high = technique.domain(NUMPY, context=context, **own)
    own = parameters(technique, technique.exchange, inputs)
    return (
        (low, high),
        _spend(low, high),
        lambda spend: technique.exchange(NUMPY, spend, context=context, **own),
    )


def _context(task_class: TaskClass, seed: int) -> Context:
    import numpy
    import xarray

    generator = numpy.random.default_rng(seed + 1)
    return Context(
        task_class=task_class,
        log10_training_flop=xarray.DataArray(generator.uniform(22.0, 29.0, DRAWS), dims=("draw",)),
        pass_rate=xarray.DataArray(generator.uniform(0.001, 0.95, DRAWS), dims=("draw",)),
    )


def _spend(low: Any, high: Any) -> Any:
    import numpy
    import xarray

    share = xarray.DataArray(numpy.linspace(0.0, 1.0, POINTS), dims=("spend",))
    ends = [end + xarray.zeros_like(share.isel(spend=0)) for end in (low, high)]
    spend = ends[0] + share * (ends[1] - ends[0])
    if "draw" not in spend.dims:
        spend = spend.expand_dims(draw=DRAWS)
    return spend
