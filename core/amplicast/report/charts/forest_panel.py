"""Panels of the forest: the rows of one evidence, and the pooled answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amplicast.report.charts.axes import nice_ends, oom_labels, oom_ticks
from amplicast.report.charts.evidence_rows import Unit, shortened
from amplicast.report.charts.marks import missed
from amplicast.report.charts.picture import Frame
from amplicast.report.charts.style import BLUE, INK, MUTED, SMALL, inline, pixel
from amplicast.report.prose import counted
from amplicast.report.words import interval, oom

__all__ = ["Row", "Source", "evidence_panel", "height_of", "pooled_panel"]

MOST_NAMED = 45
"""Rows of one evidence whose names are written; more are drawn closer together without."""

HEAD, ROW, CLOSE = 24.0, 17.0, 6.0
"""Heights of a source's line, of a row with its name, and of one without [px]."""

NAMES = 190.0
"""Room for the names of rows, at most two fifths of the width [px]."""

ANSWER = 112.0
"""Room for the numbers of the pooled answer [px]."""

PAPER = "#444444"
"""What was published."""


@dataclass(frozen=True)
class Row:
    """One measurement in its unit.

    Attributes
    ----------
    name : str
    observed : float
    low, high : float or None
        Published 90 % interval.
    fitted : Mapping[str, float]
        Quantiles of the same measurement made again, p05 to p95.
    """

    name: str
    observed: float
    low: float | None
    high: float | None
    fitted: Mapping[str, float]

    @property
    def inside(self) -> bool:
        """Whether the fit's 90 % interval holds it."""
        return self.fitted["p05"] <= self.observed <= self.fitted["p95"]


@dataclass(frozen=True)
class Source:
    """Rows of one source."""

    name: str
    grade: str
    rows: tuple[Row, ...]

    @property
    def told(self) -> str:
        """Its name, grade and size."""
        grade = f", grade {self.grade}" if self.grade else ""
        return f"{shortened(self.name)}{grade}, {counted(len(self.rows), 'row')}"


def _pitch(sources: Sequence[Source]) -> float:
    return ROW if sum(len(each.rows) for each in sources) <= MOST_NAMED else CLOSE


def height_of(sources: Sequence[Source]) -> float:
    """Height that the rows of one evidence take [px]."""
    pitch = _pitch(sources)
    return sum(HEAD + pitch * len(each.rows) for each in sources) + 4.0


def _placed(sources: Sequence[Source]) -> Iterator[tuple[float, Source | Row]]:
    """Every line with the height of its middle [px]."""
    pitch, top = _pitch(sources), 0.0
    for source in sources:
        yield top + 0.6 * HEAD, source
        top += HEAD
        for row in source.rows:
            yield top + 0.5 * pitch, row
            top += pitch


def _names(frame: Frame) -> float:
    return NAMES if frame.width is None else min(NAMES, 0.4 * frame.width)


