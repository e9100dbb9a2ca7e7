"""Answer again under changed inputs, working out only what the change reaches.

The forecast is one function against a math namespace. Called once with a namespace that writes
operations down instead of doing them, it leaves its own graph. When an input changes, only the
operations behind it run again, by the same NumPy namespace in the same order: the numbers are those
of a whole evaluation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amplicast.engine.operations import Node, WritingMath

__all__ = ["LIVE", "Changes", "Graph", "Node"]

Value = Any
Changes = Mapping[str, tuple[Hashable, Value]]
"""By input: what tells this value from others, and the value."""

LIVE = 12_000_000
"""Elements that a change may make anew and still be called live; some 40 ms of work."""

LARGE = 400_000
"""Elements from which a value is kept for a live input alone."""


@dataclass
class Graph:
    """Operations by the order of writing; what is written twice is there once.

    Attributes
    ----------
    inputs : Mapping[str, xarray.DataArray]
        The values it begins with, by name.
    nodes : list of Node
    """

    inputs: Mapping[str, Value]
    nodes: list[Node] = field(default_factory=list)
    _known: dict[Hashable, Node] = field(default_factory=dict, repr=False)
    _kept: dict[int, dict[Hashable, Value]] = field(default_factory=dict, repr=False)
    _sizes: dict[int, int] = field(default_factory=dict, repr=False)
    _few: list[Value] = field(default_factory=list, repr=False)

    @property
    def math(self) -> Any:
        """The namespace that writes into this graph."""
        return WritingMath(self)

    def symbols(self) -> dict[str, Node]:
        """The inputs, as a function of them takes them."""
        return {name: self._input(name) for name in self.inputs}

    def _input(self, name: str) -> Node:
        key = ("input", name)
        if key not in self._known:
            node = Node(self, None, (name,), frozenset({name}))
            self.nodes.append(node)
            self._known[key] = node
        return self._known[key]

    def write(self, kind: Hashable, function: Callable[..., Value], *operands: Any) -> Node:
        """The node of an operation; the same node where it was written before."""
        key: Hashable = (kind, tuple(_key(each) for each in operands))
        try:
            known = self._known.get(key)
        except TypeError:  # an operand without a hash: the operation stands for itself
            known, key = None, ("itself", len(self.nodes))
        if known is None:
            needs = (each.needs for each in operands if isinstance(each, Node))
            known = Node(self, function, operands, frozenset().union(*needs))
            self.nodes.append(known)
            self._known[key] = known
        return known

    def evaluate(self, wanted: Iterable[Node], changes: Changes | None = None) -> list[Value]:
        """Values of nodes under changed inputs; what is kept and not reached is not done again."""
        changes = changes or {}
        wanted = list(wanted)
        done: dict[int, Value] = {}
        uses = self._plan(wanted, changes, done)
        for place in sorted(uses):
            if place in done:
                continue
            node = self.nodes[place]
            operands = [done[o.place] if isinstance(o, Node) else o for o in node.operands]
            done[place] = value = self._value(node, operands, changes)
            if place in self._kept:
                self._keep(node, changes, value)
            for operand in node.operands:
                if isinstance(operand, Node):
                    uses[operand.place] -= 1
                    if not uses[operand.place]:
                        del done[operand.place]
        return [done[node.place] for node in wanted]

    def _plan(
        self, wanted: Iterable[Node], changes: Changes, done: dict[int, Value]
    ) -> dict[int, int]:
        """How often each node is used that must be known; what is kept goes into `done`."""
        uses: dict[int, int] = {}
        pending = list(wanted)
        while pending:
            node = pending.pop()
            if node.place in uses:
                uses[node.place] += 1
                continue
            uses[node.place] = 1
            kept = self._kept.get(node.place, {}).get(_signature(node, changes))
            if kept is not None:
                done[node.place] = kept
                continue
            pending += [operand for operand in node.operands if isinstance(operand, Node)]
        return uses

    def _value(self, node: Node, operands: list[Value], changes: Changes) -> Value:
        if node.function is not None:
            return node.function(*operands)
        name = operands[0]
        return changes[name][1] if name in changes else self.inputs[name]

    def _keep(self, node: Node, changes: Changes, value: Value) -> None:
        """Keep the value under the first inputs, and the latest one beside it."""
        kept, signature = self._kept[node.place], _signature(node, changes)
        if signature != ():
            for other in [key for key in kept if key != ()]:
                del kept[other]
        kept[signature] = value

    def watch(self, wanted: Collection[Node], names: Collection[str]) -> None:
        """Keep from now on what stays the same when one of the inputs `names` changes."""
        self._measure()
        keep = set(self._kept)
        needed = self._needed(wanted)
        for name in names:
            live = self._work(needed, name) <= LIVE
            for node in needed:
                if name not in node.needs:
                    continue
                for operand in node.operands:
                    if not isinstance(operand, Node) or name in operand.needs:
                        continue
                    if operand.function and (live or self._sizes[operand.place] <= LARGE):
                        keep.add(operand.place)
        for node in wanted:
            keep.add(node.place)
        for place in keep - set(self._kept):
            self._kept[place] = {}

    def work(self, wanted: Iterable[Node], name: str) -> int:
        """Elements that a change of an input makes anew."""
        self._measure()
        return self._work(self._needed(wanted), name)

    def _work(self, needed: Iterable[Node], name: str) -> int:
        return sum(self._sizes[node.place] for node in needed if name in node.needs)

    def _needed(self, wanted: Iterable[Node]) -> list[Node]:
        found: set[int] = set()
        pending = list(wanted)
        while pending:
            node = pending.pop()
            if node.place not in found:
                found.add(node.place)
                pending += [operand for operand in node.operands if isinstance(operand, Node)]
        return [self.nodes[place] for place in sorted(found)]

    def _measure(self) -> None:
        """Elements of every value that is not measured yet, from two draws."""
        draws = max((v.sizes.get("draw", 1) for v in self.inputs.values()), default=1)
        for node in self.nodes[len(self._few) :]:
            operands = [self._few[o.place] if isinstance(o, Node) else o for o in node.operands]
            value = self._value(node, operands, {})
            if node.function is None and "draw" in value.dims:
                value = value.isel(draw=slice(0, 2))
            self._few.append(value)
            both = value if isinstance(value, tuple) else (value,)
            self._sizes[node.place] = sum(_elements(each, draws) for each in both)


def _elements(value: Value, draws: int) -> int:
    if not hasattr(value, "dims"):
        return 1
    size = int(value.size)
    return size // value.sizes["draw"] * draws if "draw" in value.dims else size


def _key(operand: Any) -> Hashable:
    if isinstance(operand, Node):
        return ("node", operand.place)
    return (type(operand).__name__, operand)


def _signature(node: Node, changes: Changes) -> Hashable:
    """What tells the node's value from others: the changed inputs behind it."""
    if not changes:
        return ()
    return tuple(sorted((name, changes[name][0]) for name in changes if name in node.needs))
