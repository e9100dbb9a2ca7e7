"""The math namespace over PyTensor's labelled tensors, twin of `amplicast.math.NUMPY`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from amplicast.engine.environment import configure
from amplicast.math import NEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amplicast.math import MathNamespace

__all__ = ["XTENSOR"]

Value = Any

_ELEMENTWISE = frozenset(
    {
        "abs", "betaincinv", "exp", "expit", "expm1", "gammaincinv", "gammaln", "log", "log10",
        "log1p", "maximum", "minimum", "sqrt",
    }
)  # fmt: skip


def _xtensor() -> Any:
    configure()
    import pytensor.xtensor

    return pytensor.xtensor


def _float(value: Value) -> Value:
    """Label a number or an unlabelled scalar and make integers 64-bit floats.

    PyTensor stores small integer constants in 8 bits, and functions of those in 16-bit floats.
    """
    value = _xtensor().as_xtensor(value)
    return value if value.type.dtype == "float64" else value.astype("float64")


class _TensorMath:
    """`MathNamespace` over `pytensor.xtensor`; labels decide the broadcasting, as in xarray."""

    def __getattr__(self, name: str) -> Any:
        if name not in _ELEMENTWISE:
            raise AttributeError(f"the math namespace has no {name!r}")
        operation = getattr(_xtensor().math, name)

        def function(*values: Value) -> Value:
            return operation(*(_float(value) for value in values))

        setattr(self, name, function)
        return function

    def logit(self, p: Value, /) -> Value:
        return self.log(p) - self.log1p(-_float(p))

    def ndtr(self, x: Value, /) -> Value:
        return 0.5 * _xtensor().math.erfc(_float(x) * -(0.5**0.5))

    def where(self, condition: Value, x: Value, y: Value, /) -> Value:
        xtensor = _xtensor()
        return xtensor.where(xtensor.as_xtensor(condition), _float(x), _float(y))

    def array(self, values: Value, /, *, dims: Sequence[str]) -> Value:
        """Label an array; `dims` has one name per axis."""
        import numpy

        values = numpy.asarray(values)
        if values.dtype.kind in "iu":
            values = values.astype("int64")
        return _xtensor().as_xtensor(values, dims=tuple(dims))

    def stack(self, values: Sequence[Value], /, *, dim: str) -> Value:
        """Stack labelled values along a new dim, in order.

        By choice and not by concatenation: PyTensor infers the shapes of what it concatenates
        anew for every enclosing expression, which takes minutes in a graph of some thousand
        nodes.
        """
        index = self.array([float(i) for i in range(len(values))], dims=(dim,))
        stacked = _float(values[-1]) + 0.0 * index
        for place in reversed(range(len(values) - 1)):
            stacked = self.where(index <= float(place), values[place], stacked)
        return stacked

    def max_plus(self, a: Value, b: Value, /, *, dim: str) -> tuple[Value, Value]:
        """Best split of a grid position: ``max over j <= i of a[j] + b[i - j]``, and its `j`.

        The scan over `j` is built as a graph of its own and put in place when the whole is
        compiled: as it is built, PyTensor infers its shapes from all that leads to it, which takes
        ten seconds in a forecast.
        """
        from pytensor.compile.builders import OpFromGraph

        zero = 0.0 * (_float(a) + _float(b))
        a, b = a + zero, b + zero
        a = a.transpose(dim, ...)
        b = b.transpose(*a.type.dims)
        left, right = a.values.type(), b.values.type()
        splits = OpFromGraph([left, right], _best_split(left, right), inline=True)
        best, place = cast("Sequence[Value]", splits(a.values, b.values))
        as_xtensor = _xtensor().as_xtensor
        return as_xtensor(best, dims=a.type.dims), as_xtensor(place, dims=a.type.dims)

    def interpolate(self, table: Value, position: Value, /, *, dim: str) -> Value:
        """Value of `table` at a fractional position along `dim`, linear, clamped at the ends."""
        xtensor = _xtensor()
        table = _float(table)
        size = table.sizes[dim]
        position = self.minimum(self.maximum(position, 0.0), size - 1.0)
        below = self.minimum(xtensor.math.floor(position), size - 2.0)
        weight = position - below
        index = below.astype("int64")
        low, high = table.isel({dim: index}), table.isel({dim: index + 1})
        return low + weight * (high - low)


def _best_split(left: Value, right: Value) -> list[Value]:
    """Best sum along the first axis and its place, by a scan.

    Positions left of `j` read minus infinity. (Written out for every `j`, the graph grows with the
    square of the grid and does not compile in minutes.)
    """
    import pytensor
    import pytensor.tensor as pt

    size = left.type.shape[0] or left.shape[0]
    nothing = pt.full_like(right, -float("inf"), dtype="float64")
    padded = pt.concatenate([nothing, right], axis=0)
    fixed: Any = pt.specify_shape

    def step(
        j: Value, best: Value, place: Value, left: Value, padded: Value
    ) -> tuple[Value, Value]:
        added = left[j] + padded[size - j : 2 * size - j]
        here = pt.where(added - NEAR > best, j.astype("float64"), place)
        return fixed(pt.maximum(best, added), best.type.shape), fixed(here, place.type.shape)

    best, place = pytensor.scan(
        step,
        sequences=[pt.arange(size)],
        outputs_info=[nothing, pt.zeros_like(right, dtype="float64")],
        non_sequences=[left, padded],
        return_updates=False,
    )
    return [best[-1], place[-1]]


XTENSOR: MathNamespace = cast("MathNamespace", _TensorMath())
"""The namespace over `pytensor.xtensor`; importing it imports nothing heavy."""
