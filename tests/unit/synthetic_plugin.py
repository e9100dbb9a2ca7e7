"""A plugin of one file: a straight line with known noise, whose posterior has a closed form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import amplicast
from amplicast import Evidence, Family, Prior, Source, Table, Technique

SOURCE = Source(key="made-up", title="Made-up points on a line", grade="D")


def line(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
    """Return the height of the line at each row."""
    return level + slope * columns["spend"]


def exchange(m: Any, spend: Any, *, context: Any, slope: Any, **_others: Any) -> Any:
    """Return the gain [OOM]."""
    return slope * m.maximum(spend, 0.0)


def domain(m: Any, *, context: Any, slope: Any, **_others: Any) -> tuple[Any, Any]:
    """From nothing to two orders of magnitude."""
    return 0.0 * slope, 2.0 + 0.0 * slope


SYNTHETIC = Technique(
    id="synthetic-line",
    summary="A line through four points.",
    sources=(SOURCE,),
    limits="For tests.",
    mechanism="passes",
    role="amplifier",
    task_classes=("general",),
    exchange=exchange,
    domain=domain,
    priors={
        "level": Prior(dist="normal", mean=0.0, sd=2.0, unit="OOM", source="made-up"),
        "slope": Prior(dist="normal", mean=1.0, sd=0.5, unit="OOM/OOM", source="made-up"),
        "unused": Prior("1 to 2", unit="OOM", source="made-up"),
    },
    evidence=(
        Evidence(
            id="points",
            table=Table(Path(__file__).with_name("synthetic_line.csv")),
            predictor=line,
            family=Family(name="normal", value="gain", scale="error"),
            informs="Level and slope.",
            sources=(SOURCE,),
        ),
    ),
)


@amplicast.hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer the line."""
    return [SYNTHETIC]
