"""What the posterior says the rows should be: predictive draws and the likelihood of each row.

On NumPy alone, from stored draws. Everything is on the scale of the family: the value itself, its
natural log where the family works in logs, and the share of successes for counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.families import interval_summary, scatter_of
from amplicast.engine.latents import coords, latents, look_up, mean, place, values
from amplicast.math import NUMPY

if TYPE_CHECKING:
    import numpy

    from amplicast.concepts import Evidence, Plugin
    from amplicast.engine.posterior import Posterior
    from amplicast.engine.rows import Rows

__all__ = ["draw_values", "log_likelihood", "observed", "predict", "predict_one", "scale_of"]

Array = Any
Value = Any

_BLOCK = 250  # draws whose covariances are worked on at a time
_TINY = 1e-12


def draw_values(
    plugin: Plugin,
    rows: Mapping[str, Rows],
    posterior: Posterior | None,
    *,
    draws: int,
    generator: numpy.random.Generator,
) -> dict[str, Value]:
    """Return every calibrated parameter and group level of `plugin`, along ``draw``.

    What `posterior` does not hold is drawn afresh, from priors and groups.

    Parameters
    ----------
    plugin : Plugin
    rows : Mapping[str, Rows]
        Of all its evidence.
    posterior : Posterior or None
        Of this plugin, or of this plugin with fewer rows.
    draws : int
        How many, where there is no posterior; else all it has.
    generator : numpy.random.Generator
    """
    import xarray

    fitted = {}
    if posterior is not None:
        stacked = posterior.scores.stack(every=("chain", "draw"))
        stacked = stacked.drop_vars(["every", "chain", "draw"]).rename(every="draw")
        fitted = {str(name): array for name, array in stacked.data_vars.items()}
        draws = stacked.sizes["draw"]
    labels = coords(plugin, rows)
    scores = {}
    for latent in latents(plugin, rows):
        names = {dim: list(labels[dim]) for dim in latent.dims}
        sizes = (draws, *(len(each) for each in names.values()))
        score = xarray.DataArray(generator.standard_normal(sizes), dims=("draw", *latent.dims))
        if latent.name in fitted:
            known = fitted[latent.name].reindex(names).drop_vars(list(names))
            score = known.transpose("draw", ...).fillna(score)
        scores[latent.name] = score
    return values(NUMPY, plugin, rows, scores)


def scale_of(evidence: Evidence) -> str:
    """Return in which form the rows of a family are compared: value, log of the value, or share."""
    family = evidence.family
    if family.name in {"binomial", "beta-binomial"}:
        return "share"
    return "log" if family.name == "log-normal" or family.log else "value"


def observed(plugin: Plugin, evidence: Evidence, rows: Rows) -> numpy.ndarray[Any, Any]:
    """Return what was measured, on the family's scale (point)."""
    import numpy

    where, family = place(plugin, evidence), evidence.family
    if family.name == "interval":
        return numpy.asarray(interval_summary(family, rows, where)[0])
    values = rows.column(family.value, where)
    if scale_of(evidence) == "share":
        return numpy.asarray(values / rows.column(family.trials, where))
    return numpy.asarray(numpy.log(values) if family.name == "log-normal" else values)


@dataclass(frozen=True)
class _Expected:
    """Centre and scale of one evidence under every draw, (draw, point).

    Attributes
    ----------
    scale : numpy.ndarray or None
        The family's own: standard deviation, concentration, or scatter of an estimate.
    """

    centre: Array
    scale: Array


def _expected(
    plugin: Plugin, evidence: Evidence, rows: Rows, found: Mapping[str, Value]
) -> _Expected:
    import numpy
    import xarray

    where, family = place(plugin, evidence), evidence.family
    sizes = {str(dim): size for value in found.values() for dim, size in value.sizes.items()}
    grid = xarray.DataArray(
        numpy.zeros((sizes.get("draw", 1), len(rows.labels))), dims=("draw", "point")
    )

    def along(value: Value) -> Array:
        return (value + grid).drop_vars("point", errors="ignore").transpose("draw", "point").values

    seen = look_up(NUMPY, plugin, evidence, rows, found)
    told = mean(NUMPY, plugin, evidence, rows, found)
    spread = told[1] if isinstance(told, tuple) else None
    centre = along(told if spread is None else told[0])
    scale: Array = 0.0 * grid.values
    if family.name == "interval":
        scale = scale + interval_summary(family, rows, where)[1]
    elif family.name == "estimate":
        for point, name in enumerate(scatter_of(family, rows, where)):
            if name:
                column = along(seen[name])
                scale[:, point] = column[:, point]
    elif spread is not None:
        scale = along(spread)
    elif family.name != "binomial":
        own = family.scale in rows.numbers
        scale = scale + (rows.column(family.scale, where) if own else along(seen[family.scale]))
    if scale_of(evidence) == "share":
        centre = numpy.clip(centre, _TINY, 1.0 - _TINY)
    if family.name == "log-normal":
        centre = numpy.log(centre)
    return _Expected(centre, scale)


def _covariances(rows: Rows, scatter: Array) -> Iterator[tuple[slice, Array]]:
    """Yield blocks of draws with the covariance of the rows under each, (draw, point, point)."""
    import numpy

    for start in range(0, len(scatter), _BLOCK):
        block = slice(start, start + _BLOCK)
        extra = numpy.square(scatter[block])[:, :, None] * numpy.eye(scatter.shape[1])
        yield block, rows.covariance + extra


