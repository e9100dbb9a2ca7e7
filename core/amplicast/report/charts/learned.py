"""What the evidence taught: prior to posterior of the parameters that move the answer most (F10).

Parameters have different units, so all rows stand on the scale of their prior: its median is zero
and its standard deviation one. The numbers beside them are in their own units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from amplicast.analysis.tornado import drivers, unit_of
from amplicast.forecast.evidence import MOSTLY_PRIOR, removed_variance
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.labels import LETTER
from amplicast.report.charts.passing import threshold_of
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, opening, place_of
from amplicast.report.charts.style import BLUE, INK, MUTED, SMALL, TEXT, inline, pixel
from amplicast.report.charts.tornado import amount, answer_of

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior

__all__ = ["learned", "on_prior_scale"]

MOST = 8
"""Rows."""

ROW = 40.0
"""Height of a row: its name above its bars [px]."""

PRIOR = (-1.645, -0.954, 0.0, 0.954, 1.645)
"""The prior's own quantiles, p05 to p95, on its scale."""

WIDEST = 3.5
"""End of the axis [standard deviations of the prior]."""


@dataclass(frozen=True)
class Shift:
    """One parameter.

    Attributes
    ----------
    name, label, unit : str
        `label` is what people call it.
    scaled : dict
        Posterior quantiles on the prior's scale.
    plain : dict
        The same in `unit`.
    removed : float
        Share of the prior's variance that the evidence removed [fraction].
    """

    name: str
    label: str
    unit: str
    scaled: dict[str, float]
    plain: dict[str, float]
    removed: float

    @property
    def told(self) -> str:
        """Posterior median and wide interval, and what it rests on."""
        q = {name: amount(v, self.unit) for name, v in self.plain.items()}
        return f"{q['p50']} ({q['p05']} to {q['p95']})"


def on_prior_scale(prior: Prior, values: Any) -> Any:
    """Standard-normal scores at which a prior has these values (any shape).

    Parameters
    ----------
    prior : Prior
        Not a fixed number.
    values : array
        In the prior's unit.
    """
    import numpy

    scores = numpy.linspace(-6.0, 6.0, 4001)
    return numpy.interp(values, prior.from_scores(scores.copy()), scores)


def learned(
    forecast: Forecast,
    *,
    quantity: str = "copies",
    scenario: str | None = None,
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
    year: int | None = None,
) -> Picture:
    """Prior and posterior of the calibrated parameters that move the answer most.

    Raises
    ------
    ScenarioError
        The run has no such label, or the quantity is not drawn so.
    """
    quantity = threshold_of(quantity, None).quantity
    place = place_of(
        forecast, scenario=scenario, actor=actor, regime=regime, task_class=task_class, year=year
    )
    removed = removed_variance(forecast)
    names = [
        each.name
        for each in drivers(forecast, answer_of(place, quantity), scenario=place.scenario)
        if each.certain and each.name in removed
    ]
    rows = [_shift(forecast, name, removed[name]) for name in names[:MOST]]
    copies = quantity == "copies"
    tasks = "" if copies else f", {place.task_class} tasks"
    what = "AI copies" if copies else "amplification"
    weak = [row.label for row in rows if row.removed < MOSTLY_PRIOR]
    flagged = f"Mostly prior: {', '.join(weak)}." if weak else "None of them is mostly prior."
    return Picture(
        name="learned",
        title=f"What the evidence taught about {what} in {place.year}",
        subtitle=(
            f"{place.pool}{tasks}; the calibrated parameters that move the median most",
            "hollow: before the evidence; filled: after it; thick 66 %, thin 90 %",
        ),
        panels=(Panel(partial(_panel, rows)),),
        columns=1, width=520, height=ROW * max(len(rows), 1),
        caption=caption(
            forecast,
            what=f"Calibrated parameters that move the median of {what}{tasks} in {place.year} "
            f"most, pool {place.pool!r}, before and after their evidence",
            where=f"{place.story} scenario; plugins are calibrated one by one",
            meaning="Each row is on the scale of its prior, whose median is 0 and whose standard "
            "deviation is 1; at the right: posterior median and 90 % interval in the parameter's "
            f"unit. {flagged}",
        ),
        alt=alt_text(
            f"Prior and posterior intervals of {len(rows)} parameters for {what} in {place.year}.",
            *(f"{row.label}: {row.told}." for row in rows[:3]),
            flagged,
        ),
        values=Values(
            ("parameter", "unit", *LEVELS, "variance removed"),
            tuple(
                (row.name, row.unit, *(row.plain[q] for q in LEVELS), row.removed) for row in rows
            ),
        ),
    )  # fmt: skip


