"""Calibrate plugins: fit what is stale, side by side, and take the rest from the cache."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from amplicast.engine.cache import Cache, key_of
from amplicast.engine.environment import configure
from amplicast.engine.fit import SamplerSettings, fit
from amplicast.engine.jobs import make_job
from amplicast.engine.latents import blocks, calibrated_parameters, latents, rows_of
from amplicast.engine.model import add_to_model
from amplicast.engine.posterior import Posterior
from amplicast.engine.progress import Progress, Silent
from amplicast.engine.workers import run_jobs

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.rows import Rows

__all__ = [
    "Posterior",
    "SamplerSettings",
    "add_to_model",
    "blocks",
    "calibrate",
    "calibrated_parameters",
]


def calibrate(
    plugins: Iterable[Plugin],
    *,
    settings: SamplerSettings | None = None,
    cache: Cache | None = None,
    progress: Progress | None = None,
) -> dict[str, Posterior]:
    """Return the posterior of every plugin that has evidence, by plugin id, sorted.

    Each plugin is its own model with its own seed: its draws do not depend on which other
    plugins are there, on the number of cores, or on what was cached. A fit that fails the gate
    comes back all the same, with `Posterior.verdict`; whether to use it is the caller's decision.

    Parameters
    ----------
    plugins : iterable of Plugin
        Those without calibrated parameters are passed over.
    settings : SamplerSettings, optional
    cache : Cache, optional
        The user's, by default.
    progress : Progress, optional
        See `amplicast.engine.progress.display`; silent by default.

    Returns
    -------
    dict of str to Posterior

    Raises
    ------
    PluginError
        A table or declaration is broken, or evidence cannot be sampled; every such plugin.
    KeyboardInterrupt
        Plugins that were finished by then are in the cache; nothing half-written is.
    """
    settings = settings or SamplerSettings()
    cache = cache or Cache()
    tables = {}
    known = {}
    for plugin in plugins:
        rows = rows_of(plugin)
        if latents(plugin, rows):
            known[plugin.id], tables[plugin.id] = plugin, rows
    keys = {id_: key_of(known[id_], tables[id_], settings) for id_ in sorted(known)}
    found: dict[str, Posterior] = {}
    for id_, key in keys.items():
        if key is not None and (kept := cache.read(key)) is not None:
            found[id_] = kept
    stale = [known[id_] for id_ in keys if id_ not in found]
    if stale:
        with progress or Silent() as shown:
            shown.start([plugin.id for plugin in stale])
            found |= _fit_all(stale, tables, keys, settings, cache, shown)
    return {id_: found[id_] for id_ in sorted(found)}


def _fit_all(
    stale: list[Plugin],
    tables: Mapping[str, Mapping[str, Rows]],
    keys: Mapping[str, str | None],
    settings: SamplerSettings,
    cache: Cache,
    progress: Progress,
) -> dict[str, Posterior]:
    cores = settings.cores or os.cpu_count() or 1
    found: dict[str, Posterior] = {}
    if min(cores, len(stale)) > 1:
        found = _side_by_side(stale, tables, keys, settings, cache, progress, cores)
    for plugin in stale:
        if plugin.id in found:
            continue
        started = time.perf_counter()
        posterior = fit(
            plugin,
            tables[plugin.id],
            replace(settings, cores=cores),
            key=keys[plugin.id] or "",
            report=partial(progress.at, plugin.id),
        )
        found[plugin.id] = posterior
        if posterior.key:
            cache.write(posterior)
        progress.end(plugin.id, time.perf_counter() - started, str(posterior.verdict))
    return found


def _side_by_side(
    stale: list[Plugin],
    tables: Mapping[str, Mapping[str, Rows]],
    keys: Mapping[str, str | None],
    settings: SamplerSettings,
    cache: Cache,
    progress: Progress,
    cores: int,
) -> dict[str, Posterior]:
    """Return what helper processes could fit."""
    jobs = [
        job
        for plugin in stale
        if (key := keys[plugin.id]) and (job := make_job(plugin, key, settings)) is not None
    ]
    # Long compilations first, so that no core is left with the longest at the end.
    jobs.sort(key=lambda job: (-_size(tables[job.plugin]), job.plugin))
    if len(jobs) < 2:
        return {}
    configure()
    started: dict[str, float] = {}

    def heard(plugin: str, record: Mapping[str, Any]) -> None:
        if record["kind"] == "at":
            started.setdefault(plugin, time.perf_counter())
            progress.at(plugin, record["stage"], record["done"])
        elif record["kind"] == "done":
            progress.end(plugin, time.perf_counter() - started[plugin], record["words"])

    run_jobs(jobs, processes=min(cores, len(jobs)), folder=cache.folder, heard=heard)
    kept = {job.plugin: cache.read(job.key) for job in jobs}
    return {plugin: posterior for plugin, posterior in kept.items() if posterior is not None}


def _size(rows: Mapping[str, Rows]) -> int:
    return len(rows)
