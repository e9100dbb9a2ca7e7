"""How much of a headline's variance is evidence and how much belief.

Inputs fall into independent blocks. Swapping the draws of one set of blocks for an independent
copy and keeping the rest ("pick and freeze") gives the share of variance that the kept set
explains by itself: ``cov(f(A), f(A kept, B else)) / var f``. What neither set explains alone is
their interaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amplicast.forecast.forecast import evaluate_draws
from amplicast.forecast.outputs import OUTPUTS, output_coords
from amplicast.forecast.plan import Plan

if TYPE_CHECKING:
    import xarray

__all__ = ["variance_shares"]

SHARE_DRAWS = 2000
"""Draws used; the Monte Carlo error of a share is then about 0.02."""


def variance_shares(
    plan: Plan,
    inputs: Mapping[str, xarray.DataArray],
    informed: Sequence[str],
    *,
    names: Sequence[str],
) -> dict[str, xarray.DataArray]:
    """Share of variance from calibrated evidence, and from belief, of each named output.

    Parameters
    ----------
    inputs : Mapping[str, xarray.DataArray]
        Joint draws of one scenario.
    informed : sequence of str
        Inputs whose block evidence has moved; all others count as belief.
    names : sequence of str
        Outputs; positive wide ones are taken on a log scale.

    Returns
    -------
    dict[str, xarray.DataArray]
        By output, dims ``source`` (evidence, belief, interaction) and those of the output.
    """
    import xarray

    first = {name: values.isel(draw=slice(0, SHARE_DRAWS)) for name, values in inputs.items()}
    draws = min(value.sizes["draw"] for value in first.values())
    second = {name: values.roll(draw=draws // 2) for name, values in first.items()}
    kept = set(informed)
    mixed = {name: first[name] if name in kept else second[name] for name in inputs}
    swapped = {name: second[name] if name in kept else first[name] for name in inputs}
    ways = (first, mixed, swapped)
    # Evaluated as one: on so few draws, most of the time goes into the operations themselves.
    after_each_other = {
        name: xarray.concat([way[name] for way in ways], dim="draw") for name in inputs
    }
    found = evaluate_draws(plan, after_each_other, only=names)
    shares = {}
    for name in names:
        scaled = _scale(found[name], log=OUTPUTS[name].log)
        base, evidence, belief = (
            scaled.isel(draw=slice(draws * number, draws * (number + 1)))
            for number in range(len(ways))
        )
        parts = [_explained(base, evidence), _explained(base, belief)]
        parts.append(1.0 - parts[0] - parts[1])
        together = xarray.concat(parts, dim="source")
        coords = {"source": ["evidence", "belief", "interaction"], **output_coords(plan)}
        shares[name] = together.assign_coords({d: coords[str(d)] for d in together.dims})
    return shares


def _scale(values: Any, *, log: bool) -> Any:
    import numpy

    with numpy.errstate(divide="ignore"):  # no copies at all: left out below as not finite
        return numpy.log(values) if log else values


def _explained(a: xarray.DataArray, b: xarray.DataArray) -> xarray.DataArray:
    """Correlation of two runs over the draws where both are defined, clipped at zero."""
    import numpy

    both = numpy.isfinite(a) & numpy.isfinite(b)
    a, b = a.where(both), b.where(both)
    a, b = a - a.mean("draw"), b - b.mean("draw")
    spread = numpy.sqrt((a * a).mean("draw") * (b * b).mean("draw"))
    share = (a * b).mean("draw") / spread
    return share.where(spread > 0.0).clip(0.0, 1.0)
