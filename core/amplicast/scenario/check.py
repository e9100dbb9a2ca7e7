"""Everything that is wrong with a scenario, all at once, and what is odd about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem
from amplicast.scenario.belief import to_table
from amplicast.scenario.chain import read_chain
from amplicast.scenario.content import (
    read_beliefs,
    read_correlations,
    read_regimes,
    read_variants,
    read_years,
)
from amplicast.scenario.document import Document
from amplicast.scenario.keys import read_keys
from amplicast.scenario.model import Declared, Scenario
from amplicast.scenario.must_hold import read_must_hold
from amplicast.scenario.names import Known, check_ids
from amplicast.scenario.odd import find_odd

if TYPE_CHECKING:
    from amplicast.priors import Prior

__all__ = ["Report", "check"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a check found.

    Attributes
    ----------
    scenario : Scenario or None
        None where there are problems.
    problems : tuple of Problem
        Mistakes; nothing can run before they are mended.
    warnings : tuple of Problem
        Odd but allowed.
    """

    scenario: Scenario | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass
class _Merged:
    """What the documents say together; later ones win over those that they are based on."""

    single: dict[str, Any] = field(default_factory=dict)
    years: str = ""
    plugins: dict[str, Any] = field(default_factory=dict)
    use: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    task_classes: list[str] = field(default_factory=list)
    regimes: dict[str, dict[str, Any]] = field(default_factory=dict)
    beliefs: dict[str, Prior] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    variants: dict[str, dict[str, Prior]] = field(default_factory=dict)
    correlations: dict[tuple[str, str], float] = field(default_factory=dict)
    must_hold: dict[str, dict[str, Any]] = field(default_factory=dict)
    compute: dict[str, int] = field(default_factory=dict)


def check(
    source: str | Path,
    *,
    declared: Mapping[str, Declared],
    builtin: Callable[[str], Path],
    known: Known | None = None,
) -> Report:
    """Read a scenario and tell all that is wrong with it; nothing is raised or written.

    Parameters
    ----------
    source : str or Path
        A path, or ``builtin:ID``.
    declared : Mapping[str, Declared]
        Every assumption that may be made: inputs of the engine, weights ``mix.<device>``, and
        ``<plugin>.<parameter>``.
    builtin : callable
        Id -> path of a scenario that a plugin ships; raises `LookupError` or `AmplicastError`.
    known : Mapping[str, collection of str], optional
        Ids of the plugins by kind; a kind that is not given is not checked here. Without it,
        devices are those that `declared` has a weight for.
    """
    if known is None:
        prefix = "mix."
        known = {"hardware": [n.removeprefix(prefix) for n in declared if n.startswith(prefix)]}
    documents = read_chain(source, builtin)
    merged = _Merged()
    for document in reversed(documents):
        _add(document, merged, declared, known)
    own = documents[0]
    _check_actors(own, merged, documents)
    problems = tuple(problem for document in documents for problem in document.problems)
    warnings = tuple(warning for document in documents for warning in document.warnings)
    scenario = None if problems else Scenario.from_dict(_record(own, merged))
    return Report(scenario=scenario, problems=problems, warnings=warnings)


def _add(
    document: Document, merged: _Merged, declared: Mapping[str, Declared], known: Known
) -> None:
    """Lay one document over what those that it is based on say."""
    tree = document.tree
    check_ids(document, known)
    merged.single.update(
        {key: tree[key] for key in ("author", "question", "actors", "decision") if key in tree}
    )
    merged.years = read_years(document) or merged.years
    supply = {**merged.plugins.get("supply", {}), **tree.get("plugins", {}).get("supply", {})}
    merged.plugins.update(tree.get("plugins", {}))
    merged.plugins["supply"] = supply
    techniques = tree.get("techniques", {})
    merged.use = set(techniques.get("use", merged.use)) - set(techniques.get("leave_out", ()))
    merged.left_out = (merged.left_out | set(techniques.get("leave_out", ()))) - merged.use
    merged.task_classes = tree.get("task_classes", {}).get("use", merged.task_classes)
    merged.regimes.update(read_regimes(document))
    beliefs = read_beliefs(document, declared)
    find_odd(document, beliefs, inherited=merged.beliefs, declared=declared, plugins=_used(merged))
    merged.beliefs.update(beliefs)
    merged.origins.update(dict.fromkeys(beliefs, document.name))
    for name, changes in read_variants(document, declared, merged.beliefs).items():
        merged.variants.setdefault(name, {}).update(changes)
    merged.correlations.update(read_correlations(document, declared))
    merged.must_hold.update(read_must_hold(document))
    merged.compute.update(tree.get("compute", {}))


def _used(merged: _Merged) -> frozenset[str]:
    """Ids of the plugins that have a part in the forecast."""
    parts = {id_ for id_ in merged.plugins.values() if isinstance(id_, str)}
    return frozenset(parts | set(merged.plugins["supply"].values()) | merged.use)


def _actors(merged: _Merged) -> list[str]:
    return list(merged.single.get("actors", read_keys()["actors"].defaults))


def _check_actors(own: Document, merged: _Merged, documents: list[Document]) -> None:
    """Report actors without a pool; silent where the files that could say it are not readable."""
    supply = merged.plugins["supply"]
    if not supply and any(document.problems for document in documents):
        return
    for actor in dict.fromkeys(["world", *_actors(merged)]):
        if actor not in supply:
            own.fault(
                "AMP-S160",
                "actors",
                f"no supply is named for the actor {actor!r}",
                why="Every actor needs a pool of compute; all others need that of the world.",
                fix=f'add  {actor} = "world-chips"  under [plugins.supply]',
                containing=f'"{actor}"',
            )


def _record(own: Document, merged: _Merged) -> dict[str, Any]:
    """The resolved scenario as plain tables, with every default filled in."""
    keys = read_keys()
    compute = {
        name: merged.compute.get(name, int(keys[f"compute.{name}"].default))
        for name in ("draws", "chains", "seed")
    }
    tree = {
        "format": 1,
        "name": own.tree["name"],
        "author": merged.single.get("author", ""),
        "question": merged.single.get("question", ""),
        "years": merged.years,
        "actors": _actors(merged),
        "decision": merged.single.get("decision", keys["decision"].default),
        "plugins": merged.plugins,
        "techniques": {"use": sorted(merged.use), "leave_out": sorted(merged.left_out)},
        "regimes": merged.regimes,
        "task_classes": {"use": merged.task_classes or list(keys["task_classes.use"].defaults)},
        "assumptions": {name: to_table(prior) for name, prior in sorted(merged.beliefs.items())},
        "variants": {
            variant: {name: to_table(prior, notes=False) for name, prior in sorted(changes.items())}
            for variant, changes in sorted(merged.variants.items())
        },
        "correlations": [
            {"a": a, "b": b, "rank": rank} for (a, b), rank in sorted(merged.correlations.items())
        ],
        "compute": compute,
    }
    if merged.must_hold:  # others keep the digest that they had before there were such beliefs
        tree["beliefs"] = dict(sorted(merged.must_hold.items()))
    return {
        "tree": tree,
        "based_on": own.tree.get("based_on", ""),
        "origins": merged.origins,
    }
