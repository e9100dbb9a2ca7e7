"""A sweep from its design to its table: bases, slices, workers, and going on after a stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.bases import Bases
from amplicast.analysis.sweep.evaluate import STAGES, evaluate_slice, remember_registry
from amplicast.analysis.sweep.folder import Folder
from amplicast.analysis.sweep.planning import planned
from amplicast.analysis.sweep.results import Results, write_results
from amplicast.engine.execute import Where, execute

if TYPE_CHECKING:
    from amplicast.analysis.sweep.design import Design
    from amplicast.engine.progress import Progress
    from amplicast.forecast import Forecast
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = ["SLICE", "Swept", "sweep"]

SLICE = 20
"""Cases in a slice: some tenths of a second of work, or some seconds of the dearest."""


@dataclass(frozen=True, kw_only=True)
class Swept:
    """A finished sweep.

    Attributes
    ----------
    folder : Path
    results : Results
    failed : tuple of str
        Checks that fits failed.
    record : Mapping[str, object]
        How it was done: seconds by stage, workers, slices that were there already.
    """

    folder: Path
    results: Results
    failed: tuple[str, ...]
    record: Mapping[str, Any]


@dataclass
class _Clock:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def end(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self.last
        self.last = now


def sweep(
    design: Design,
    registry: Registry,
    *,
    scenario: Scenario,
    run: Forecast | None = None,
    folder: Callable[[str], Path],
    where: Where | None = None,
    asked: Mapping[str, Any] | None = None,
    slice_size: int = SLICE,
    force: bool = False,
    cores: int | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda _: None,
    done: Callable[[int, int], None] = lambda _, __: None,
) -> Swept:
    """Do every case, write the table, and keep what is finished should it be interrupted.

    The files of the table have the same bytes wherever the cases were done.

    Parameters
    ----------
    design : Design
    registry : Registry
    scenario : Scenario
        What the cases start from.
    run : Forecast, optional
        The saved run of that scenario, whose draws cases share that leave its structure alone.
    folder : callable
        From the id of the sweep to its folder; in a folder that has the sweep already, the
        finished slices are not done again.
    where : Where, optional
        Threads on all cores by default.
    asked : Mapping, optional
        ``plugin_files`` and ``block`` of the registry, so that other processes load the same.
    slice_size : int
        Cases in a slice.
    force : bool
        Write over another sweep in the folder.
    cores : int, optional
        Fits that run side by side.
    progress : Progress, optional
        Shows the fits.
    say : callable
        Receives one line per stage.
    done : callable
        Receives how many cases are done, and how many there are.

    Raises
    ------
    AmplicastError
        The design does not fit the base, the folder holds another sweep, or a worker failed.
    KeyboardInterrupt
        Finished slices are in the folder, and the same call goes on from there.
    """
    where = where or Where()
    asked = asked or {"plugin_files": [], "block": []}
    clock = _Clock()
    plan = planned(
        design,
        Bases(scenario, registry, run),
        size=slice_size,
        progress=progress,
        cores=cores,
        where=where if where.kind == "dask" else None,
        say=say,
    )
    place = Folder(folder(plan.sweep[:7]), plan.sweep)
    place.open(plan.record, force=force)
    remember_registry(asked, registry)
    left = place.unfinished(plan.slices)
    clock.end("plan and fits")
    inside = dict.fromkeys(STAGES, 0.0)
    finished = len(design.cases) - sum(len(piece.cases) for piece in left)
    if finished:
        say(f"{finished:,} of {len(design.cases):,} cases were done before")
    done(finished, len(design.cases))
    tasks = [plan.task(piece) for piece in left]
    results = execute(evaluate_slice, tasks, shared=plan.shared(asked), where=where)
    with closing(results):
        for number, found in results:
            place.keep(left[number], found["content"])
            for stage, seconds in found["seconds"].items():
                inside[stage] += seconds
            finished += len(left[number].cases)
            done(finished, len(design.cases))
    clock.end("evaluate")
    table = Results(
        sweep=plan.sweep,
        design=design,
        slices=plan.slices,
        folder=place,
        base=scenario,
        failed=plan.failed,
    )
    write_results(table)
    clock.end("write")
    record = {
        "schema": "amplicast.sweep-record",
        "schema_version": 1,
        "sweep": plan.sweep,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "executor": where.kind,
        "workers": where.number if where.kind != "dask" else None,
        "cases": len(design.cases),
        "slices": len(plan.slices),
        "slices_done_before": len(plan.slices) - len(left),
        "seconds": {name: round(seconds, 3) for name, seconds in clock.seconds.items()},
        "seconds_of_workers": {name: round(seconds, 3) for name, seconds in inside.items()},
    }
    place.record(record)
    return Swept(folder=place.path, results=table, failed=plan.failed, record=record)
