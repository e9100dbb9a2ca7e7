"""Which techniques bring the gain: a dot and both intervals for each (F6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from amplicast.report.charts.axes import nice_ends, oom_labels, oom_ticks
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, Place, opening, place_of, quantiles, spoken
from amplicast.report.charts.style import BLUE, SMALL, inline, pixel
from amplicast.report.words import interval, oom

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["contributions"]

FELT = 0.05
"""Gain at whose 95 % point a technique is worth a row [OOM]."""

ROW = 26.0
"""Height of a row [px]."""

NAMES = 134.0
"""Room for the names of techniques [px]."""


@dataclass(frozen=True)
class Bar:
    """One row: a technique or the total."""

    name: str
    quantiles: dict[str, float]


def contributions(
    forecast: Forecast,
    *,
    scenario: str | None = None,
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
    year: int | None = None,
) -> Picture:
    """Gain that each technique brings at the best split; a panel per task class, or one.

    Raises
    ------
    ScenarioError
        The run has no such label.
    """
    names: dict[str, Any] = {"scenario": scenario, "actor": actor, "regime": regime, "year": year}
    place = place_of(forecast, task_class=task_class, **names)
    classes = (task_class,) if task_class else forecast.plan.task_classes
    bars = {each: _bars(place_of(forecast, task_class=each, **names)) for each in classes}
    most = max(bar.quantiles["p95"] for rows in bars.values() for bar in rows)
    ends = (0.0, nice_ends([most])[1])
    height = ROW * max(len(rows) for rows in bars.values())
    single = len(bars) == 1
    tasks = f", {task_class} tasks" if task_class else ""
    return Picture(
        name="contributions",
        title=f"What brings the gain in {place.year}: {place.pool}{tasks}",
        subtitle=(
            f"{place.story}; {place.wanted}; OOM of training compute over one unaugmented answer",
            "dot: median; thick bar: 66 %; thin bar: 90 %; rows do not add up: techniques overlap",
        ),
        panels=tuple(
            Panel(
                partial(_panel, rows, ends, max(len(each) for each in bars.values())),
                () if single else (f"{opening(name)} tasks",),
            )
            for name, rows in bars.items()
        ),
        columns=len(bars), width=520 if single else 330, height=height,
        caption=caption(
            forecast,
            what=f"Part of the gain over one unaugmented answer that each technique brings at the "
            f"best split of the spend in {place.year}, pool {place.pool!r}{tasks}",
            where=f"{place.story} scenario, conditional on running {place.wanted}",
            meaning="Dot: median; thick bar: 66 % (likely) interval; thin bar: 90 % (very likely). "
            "Rows do not add up to the total: medians do not, and in each draw the best technique "
            f"of a kind takes the credit. Techniques that bring less than {FELT} OOM in 95 % of "
            f"draws are left out. {_told(bars)}",
        ),
        alt=alt_text(
            f"Dot plot of the gain by technique in {place.year}, {place.pool}, in OOM.",
            *(
                f"{opening(name)}: total {oom(rows[-1].quantiles['p50'])}, "
                + ", ".join(f"{bar.name} {oom(bar.quantiles['p50'])}" for bar in rows[:2])
                + "."
                for name, rows in bars.items()
            ),
        ),
        values=Values(
            ("task class", "technique", *(f"{name} [OOM]" for name in LEVELS)),
            tuple(
                (name, bar.name, *(bar.quantiles[q] for q in LEVELS))
                for name, rows in bars.items()
                for bar in rows
            ),
        ),
    )  # fmt: skip


def _bars(place: Place) -> list[Bar]:
    """Techniques by falling median, the total last."""
    parts = quantiles(place.draws("contribution", year=place.year))
    rows = [
        Bar(spoken(str(each.technique.values)), {q: float(each.sel(quantile=q)) for q in LEVELS})
        for each in parts.transpose("technique", "quantile")
    ]
    kept = [bar for bar in rows if bar.quantiles["p95"] >= FELT]
    kept.sort(key=lambda bar: (-bar.quantiles["p50"], -bar.quantiles["p95"], bar.name))
    total = quantiles(place.draws("gain_total", year=place.year))
    return [*kept, Bar("total", {q: float(total.sel(quantile=q)) for q in LEVELS})]


def _told(bars: dict[str, list[Bar]]) -> str:
    """Total and largest part of each task class."""
    parts = []
    for name, rows in bars.items():
        whole = rows[-1].quantiles
        first = f"; most from {rows[0].name}" if len(rows) > 1 else ""
        parts.append(
            f"{opening(name)}: total {oom(whole['p50'])} OOM (90 %: "
            f"{interval(whole['p05'], whole['p95'], 'OOM')}){first}."
        )
    return " ".join(parts)


def _panel(rows: Sequence[Bar], ends: tuple[float, float], most: int, frame: Frame) -> Any:
    import altair

    ticks = oom_ticks(ends)
    scale = altair.Scale(domain=list(ends), range=frame.within(NAMES, 34.0), nice=False)
    axis = altair.Axis(
        values=ticks, tickCount=len(ticks) + 1, labelExpr=oom_labels(ticks, factors=False),
        title="gain, OOM", titleAnchor="start", ticks=False, domain=False,
    )  # fmt: skip

    def x(field: str) -> Any:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    y = altair.Y("row:Q", scale=altair.Scale(domain=[most, 0], nice=False), axis=None)
    offset = most - len(rows)
    data = [
        {
            "row": (i if i < len(rows) - 1 else i + offset) + 0.5,
            "name": bar.name,
            "text": oom(bar.quantiles["p50"]),
            "whole": int(i == len(rows) - 1),
            **{q: round(v, 4) for q, v in bar.quantiles.items()},
        }
        for i, bar in enumerate(rows)
    ]
    layers: list[Any] = []
    for whole, weight in ((0, "normal"), (1, "bold")):
        base = inline([row for row in data if row["whole"] == whole]).encode(x=x("p50"), y=y)
        layers += [
            base.mark_rule(color=BLUE.edge, strokeWidth=1.5).encode(
                x=x("p05"), x2=altair.X2("p95")
            ),
            base.mark_bar(color=BLUE.likely, size=11, stroke=BLUE.edge, strokeWidth=1).encode(
                x=x("p17"), x2=altair.X2("p83")
            ),
            base.mark_point(filled=True, size=60, color=BLUE.median, opacity=1.0),
            base.mark_text(align="left", dx=6, fontSize=SMALL, fontWeight=weight).encode(
                x=x("p95"), text=altair.Text("text:N")
            ),
            base.mark_text(align="left", fontSize=SMALL, fontWeight=weight).encode(
                x=pixel("x", 0), text=altair.Text("name:N")
            ),
        ]
    return altair.layer(*layers)
