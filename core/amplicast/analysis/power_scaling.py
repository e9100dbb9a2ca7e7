"""Do priors and evidence pull apart? Power scaling of both (Kallioinen et al. 2024).

Prior or likelihood is raised to a power near one by weights on the draws, without another fit; a
parameter that moves under both is pulled two ways.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.latents import latents, rows_of
from amplicast.engine.predictive import draw_values, log_likelihood

if TYPE_CHECKING:
    import xarray

    from amplicast.concepts import Plugin
    from amplicast.engine.posterior import Posterior

__all__ = ["THRESHOLD", "Sensitivity", "power_scaling"]

THRESHOLD = 0.05
"""Sensitivity from which a parameter counts as moved, as the authors advise."""

FAR = 2.0
"""Distance of a posterior mean from the prior's centre that a conflict needs [prior sd].

With a dozen rows the sensitivities alone flag every second parameter that evidence informs well;
what evidence puts where the prior had put nearly nothing is worth a look.
"""


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """How far one parameter moves.

    Attributes
    ----------
    name : str
        ``[index]`` follows the name of an element.
    prior, likelihood : float
        Distance that the posterior moves per doubling of the power, of either.
    mean : float
        Of the posterior, in standard deviations of the prior from its centre.
    """

    name: str
    prior: float
    likelihood: float
    mean: float

    @property
    def pulled(self) -> bool:
        """Both move it: a potential prior-data conflict."""
        return self.prior >= THRESHOLD and self.likelihood >= THRESHOLD

    @property
    def conflict(self) -> bool:
        """Both move it, and it ended far out in the prior."""
        return self.pulled and abs(self.mean) >= FAR

    @property
    def prior_rules(self) -> bool:
        """The prior moves it and the evidence does not."""
        return self.prior >= THRESHOLD > self.likelihood


def power_scaling(plugin: Plugin, posterior: Posterior) -> tuple[Sensitivity, ...]:
    """Scale the priors of a plugin's parameters, and its likelihood.

    Levels of a group are left alone: their prior is part of the model, as the authors advise.
    """
    import numpy
    import xarray
    from arviz_stats import psense

    rows = rows_of(plugin)
    own = [latent.name for latent in latents(plugin, rows) if not latent.scale]
    if not own:
        return ()
    scores: Any = posterior.scores[own]
    chains = {dim: scores.sizes[dim] for dim in ("chain", "draw")}
    # Every score is standard normal beforehand.
    prior: Any = sum(
        -0.5 * numpy.square(scores[name]).sum([d for d in scores[name].dims if d not in chains])
        for name in own
    )
    found = draw_values(plugin, rows, posterior, draws=0, generator=numpy.random.default_rng(0))
    told = {
        evidence.id: _by_chain(
            log_likelihood(plugin, evidence, rows[evidence.id], found).sum(axis=1), chains
        )
        for evidence in plugin.evidence
    }
    plain = scores.drop_vars([name for name in scores.coords if name not in chains])
    tree: Any = xarray.DataTree.from_dict(
        {
            "/posterior": plain,
            "/log_prior": xarray.Dataset({"prior": prior}),
            "/log_likelihood": xarray.Dataset(told),
        }
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few effective draws are the gate's affair
        moved = {group: psense(tree, group=group) for group in ("prior", "likelihood")}
    means = scores.mean(["chain", "draw"])
    return tuple(
        Sensitivity(
            name=f"{name}{_label(index)}",
            prior=float(moved["prior"][name].values[index]),
            likelihood=float(moved["likelihood"][name].values[index]),
            mean=float(means[name].values[index]),
        )
        for name in own
        for index in numpy.ndindex(means[name].shape)
    )


def _by_chain(values: Any, chains: dict[str, int]) -> xarray.DataArray:
    import xarray

    return xarray.DataArray(values.reshape(*chains.values()), dims=tuple(chains))


def _label(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""
