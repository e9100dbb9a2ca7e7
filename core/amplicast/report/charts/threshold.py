"""The chance that a threshold is reached, by year (F4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from amplicast.report.charts.axes import chance_axis, year_axis
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.labels import LETTER, Label, beside
from amplicast.report.charts.passing import threshold_of
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import Place, opening, place_of, scenario_title
from amplicast.report.charts.style import DASHES, MUTED, SERIES, SERIES_TEXT, SMALL, inline
from amplicast.report.likelihood import Chance, chance_of, sentence

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["MOST_LINES", "threshold"]

MOST_LINES = 4
"""Lines in one panel; more cannot be told apart."""

USUAL = 350.0
"""Width of a plot for which names of ranges are placed [px]."""

ASIDE = {"left": 4, "center": 0, "right": -5}
"""How far a name stands from the year at which it is set [px]."""

ZONES = (
    (0.90, 1.00, "very likely"),
    (0.66, 0.90, "likely"),
    (0.33, 0.66, "about as likely as not"),
    (0.10, 0.33, "unlikely"),
    (0.00, 0.10, "very unlikely"),
)
"""Ranges of the IPCC with their names."""


@dataclass(frozen=True)
class Line:
    """Chances by year.

    Attributes
    ----------
    name : str
    place : Place
    chances : list of Chance
    """

    name: str
    place: Place
    chances: list[Chance]

    @property
    def last(self) -> Chance:
        """That of the last year."""
        return self.chances[-1]


def threshold(
    forecast: Forecast,
    *,
    quantity: str = "amplification",
    threshold: float | None = None,
    scenario: str | None = None,
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
) -> Picture:
    """Chance of reaching a threshold, by year: a line per task class, or per scenario for one.

    Raises
    ------
    ScenarioError
        The run has no such label, or the quantity no thresholds.
    """
    what = threshold_of(quantity, threshold)
    names: dict[str, Any] = {"actor": actor, "regime": regime}
    place = place_of(forecast, scenario=scenario, task_class=task_class, **names)
    by_class = quantity == "amplification" and task_class is None
    places: dict[str, Place]
    if by_class:
        places = {
            each: place_of(forecast, scenario=scenario, task_class=each, **names)
            for each in forecast.plan.task_classes
        }
    else:
        labels = (scenario,) if scenario else forecast.scenarios
        places = {
            scenario_title(forecast, each)[0]: place_of(
                forecast, scenario=each, task_class=task_class, **names
            )
            for each in labels
        }
    found = [
        Line(name, each, [chance_of(what.reached(each).sel(year=y)) for y in each.years])
        for name, each in places.items()
    ]
    lines = _farthest(found)
    left = [line.name for line in found if line not in lines]
    first, last = place.years[0], place.years[-1]
    tasks = "" if by_class or quantity == "copies" else f", {place.task_class} tasks"
    aim = "" if quantity == "copies" else f"; {place.wanted}"
    where = place.story if by_class or len(found) == 1 else "by scenario"
    told = "; ".join(f"{line.name}: {line.last.text} in {last}" for line in lines)
    said = sentence(
        lines[0].last,
        f"at least {what.text} can be had at the end of {last}",
        f"{what.text} cannot be had at the end of {last}",
    )
    return Picture(
        name="threshold",
        title=f"Chance of at least {what.text}",
        subtitle=(f"{place.pool}{tasks}; {where}{aim}; ends of years",),
        panels=(Panel(partial(_panel, lines)),),
        columns=1, width=520, height=300,
        caption=caption(
            forecast,
            what=f"Chance that at least {what.text} can be had at the end of each year, pool "
            f"{place.pool!r}{tasks}, from {first} to {last}",
            where=f"{place.story if by_class else 'Scenarios as named'}{aim}; where the copies "
            f"cannot be run the threshold counts as not reached",
            meaning=f"Lines: share of the joint draws; grey: the IPCC's words for chances. "
            f"{opening(lines[0].name)}: {said[0].lower()}{said[1:].rstrip('.')}. {told}."
            + (f" Nearer to the reference and not drawn: {', '.join(left)}." if left else ""),
        ),
        alt=alt_text(
            f"Line chart, {first} to {last}: chance of at least {what.text}, {place.pool}{tasks}.",
            *(
                f"{opening(line.name)}: {line.chances[0].text} to {line.last.text}."
                for line in lines
            ),
        ),
        values=Values(
            ("line", "year", "chance", "Monte Carlo error"),
            tuple(
                (line.name, year, chance.share, chance.error)
                for line in found
                for year, chance in zip(line.place.years, line.chances, strict=True)
            ),
        ),
    )  # fmt: skip


def _farthest(found: Sequence[Line]) -> list[Line]:
    """The first line, and those that lie farthest from it, in their own order."""
    first, *others = found
    ranked = sorted(others, key=lambda line: -abs(line.last.share - first.last.share))
    kept = ranked[: MOST_LINES - 1]
    return [line for line in found if line is first or line in kept]


def _panel(lines: Sequence[Line], frame: Frame) -> Any:
    import altair

    years = lines[0].place.years
    texts = [f"{line.name} {line.last.text}" for line in lines]
    room = 16.0 + (LETTER + 0.4) * max(len(text) for text in texts)
    x = year_axis(years, span=frame.within(14.0, room))
    layers: list[Any] = [
        inline([row])
        .mark_text(
            align=row["align"],
            dx=ASIDE[row["align"]],
            fontSize=SMALL,
            color=MUTED,
            fontStyle="italic",
        )
        .encode(x=x, y=chance_axis("y"), text=altair.Text("text:N"))
        for row in _zones(lines)
    ]
    for i, line in enumerate(lines):
        rows = [
            {"x": year, "p": round(chance.share, 5)}
            for year, chance in zip(years, line.chances, strict=True)
        ]
        layers.append(
            inline(rows)
            .mark_line(
                color=SERIES[i], strokeWidth=2.5, strokeDash=DASHES[i],
                point=altair.OverlayMarkDef(color=SERIES[i], size=24),
            )
            .encode(x=x, y=chance_axis("p"))
        )  # fmt: skip
    labels = [
        Label(line.last.share, text, SERIES_TEXT[i], bold=True)
        for i, (line, text) in enumerate(zip(lines, texts, strict=True))
    ]
    layers += beside(
        labels, x=x, y=chance_axis("y"), at=years[-1], ends=(0.0, 1.0), height=frame.height
    )
    return altair.layer(*layers)


def _zones(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Names of the ranges, each where the lines leave most room: left, right or in the middle."""
    import numpy

    years = numpy.asarray(lines[0].place.years, dtype=float)
    drawn = [numpy.array([chance.share for chance in line.chances]) for line in lines]
    rows = []
    for low, high, text in ZONES:
        length = min(LETTER * len(text) / USUAL, 1.0) * (years[-1] - years[0])
        starts = (("left", 0.0), ("right", 1.0), ("center", 0.5))
        best: tuple[float, dict[str, Any]] = (-1.0, {})
        for align, share in starts:
            at = years[0] + share * (years[-1] - years[0])
            across = numpy.linspace(at - share * length, at + (1.0 - share) * length, 9)
            heights = numpy.concatenate([numpy.interp(across, years, line) for line in drawn])
            for y in numpy.linspace(low + 0.04, high - 0.04, 9):
                gap = float(numpy.abs(heights - y).min())
                if gap > best[0] + 0.02:
                    row = {"x": float(at), "y": round(float(y), 4), "text": text, "align": align}
                    best = (gap, row)
        rows.append(best[1])
    return rows
