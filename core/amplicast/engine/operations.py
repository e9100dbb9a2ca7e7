"""Operations written down instead of done: what a function of a math namespace leaves behind."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Protocol

from amplicast.math import NUMPY

__all__ = ["Node", "WritingMath"]

Value = Any

_METHODS = frozenset({"cumsum", "isel", "max", "mean", "min", "sum"})
_BINARY = ("add", "sub", "mul", "truediv", "pow", "ge", "gt", "le", "lt")
_REFLECTED = ("add", "sub", "mul", "truediv", "pow")


class Book(Protocol):
    """What nodes are written into; see `amplicast.engine.incremental.Graph`."""

    nodes: list[Node]

    def write(self, kind: Hashable, function: Callable[..., Value], *operands: Any) -> Node:
        """The node of an operation."""
        ...

    def evaluate(self, wanted: list[Node]) -> list[Value]:
        """Values of nodes under the first inputs."""
        ...


class Node:
    """One operation that was written down; it can be calculated with like a labelled array.

    Attributes
    ----------
    graph : Book
    place : int
        In the order of writing: operands come first.
    function : callable or None
        None for an input.
    operands : tuple
        Nodes and constants; lists of nodes as tuples.
    needs : frozenset of str
        Inputs behind it.
    """

    __slots__ = ("function", "graph", "needs", "operands", "place")
    __array_ufunc__ = None

    def __init__(
        self,
        graph: Book,
        function: Callable[..., Value] | None,
        operands: tuple[Any, ...],
        needs: frozenset[str],
    ) -> None:
        self.graph, self.function, self.operands, self.needs = graph, function, operands, needs
        self.place = len(graph.nodes)

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)

        def method(*arguments: Any) -> Node:
            return self.graph.write(
                ("method", name, arguments),
                lambda value: getattr(value, name)(*arguments),
                self,
            )

        return method

    def __neg__(self) -> Node:
        return self.graph.write("neg", operator.neg, self)

    def __bool__(self) -> bool:
        raise TypeError("what is written down has no value yet: the plugin must use m.where")

    @property
    def sizes(self) -> Mapping[str, int]:
        """Length of each dim, of the value under the inputs that the graph began with."""
        sizes: Mapping[str, int] = self.graph.evaluate([self])[0].sizes
        return sizes


def _binary(name: str, *, reflected: bool) -> Callable[[Node, Any], Node]:
    function = getattr(operator, name)

    def method(self: Node, other: Any) -> Node:
        pair = (other, self) if reflected else (self, other)
        return self.graph.write(name, function, *pair)

    return method


for _name in _BINARY:
    setattr(Node, f"__{_name}__", _binary(_name, reflected=False))
for _name in _REFLECTED:
    setattr(Node, f"__r{_name}__", _binary(_name, reflected=True))


class WritingMath:
    """`MathNamespace` that writes every call into a graph."""

    def __init__(self, graph: Book) -> None:
        self._graph = graph

    def __getattr__(self, name: str) -> Any:
        function = getattr(NUMPY, name)

        def write(*values: Any, **options: Any) -> Node:
            called = (lambda *v: function(*v, **options)) if options else function
            return self._graph.write((name, tuple(sorted(options.items()))), called, *values)

        return write

    def array(self, values: Value, /, *, dims: Any) -> Node:
        """Label an array: a constant of the graph."""
        constant = NUMPY.array(values, dims=dims)
        kind = ("array", tuple(dims), constant.values.shape, constant.values.tobytes())
        return self._graph.write(kind, lambda: constant)

    def stack(self, values: Any, /, *, dim: str) -> Node:
        """Stack labelled values along a new dim, in order."""
        return self._graph.write(
            ("stack", dim), lambda *several: NUMPY.stack(several, dim=dim), *values
        )

    def max_plus(self, a: Value, b: Value, /, *, dim: str) -> tuple[Node, Node]:
        """Best split of a grid position, and its place."""
        both = self._graph.write(
            ("max_plus", dim), lambda x, y: NUMPY.max_plus(x, y, dim=dim), a, b
        )
        first, second = operator.itemgetter(0), operator.itemgetter(1)
        write = self._graph.write
        return write(("item", 0), first, both), write(("item", 1), second, both)
