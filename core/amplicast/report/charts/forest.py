"""Which studies drive a calibration: every row as published and as fitted (F11)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, Any

from amplicast.forecast.evidence import kept_rows
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.evidence_rows import (
    Unit,
    calibration_of,
    grade_of,
    heading,
    shortened,
    unit_of_rows,
)
from amplicast.report.charts.forest_panel import (
    Row,
    Source,
    evidence_panel,
    height_of,
    pooled_panel,
)
from amplicast.report.charts.picture import Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, place_of, spoken
from amplicast.report.charts.pooled import pooled
from amplicast.report.prose import counted
from amplicast.report.words import interval, oom

if TYPE_CHECKING:
    from amplicast.concepts import Evidence, Plugin
    from amplicast.forecast import Forecast

__all__ = ["forest"]


@dataclass(frozen=True)
class Table:
    """The rows of one evidence, by source."""

    evidence: Evidence
    unit: Unit
    sources: tuple[Source, ...]

    @property
    def rows(self) -> list[Row]:
        """All of them, in the order of drawing."""
        return [row for source in self.sources for row in source.rows]


def forest(
    forecast: Forecast,
    *,
    plugin: str | None = None,
    scenario: str | None = None,
    year: int | None = None,
) -> Picture:
    """Every measurement of one calibration beside what the fit says of it; pooled answer below.

    Parameters
    ----------
    forecast : Forecast
    plugin : str, optional
        Which calibration; the technique that brings most by default.
    scenario, year
        Model for which the pooled gain is told.

    Raises
    ------
    RunError
        The run keeps no rows of its evidence.
    ScenarioError
        It has no such calibration.
    """
    kept = kept_rows(forecast)
    place = place_of(forecast, scenario=scenario, year=year)
    chosen = calibration_of(forecast, kept, plugin)
    tables = _tables(chosen, kept[chosen.id])
    rows = [row for table in tables for row in table.rows]
    answer = pooled(place, chosen)
    inside = sum(row.inside for row in rows)
    whole = f"{inside} of {len(rows)} rows in their 90 % interval"
    sources = sorted({source.name for table in tables for source in table.sources})
    name = spoken(chosen.id)
    panels = [
        Panel(
            partial(evidence_panel, table.sources, table.unit),
            heading(table.evidence, len(table.rows)),
            height=height_of(table.sources),
        )
        for table in tables
    ]
    below = ""
    if answer:
        told = f"Pooled answer: gain of {name} alone, by a model of {place.year}"
        panels.append(
            Panel(partial(pooled_panel, answer), (told,), height=26.0 * len(answer) + 4.0)
        )
        below = (
            f"Below: the largest gain that {name} brings by itself to the model of {place.year}, "
            + ", ".join(
                f"{tasks} tasks {oom(q['p50'])} OOM (90 %: {interval(q['p05'], q['p95'], 'OOM')})"
                for tasks, q in answer.items()
            )
            + "."
        )
    return Picture(
        name="forest",
        title=f"What {name} was calibrated on: {counted(len(rows), 'row')} of "
        + counted(len(sources), "source"),
        subtitle=(
            "hollow: as published (cross: outside); line: 90 %, where the source states an error",
            "filled: as the fit would measure it again; thick 66 %, thin 90 %",
        ),
        panels=tuple(panels),
        columns=1, width=520, height=120,
        caption=caption(
            forecast,
            what=f"Evidence of {name}, row by row, as published and as the calibration gives it "
            f"back, by source and its grade (A direct measurement, B derived, C argument, "
            "D judgement)",
            where="Calibrated by itself, whatever the scenario",
            meaning=f"Filled: median, 66 % and 90 % interval of a measurement made again; {whole}, "
            "which they had a part in setting. "
            + (below or "This is no technique, so no gain is pooled."),
        ),
        alt=alt_text(
            f"Forest plot of {counted(len(rows), 'row')} from {counted(len(sources), 'source')} "
            f"for {name}: {whole}.",
            *(
                f"Pooled gain for {tasks} tasks {oom(q['p50'])} OOM, 90 %: "
                f"{interval(q['p05'], q['p95'], 'OOM')}."
                for tasks, q in (answer or {}).items()
            ),
            f"Sources: {', '.join(map(shortened, sources))}.",
        ),
        values=Values(
            ("evidence", "source", "grade", "row", "unit", "published", "published p05",
             "published p95", *(f"fitted {level}" for level in LEVELS)),
            tuple(
                (table.evidence.id, source.name, source.grade, row.name, table.unit.name,
                 row.observed, row.low, row.high, *(row.fitted[level] for level in LEVELS))
                for table in tables
                for source in table.sources
                for row in source.rows
            )
            + tuple(
                ("pooled gain", "", "", f"{tasks} tasks", "OOM", None, None, None,
                 *(q[level] for level in LEVELS))
                for tasks, q in (answer or {}).items()
            ),
        ),
    )  # fmt: skip


def _tables(plugin: Plugin, kept: Any) -> list[Table]:
    """Rows of every evidence that the run kept, by source, in the order of their tables."""
    known = {each.id: each for each in plugin.evidence}
    found = []
    ids = [str(each) for each in kept["evidence"].values]
    for id_ in dict.fromkeys(ids):
        evidence = known[id_]
        part = kept.isel(row=[place for place, each in enumerate(ids) if each == id_])
        unit = unit_of_rows(evidence, str(part["scale"].values[0]))
        names = [str(each) for each in part["source"].values]
        order = sorted(range(len(names)), key=lambda place: names[place])
        sources = tuple(
            Source(
                name, grade_of(evidence, name), tuple(_row(part, place, unit) for place in group)
            )
            for name, group in groupby(order, key=lambda place: names[place])
        )
        found.append(Table(evidence, unit, sources))
    return found


def _row(part: Any, place: int, unit: Unit) -> Row:
    one = part.isel(row=place)

    def scaled(value: Any) -> float | None:
        number = float(value) * unit.step
        return number if isfinite(number) else None

    fitted = one["fitted"].sel(level=list(LEVELS.values())).values
    return Row(
        name=str(one["row"].values),
        observed=float(one["observed"]) * unit.step,
        low=scaled(one["low"]),
        high=scaled(one["high"]),
        fitted={name: float(v) * unit.step for name, v in zip(LEVELS, fitted, strict=True)},
    )
