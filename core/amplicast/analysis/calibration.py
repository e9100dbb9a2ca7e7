"""What a calibration did: prior to posterior, how far to trust it, and how well it fits."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.latents import rows_of
from amplicast.engine.predictive import draw_values, log_likelihood, observed, predict

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.posterior import Posterior

__all__ = [
    "LEVELS",
    "Agreement",
    "Crossvalidated",
    "ParameterShift",
    "evidence_fits",
    "parameter_shifts",
]

LEVELS = (0.5, 0.66, 0.8, 0.9)
"""Masses of the central intervals whose coverage is told."""

_PROBABILITIES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, kw_only=True)
class ParameterShift:
    """One parameter before and after its evidence.

    Attributes
    ----------
    name, unit : str
        ``[label]`` follows the name of an element; a group level is ``parameter.evidence[label]``.
    prior : tuple of float or None
        5, 50 and 95 % points; None for the levels of a group, whose prior is the group.
    posterior : tuple of float
    shift : float
        Of the score: posterior mean in standard deviations of the prior.
    contraction : float
        Share of the prior variance that the evidence removed [fraction].
    r_hat, ess : float
    """

    name: str
    unit: str
    prior: tuple[float, ...] | None
    posterior: tuple[float, ...]
    shift: float
    contraction: float
    r_hat: float
    ess: float


@dataclass(frozen=True, kw_only=True)
class Crossvalidated:
    """Leave-one-row-out by Pareto-smoothed importance sampling (Vehtari et al. 2017).

    Attributes
    ----------
    elpd, se : float
        Expected log density of a left-out row, summed over rows, and its standard error [nat].
    p_loo : float
        Effective number of parameters.
    worst_k, good_k : float
        Largest Pareto shape, and the largest that is reliable with this many draws.
    unreliable : int
        Rows above `good_k`.
    """

    elpd: float
    se: float
    p_loo: float
    worst_k: float
    good_k: float
    unreliable: int


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How well the posterior gives the rows of one evidence back.

    Attributes
    ----------
    evidence : str
    rows : int
    coverage : Mapping[float, float]
        Mass of the central interval -> share of the rows inside it [fraction].
    loo : Crossvalidated or None
        None where there are too few rows for it.
    """

    evidence: str
    rows: int
    coverage: Mapping[float, float]
    loo: Crossvalidated | None


def parameter_shifts(plugin: Plugin, posterior: Posterior) -> tuple[ParameterShift, ...]:
    """Prior to posterior of every free parameter, those of groups last."""
    import numpy

    table = {row.name.removeprefix(f"{plugin.id}."): row for row in posterior.statistics}
    found: list[ParameterShift] = []
    levels: list[ParameterShift] = []
    for name in sorted(str(each) for each in posterior.scores.data_vars):
        drawn = posterior.values[name]
        grouped = name not in plugin.priors
        prior = plugin.priors[name.partition(".")[0]]
        stated = None if grouped else tuple(prior.quantile(p) for p in _PROBABILITIES)
        for index in numpy.ndindex(*drawn.shape[2:]):
            labels = [
                str(drawn[dim].values[place])
                for dim, place in zip(drawn.dims[2:], index, strict=True)
            ]
            suffix = f"[{', '.join(str(i) for i in index)}]" if index else ""
            row = table[f"{name}{suffix}"]
            one = numpy.quantile(drawn.values[(..., *index)], _PROBABILITIES)
            (levels if grouped else found).append(
                ParameterShift(
                    name=f"{name}[{', '.join(labels)}]" if labels else name,
                    unit=prior.unit,
                    prior=stated,
                    posterior=tuple(float(each) for each in one),
                    shift=row.mean,
                    contraction=row.contraction,
                    r_hat=row.r_hat,
                    ess=row.ess,
                )
            )
    return (*found, *levels)


def evidence_fits(plugin: Plugin, posterior: Posterior, *, seed: int = 0) -> tuple[Agreement, ...]:
    """Predictive coverage and leave-one-row-out of every evidence, in order of their ids.

    The coverage is of rows that the fit has seen: more than nominal is no surprise. What a new
    source would be like is told by `amplicast.analysis.heldout`.
    """
    import numpy

    rows = rows_of(plugin)
    generator = numpy.random.default_rng(seed)
    found = draw_values(plugin, rows, posterior, draws=0, generator=generator)
    chains = posterior.scores.sizes["chain"]
    told = []
    for evidence in sorted(plugin.evidence, key=lambda one: one.id):
        table = rows[evidence.id]
        drawn = predict(plugin, evidence, table, found, generator=generator)
        density = log_likelihood(plugin, evidence, table, found)
        seen = observed(plugin, evidence, table)
        coverage = {}
        for mass in LEVELS:
            low, high = numpy.quantile(drawn, [0.5 - mass / 2, 0.5 + mass / 2], axis=0)
            coverage[mass] = float(((low <= seen) & (seen <= high)).mean())
        told.append(
            Agreement(
                evidence=evidence.id,
                rows=len(seen),
                coverage=coverage,
                loo=_loo(density.reshape(chains, -1, len(seen)), posterior),
            )
        )
    return tuple(told)


def _loo(density: Any, posterior: Posterior) -> Crossvalidated | None:
    import numpy
    from arviz_base import from_dict
    from arviz_stats import loo

    if density.shape[2] < 2:
        return None
    scores = {str(name): array.values for name, array in posterior.scores.data_vars.items()}
    tree = from_dict({"posterior": scores, "log_likelihood": {"rows": density}})
    with warnings.catch_warnings():
        # A bad Pareto shape is told in words.
        warnings.simplefilter("ignore")
        result: Any = loo(tree, var_name="rows", pointwise=True)
    shapes = numpy.asarray(result.pareto_k)
    return Crossvalidated(
        elpd=float(result.elpd),
        se=float(result.se),
        p_loo=float(result.p),
        worst_k=float(shapes.max()),
        good_k=float(result.good_k),
        unreliable=int((shapes > result.good_k).sum()),
    )
