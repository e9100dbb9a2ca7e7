"""Pictures of both headlines side by side: what moves them, and what the evidence taught."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amplicast.forecast.inputs import label_of
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.picture import Panel, Picture, Values
from amplicast.report.charts.place import opening, spoken
from amplicast.report.words import count

if TYPE_CHECKING:
    from amplicast.explorer.state import State
    from amplicast.forecast import Forecast

__all__ = ["HEADER", "WIDTH", "heights", "lessons", "matters"]

HEADER = (
    "headline", "input", "unit", "5 %", "95 %", "median at 5 %", "median at 95 %",
    "standard error [OOM of the median]",
)  # fmt: skip
"""Columns of the numbers behind `matters`; medians of copies are copies, the others OOM."""

WIDTH = 390.0
"""Of one of two panels in a file [px]."""

ROW = 40.0
"""Height of a parameter in `lessons` [px]."""

LITTLE = 0.1
"""Share of prior variance below which a parameter is mostly prior, as in `learned`."""


def matters(forecast: Forecast, state: State) -> Picture:
    """The tornado of copies and that of amplification as one picture of two panels.

    Parameters
    ----------
    forecast : Forecast
        Of the state, with every input.
    state : State
    """
    from amplicast.report.charts.tornado import tornado

    both = _both(tornado, forecast, state)
    return _paired(
        both,
        forecast,
        state,
        title="What moves the two headlines most",
        subtitle="median when the input is at its 5 % and at its 95 % value",
        what="Median of each headline where an input is at the low and at the high end of its "
        "range",
        meaning="Ends of bars: the draws in which the input lies in its lowest or highest tenth, "
        "whose middle is its 5 % or 95 % value; inputs that evidence ties together stay tied. "
        "Vertical line: the median of all draws. Only inputs that move it by more than chance "
        "are drawn.",
        kind="tornado charts",
        header=HEADER,
    )


def lessons(forecast: Forecast, state: State) -> Picture:
    """Prior and posterior of what moves copies and of what moves amplification, in two panels.

    Parameters
    ----------
    forecast : Forecast
        The run, with its fits.
    state : State
    """
    from amplicast.report.charts.learned import learned

    both = _both(learned, forecast, state)
    weak = {
        label_of(str(row[0]), forecast.plan.plugins)
        for each in both.values()
        for row in each.values.rows
        if isinstance(row[-1], float) and row[-1] < LITTLE
    }
    flagged = f"Mostly prior: {', '.join(sorted(weak))}." if weak else "None is mostly prior."
    return _paired(
        both,
        forecast,
        state,
        title="What the evidence taught about what moves the headlines",
        subtitle="hollow: before the evidence; filled: after it; thick 66 %, thin 90 %",
        what="Calibrated parameters that move the medians of both headlines most, before and "
        "after their evidence; plugins are calibrated one by one",
        meaning="Each row is on the scale of its prior, whose median is 0 and whose standard "
        "deviation is 1; at the right: posterior median and 90 % interval in the parameter's "
        f"unit. {flagged}",
        kind="charts of prior and posterior intervals",
        header=("headline", *both["AI copies"].values.header),
    )


def heights(picture: Picture) -> list[float]:
    """Of each panel of `lessons` by itself [px]; in a file both are as high as the higher one."""
    names = [panel.title[0].lower() for panel in picture.panels]
    rows = [str(row[0]).lower() for row in picture.values.rows]
    return [ROW * max(rows.count(name), 1) for name in names]


def _both(drawing: Any, forecast: Forecast, state: State) -> dict[str, Picture]:
    """The picture of each headline, by what it is of."""
    at = {"actor": state.actor, "year": state.year}
    gain = {"regime": state.regime, "task_class": state.task_class}
    return {
        "AI copies": drawing(forecast, quantity="copies", **at),
        f"amplification, {state.task_class} tasks": drawing(
            forecast, quantity="amplification", **at, **gain
        ),
    }


def _paired(
    both: dict[str, Picture],
    forecast: Forecast,
    state: State,
    *,
    title: str,
    subtitle: str,
    what: str,
    meaning: str,
    kind: str,
    header: tuple[str, ...],
) -> Picture:
    pool, many = spoken(state.actor), forecast.plan.regimes[state.regime]
    aim = "as many copies as users ask for" if many is None else f"{count(many)} copies"
    story = forecast.scenarios[0]
    return replace(
        both["AI copies"],
        title=f"{title}: {pool}, {state.year}",
        subtitle=(f"{story}; amplification with {aim}", subtitle),
        panels=tuple(Panel(each.panels[0].draw, (opening(name),)) for name, each in both.items()),
        columns=2,
        width=WIDTH,
        height=max(each.height for each in both.values()),
        caption=caption(
            forecast,
            what=f"{what}: pool {pool!r}, end of {state.year}",
            where=f"{story} scenario; amplification with {aim}",
            meaning=meaning,
        ),
        alt=alt_text(
            f"Two {kind}, {pool}, {state.year}.",
            *(
                f"{opening(name)}, first: {label_of(str(rows[0][0]), forecast.plan.plugins)}."
                for name, each in both.items()
                if (rows := each.values.rows)
            ),
        ),
        values=Values(
            header, tuple((name, *row) for name, each in both.items() for row in each.values.rows)
        ),
    )
