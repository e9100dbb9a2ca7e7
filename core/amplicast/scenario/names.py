"""Names that a scenario uses: of assumptions, plugins, techniques and devices."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from amplicast.scenario.document import Document
from amplicast.scenario.structure import near

if TYPE_CHECKING:
    from amplicast.scenario.model import Declared

__all__ = ["PARTS", "Known", "check_ids", "find_assumption", "full_name"]

Known = Mapping[str, Collection[str]]
"""Ids by kind: ``techniques``, ``hardware``, ``models``, ``serving``, ``supply``, ..."""

PARTS = {
    "model": "models",
    "serving": "serving",
    "cost": "costs",
    "demand": "demand",
    "combining": "combining",
    "equivalence": "equivalences",
}


def full_name(name: str, declared: Mapping[str, Declared]) -> tuple[str, ...]:
    """Full names that a name can mean: itself, or ``<plugin>.<name>``; empty where unknown."""
    if name in declared:
        return (name,)
    return tuple(sorted(full for full in declared if full.endswith(f".{name}")))


def find_assumption(
    document: Document,
    name: str,
    declared: Mapping[str, Declared],
    *,
    path: str,
    code: str = "AMP-S110",
) -> str:
    """Full name of an assumption; empty, with the problem told, where it is none or several."""
    found = full_name(name, declared)
    if len(found) == 1:
        return found[0]
    if found:
        document.fault(
            "AMP-S119",
            path,
            f"{name!r} can mean {' or '.join(found)}",
            why="Several plugins have a parameter of this name.",
            fix=f'write "{found[0]}" instead of {name}',
        )
        return ""
    short = {full.rpartition(".")[2]: full for full in sorted(declared)}
    guess = near(name, declared) or short.get(near(name, short), "")
    document.fault(
        code,
        path,
        f"there is no assumption called {name!r}" + (f"; did you mean {guess!r}?" if guess else ""),
        why="An assumption is an input of the engine or a parameter of a plugin that is loaded.",
        fix=f"write {guess} instead of {name}" if guess else "amplicast scenario explain lists all",
    )
    return ""


def check_ids(document: Document, known: Known) -> None:
    """Report plugins, techniques and devices that are not there, and items given twice."""
    plugins = document.tree.get("plugins", {})
    for part, kind in PARTS.items():
        if part in plugins:
            _known(document, plugins[part], kind, known, path=f"plugins.{part}")
    for actor, id_ in plugins.get("supply", {}).items():
        _known(document, id_, "supply", known, path=f"plugins.supply.{actor}")
    techniques = document.tree.get("techniques", {})
    for path, kind, ids in (
        ("plugins.hardware", "hardware", plugins.get("hardware", ())),
        ("techniques.use", "techniques", techniques.get("use", ())),
        ("techniques.leave_out", "techniques", techniques.get("leave_out", ())),
    ):
        for id_ in dict.fromkeys(ids):
            _known(document, id_, kind, known, path=path)
        _once(document, ids, path=path)
    _once(document, document.tree.get("actors", ()), path="actors")
    _once(document, document.tree.get("task_classes", {}).get("use", ()), path="task_classes.use")
    both = sorted(set(techniques.get("use", ())) & set(techniques.get("leave_out", ())))
    for id_ in both:
        document.fault(
            "AMP-S178",
            "techniques.leave_out",
            f"{id_!r} is both in use and left out",
            why="leave_out takes a technique out of what the base uses.",
            fix=f'take "{id_}" out of one of the two lists',
            containing=f'"{id_}"',
        )


def _known(document: Document, id_: str, kind: str, known: Known, *, path: str) -> None:
    if kind not in known or id_ in known[kind]:
        return
    names = sorted(known[kind])
    guess = near(id_, names)
    noun = kind.removesuffix("s")
    document.fault(
        "AMP-S177",
        path,
        f"there is no {noun} called {id_!r}" + (f"; did you mean {guess!r}?" if guess else ""),
        why=f"Installed: {', '.join(names) or 'none'}.",
        fix=f'write "{guess}" instead of "{id_}"' if guess else "amplicast plugins list shows all",
        containing=f'"{id_}"',
    )


def _once(document: Document, items: Collection[str], *, path: str) -> None:
    listed = list(items)
    for item in sorted({item for item in listed if listed.count(item) > 1}):
        document.fault(
            "AMP-S188",
            path,
            f"{item!r} is in the list twice",
            why="Each item counts once.",
            fix=f'delete one "{item}"',
            containing=f'"{item}"',
        )
