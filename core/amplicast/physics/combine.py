"""Joint gain of several mechanisms: split a total spend so that the gains add up to most.

Curves have steps and are not concave, so the split is searched on a grid: inside a mechanism the
combining rule merges techniques at equal spend, across mechanisms the best split is a max-plus
convolution, folded over the mechanisms in sorted order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from amplicast.math import MathNamespace, Value

__all__ = ["SPEND_POINTS", "SPEND_STEP", "at_spend", "joint_gain", "spend_grid"]

SPEND_STEP = 0.2
"""Distance of two points of the spend grid [OOM]."""

SPEND_POINTS = 41
"""Points of the spend grid: 0 to 8 OOM, beyond every technique's domain."""


def spend_grid(m: MathNamespace) -> Value:
    """Spend grid along dim ``spend`` [OOM], shape ``(SPEND_POINTS,)``."""
    return m.array([SPEND_STEP * i for i in range(SPEND_POINTS)], dims=("spend",))


def joint_gain(m: MathNamespace, tables: Mapping[str, Value]) -> Value:
    """Most gain that any split of each spend over the mechanisms reaches [OOM].

    Parameters
    ----------
    m : MathNamespace
    tables : Mapping[str, Value]
        Gain of each mechanism on the spend grid, dims with ``spend`` [OOM]; zero at zero spend.

    Returns
    -------
    Value
        Same dims, on the same grid. At least every single table, at most their sum.
    """
    ordered: Sequence[Value] = [tables[name] for name in sorted(tables)]
    return reduce(lambda a, b: m.max_plus(a, b, dim="spend"), ordered)


def at_spend(m: MathNamespace, table: Value, spend: Value) -> Value:
    """Value of a table on the spend grid at any spend [OOM], linear between points."""
    return m.interpolate(table, spend / SPEND_STEP, dim="spend")
