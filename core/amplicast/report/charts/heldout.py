"""Can a calibration foresee what it did not see: held-out rows against their intervals (F12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from amplicast.analysis.coverage import Coverage
from amplicast.analysis.heldout import BAR, HeldOut
from amplicast.analysis.scores import MASS, MASSES
from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.evidence import foreseen_rows, kept_rows
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.evidence_rows import (
    calibration_of,
    grade_of,
    heading,
    unit_of_rows,
)
from amplicast.report.charts.forest_panel import Row, Source, evidence_panel, height_of
from amplicast.report.charts.heldout_panels import (
    ROW,
    Scores,
    coverage_of,
    coverage_panel,
    strips,
)
from amplicast.report.charts.picture import Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, spoken
from amplicast.report.prose import listed
from amplicast.report.words import percent

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.foreseen import Foreseen
    from amplicast.forecast import Forecast

__all__ = ["heldout", "heldout_sources"]

COVERAGE = 190.0
"""Height of the panel of coverage [px]."""

HARDER = "amplicast calibrate all --leave-one-source-out --picture heldout.svg"
"""What leaves whole sources out."""


def heldout(forecast: Forecast, *, plugin: str | None = None) -> Picture:
    """Rows of evidence against what the other rows say of them: every calibration, or one.

    Parameters
    ----------
    forecast : Forecast
    plugin : str, optional
        One calibration, row by row in its own unit.

    Raises
    ------
    RunError
        The run keeps no rows of its evidence.
    ScenarioError
        It has no such calibration, or none of its rows can be left out by weights.
    """
    kept = kept_rows(forecast)
    chosen = calibration_of(forecast, kept, plugin) if plugin or not kept else None
    rows = [row for row in foreseen_rows(forecast) if chosen is None or row.plugin == chosen.id]
    judged = [row for row in rows if row.reliable]
    left = len(rows) - len(judged)
    skipped = (
        f" {left} of {len(rows)} rows carry too much for that (Pareto k above 0.7): they are not "
        "judged, and may be the hard ones."
        if left
        else ""
    )
    return _picture(
        judged,
        chosen,
        by="row",
        told=partial(caption, forecast, where="Each plugin calibrated by itself"),
        how="One row at a time is left out by weights instead of a fit of its own (PSIS), so the "
        f"rest of its source remains: the easier test.{skipped} Whole sources: {HARDER}. Rows of "
        "one source share its errors, and some tables serve several plugins, so they are fewer "
        "trials than they are rows.",
        aside=f"{left} more rows could not be judged." if left else "",
    )


def heldout_sources(found: Sequence[HeldOut], *, by: str = "source") -> Picture:
    """The same for sources that were left out whole, each by a fit of its own.

    Parameters
    ----------
    found : sequence of HeldOut
        From `amplicast.analysis.heldout.leave_one_source_out`.
    by : str
        What was left out together.
    """
    informed = [each for each in found if each.basis == "evidence"] or list(found)
    left = sum(each.rows for each in found) - sum(each.rows for each in informed)
    skipped = f" {left} rows that only a prior could foresee are not shown." if left else ""
    return _picture(
        [row for each in informed for row in each.foreseen],
        None,
        by=by,
        told=lambda what, meaning: f"{what}. {meaning}",
        how=f"Each {by} was left out whole, and the rest fitted again without it.{skipped} Rows of "
        f"one {by} share its errors, so they are fewer trials than they are rows.",
        aside="",
    )


def _picture(
    rows: Sequence[Foreseen],
    plugin: Plugin | None,
    *,
    by: str,
    told: Callable[..., str],
    how: str,
    aside: str,
) -> Picture:
    if not rows:
        raise ScenarioError(
            Problem(
                code="AMP-P110",
                what=f"no {by} of this evidence can be left out",
                why="Each of its rows carries too much, or there is none.",
                fix="amplicast calibrate NAME --leave-one-source-out",
            )
        )
    named = groupby(sorted(rows, key=lambda row: row.plugin), key=lambda row: row.plugin)
    scores = [Scores(name, tuple(group)) for name, group in named]
    scores.sort(key=lambda each: (-each.share, each.name))
    coverage = coverage_of(rows)
    wide = coverage[MASSES.index(MASS)]
    whole = (
        f"{wide.inside} of {wide.rows} rows in the 90 % interval (expected {MASS * wide.rows:.0f})"
    )
    of = f" of {spoken(plugin.id)}" if plugin else ""
    panels = _by_row(rows, plugin) if plugin else [_strips(scores)]
    panels.append(
        Panel(
            partial(coverage_panel, coverage),
            ("Share of the rows inside, by interval", "grey: what chance allows a perfect one"),
            height=COVERAGE,
        )
    )
    shares = ", ".join(f"{percent(each.share)} in {percent(each.mass)}" for each in coverage)
    return Picture(
        name="heldout",
        title=f"Rows{of} that no fit had seen: {percent(wide.share)} inside their 90 % interval",
        subtitle=(
            f"each {by} is left out" + (", and" if by == "row" else ", and its rows are")
            + " foreseen from the rest",
            "dot: inside its 90 % interval; cross: outside",
        ),
        panels=tuple(panels),
        columns=1, width=520, height=COVERAGE,
        caption=told(
            what=f"Evidence{of} that was held out, one {by} at a time, against what the rest of it "
            f"foresees: {whole}",
            meaning=f"Inside: {shares} intervals. Grey bars: the middle 90 % of what perfect "
            f"intervals would score with as many independent rows. {_width(coverage)}{how} "
            f"Too few: below {percent(BAR)} of a plugin's rows.",
        ),
        alt=alt_text(
            f"Held-out rows{of or f' of {len(scores)} plugins'} against their intervals: {whole}.",
            f"Inside: {shares} intervals.",
            *([aside] if aside else []),
            *([] if plugin else ["Fewest: " + ", ".join(map(_score, scores[:-4:-1])) + "."]),
        ),
        values=Values(
            ("plugin", "inside 90 %", "rows", *(f"share in {mass:.0%}" for mass in MASSES)),
            tuple(_line(each.name, each.rows) for each in scores)
            + ((_line("all", rows),) if len(scores) > 1 else ()),
        ),
    )  # fmt: skip


def _width(coverage: Sequence[Coverage]) -> str:
    """Whether the intervals are wider or narrower than chance explains."""
    wide = [percent(each.mass) for each in coverage if each.share > each.high]
    narrow = [percent(each.mass) for each in coverage if each.share < each.low]
    return "".join(
        f"The {listed(names)} intervals are too {what}, by more than chance. "
        for names, what in ((wide, "wide"), (narrow, "narrow"))
        if names
    )


def _score(each: Scores) -> str:
    return f"{spoken(each.name)} {each.inside} of {len(each.rows)}"


def _line(name: str, rows: Sequence[Foreseen]) -> tuple[str | int | float, ...]:
    found = coverage_of(rows)
    return (name, found[-1].inside, len(rows), *(each.share for each in found))


def _strips(scores: Sequence[Scores]) -> Panel:
    title = ("Where each row fell in what was foreseen of it", "band: the 90 % interval")
    return Panel(partial(strips, scores), title, height=ROW * len(scores))


def _by_row(rows: Sequence[Foreseen], plugin: Plugin) -> list[Panel]:
    """A panel for every evidence, in its own unit."""
    known = {each.id: each for each in plugin.evidence}
    panels = []
    for id_, part in groupby(rows, key=lambda row: row.evidence):
        mine = list(part)
        unit = unit_of_rows(known[id_], mine[0].scale)
        ordered = sorted(mine, key=lambda row: row.source)
        sources = tuple(
            Source(
                name,
                grade_of(known[id_], name),
                tuple(
                    Row(
                        name=row.row,
                        observed=row.observed * unit.step,
                        low=None,
                        high=None,
                        fitted={key: row.at(level) * unit.step for key, level in LEVELS.items()},
                    )
                    for row in group
                ),
            )
            for name, group in groupby(ordered, key=lambda row: row.source)
        )
        title = heading(known[id_], len(mine))
        panels.append(Panel(partial(evidence_panel, sources, unit), title, height_of(sources)))
    return panels
