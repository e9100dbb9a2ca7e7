"""Did the chains of a calibration visit the same places: ranks of their draws, and what is allowed.

If all chains sample one distribution, ranks among the draws of all chains are uniform within each
(Vehtari et al. 2021; difference of the distribution functions: Säilynoja et al. 2022).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from amplicast.forecast.evidence import kept_rows

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["ALLOWED", "Mixing", "mixing_of"]

Array = Any

ALLOWED = 0.9
"""Chance that perfectly mixed chains of one parameter stay within their band everywhere."""

POINTS = 33
"""Places at which distribution functions are compared."""

TRIALS = 2000
"""Simulated sets of chains from which the width of the band is found."""


@dataclass(frozen=True, kw_only=True)
class Mixing:
    """One parameter of one calibration.

    Attributes
    ----------
    plugin, parameter : str
        ``[index]`` follows the name of an element.
    r_hat, draws : float
        Of its score; `draws` are the effective ones, bulk or tail, the fewer.
    sampling : Mapping
        Of the calibration: ``smallest_bfmi``, ``divergences``, ``gradients_per_draw``, ...
    ranks : tuple of float
        Share of all draws up to which chains are compared.
    apart : tuple of tuple of float
        By chain: share of its draws up to there, less that of all chains.
    allowed : tuple of float
        Half width of the band for independent draws, as many as there are effective ones.
    """

    plugin: str
    parameter: str
    r_hat: float
    draws: float
    sampling: Mapping[str, Any]
    ranks: tuple[float, ...]
    apart: tuple[tuple[float, ...], ...]
    allowed: tuple[float, ...]

    @property
    def reach(self) -> float:
        """Farthest that a chain goes, over what is allowed there; up to 1 is inside."""
        pairs = (pair for chain in self.apart for pair in zip(chain, self.allowed, strict=True))
        return max(abs(apart) / most for apart, most in pairs if most > 0.0)


def mixing_of(forecast: Forecast, plugin: str, *, most: int | None = None) -> tuple[Mixing, ...]:
    """The free parameters of a calibration, the largest R-hat first; levels of groups aside.

    Parameters
    ----------
    forecast : Forecast
    plugin : str
        Id of a calibrated plugin.
    most : int, optional
        How many parameters; all by default.

    Raises
    ------
    RunError
        The run keeps nothing of its calibrations.
    """
    import numpy

    kept_rows(forecast)
    table = forecast.tree[f"sample_stats/{plugin}"].to_dataset()
    posterior = forecast.tree[f"posterior/{plugin}"].to_dataset()
    sampling = json.loads(table.attrs["sampling"])
    scores = [str(score).removeprefix(f"{plugin}.") for score in table["score"].values]
    r_hat = table["r_hat"].values
    draws = numpy.minimum(table["ess_bulk"].values, table["ess_tail"].values)
    free = [i for i, score in enumerate(scores) if "." not in score.partition("[")[0]]
    found = []
    for place in sorted(free, key=lambda i: (-float(r_hat[i]), scores[i]))[:most]:
        name, _, index = scores[place].partition("[")
        element = tuple(int(each) for each in index.rstrip("]").split(", ")) if index else ()
        values: Array = posterior[name].transpose("chain", "draw", ...).values
        values = values[(..., *element)]
        ranks, apart, allowed = _compared(values, float(draws[place]))
        found.append(
            Mixing(
                plugin=plugin,
                parameter=scores[place],
                r_hat=float(r_hat[place]),
                draws=float(draws[place]),
                sampling=sampling,
                ranks=ranks,
                apart=apart,
                allowed=allowed,
            )
        )
    return tuple(found)


def _compared(draws: Array, effective: float) -> tuple[Any, Any, Any]:
    """Points, distance of each chain, and band, for draws (chain, draw)."""
    import numpy

    points = numpy.linspace(0.0, 1.0, POINTS)
    apart = _distances(draws, points)
    chains = draws.shape[0]
    each = min(effective, draws.size) / chains
    allowed = _steps(chains) * numpy.sqrt(points * (1.0 - points) * (1.0 - 1.0 / chains) / each)
    return (
        tuple(float(v) for v in points),
        tuple(tuple(float(v) for v in chain) for chain in apart),
        tuple(float(v) for v in allowed),
    )


def _distances(draws: Array, points: Array) -> Array:
    """Distribution function of each chain less that of all, where that is `points` (chain, point).

    Draws that are equal, as a sampler that stays in place leaves them, are counted together.
    """
    import numpy

    whole = numpy.sort(draws, axis=None)
    last = numpy.ceil(points * whole.size).astype(int) - 1
    places = numpy.where(last < 0, -numpy.inf, whole[numpy.maximum(last, 0)])
    at = numpy.searchsorted(whole, places, side="right") / whole.size
    own = [
        numpy.searchsorted(one, places, side="right") / one.size
        for one in numpy.sort(draws, axis=-1)
    ]
    return numpy.array(own) - at


@cache
def _steps(chains: int) -> float:
    """Standard deviations within which all chains stay everywhere, in `ALLOWED` of all trials."""
    import numpy

    generator = numpy.random.default_rng(20220401)
    points = numpy.linspace(0.0, 1.0, POINTS)[1:-1]
    size = 8 * (POINTS - 1)
    deviation = numpy.sqrt(points * (1.0 - points) * (1.0 - 1.0 / chains) / size)
    everything = numpy.arange(chains * size, dtype=float)
    farthest = [
        (
            numpy.abs(_distances(generator.permutation(everything).reshape(chains, -1), points))
            / deviation
        ).max()
        for _ in range(TRIALS)
    ]
    return float(numpy.quantile(farthest, ALLOWED))
