"""The calibrations behind a saved run, from the cache, without fitting anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplicast.engine.cache import Cache, key_of
from amplicast.engine.fit import SamplerSettings
from amplicast.engine.latents import latents, rows_of

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.posterior import Posterior
    from amplicast.forecast import Forecast

__all__ = ["calibrated_plugins", "kept_fits"]


def calibrated_plugins(forecast: Forecast) -> dict[str, Plugin]:
    """Plugins of the run that evidence informs, by id, sorted."""
    known = forecast.provenance["posteriors"]
    return {plugin.id: plugin for plugin in forecast.plan.plugins if plugin.id in known}


def kept_fits(forecast: Forecast, cache: Cache | None = None) -> dict[str, Posterior]:
    """Calibrations of the run that the cache still holds, by plugin id.

    A run keeps values; the scores of its priors are in the cache alone. A fit whose draws are not
    those that the run names is left out.
    """
    cache = cache or Cache()
    compute = forecast.scenario.compute
    settings = SamplerSettings(draws=compute.draws, chains=compute.chains, seed=compute.seed)
    digests = forecast.provenance["posteriors"]
    found = {}
    for id_, plugin in calibrated_plugins(forecast).items():
        rows = rows_of(plugin)
        key = key_of(plugin, rows, settings) if latents(plugin, rows) else None
        kept = None if key is None else cache.read(key)
        if kept is not None and kept.digest == digests[id_]:
            found[id_] = kept
    return found
