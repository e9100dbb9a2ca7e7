"""How the scenarios of a run differ: a fan for each, beside the reference's median (F3)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from amplicast.report.charts.axes import log_axis, log_ends, nice_ends, oom_axis, year_axis
from amplicast.report.charts.captions import BANDS, alt_text, caption
from amplicast.report.charts.fan import Fan, draw_fan
from amplicast.report.charts.headline import amplification_fan, copies_fan
from amplicast.report.charts.passing import threshold_of
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, Place, place_of, quantiles, scenario_title
from amplicast.report.words import interval, value

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["scenarios"]

COLUMNS = 3
"""Panels in a row of a file."""


def scenarios(
    forecast: Forecast,
    *,
    quantity: str = "copies",
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
) -> Picture:
    """A panel per scenario on one scale, each with the reference's median as a thin grey line.

    Raises
    ------
    ScenarioError
        The run has no such label, or the quantity is not drawn so.
    """
    quantity = threshold_of(quantity, None).quantity
    places = [
        place_of(forecast, scenario=each, actor=actor, regime=regime, task_class=task_class)
        for each in forecast.scenarios
    ]
    found = [quantiles(each.draws(quantity)) for each in places]
    numbers = [float(v) for each in found for v in each.values.ravel() if v == v]
    ends = log_ends(numbers) if quantity == "copies" else nice_ends(numbers)
    fans = [_fan(quantity, each, q, ends) for each, q in zip(places, found, strict=True)]
    reference = fans[0]
    fans = [reference, *(replace(fan, ghost=reference.bands["p50"]) for fan in fans[1:])]
    place, first, last = places[0], places[0].years[0], places[0].years[-1]
    unit = "copies" if quantity == "copies" else "OOM"
    what, tasks = _what(quantity, place)
    titles = [scenario_title(forecast, each.scenario) for each in places]
    single = len(places) == 1
    told = "; ".join(
        f"{title}: {value(float(q.sel(quantile='p50')[-1]), unit)} (90 %: "
        f"{interval(float(q.sel(quantile='p05')[-1]), float(q.sel(quantile='p95')[-1]), unit)})"
        for (title, _), q in zip(titles, found, strict=True)
    )
    ghost = "" if single else " Dashed grey line: median of the reference."
    return Picture(
        name="scenarios",
        title=f"{what} by scenario: {place.pool}",
        subtitle=(f"{tasks}; ends of years" + ("" if single else "; dashed: the reference"),),
        panels=tuple(
            Panel(partial(_panel, quantity, fan), () if single else title)
            for fan, title in zip(fans, titles, strict=True)
        ),
        columns=min(COLUMNS, len(places)), width=520 if single else 285,
        height=300 if single else 210,
        caption=caption(
            forecast,
            what=f"{what} by scenario, pool {place.pool!r}, from {first} to {last}",
            where=f"{tasks}; all scenarios on the same draws",
            meaning=f"{BANDS}{ghost} In {last}, medians: {told}.",
        ),
        alt=alt_text(
            f"{'Fan chart' if single else f'{len(places)} fan charts on one scale'}, {first} to "
            f"{last}: {what}, "
            f"{place.pool}.",
            *(
                f"{title}: median {value(float(q.sel(quantile='p50')[-1]), unit)}."
                for (title, _), q in zip(titles, found, strict=True)
            ),
        ),
        values=Values(
            ("scenario", "year", *(f"{name} [{unit}]" for name in LEVELS)),
            tuple(
                (each.scenario, year, *(float(q.sel(quantile=name)[i]) for name in LEVELS))
                for each, q in zip(places, found, strict=True)
                for i, year in enumerate(each.years)
            ),
        ),
    )  # fmt: skip


def _what(quantity: str, place: Place) -> tuple[str, str]:
    """The quantity, and what it is of."""
    if quantity == "copies":
        return "AI copies that can run", place.copy
    return (
        "Capability amplification",
        f"{place.task_class} tasks; {place.wanted}; OOM of training compute over the deployed one",
    )


def _fan(quantity: str, place: Place, found: Any, ends: tuple[float, float]) -> Fan:
    if quantity == "copies":
        return copies_fan(place, found, ends, dated=False)
    return amplification_fan(place, found, ends)


def _panel(quantity: str, fan: Fan, frame: Frame) -> Any:
    def height(field: str) -> Any:
        axis = log_axis if quantity == "copies" else oom_axis
        return axis(field, fan.ends, labels=frame.first)

    return draw_fan(fan, frame, x=lambda span: year_axis(fan.years, span=span), y=height)
