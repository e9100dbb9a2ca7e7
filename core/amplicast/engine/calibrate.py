"""Calibrate plugins: fit what is stale, side by side, and take the rest from the cache."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from amplicast.engine.cache import Cache, key_of
from amplicast.engine.environment import configure
from amplicast.engine.execute import NoWorkers, Where, execute
from amplicast.engine.fit import SamplerSettings, fit
from amplicast.engine.jobs import carry_out, make_job
from amplicast.engine.latents import blocks, calibrated_parameters, latents, rows_of
from amplicast.engine.model import add_to_model
from amplicast.engine.posterior import Posterior
from amplicast.engine.progress import Progress, Silent
from amplicast.errors import PluginError, Problem

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
    where: Where | None = None,
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
    where : Where, optional
        Where fits are made, the same wherever that is; by default in as many processes as the
        settings have cores. A plugin whose functions another process cannot find, such as those
        of a notebook, is fitted in this one.

    Returns
    -------
    dict of str to Posterior

    Raises
    ------
    PluginError
        A table or declaration is broken, or evidence cannot be sampled; every such plugin.
    RunError
        A worker would make another fit, no cluster answers, or workers end again and again.
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
            where = where or Where(kind="processes", workers=settings.cores or 0)
            elsewhere = _fit_elsewhere(stale, tables, keys, settings, cache, shown, where)
            here = [plugin for plugin in stale if plugin.id not in elsewhere]
            found |= elsewhere | _fit_here(here, tables, keys, settings, cache, shown)
    return {id_: found[id_] for id_ in sorted(found)}


def _fit_here(
    stale: list[Plugin],
    tables: Mapping[str, Mapping[str, Rows]],
    keys: Mapping[str, str | None],
    settings: SamplerSettings,
    cache: Cache,
    progress: Progress,
) -> dict[str, Posterior]:
    """Fit one after the other in this process, with their chains side by side."""
    found: dict[str, Posterior] = {}
    for plugin in stale:
        started = time.perf_counter()
        posterior = fit(
            plugin,
            tables[plugin.id],
            replace(settings, cores=settings.cores or os.cpu_count() or 1),
            key=keys[plugin.id] or "",
            report=partial(progress.at, plugin.id),
        )
        found[plugin.id] = posterior
        if posterior.key:
            cache.write(posterior)
        progress.end(plugin.id, time.perf_counter() - started, str(posterior.verdict))
    return found


def _fit_elsewhere(
    stale: list[Plugin],
    tables: Mapping[str, Mapping[str, Rows]],
    keys: Mapping[str, str | None],
    settings: SamplerSettings,
    cache: Cache,
    progress: Progress,
    where: Where,
) -> dict[str, Posterior]:
    """Return what an executor could fit; nothing where this process is as good.

    Raises
    ------
    PluginError
        The evidence of a plugin is broken; the others are finished first.
    """
    jobs = [
        job
        for plugin in stale
        if (key := keys[plugin.id]) and (job := make_job(plugin, key, settings)) is not None
    ]
    if where.kind != "dask" and min(len(jobs), where.number) < 2:
        return {}
    # Long compilations first, so that no core is left with the longest at the end.
    jobs.sort(key=lambda job: (-len(tables[job.plugin]), job.plugin))
    configure()
    started: dict[int, float] = {}

    def heard(place: int, record: Mapping[str, Any]) -> None:
        started.setdefault(place, time.perf_counter())
        progress.at(jobs[place].plugin, record["stage"], record["done"])

    found: dict[str, Posterior] = {}
    problems: list[Problem] = []
    tasks = [job.record for job in jobs]
    results = execute(carry_out, tasks, shared={}, where=where, heard=heard)
    with suppress(NoWorkers), closing(results):
        for place, done in results:
            if "problems" in done:
                problems += [Problem(**problem) for problem in done["problems"]]
                continue
            if "content" not in done:
                continue
            posterior = Posterior.from_bytes(done["content"])
            cache.write(posterior)
            found[posterior.plugin] = posterior
            took = time.perf_counter() - started.get(place, time.perf_counter())
            progress.end(posterior.plugin, took, str(posterior.verdict))
    if problems:
        raise PluginError(*problems)
    return found
