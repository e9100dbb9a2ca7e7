"""Marks that several pictures share: a row outside its interval."""

from __future__ import annotations

from typing import Any

from amplicast.report.charts.style import SERIES

__all__ = ["missed"]

CROSS = "M-1,-1L1,1M1,-1L-1,1"
"""Its path; a cross differs from a dot without its colour."""


def missed(chart: Any, *, size: float = 45.0) -> Any:
    """Crosses for rows that lie outside of their 90 % interval."""
    return chart.mark_point(
        shape=CROSS, filled=False, stroke=SERIES[1], strokeWidth=2.2, size=size, opacity=1.0
    )
