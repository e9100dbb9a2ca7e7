"""The math namespace in which every curve is written once.

`NUMPY` runs on floats, NumPy arrays and labelled `xarray.DataArray`; `amplicast.engine.tensors`
holds its twin over PyTensor's `xtensor`. A law holds both equal to 1e-9 for every plugin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NUMPY", "MathNamespace"]

Value = Any


class MathNamespace(Protocol):
    """The functions a plugin may use; natural logarithms unless named otherwise."""

    def exp(self, x: Value, /) -> Value: ...
    def expm1(self, x: Value, /) -> Value: ...
    def log(self, x: Value, /) -> Value: ...
    def log1p(self, x: Value, /) -> Value: ...
    def log10(self, x: Value, /) -> Value: ...
    def sqrt(self, x: Value, /) -> Value: ...
    def abs(self, x: Value, /) -> Value: ...
    def maximum(self, x: Value, y: Value, /) -> Value: ...
    def minimum(self, x: Value, y: Value, /) -> Value: ...
    def where(self, condition: Value, x: Value, y: Value, /) -> Value: ...
    def expit(self, x: Value, /) -> Value: ...
    def logit(self, p: Value, /) -> Value: ...
    def gammaln(self, x: Value, /) -> Value: ...
    def ndtr(self, x: Value, /) -> Value: ...
    def betaincinv(self, a: Value, b: Value, p: Value, /) -> Value: ...
    def gammaincinv(self, a: Value, p: Value, /) -> Value: ...
    def array(self, values: Value, /, *, dims: Sequence[str]) -> Value: ...
    def stack(self, values: Sequence[Value], /, *, dim: str) -> Value: ...
    def max_plus(self, a: Value, b: Value, /, *, dim: str) -> Value: ...
    def interpolate(self, table: Value, position: Value, /, *, dim: str) -> Value: ...


class _NumpyMath:
    """`MathNamespace` over NumPy ufuncs, which keep `xarray` labels."""

    def __getattr__(self, name: str) -> Any:
        import numpy
        import scipy.special

        if name in {"gammaln", "expit", "logit", "ndtr", "betaincinv", "gammaincinv"}:
            function = getattr(scipy.special, name)
        elif name in {
            "exp", "expm1", "log", "log1p", "log10", "sqrt", "abs", "maximum", "minimum",
        }:  # fmt: skip
            function = getattr(numpy, name)
        else:
            raise AttributeError(f"the math namespace has no {name!r}")
        setattr(self, name, function)
        return function

    def where(self, condition: Value, x: Value, y: Value, /) -> Value:
        import numpy

        if any(hasattr(value, "dims") for value in (condition, x, y)):
            import xarray

            return xarray.where(condition, x, y)
        return numpy.where(condition, x, y)

    def array(self, values: Value, /, *, dims: Sequence[str]) -> Value:
        """Label an array; `dims` has one name per axis."""
        import numpy
        import xarray

        return xarray.DataArray(numpy.asarray(values), dims=tuple(dims))

    def stack(self, values: Sequence[Value], /, *, dim: str) -> Value:
        """Stack labelled values along a new dim, in order."""
        import xarray

        labelled = [xarray.DataArray(value) for value in values]
        return xarray.concat(xarray.broadcast(*labelled), dim=dim)

    def max_plus(self, a: Value, b: Value, /, *, dim: str) -> Value:
        """Best split of a grid position: ``out[i] = max over j <= i of a[j] + b[i - j]``."""
        import numpy
        import xarray

        a, b = xarray.broadcast(a, b)
        a = a.transpose(dim, ...)
        left = numpy.ascontiguousarray(a.values)
        right = numpy.ascontiguousarray(b.transpose(dim, ...).values)
        best = left[:1] + right
        for j in range(1, len(left)):
            numpy.maximum(best[j:], left[j] + right[: len(left) - j], out=best[j:])
        return xarray.DataArray(best, dims=a.dims)

    def interpolate(self, table: Value, position: Value, /, *, dim: str) -> Value:
        """Value of `table` at a fractional position along `dim`, linear, clamped at the ends."""
        import numpy

        size = table.sizes[dim]
        position = numpy.minimum(numpy.maximum(position, 0.0), size - 1.0)
        below = numpy.minimum(numpy.floor(position), size - 2.0)
        weight = position - below
        index = below.astype("int64")
        low, high = table.isel({dim: index}), table.isel({dim: index + 1})
        return low + weight * (high - low)


NUMPY: MathNamespace = _NumpyMath()
"""The namespace over NumPy and xarray."""
