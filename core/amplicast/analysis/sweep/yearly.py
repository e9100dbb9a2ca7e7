"""The end of a forecast that cases move, a year at a time, on plain arrays that stay in the cache.

Labels and whole arrays cost more than the arithmetic where a case moves a few operations only.
Each operation is the same NumPy function on the same elements, so the numbers are the same, too.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.laid import LookedUp, Stacked, split
from amplicast.engine.operations import Node
from amplicast.math import NUMPY

if TYPE_CHECKING:
    from amplicast.engine.incremental import Changes, Graph

__all__ = ["Yearly"]

Value = Any

_PLAIN = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.neg,
    operator.ge, operator.gt, operator.le, operator.lt, NUMPY.where, split,
)  # fmt: skip
"""Functions that take plain arrays as well, element by element."""


class Yearly:
    """Operations that beliefs move, each on values with the same axes, draws last.

    Parameters
    ----------
    graph : Graph
    wanted : sequence of Node
    moved : frozenset of str
        Inputs that cases move.
    """

    def __init__(self, graph: Graph, wanted: Sequence[Node], moved: frozenset[str]) -> None:
        self._wanted = [node.place for node in wanted]
        self._nodes, outside = _split_up(wanted, moved)
        self._inputs = graph.inputs
        self._known = dict(zip(outside, graph.evaluate(outside.values()), strict=True))
        dims = {str(dim) for value in self._known.values() for dim in value.dims}
        dims |= {str(d) for n in moved for d in graph.inputs[n].dims}
        dims |= {node.function.dim for node in self._nodes if isinstance(node.function, Stacked)}
        self.axes = (*sorted(dims - {"year", "draw", "spend"}), "draw")
        """Dims of every value of a year, in order; one that a value has not has length 1."""
        every = frozenset().union(*(node.needs & moved for node in self._nodes))
        self._of = {node.place: tuple(sorted(node.needs & moved)) for node in self._nodes}
        # What all beliefs reach is new in every case: it is let go once nothing needs it.
        new = {node.place for node in self._nodes if node.needs & moved == every}
        last = {o.place: n.place for n in self._nodes for o in n.operands if isinstance(o, Node)}
        self._new, self._drop = new, dict[int, list[int]]()
        for place in new - set(self._wanted):
            self._drop.setdefault(last[place], []).append(place)

    @staticmethod
    def can(wanted: Iterable[Node], moved: frozenset[str]) -> bool:
        """Whether all that the beliefs move goes element by element."""
        import numpy

        nodes, _ = _split_up(wanted, moved)
        return all(
            node.function is None
            or node.function in _PLAIN
            or isinstance(node.function, numpy.ufunc | LookedUp)
            or (isinstance(node.function, Stacked) and node.function.dim != "year")
            for node in nodes
        )

    def year(self, year: int, cases: Sequence[Changes]) -> Iterable[list[Value]]:
        """Values of what is wanted, by case, in one year; the axes are `axes`."""
        tables, known = {}, {}
        for place, value in self._known.items():
            if "spend" in value.dims:
                tables[place] = self._table(value, year)
            else:
                known[place] = self._plain(value, year)
        kept: dict[int, tuple[list[Any], Value]] = {}
        for changes in cases:
            stated = {name: key for name, (key, _) in changes.items()}
            done = dict(known)
            for node in self._nodes:
                place = node.place
                mine = [stated.get(name) for name in self._of[place]]
                if place in kept and kept[place][0] == mine:
                    done[place] = kept[place][1]
                    continue
                done[place] = value = self._value(node, done, tables, changes, year)
                if place not in self._new:
                    kept[place] = (mine, value)
                for operand in self._drop.get(place, ()):
                    del done[operand]
            yield [done[place] for place in self._wanted]

    def _value(
        self,
        node: Node,
        done: Mapping[int, Value],
        tables: Mapping[int, _Table],
        changes: Changes,
        year: int,
    ) -> Value:
        function = node.function
        if function is None:
            name = node.operands[0]
            value = changes[name][1] if name in changes else self._inputs[name]
            return self._plain(value, year)
        if isinstance(function, LookedUp):
            table, _, place = node.operands
            return tables[table.place].at(*done[place.place])
        operands = [done[o.place] if isinstance(o, Node) else o for o in node.operands]
        if isinstance(function, Stacked):
            return self._stacked(operands, self.axes.index(function.dim))
        return function(*operands)

    def _stacked(self, values: Sequence[Value], axis: int) -> Value:
        import numpy

        found = [numpy.asarray(value) for value in values]
        found = [each.reshape((1,) * (len(self.axes) - each.ndim) + each.shape) for each in found]
        shape = list(numpy.broadcast_shapes(*(each.shape for each in found)))
        shape[axis] = len(found)
        stacked = numpy.empty(shape)
        for place, each in enumerate(found):
            stacked[(slice(None),) * axis + (slice(place, place + 1),)] = each
        return stacked

    def _plain(self, value: Value, year: int) -> Value:
        """A labelled value in one year as a plain array."""
        import numpy

        if "year" in value.dims:
            value = value.isel(year=year)
        value = value.transpose(*(dim for dim in self.axes if dim in value.dims))
        shape = [value.sizes.get(dim, 1) for dim in self.axes]
        return numpy.ascontiguousarray(value.values).reshape(shape)

    def _table(self, value: Value, year: int) -> _Table:
        """A table in one year, and where the row of each element of a position begins."""
        import numpy

        if "year" in value.dims:
            value = value.isel(year=year)
        flat = numpy.ascontiguousarray(value.transpose(..., "spend").values).reshape(-1)
        first = numpy.zeros((1,) * len(self.axes), dtype="int64")
        step = value.sizes["spend"]
        for dim in reversed([dim for dim in value.dims if dim != "spend"]):
            along = step * numpy.arange(value.sizes[dim])
            first = first + along.reshape([-1 if each == dim else 1 for each in self.axes])
            step *= value.sizes[dim]
        return _Table(flat, first)


@dataclass(frozen=True)
class _Table:
    """Rows of the spend grid one after the other."""

    values: Value
    first: Value

    def at(self, below: Value, part: Value) -> Value:
        """Between the points `below` and the next ones."""
        index = below + self.first
        low, high = self.values.take(index), self.values[1:].take(index)
        high -= low
        high *= part
        high += low
        return high


def _split_up(wanted: Iterable[Node], moved: frozenset[str]) -> tuple[list[Node], dict[int, Node]]:
    """Operations that beliefs move, in order; and the others that these need, by place."""
    inside: dict[int, Node] = {}
    outside: dict[int, Node] = {}
    pending = list(wanted)
    while pending:
        node = pending.pop()
        if not node.needs & moved:
            outside[node.place] = node
        elif node.place not in inside:
            inside[node.place] = node
            looked = isinstance(node.function, LookedUp)
            # A look-up takes its position as it was split already.
            operands = (node.operands[0], node.operands[2]) if looked else node.operands
            pending += [operand for operand in operands if isinstance(operand, Node)]
    return [inside[place] for place in sorted(inside)], outside