def _shift(forecast: Forecast, name: str, removed: float) -> Shift:
    import numpy

    from amplicast.forecast.inputs import label_of

    id_, _, parameter = name.partition(".")
    plugins = {plugin.id: plugin for plugin in forecast.plan.plugins}
    draws = forecast.tree[f"posterior/{id_}"].to_dataset()[parameter].values.reshape(-1)
    points = numpy.quantile(draws, list(LEVELS.values()))
    scaled = on_prior_scale(plugins[id_].priors[parameter], points)
    return Shift(
        name,
        label_of(name, forecast.plan.plugins),
        unit_of(forecast, name),
        {q: float(v) for q, v in zip(LEVELS, scaled, strict=True)},
        {q: float(v) for q, v in zip(LEVELS, points, strict=True)},
        removed,
    )


def _panel(rows: Sequence[Shift], frame: Frame) -> Any:
    import altair

    room = 10.0 + LETTER * max((len(row.told) for row in rows), default=0)
    ends = [-WIDEST, WIDEST]
    ticks = [-3, -2, -1, 0, 1, 2, 3]
    scale = altair.Scale(domain=ends, range=frame.within(6.0, room), nice=False, clamp=True)
    axis = altair.Axis(
        values=ticks, tickCount=len(ticks) + 1, title="standard deviations of the prior",
        titleAnchor="start", ticks=False, domain=False,
    )  # fmt: skip
    tall = altair.Scale(domain=[max(len(rows), 1), 0], nice=False)

    def x(field: str) -> Any:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    def y(field: str) -> Any:
        return altair.Y(f"{field}:Q", scale=tall, axis=None)

    data = [
        {
            "row": i + 0.68, "above": i + 0.22, "told": row.told, "name": _title(row),
            **{f"prior_{q}": v for q, v in zip(LEVELS, PRIOR, strict=True)},
            **{q: round(v, 4) for q, v in row.scaled.items()},
        }
        for i, row in enumerate(rows)
    ]  # fmt: skip
    base = inline(data).encode(y=y("row"))
    return altair.layer(
        base.mark_rule(color="#777777", strokeWidth=1).encode(
            x=x("prior_p05"), x2=altair.X2("prior_p95")
        ),
        base.mark_bar(color="white", stroke="#777777", strokeWidth=1, size=15).encode(
            x=x("prior_p17"), x2=altair.X2("prior_p83")
        ),
        base.mark_rule(color=BLUE.median, strokeWidth=2).encode(x=x("p05"), x2=altair.X2("p95")),
        base.mark_bar(color=BLUE.likely, stroke=BLUE.edge, strokeWidth=1, size=9).encode(
            x=x("p17"), x2=altair.X2("p83")
        ),
        base.mark_point(filled=True, color=BLUE.median, size=45, opacity=1.0).encode(x=x("p50")),
        base.mark_text(align="left", fontSize=SMALL, color=MUTED, dx=6).encode(
            x=altair.datum(WIDEST, scale=scale, axis=axis), text=altair.Text("told:N")
        ),
        inline(data)
        .mark_text(align="left", fontSize=TEXT, color=INK, limit=frame.limit)
        .encode(x=pixel("x", 0), y=y("above"), text=altair.Text("name:N")),
    )


def _title(row: Shift) -> str:
    unit = "" if row.unit in {"1", "fraction"} else f", {row.unit}"
    flag = "mostly prior: " if row.removed < MOSTLY_PRIOR else ""  # first, where nothing is cut
    return f"{opening(f'{flag}{row.label}')}{unit}"
