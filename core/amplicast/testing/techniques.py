"""The laws that every technique obeys, for this project and for third parties alike.

>>> from amplicast import testing
>>> testing.broken_laws(MY_TECHNIQUE)  # doctest: +SKIP
[]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from amplicast.concepts import Context, Technique
from amplicast.forecast.parameters import parameters
from amplicast.math import NUMPY

__all__ = ["broken_laws", "broken_laws_at", "parameter_draws", "same_on_both_sides"]

Value = Any

DRAWS = 400
POINTS = 81
TOLERANCE = 1e-9

FAR = 10.0
"""How far outside its domain a technique is asked as well [OOM]."""

EDGES = tuple(product((15.0, 35.0), (1e-6, 1.0 - 1e-6)))
"""log10 training FLOP and pass rates that no forecast reaches: laws hold there too."""


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

    At drawn parameters, models and tasks, extreme ones among them, for each of its task classes;
    the laws are those of `broken_laws_at`.
    """
    values = parameter_draws(technique, seed=seed)
    return [
        f"{task_class}: {law}"
        for task_class in technique.task_classes
        for law in broken_laws_at(technique, values, context=_context(task_class, seed))
    ]


def broken_laws_at(
    technique: Technique, values: Mapping[str, Value], *, context: Context
) -> list[str]:
    """Every law that the technique breaks at these parameters, on one task class.

    The domain holds zero. Over the domain and 10 OOM beyond: zero spend gains nothing, more spend
    never gains less, every gain is finite and of the shape of its inputs, repeated calls agree,
    and only amplifiers gain anything. A rise of the log odds, where the technique states one, is
    finite, at least zero, zero at zero spend and never less for more; without one there is no
    gain.

    Parameters
    ----------
    technique : Technique
    values : Mapping[str, xarray.DataArray or float]
        Every parameter by bare name, dims at most ``draw`` and its own.
    context : Context
        Numbers, or along ``draw``.
    """
    import numpy
    import xarray

    low, high = _bound(technique, technique.domain, values, context)()
    spend = _spend(low, high, context)
    exchange = _bound(technique, technique.exchange, values, context)
    gain, zero = (xarray.DataArray(exchange(each)) for each in (spend, 0.0 * spend))
    kept = {
        "the domain does not hold zero spend": bool(numpy.max(low) <= 0.0 <= numpy.min(high)),
        "a gain is not finite": bool(numpy.isfinite(gain).all()),
        "a gain has another shape": set((gain + 0.0 * spend).dims) == set(spend.dims),
        "zero spend gains something": bool(abs(zero).max() <= TOLERANCE),
        "more spend gains less": _rises(gain + 0.0 * spend),
        "two calls differ": gain.equals(xarray.DataArray(exchange(spend))),
    }
    if technique.role == "economiser":
        kept["an economiser gains"] = bool(gain.max() <= TOLERANCE)
    if technique.role == "accelerator":
        kept["an accelerator gains"] = bool(abs(gain).max() <= TOLERANCE)
    if technique.lift is not None:
        lift = _bound(technique, technique.lift, values, context)
        rise = lift(spend) + 0.0 * spend
        kept |= {
            "a rise is not finite": bool(numpy.isfinite(rise).all()),
            "a rise is below zero": bool(rise.min() >= -TOLERANCE),
            "zero spend raises the log odds": bool(numpy.max(abs(lift(0.0 * spend))) <= TOLERANCE),
            "more spend raises the log odds less": _rises(rise),
            "a gain without a rise": bool(gain.where(rise <= 0.0, 0.0).max() <= TOLERANCE),
        }
    return [law for law, holds in kept.items() if not holds]


def same_on_both_sides(technique: Technique, *, seed: int = 0) -> float:
    """Largest difference between NumPy and PyTensor of gains and of rises of the log odds.

    Relative to 1 + the value's size; NaN where a value is NaN on either side.
    """
    from amplicast.engine.environment import configure

    configure()
    import numpy
    import pytensor
    from pytensor.xtensor import as_xtensor

    from amplicast.engine.tensors import XTENSOR

    def symbol(value: Any) -> Any:
        return as_xtensor(value.values, dims=value.dims) if hasattr(value, "dims") else value

    values = parameter_draws(technique, seed=seed)
    symbols = {name: symbol(value) for name, value in values.items()}
    apart = [0.0]
    for task_class in technique.task_classes:
        context = _context(task_class, seed)
        tensors = Context(
            task_class=task_class,
            log10_training_flop=symbol(context.log10_training_flop),
            pass_rate=symbol(context.pass_rate),
        )
        low, high = _bound(technique, technique.domain, values, context)()
        spend = _spend(low, high, context)
        there = symbol(spend)
        for function in filter(None, (technique.exchange, technique.lift)):
            ours = _bound(technique, function, values, context)(spend) + 0.0 * spend
            theirs = _bound(technique, function, symbols, tensors, m=XTENSOR)(there) + 0.0 * there
            compiled: Any = pytensor.function([], theirs.values, mode="FAST_COMPILE")()
            ordered = ours.transpose(*theirs.type.dims).values
            apart.append((abs(ordered - compiled) / (1.0 + abs(compiled))).max())
    return float(numpy.max(apart))


def _bound(
    technique: Technique,
    function: Callable[..., Value],
    values: Mapping[str, Value],
    context: Context,
    *,
    m: Any = NUMPY,
) -> Callable[..., Value]:
    """A function of the technique as one of spend alone, given what a forecast would give it."""
    named = {f"{technique.id}.{name}": value for name, value in values.items()}
    own = parameters(technique, function, named)
    return lambda *spend: function(m, *spend, context=context, **own)


def _context(task_class: Any, seed: int) -> Context:
    """Models and tasks along ``draw``; a quarter of them are the edges in turn."""
    import numpy
    import xarray

    generator = numpy.random.default_rng(seed + 1)
    flop, rate = generator.uniform(22.0, 29.0, DRAWS), generator.uniform(0.001, 0.95, DRAWS)
    edges = numpy.resize(numpy.array(EDGES), (DRAWS // 4, 2))
    flop[: len(edges)], rate[: len(edges)] = edges[:, 0], edges[:, 1]
    return Context(
        task_class=task_class,
        log10_training_flop=xarray.DataArray(flop, dims=("draw",)),
        pass_rate=xarray.DataArray(rate, dims=("draw",)),
    )


def _spend(low: Value, high: Value, context: Context) -> Value:
    """Spends that fill the domain along ``spend``, with one far below and one far above it."""
    import numpy
    import xarray

    inside = numpy.linspace(0.0, 1.0, POINTS)
    share = xarray.DataArray([0.0, *inside, 1.0], dims=("spend",))
    beyond = xarray.DataArray([-FAR, *numpy.zeros(POINTS), FAR], dims=("spend",))
    return low + share * (high - low) + beyond + 0.0 * context.pass_rate


def _rises(values: Value) -> bool:
    return bool(values.diff("spend").min() >= -TOLERANCE)
