"""Where a condition holds, in words and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from amplicast.analysis.tornado import unit_of
from amplicast.forecast.inputs import label_of
from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.charts.place import opening
from amplicast.report.layout import Text, note, text_of
from amplicast.report.prose import listed
from amplicast.report.sensitivity import answer_title, estimate, is_score, lowered, unreliable
from amplicast.report.words import count, percent, value

if TYPE_CHECKING:
    from amplicast.analysis.influence import Discovery
    from amplicast.analysis.prim import Limit
    from amplicast.forecast import Forecast

__all__ = ["discovery_record", "discovery_text"]


def discovery_text(forecast: Forecast, found: Discovery) -> Text:
    """The box in words."""
    title = opening(_condition(found))
    whole = f"It holds in {percent(found.share)} of all draws."
    if found.box is None:
        return text_of([title, f"{whole} No few inputs tell where; ask for a lower --density."])
    box = found.box
    words = listed(
        [
            f"{label_of(limit.name, forecast.plan.plugins)} is "
            f"{'at least' if limit.above else 'at most'} {_limit(forecast, limit)}"
            for limit in box.limits
        ]
    )
    found_there = (
        f"{whole} Where {words}: {estimate(box.density)} of the draws meet it, and they are "
        f"{estimate(box.coverage)} of all draws that do. {percent(box.mass)} of "
        "all draws lie there."
    )
    return text_of(
        [
            title,
            found_there,
            note(
                """The box was found on every second draw and is told as it holds on the others, in
                which the condition has a share of"""
            )
            + f" {estimate(box.base)}.",
            unreliable(forecast),
        ]
    )


def _condition(found: Discovery) -> str:
    parts = []
    for one, answer in zip(found.condition, found.answers, strict=True):
        number = value(one.number, OUTPUTS[one.output].unit)
        told = f"{lowered(answer_title(answer))}: {one.sign} {number} {_unit(one.output)}"
        parts.append(told.rstrip())
    return listed(parts)


def _unit(output: str) -> str:
    unit = OUTPUTS[output].unit
    return "" if unit in {"1", "fraction"} else unit


def _limit(forecast: Forecast, limit: Limit) -> str:
    """A limit exactly as it was used."""
    number, unit = limit.number, unit_of(forecast, limit.name)
    if unit == "fraction":
        return f"{100.0 * number:.4g} %"
    told = count(number) if number >= 1000.0 else f"{number:g}"
    if is_score(forecast, limit.name):
        return f"{told} (score)"
    return told if unit == "1" else f"{told} {unit}"


def discovery_record(found: Discovery) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "condition": [
            {**asdict(one), "unit": OUTPUTS[one.output].unit, **dict(answer.place)}
            for one, answer in zip(found.condition, found.answers, strict=True)
        ],
        "share": found.share,
        "box": None if found.box is None else asdict(found.box),
    }