def evidence_panel(sources: Sequence[Source], unit: Unit, frame: Frame) -> Any:
    """Draw the rows of one evidence."""
    import altair

    placed = list(_placed(sources))
    rows = [(at, one) for at, one in placed if isinstance(one, Row)]
    named = _pitch(sources) == ROW
    left = _names(frame) if named else 12.0
    values = [v for _, row in rows for v in (row.observed, row.low, row.high) if v is not None]
    values += [v for _, row in rows for v in row.fitted.values()]
    scale = altair.Scale(
        domain=[0, 1] if unit.name == "fraction" else [min(values), max(values)],
        range=frame.within(left, 12.0),
        nice=unit.name != "fraction",
    )
    shown = "format(100 * datum.value, 'd') + ' %'" if unit.name == "fraction" else altair.Undefined
    axis = altair.Axis(
        title=unit.title, titleAnchor="start", ticks=False, domain=False, tickCount=5,
        labelExpr=shown,
    )  # fmt: skip
    tall = altair.Scale(domain=[height_of(sources), 0], nice=False, zero=False)

    def x(field: str) -> Any:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    y = altair.Y("at:Q", scale=tall, axis=None)
    fitted = inline(
        {"at": at, **{name: round(v, 4) for name, v in row.fitted.items()}} for at, row in rows
    ).encode(y=y)
    seen, outside = (
        [{"at": at, "x": round(row.observed, 4)} for at, row in rows if row.inside == inside]
        for inside in (True, False)
    )
    stated = [
        {"at": at, "low": round(row.low, 4), "high": round(row.high, 4)}
        for at, row in rows
        if row.low is not None and row.high is not None
    ]
    heads = [{"at": at, "name": one.told} for at, one in placed if isinstance(one, Source)]
    thin, thick, dot = (1.5, 9, 42) if named else (1.0, 4, 14)
    layers = [
        fitted.mark_rule(color=BLUE.edge, strokeWidth=thin).encode(x=x("p05"), x2=altair.X2("p95")),
        fitted.mark_bar(color=BLUE.likely, size=thick).encode(x=x("p17"), x2=altair.X2("p83")),
        fitted.mark_tick(color=BLUE.median, thickness=2, size=thick + 2).encode(x=x("p50")),
        inline(heads)
        .mark_text(align="left", fontSize=SMALL, fontWeight="bold", color=INK)
        .encode(x=pixel("x", 0), y=y, text=altair.Text("name:N")),
        inline(seen)
        .mark_point(filled=True, fill="white", stroke=PAPER, strokeWidth=1.3, size=dot, opacity=1.0)
        .encode(x=x("x"), y=y),
    ]
    if stated:
        layers.insert(
            3,
            inline(stated)
            .mark_rule(color=PAPER, strokeWidth=1.2)
            .encode(x=x("low"), x2=altair.X2("high"), y=y),
        )
    if outside:
        layers.append(missed(inline(outside), size=dot).encode(x=x("x"), y=y))
    if named:
        layers.append(
            inline({"at": at, "name": row.name} for at, row in rows)
            .mark_text(align="left", fontSize=SMALL, color=MUTED, dx=8, limit=left - 22.0)
            .encode(x=pixel("x", 0), y=y, text=altair.Text("name:N"))
        )
    return altair.layer(*layers)


def pooled_panel(answer: Mapping[str, Mapping[str, float]], frame: Frame) -> Any:
    """Draw the largest gain by task class."""
    import altair

    ends = (0.0, nice_ends([q["p95"] for q in answer.values()])[1])
    ticks = oom_ticks(ends)
    scale = altair.Scale(domain=list(ends), range=frame.within(_names(frame), ANSWER), nice=False)
    axis = altair.Axis(
        values=ticks, tickCount=len(ticks) + 1, labelExpr=oom_labels(ticks, factors=False),
        title="gain, OOM", titleAnchor="start", ticks=False, domain=False,
    )  # fmt: skip
    tall = altair.Scale(domain=[len(answer), 0], nice=False)

    def x(field: str) -> Any:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    base = inline(
        {
            "row": i + 0.5, "name": f"{tasks} tasks",
            "text": f"{oom(q['p50'])} ({interval(q['p05'], q['p95'], 'OOM')})",
            **{name: round(v, 4) for name, v in q.items()},
        }
        for i, (tasks, q) in enumerate(answer.items())
    ).encode(y=altair.Y("row:Q", scale=tall, axis=None))  # fmt: skip
    return altair.layer(
        base.mark_rule(color=BLUE.edge, strokeWidth=1.5).encode(x=x("p05"), x2=altair.X2("p95")),
        base.mark_bar(color=BLUE.likely, size=11, stroke=BLUE.edge, strokeWidth=1).encode(
            x=x("p17"), x2=altair.X2("p83")
        ),
        base.mark_point(filled=True, size=60, color=BLUE.median, opacity=1.0).encode(x=x("p50")),
        base.mark_text(align="left", fontSize=SMALL, color=INK, fontWeight="bold").encode(
            x=pixel("x", 0), text=altair.Text("name:N")
        ),
        base.mark_text(align="left", dx=8, fontSize=SMALL, color=INK).encode(
            x=altair.datum(ends[1], scale=scale, axis=axis), text=altair.Text("text:N")
        ),
    )
