"""Tables that many cases look up, laid so that what is read together lies together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from amplicast.engine.operations import Node
from amplicast.math import NUMPY
from amplicast.physics.combine import SPEND_POINTS

__all__ = ["LaidMath", "LookedUp", "Stacked", "split"]

Value = Any

BLOCK = 500
"""Draws that are looked up at a time: what is made on the way stays in a core's cache."""


class LaidMath:
    """A writing namespace whose look-ups are fast where only the position moves.

    The numbers are those of `amplicast.math.NUMPY`, to the last bit: a look-up does the same
    operations on the same elements, in another order.

    Parameters
    ----------
    math : Any
        Namespace that writes into a graph.
    moved : collection of str
        Inputs that cases move.
    """

    def __init__(self, math: Any, moved: Collection[str]) -> None:
        self._math, self._moved = math, frozenset(moved)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._math, name)

    def interpolate(self, table: Value, position: Value, /, *, dim: str) -> Value:
        """Value of `table` at a fractional position along `dim`."""
        both = isinstance(table, Node) and isinstance(position, Node)
        if dim != "spend" or not both or not self._moved & (position.needs - table.needs):
            return self._math.interpolate(table, position, dim=dim)
        write = table.graph.write
        laid = write(("laid", dim), lambda value: _laid(value, dim), table)
        places = write("split", split, position)
        return write(("looked up", dim), LookedUp(dim), laid, position, places)

    def stack(self, values: Sequence[Value], /, *, dim: str) -> Value:
        """Stack labelled values along a new dim, in order."""
        nodes = [value for value in values if isinstance(value, Node)]
        if not nodes:
            return self._math.stack(values, dim=dim)
        return nodes[0].graph.write(("stack", dim), Stacked(dim), *values)


@dataclass(frozen=True)
class Stacked:
    """Values one after the other along a new dim."""

    dim: str

    def __call__(self, *values: Value) -> Value:
        """Stack."""
        return NUMPY.stack(values, dim=self.dim)


@dataclass(frozen=True)
class LookedUp:
    """A table that is laid, read at positions that are split."""

    dim: str

    def __call__(self, table: Value, position: Value, places: tuple[Value, Value]) -> Value:
        """Read."""
        return _looked_up(table, position, places, self.dim)


def _laid(table: Value, dim: str) -> Value:
    """The same values, neighbours along `dim` beside each other, draws outermost."""
    order = ["draw"] if "draw" in table.dims else []
    table = table.transpose(*order, ..., dim)
    return table.copy(data=table.values.copy(order="C"))


def split(position: Value) -> tuple[Value, Value]:
    """The point of the spend grid below a position, and how far it lies above that point."""
    import numpy

    position = getattr(position, "values", position)  # with labels or without
    place = numpy.maximum(position, 0.0)
    numpy.minimum(place, SPEND_POINTS - 1.0, out=place)
    below = place.astype("int64")
    numpy.minimum(below, SPEND_POINTS - 2, out=below)
    place -= below
    return below, place


def _looked_up(table: Value, position: Value, places: tuple[Value, Value], dim: str) -> Value:
    """What `amplicast.math.NUMPY` finds; `table` has `dim` last."""
    import numpy

    dims = position.dims
    plain = "draw" in dims and set(table.dims) <= {dim, *dims}
    if not plain or table.sizes[dim] != SPEND_POINTS:
        return NUMPY.interpolate(table, position, dim=dim)
    below, part = places
    flat = table.values.reshape(-1)
    first, step = numpy.zeros((1,) * len(dims), dtype="int64"), table.sizes[dim]
    for name in reversed(table.dims[:-1]):
        shape = [table.sizes[name] if each == name else 1 for each in dims]
        first = first + (step * numpy.arange(table.sizes[name])).reshape(shape)
        step *= table.sizes[name]
    found, axis = numpy.empty(position.shape), dims.index("draw")
    for start in range(0, position.sizes["draw"], BLOCK):
        block = (slice(None),) * axis + (slice(start, start + BLOCK),)
        index = below[block] + (first[block] if "draw" in table.dims else first)
        low, high = flat.take(index), flat.take(index + 1)
        high -= low
        high *= part[block]
        numpy.add(low, high, out=found[block])
    return type(position)(found, dims=dims)
