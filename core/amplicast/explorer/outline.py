"""The reference as a dashed outline in the fans of another state."""

from __future__ import annotations

from collections.abc import Mapping
from math import log10
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amplicast.explorer.numbers import Numbers

__all__ = ["outlined"]

DASHES = {"p05": [2, 3], "p50": [6, 3], "p95": [2, 3]}
"""Lines of the outline."""


def outlined(record: dict[str, Any], reference: Numbers) -> None:
    """Add the reference's median and 90 % interval to the fans of a picture's record.

    Parameters
    ----------
    record : dict
        As `Picture.record` gives it; a picture without fans stays as it is.
    reference : Numbers
    """
    if record["name"] == "copies":
        fans = [reference.record()["copies"]]
    elif record["name"] == "amplification":
        fans = [reference.record()["amplification"][reference.state.task_class]]
    else:
        return
    for specification, fan in zip(record["specifications"], fans, strict=True):
        _outline(specification, reference.years, fan, log=record["name"] == "copies")
    record["caption"] += " Dashed: median and 90 % interval of the reference."


def _outline(
    specification: dict[str, Any],
    years: tuple[int, ...],
    fan: Mapping[str, list[float | None]],
    *,
    log: bool,
) -> None:
    median = next(
        layer for layer in specification["layer"]
        if layer.get("encoding", {}).get("y", {}).get("field") == "p50"
    )  # fmt: skip
    encoding = median["encoding"]
    for name, dash in DASHES.items():
        rows = [
            {"x": year, "r": log10(max(value, 1e-9)) if log else value}
            for year, value in zip(years, fan[name], strict=True)
            if value is not None
        ]
        specification["layer"].append(
            {
                "data": {"values": rows},
                "mark": {
                    "type": "line", "clip": True, "color": "#444444", "strokeWidth": 1.4,
                    "strokeDash": dash,
                },
                "encoding": {"x": encoding["x"], "y": {**encoding["y"], "field": "r"}},
            }
        )  # fmt: skip
