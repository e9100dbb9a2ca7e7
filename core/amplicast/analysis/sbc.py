"""Does a calibration give back what it was told? Simulation-based calibration (Talts et al. 2018).

Parameters are drawn from the priors, rows from the parameters, and the model is fitted to those
rows: over many simulations the true value must lie anywhere in its posterior equally often.
Simulations are done in slices, anywhere, and finished slices are kept.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.analysis import sbc_slice, simulated_rows
from amplicast.analysis.sbc_ranks import SimulatedCalibration, rank_test
from amplicast.analysis.sbc_slice import (
    SLICE,
    generator_of,
    settings_of,
    simulate_job,
    simulate_slice,
)
from amplicast.engine import predictive
from amplicast.engine.cache import key_of
from amplicast.engine.environment import cache_folder
from amplicast.engine.execute import Function, Where, execute
from amplicast.engine.jobs import make_job
from amplicast.engine.latents import rows_of
from amplicast.errors import Problem, RunError
from amplicast.files import whole

if TYPE_CHECKING:
    from amplicast.concepts import Plugin

__all__ = ["SIMULATIONS", "simulate_calibration"]

SIMULATIONS = 100
"""By default: enough to see a posterior that is a third of its width aside or too wide."""

STAGES = ("compile", "simulate", "sample")

Report = Callable[[int], None]
"""``report(simulations_done)``."""

Slice = Mapping[str, Any]
"""What `amplicast.analysis.sbc_slice.simulate_slice` gives."""


def simulate_calibration(
    plugin: Plugin,
    *,
    simulations: int,
    seed: int,
    shift: float = 0.0,
    where: Where | None = None,
    report: Report = lambda done: None,
) -> SimulatedCalibration:
    """Rank true values among the posteriors of rows that were simulated from them.

    Parameters
    ----------
    plugin : Plugin
        With evidence and at least one calibrated parameter.
    simulations : int
        Fewer are the first of more.
    seed : int
        Each plugin gets its own from this and its id.
    shift : float
        Negative control: every simulated row is moved by so many standard deviations of its own
        predictive distribution, which the model knows nothing of. Ranks must then be uneven.
    where : Where, optional
        Where simulations are done, on threads by default; ranks do not depend on it. Finished
        slices are in the cache, and the same call goes on from there.
    report : callable
        ``report(simulations_done)``.

    Raises
    ------
    PluginError
        The model cannot be fitted to rows of its own.
    RunError
        Another process could not find the plugin's functions, or a worker failed.
    """
    import numpy

    where = where or Where(kind="threads")
    key = key_of(plugin, rows_of(plugin), settings_of(plugin))
    sizes = [min(SLICE, simulations - first) for first in range(0, simulations, SLICE)]
    folder = _folder(key, seed, shift)
    found: dict[int, Slice] = {}
    for number, size in enumerate(sizes):
        if (kept := _read(folder, number, size)) is not None:
            found[number] = kept
    told = {number: size if number in found else 0 for number, size in enumerate(sizes)}
    report(sum(told.values()))
    left = [number for number in range(len(sizes)) if number not in found]
    common: dict[str, Any] = {"name": key or f"{plugin.id} {id(plugin)}", "seed": seed}
    function: Function = partial(simulate_slice, plugin)
    if where.kind in {"processes", "dask"} and left:
        job = make_job(plugin, key, settings_of(plugin)) if key else None
        if job is None:
            raise RunError(_not_found(plugin.id))
        common["job"], function = job.record, simulate_job

    def heard(place: int, record: Mapping[str, Any]) -> None:
        told[left[place]] = record["done"]
        report(sum(told.values()))

    tasks = [{**common, "number": number, "size": sizes[number], "shift": shift} for number in left]
    seconds: dict[str, float] = dict.fromkeys(STAGES, 0.0)
    results = execute(function, tasks, shared={}, where=where, heard=heard)
    with closing(results):
        for place, done in results:
            number = left[place]
            found[number] = done
            _keep(folder, number, done)
            for stage in STAGES:
                seconds[stage] += done["seconds"][stage]
    slices = [found[number] for number in range(len(sizes))]
    generator = generator_of(plugin, seed, "ties")
    table = [
        rank_test(f"{name}{_label(index)}", ranks[:, *index], generator)
        for name, ranks in sorted(_joined(slices).items())
        for index in numpy.ndindex(*ranks.shape[1:])
    ]
    return SimulatedCalibration(
        plugin=plugin.id,
        simulations=simulations,
        diverged=sum(sum(each["diverged"]) for each in slices),
        short=sum(sum(each["short"]) for each in slices),
        table=tuple(sorted(table, key=lambda each: (each.p_value, each.name))),
        shift=shift,
        seconds=seconds,
    )


def _joined(slices: list[Slice]) -> dict[str, Any]:
    """Ranks by name, (simulation, ...)."""
    import numpy

    return {
        name: numpy.concatenate([numpy.array(each["ranks"][name]) for each in slices])
        for name in slices[0]["ranks"]
    }


def _label(index: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _folder(key: str | None, seed: int, shift: float) -> Path | None:
    """Where slices are kept; None where the key does not tell all that decides them."""
    if key is None:
        return None
    own = [inspect.getsource(module) for module in (sbc_slice, simulated_rows, predictive)]
    text = json.dumps([key, seed, shift, own])
    return cache_folder("simulated") / hashlib.sha256(text.encode()).hexdigest()[:32]


def _read(folder: Path | None, number: int, size: int) -> Slice | None:
    """The first simulations of a kept slice; None where it is missing, damaged or shorter."""
    if folder is None:
        return None
    try:
        kept = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
        several = {name: kept[name][:size] for name in ("diverged", "short")}
        several["ranks"] = {name: ranks[:size] for name, ranks in kept["ranks"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return several if len(several["short"]) == size else None


def _keep(folder: Path | None, number: int, done: Slice) -> None:
    """Keep a slice; a full disk loses the file, no more."""
    if folder is None:
        return
    with suppress(OSError), whole(folder / f"{number}.json") as part:
        part.write_text(json.dumps(done), encoding="utf-8")


def _not_found(plugin: str) -> Problem:
    return Problem(
        code="AMP-G122",
        what=f"another process could not find the functions of {plugin!r}",
        why="They belong to a script or a notebook, or to another function.",
        fix="use --executor threads, or put the plugin into a module",
    )
