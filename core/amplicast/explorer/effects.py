"""How strongly the inputs of a run move its headlines: what the order of sliders goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amplicast.forecast.outputs import HEADLINES

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["effects_of", "noise", "targets_of"]


def noise(forecast: Forecast) -> float:
    """Rank correlation that chance alone reaches once in a thousand inputs."""
    draws = forecast.outputs["copies"].sizes["draw"]
    return float(3.3 / draws**0.5)


def targets_of(forecast: Forecast) -> tuple[Any, Any]:
    """Scores of the headlines of the last year: at the first place, and everywhere."""
    import numpy

    targets: list[Any] = []
    first: list[Any] = []
    for name in HEADLINES:
        values = forecast.output(name, forecast.scenarios[0]).isel(year=-1)
        begin = {dim: place for dim, place in (("actor", 0), ("regime", -1)) if dim in values.dims}
        for part, kept in ((values, targets), (values.isel(begin), first)):
            flat = part.transpose("draw", ...).values.reshape(part.sizes["draw"], -1)
            # Where the copies cannot be run there is no amplification: below every number.
            kept += [_scores(column) for column in numpy.nan_to_num(flat, nan=-1e9).T]
    return numpy.stack(first), numpy.stack(targets)


def effects_of(
    inputs: Mapping[str, Any], targets: tuple[Any, Any]
) -> dict[str, tuple[float, float]]:
    """Largest rank correlation of each input with a headline, at the first place and anywhere."""
    import numpy

    found = {}
    for name, draws in inputs.items():
        values = draws.transpose("draw", ...).values.reshape(draws.sizes["draw"], -1)
        scores = numpy.stack([_scores(column) for column in values.T])
        here, anywhere = (float(numpy.abs(side @ scores.T).max()) for side in targets)
        found[name] = here, anywhere
    return found


def _scores(values: Any) -> Any:
    """Ranks as scores of mean 0 and length 1; zeros where all are equal."""
    import numpy

    if values[0] == values[-1] and (values == values[0]).all():
        return numpy.zeros(len(values))
    ranks = numpy.empty(len(values))
    ranks[numpy.argsort(values, kind="stable")] = numpy.arange(len(values))
    ranks -= ranks.mean()
    scores: Any = ranks / numpy.sqrt((ranks * ranks).sum())
    return scores
