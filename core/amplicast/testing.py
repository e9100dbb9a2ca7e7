"""The laws that every technique obeys, for this project and for third parties alike.

>>> from amplicast import testing
>>> testing.broken_laws(MY_TECHNIQUE)  # doctest: +SKIP
[]
"""

from __future__ import annotations

from typing import Any

from amplicast.concepts import Context, Technique
from amplicast.math import NUMPY

__all__ = ["broken_laws", "parameter_draws", "same_on_both_sides"]

DRAWS = 40
POINTS = 81
TOLERANCE = 1e-9


def parameter_draws(technique: Technique, *, seed: int = 0, draws: int = DRAWS) -> dict[str, Any]:
    """Draws of every parameter from its prior, dims ``draw`` and the parameter's own."""
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
    zero, economisers gain nothing and cost, and repeated calls agree.
    """
    import numpy

    broken = []
    parameters = parameter_draws(technique, seed=seed)
    for task_class in technique.task_classes:
        context = _context(task_class, seed)
        low, high = technique.domain(NUMPY, context=context, **parameters)
        if bool(numpy.any(numpy.asarray(low) > 0)) or bool(numpy.any(numpy.asarray(high) < 0)):
            broken.append(f"{task_class}: the domain does not hold zero spend")
        spend = _spend(low, high)
        gain = technique.exchange(NUMPY, spend, context=context, **parameters)
        again = technique.exchange(NUMPY, spend, context=context, **parameters)
        zero = technique.exchange(NUMPY, 0.0 * spend, context=context, **parameters)
        values = gain + 0.0 * spend
        checks = {
            "a gain is not finite": bool(numpy.isfinite(values).all()),
            "zero spend gains something": bool(numpy.abs(zero).max() <= TOLERANCE),
            "more spend gains less": bool(values.diff("spend").min() >= -TOLERANCE),
            "two calls differ": bool((gain == again).all()),
        }
        if technique.role == "economiser":
            checks["an economiser gains"] = bool(values.max() <= TOLERANCE)
        broken += [f"{task_class}: {law}" for law, kept in checks.items() if not kept]
    return broken


def same_on_both_sides(technique: Technique, *, seed: int = 0) -> float:
    """Largest difference of the gain between NumPy and PyTensor, relative to 1 + |gain|."""
    from amplicast.engine.environment import configure

    configure()
    import numpy
    import pytensor
    from pytensor.xtensor import as_xtensor

    from amplicast.engine.tensors import XTENSOR

    parameters = parameter_draws(technique, seed=seed)
    worst = 0.0
    for task_class in technique.task_classes:
        context = _context(task_class, seed)
        low, high = technique.domain(NUMPY, context=context, **parameters)
        spend = _spend(low, high)
        ours = technique.exchange(NUMPY, spend, context=context, **parameters)
        symbols = {name: as_xtensor(v.values, dims=v.dims) if hasattr(v, "dims") else v
                   for name, v in parameters.items()}  # fmt: skip
        tensors = Context(
            task_class=task_class,
            log10_training_flop=as_xtensor(context.log10_training_flop.values, dims=("draw",)),
            pass_rate=as_xtensor(context.pass_rate.values, dims=("draw",)),
        )
        theirs = technique.exchange(
            XTENSOR, as_xtensor(spend.values, dims=spend.dims), context=tensors, **symbols
        )
        compiled = pytensor.function([], theirs.values, mode="FAST_COMPILE")
        difference = numpy.abs(ours.transpose(*theirs.type.dims).values - compiled())
        worst = max(worst, float((difference / (1.0 + numpy.abs(compiled()))).max()))
    return worst


def _context(task_class: Any, seed: int) -> Context:
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
