"""The log density of correlated normals as one PyTensor operation with its own gradient.

PyTensor would compile a Cholesky factorisation, its solves and their gradients for every model
anew, which takes longer than all the rest of a fit. These few loops compile in a second.
"""

from __future__ import annotations

import inspect
import math
import zlib
from functools import cache
from typing import Any

from amplicast.engine.environment import configure

__all__ = ["log_density"]

Value = Any


def _loops(residual: Any, variance: Any, covariance: Any) -> tuple[Any, Any, Any]:
    """Return log N(residual; 0, K) and its gradients, with K = covariance + diag(variance).

    With K = L L' and W the inverse of L: the gradient by the residual is -W'W residual = -a, by
    the variances (a**2 - diag(W'W)) / 2. Plain loops, which Numba compiles as they are.
    """
    size = len(residual)
    lower = covariance.copy()
    for i in range(size):
        lower[i, i] += variance[i]
    log_density = -0.5 * size * math.log(2.0 * math.pi)
    for j in range(size):
        for k in range(j):
            lower[j, j] -= lower[j, k] * lower[j, k]
        # Not a number where the arguments are none, instead of an error of the logarithm.
        lower[j, j] = math.sqrt(lower[j, j]) if lower[j, j] > 0.0 else math.nan
        log_density -= math.log(lower[j, j])
        for i in range(j + 1, size):
            for k in range(j):
                lower[i, j] -= lower[i, k] * lower[j, k]
            lower[i, j] /= lower[j, j]
    inverse = 0.0 * lower
    for j in range(size):
        inverse[j, j] = 1.0 / lower[j, j]
        for i in range(j + 1, size):
            for k in range(j, i):
                inverse[i, j] -= lower[i, k] * inverse[k, j]
            inverse[i, j] /= lower[i, i]
    slope = 0.0 * residual
    curvature = 0.0 * residual
    for i in range(size):
        white = 0.0
        for k in range(i + 1):
            white += inverse[i, k] * residual[k]
        log_density -= 0.5 * white * white
        for k in range(i + 1):
            slope[k] -= inverse[i, k] * white
            curvature[k] -= 0.5 * inverse[i, k] * inverse[i, k]
    for i in range(size):
        curvature[i] += 0.5 * slope[i] * slope[i]
    return log_density, slope, curvature


@cache
def _operation() -> Any:
    """Return the operation; defined here because its class needs PyTensor."""
    configure()
    import numpy
    import pytensor.tensor as pt
    from pytensor.gradient import grad_undefined
    from pytensor.graph.basic import Apply
    from pytensor.graph.op import Op
    from pytensor.link.numba.dispatch import basic

    class CorrelatedNormal(Op):  # type: ignore[misc]
        """(residual, variance, covariance) -> log density, its gradients by the first two."""

        __props__ = ()

        def make_node(self, *inputs: Value) -> Any:
            residual, variance, covariance = (pt.as_tensor(one, dtype="float64") for one in inputs)
            outputs = [pt.dscalar(), residual.type(), variance.type()]
            return Apply(self, [residual, variance, covariance], outputs)

        def perform(self, node: Any, inputs: Any, output_storage: Any) -> None:
            for store, value in zip(output_storage, _loops(*inputs), strict=True):
                store[0] = numpy.asarray(value)

        def pullback(self, inputs: Any, outputs: Any, cotangents: Any) -> list[Value]:
            # Only the density is differentiated: nobody asks for second derivatives.
            scale = cotangents[0]
            fixed = grad_undefined(self, 2, inputs[2], "the covariance is data")
            return [scale * outputs[1], scale * outputs[2], fixed]

    def funcify(op: Any, node: Any, **_: Any) -> tuple[Any, int]:
        jitted = basic.numba_njit(_loops)

        def correlated_normal(residual: Any, variance: Any, covariance: Any) -> Any:
            density, slope, curvature = jitted(residual, variance, covariance)
            return numpy.asarray(density), slope, curvature

        # The number sets compiled code of another version of the loops aside.
        salt = zlib.crc32(inspect.getsource(_loops).encode())
        return basic.numba_njit(correlated_normal), salt

    basic.register_funcify_default_op_cache_key(CorrelatedNormal)(funcify)
    return CorrelatedNormal()


def log_density(residual: Value, variance: Value, covariance: Any) -> Value:
    """Return log N(residual; 0, covariance + diag(variance)).

    Parameters
    ----------
    residual, variance : TensorVariable
        (row).
    covariance : numpy.ndarray
        (row, row), positive definite.

    Returns
    -------
    TensorVariable
        Scalar; differentiable once, in the first two.
    """
    return _operation()(residual, variance, covariance)[0]
