"""A sweep from its design to its table: bases, slices, workers, and going on after a stop."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.bases import Base, Bases, pack
from amplicast.analysis.sweep.evaluate import (
    STAGES,
    Evaluator,
    evaluate_slice,
    remember_registry,
    statement,
)
from amplicast.analysis.sweep.folder import Folder, Slice
from amplicast.analysis.sweep.results import Results, write_results
from amplicast.analysis.sweep.versions import versions
from amplicast.engine.execute import Where, execute

if TYPE_CHECKING:
    from amplicast.analysis.sweep.design import Design
    from amplicast.engine.progress import Progress
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = ["SLICE", "Swept", "sweep"]

SLICE = 20
"""Cases in a slice: some tenths of a second of work, or some seconds of the dearest."""

Moved = list[tuple[str, dict[str, "Prior"]]]


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
    makers = Bases(scenario, registry, run)
    moved, scenarios = makers.needed(design.cases)
    if len(scenarios) > 1:
        say(f"{len(scenarios)} structures; what evidence informs is fitted for each, or cached")
    bases = {key: makers.make(each, progress, cores) for key, each in scenarios.items()}
    clock.end("bases")
    packed = {base.key: pack(base) for base in bases.values()}
    plan = _plan(design, moved, bases)
    place = Folder(folder(plan["sweep"][:7]), plan["sweep"])
    place.open(plan, force=force)
    names = sorted({name for _, beliefs in moved for name in beliefs})
    slices = _slices(design, moved, bases, names, slice_size)
    shared = packed | {"about": json.dumps(_about(plan, names, asked), sort_keys=True).encode()}
    remember_registry(asked, registry)
    left = place.unfinished(slices)
    clock.end("plan")
    inside = dict.fromkeys(STAGES, 0.0)
    finished = len(design.cases) - sum(len(piece.cases) for piece in left)
    if finished:
        say(f"{finished:,} of {len(design.cases):,} cases were done before")
    done(finished, len(design.cases))
    tasks = [_task(piece, moved) for piece in left]
    results = execute(evaluate_slice, tasks, shared=shared, where=where)
    try:
        for number, found in results:
            place.keep(left[number], found["content"])
            for stage, seconds in found["seconds"].items():
                inside[stage] += seconds
            finished += len(left[number].cases)
            done(finished, len(design.cases))
    finally:
        results.close()  # type: ignore[attr-defined]
    clock.end("evaluate")
    failed = tuple(sorted({finding for base in bases.values() for finding in base.failed}))
    table = Results(
        sweep=plan["sweep"],
        design=design,
        slices=tuple(slices),
        folder=place,
        base=scenario,
        failed=failed,
    )
    write_results(table)
    clock.end("write")
    record = {
        "schema": "amplicast.sweep-record",
        "schema_version": 1,
        "sweep": plan["sweep"],
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "executor": where.kind,
        "workers": where.number if where.kind != "dask" else None,
        "cases": len(design.cases),
        "slices": len(slices),
        "slices_done_before": len(slices) - len(left),
        "seconds": {name: round(seconds, 3) for name, seconds in clock.seconds.items()},
        "seconds_of_workers": {name: round(seconds, 3) for name, seconds in inside.items()},
    }
    place.record(record)
    return Swept(folder=place.path, results=table, failed=failed, record=record)


def _plan(design: Design, moved: Moved, bases: Mapping[str, Base]) -> dict[str, Any]:
    """Everything that decides the numbers; its digest is the sweep's."""
    plan: dict[str, Any] = {
        "schema": "amplicast.sweep",
        "schema_version": 1,
        "name": design.name,
        "keep": design.keep.to_dict(),
        "bases": {
            base.key: {"scenario": base.scenario.digest(), "failed": list(base.failed)}
            for base in bases.values()
        },
        "cases": [
            {
                "name": case.name,
                "base": bases[key].key,
                "beliefs": {n: json.loads(statement(p)) for n, p in sorted(case.beliefs.items())},
                "structure": {part: case.structure[part] for part in sorted(case.structure)},
                "seed": case.seed,
            }
            for case, (key, _) in zip(design.cases, moved, strict=True)
        ],
        "plugins": {
            plugin.id: plugin.version
            for base in bases.values()
            for plugin in (*base.plan.plugins, *base.plan.hardware)
        },
        "versions": versions(),
    }
    text = json.dumps(plan, sort_keys=True, separators=(",", ":"))
    return {**plan, "sweep": hashlib.sha256(text.encode()).hexdigest()}


def _about(plan: Mapping[str, Any], names: Sequence[str], asked: Mapping[str, Any]) -> Any:
    return {
        "sweep": plan["sweep"],
        "keep": plan["keep"],
        "versions": plan["versions"],
        "registry": asked,
        "moved": list(names),
    }


def _slices(
    design: Design,
    moved: Moved,
    bases: Mapping[str, Base],
    names: Sequence[str],
    size: int,
) -> list[Slice]:
    """Cases of a base in an order in which what is dear to change changes seldom."""
    found = []
    for key, base in bases.items():
        cases = [i for i, (own, _) in enumerate(moved) if own == key]
        if len(cases) > 1:
            cost = Evaluator(base, design.keep, names).work
            dear = sorted(names, key=lambda name: (-cost(name), name))
            ranks = {name: _ranks(name, cases, moved) for name in dear}
            cases.sort(key=lambda i: ([ranks[name][i] for name in dear], i))
        found += [
            Slice(base=base.key, cases=tuple(cases[start : start + size]))
            for start in range(0, len(cases), size)
        ]
    return found


def _ranks(name: str, cases: Sequence[int], moved: Moved) -> dict[int, int]:
    """By case, which of the values of a belief it has, in the order of their first case."""
    order: dict[str, int] = {}
    ranks = {}
    for i in cases:
        prior = moved[i][1].get(name)
        ranks[i] = order.setdefault("" if prior is None else statement(prior), len(order))
    return ranks


def _task(piece: Slice, moved: Moved) -> dict[str, Any]:
    return {
        "base": piece.base,
        "cases": [
            {
                "place": i,
                "beliefs": {name: prior.to_dict() for name, prior in sorted(moved[i][1].items())},
            }
            for i in piece.cases
        ],
    }
