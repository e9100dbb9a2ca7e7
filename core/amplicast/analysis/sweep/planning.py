"""A sweep before its first case: bases, slices, and the digest of everything that decides it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.bases import Base, Bases, pack
from amplicast.analysis.sweep.evaluate import Evaluator, statement
from amplicast.analysis.sweep.folder import Slice
from amplicast.analysis.sweep.versions import source_of, versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from amplicast.analysis.sweep.design import Design
    from amplicast.engine.execute import Where
    from amplicast.engine.progress import Progress
    from amplicast.priors import Prior

__all__ = ["Planned", "planned"]

Moved = Sequence[tuple[str, Mapping[str, "Prior"]]]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What there is to do.

    Attributes
    ----------
    record : Mapping
        All that decides the numbers, as plain data; ``sweep`` is its digest.
    slices : tuple of Slice
    moved : sequence of (str, Mapping[str, Prior])
        By case, the digest of its structure and the beliefs that it moves there.
    names : tuple of str
        Beliefs that any case moves.
    packed : Mapping[str, bytes]
        Bases by key, some 9 MB each.
    failed : tuple of str
        Checks that fits failed.
    """

    record: Mapping[str, Any]
    slices: tuple[Slice, ...]
    moved: Moved
    names: tuple[str, ...]
    packed: Mapping[str, bytes]
    failed: tuple[str, ...]

    @property
    def sweep(self) -> str:
        """Digest of the sweep."""
        return str(self.record["sweep"])

    def shared(self, asked: Mapping[str, Any]) -> dict[str, bytes]:
        """What every worker needs once; `asked` is how to load the registry."""
        about = {
            "sweep": self.sweep,
            "keep": self.record["keep"],
            "versions": self.record["versions"],
            "registry": asked,
            "moved": self.names,
        }
        return {**self.packed, "about": json.dumps(about, sort_keys=True).encode()}

    def task(self, piece: Slice) -> dict[str, Any]:
        """A slice as plain data."""
        return {
            "base": piece.base,
            "cases": [
                {
                    "place": i,
                    "beliefs": {
                        n: prior.to_dict() for n, prior in sorted(self.moved[i][1].items())
                    },
                }
                for i in piece.cases
            ],
        }


def planned(
    design: Design,
    bases: Bases,
    *,
    size: int,
    progress: Progress | None,
    cores: int | None,
    where: Where | None,
    say: Callable[[str], None],
) -> Planned:
    """Make every base, and lay the cases out in slices of a `size`.

    Raises
    ------
    ScenarioError
        Nothing reads a belief, or the plugins of a case do not fit together.
    """
    moved, scenarios = bases.needed(design.cases)
    if len(scenarios) > 1:
        say(f"{len(scenarios)} structures; what evidence informs is fitted for each, or cached")
    names = tuple(sorted({name for _, beliefs in moved for name in beliefs}))
    keys: dict[str, str] = {}
    packed: dict[str, bytes] = {}
    slices: list[Slice] = []
    failed: set[str] = set()
    about: dict[str, Any] = {}
    for structure, scenario in scenarios.items():
        base = bases.make(scenario, progress, cores, where)
        keys[structure] = base.key
        packed[base.key] = pack(base)
        cases = [i for i, (own, _) in enumerate(moved) if own == structure]
        slices += _slices(base, design, moved, cases, names, size)
        failed |= set(base.failed)
        about[base.key] = {
            "scenario": scenario.digest(),
            "failed": list(base.failed),
            "plugins": {
                plugin.id: [plugin.version, source_of(plugin)]
                for plugin in (*base.plan.plugins, *base.plan.hardware)
            },
        }
    record: dict[str, Any] = {
        "schema": "amplicast.sweep",
        "schema_version": 1,
        "name": design.name,
        "keep": design.keep.to_dict(),
        "bases": about,
        "cases": [
            {
                "name": case.name,
                "base": keys[structure],
                "beliefs": {n: json.loads(statement(p)) for n, p in sorted(case.beliefs.items())},
                "structure": {part: case.structure[part] for part in sorted(case.structure)},
                "seed": case.seed,
            }
            for case, (structure, _) in zip(design.cases, moved, strict=True)
        ],
        "versions": versions(),
    }
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return Planned(
        record={**record, "sweep": hashlib.sha256(text.encode()).hexdigest()},
        slices=tuple(slices),
        moved=moved,
        names=names,
        packed=packed,
        failed=tuple(sorted(failed)),
    )


def _slices(
    base: Base,
    design: Design,
    moved: Moved,
    cases: list[int],
    names: Sequence[str],
    size: int,
) -> list[Slice]:
    """Cases of a base in an order in which what is dear to change changes seldom."""
    if len(cases) > 1:
        cost = Evaluator(base, design.keep, names).work
        dear = sorted(names, key=lambda name: (-cost(name), name))
        ranks = {name: _ranks(name, cases, moved) for name in dear}
        cases = sorted(cases, key=lambda i: ([ranks[name][i] for name in dear], i))
    return [
        Slice(base=base.key, cases=tuple(cases[start : start + size]))
        for start in range(0, len(cases), size)
    ]


def _ranks(name: str, cases: Sequence[int], moved: Moved) -> dict[int, int]:
    """By case, which of the values of a belief it has, in the order of their first case."""
    order: dict[str, int] = {}
    ranks = {}
    for i in cases:
        prior = moved[i][1].get(name)
        ranks[i] = order.setdefault("" if prior is None else statement(prior), len(order))
    return ranks