def predict(
    plugin: Plugin,
    evidence: Evidence,
    rows: Rows,
    found: Mapping[str, Value],
    *,
    generator: numpy.random.Generator,
    given: Array | None = None,
) -> numpy.ndarray[Any, Any]:
    """Draw what the rows could have been, on the family's scale.

    Parameters
    ----------
    plugin : Plugin
    evidence : Evidence
    rows : Rows
        Of this evidence.
    found : Mapping[str, labelled value]
        From `draw_values`.
    generator : numpy.random.Generator
    given : numpy.ndarray of bool, optional
        Rows that are known (point). The errors of the others follow from theirs where the table
        says how they are correlated; without it, no row is known.

    Returns
    -------
    numpy.ndarray
        (draw, point).
    """
    import numpy

    family, where = evidence.family, place(plugin, evidence)
    at = _expected(plugin, evidence, rows, found)
    if family.name in {"binomial", "beta-binomial"}:
        trials = rows.column(family.trials, where).astype("int64")
        chance = at.centre
        if family.name == "beta-binomial":
            chance = generator.beta(chance * at.scale, (1.0 - chance) * at.scale)
        successes: Array = generator.binomial(trials, chance)
        return numpy.asarray(successes / trials)
    if family.name == "estimate":
        return _correlated(at, rows, observed(plugin, evidence, rows), generator, given)
    if family.name == "student-t":
        noise = generator.standard_t(family.degrees, at.centre.shape)
    else:
        noise = generator.standard_normal(at.centre.shape)
    return numpy.asarray(at.centre + at.scale * noise)


def _correlated(
    at: _Expected, rows: Rows, values: Array, generator: numpy.random.Generator, given: Array | None
) -> numpy.ndarray[Any, Any]:
    import numpy

    known = numpy.zeros(len(values), dtype=bool) if given is None else numpy.asarray(given)
    drawn = at.centre.copy()
    for block, covariance in _covariances(rows, at.scale):
        centre = at.centre[block]
        left = covariance[:, ~known][:, :, ~known]
        middle = centre[:, ~known]
        if known.any():
            cross = covariance[:, ~known][:, :, known]
            weights = numpy.linalg.solve(covariance[:, known][:, :, known], cross.swapaxes(1, 2))
            residual = values[known] - centre[:, known]
            middle = middle + numpy.einsum("dkm,dk->dm", weights, residual)
            left = left - cross @ weights
        lower = numpy.linalg.cholesky(left)
        noise = generator.standard_normal(middle.shape)
        drawn[block, ~known] = middle + numpy.einsum("dij,dj->di", lower, noise)
    return numpy.asarray(drawn)


def _given_the_rest(at: _Expected, rows: Rows, values: Array) -> tuple[Array, Array]:
    """Distance of each row from what the others say of it, and its deviation (draw, point)."""
    import numpy

    left, deviation = numpy.empty_like(at.centre), numpy.empty_like(at.centre)
    for block, covariance in _covariances(rows, at.scale):
        precision = numpy.linalg.inv(covariance)
        own = numpy.einsum("dii->di", precision)
        left[block] = numpy.einsum("dij,dj->di", precision, values - at.centre[block]) / own
        deviation[block] = 1.0 / numpy.sqrt(own)
    return left, deviation


def predict_one(
    plugin: Plugin,
    evidence: Evidence,
    rows: Rows,
    found: Mapping[str, Value],
    *,
    generator: numpy.random.Generator,
) -> numpy.ndarray[Any, Any]:
    """Draw each row as if it alone were unknown, on the family's scale (draw, point).

    It differs from `predict` where the table says how the errors of rows are correlated.
    """
    import numpy

    if evidence.family.name != "estimate":
        return predict(plugin, evidence, rows, found, generator=generator)
    values = observed(plugin, evidence, rows)
    at = _expected(plugin, evidence, rows, found)
    left, deviation = _given_the_rest(at, rows, values)
    noise = generator.standard_normal(left.shape)
    return numpy.asarray(values - left + deviation * noise)


def log_likelihood(
    plugin: Plugin,
    evidence: Evidence,
    rows: Rows,
    found: Mapping[str, Value],
    *,
    seen: Array | None = None,
) -> numpy.ndarray[Any, Any]:
    """Log density of each row, given the draws and the other rows (draw, point).

    Rows with correlated errors are conditioned on the rest (Bürkner, Gabry & Vehtari 2020,
    equation 14). `seen` (point), as `predict` draws it, stands instead of what was measured.
    """
    import numpy
    from scipy import stats

    family, where = evidence.family, place(plugin, evidence)
    at = _expected(plugin, evidence, rows, found)
    values = observed(plugin, evidence, rows) if seen is None else seen
    if family.name == "estimate":
        left, deviation = _given_the_rest(at, rows, values)
        return numpy.asarray(stats.norm.logpdf(left, 0.0, deviation))
    if family.name in {"binomial", "beta-binomial"}:
        trials = rows.column(family.trials, where)
        counts = numpy.rint(values * trials)
        if family.name == "binomial":
            return numpy.asarray(stats.binom.logpmf(counts, trials, at.centre))
        shapes = (at.centre * at.scale, (1.0 - at.centre) * at.scale)
        return numpy.asarray(stats.betabinom.logpmf(counts, trials, *shapes))
    if family.name == "student-t":
        return numpy.asarray(stats.t.logpdf(values, family.degrees, at.centre, at.scale))
    return numpy.asarray(stats.norm.logpdf(values, at.centre, at.scale))
