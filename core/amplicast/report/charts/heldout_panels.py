"""Panels of the held-out check: where rows fall in their intervals, and how often they should."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from amplicast.analysis.coverage import Coverage, share_band
from amplicast.analysis.heldout import BAR
from amplicast.analysis.scores import MASS, MASSES
from amplicast.engine.foreseen import Foreseen
from amplicast.report.charts.marks import missed
from amplicast.report.charts.picture import Frame
from amplicast.report.charts.place import spoken
from amplicast.report.charts.style import BLUE, INK, MUTED, SERIES_TEXT, SMALL, inline, pixel
from amplicast.report.words import percent

__all__ = ["ROW", "Scores", "coverage_of", "coverage_panel", "strips"]

ROW = 27.0
"""Height of a plugin's strip [px]."""

FARTHEST = 2.0
"""End of the axis [distances from the median to the end of the 90 % interval]."""

NAMES, COUNTS = 140.0, 92.0
"""Room for names and counts [px]."""


@dataclass(frozen=True)
class Scores:
    """Held-out rows of one plugin."""

    name: str
    rows: tuple[Foreseen, ...]

    @property
    def inside(self) -> int:
        """Rows inside their 90 % interval."""
        return sum(row.inside(MASS) for row in self.rows)

    @property
    def share(self) -> float:
        """Of rows inside their 90 % interval [fraction]."""
        return self.inside / len(self.rows)


def coverage_of(rows: Sequence[Foreseen]) -> list[Coverage]:
    """Coverage of the 50, 66, 80 and 90 % intervals, each row taken as a trial."""
    many = len(rows)
    return [
        Coverage(mass, sum(row.inside(mass) for row in rows), many, many, *share_band(many, mass))
        for mass in MASSES
    ]


def position(row: Foreseen) -> float:
    """Where a row fell: 0 at the median that was foreseen, -1 and 1 at the ends of the 90 %."""
    low, high = row.ends(MASS)
    away = row.observed - row.at(0.5)
    width = (high if away > 0 else low) - row.at(0.5)
    return away / abs(width) if width else 0.0 if not away else FARTHEST * (1 if away > 0 else -1)


def strips(scores: Sequence[Scores], frame: Frame) -> Any:
    """A strip per plugin: its rows on the scale of their own intervals, misses as crosses."""
    import altair

    left = NAMES if frame.width is None else min(NAMES, 0.36 * frame.width)
    scale = altair.Scale(
        domain=[-FARTHEST, FARTHEST], range=frame.within(left, COUNTS), nice=False, clamp=True
    )
    words = "{'-1': '5 %', '0': 'median', '1': '95 %'}[format(datum.value, 'd')]"
    axis = altair.Axis(
        values=[-1, 0, 1], labelExpr=words.replace("'-1'", "'−1'"), ticks=False, domain=False,
        title="place in what was foreseen", titleAnchor="start",
    )  # fmt: skip
    tall = altair.Scale(domain=[len(scores), 0], nice=False)

    def x(field: str) -> Any:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    y = altair.Y("row:Q", scale=tall, axis=None)
    lines, dots = [], []
    for place, each in enumerate(scores):
        failed = each.share < BAR
        lines.append(
            {
                "row": place + 0.5, "name": spoken(each.name), "low": -1, "high": 1,
                "text": f"{each.inside} of {len(each.rows)}{', too few' if failed else ''}",
                "colour": SERIES_TEXT[1] if failed else INK,
            }
        )  # fmt: skip
        for i, row in enumerate(each.rows):
            # Spread over the height of the strip, in the same way each time.
            lift = (0.618034 * (i + 1)) % 1.0
            at = min(max(position(row), -FARTHEST), FARTHEST)
            dots.append(
                {"row": round(place + 0.22 + 0.56 * lift, 3), "at": round(at, 3),
                 "hit": row.inside(MASS)}
            )  # fmt: skip
    base = inline(lines).encode(y=y)
    hits = [{"row": one["row"], "at": one["at"]} for one in dots if one["hit"]]
    misses = [{"row": one["row"], "at": one["at"]} for one in dots if not one["hit"]]
    layers = [
        base.mark_bar(color=BLUE.wide, size=0.8 * ROW).encode(x=x("low"), x2=altair.X2("high")),
        inline(hits)
        .mark_point(filled=True, size=16, opacity=0.75, color=BLUE.median)
        .encode(x=x("at"), y=y),
        base.mark_text(align="left", fontSize=SMALL, color=INK, limit=left - 6.0).encode(
            x=pixel("x", 0), text=altair.Text("name:N")
        ),
        base.mark_text(align="left", dx=8, fontSize=SMALL).encode(
            x=altair.datum(FARTHEST, scale=scale, axis=axis), text=altair.Text("text:N"),
            color=altair.Color("colour:N", scale=None),
        ),
    ]  # fmt: skip
    if misses:
        layers.append(missed(inline(misses)).encode(x=x("at"), y=y))
    return altair.layer(*layers)


def coverage_panel(found: Sequence[Coverage], frame: Frame) -> Any:
    """Share of rows inside against the mass of the interval, beside what chance allows."""
    import altair

    least = min(min(each.share, each.low) for each in found)
    bottom = max(floor(10.0 * (least - 0.02)) / 10.0, 0.0)
    ticks = [each for each in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0) if each >= bottom]
    percents = "format(100 * datum.value, 'd') + ' %'"
    across = altair.X(
        "mass:Q",
        scale=altair.Scale(domain=[0.42, 0.95], range=frame.within(44.0, 82.0), nice=False),
        axis=altair.Axis(
            values=list(MASSES), labelExpr=percents, title="interval", titleAnchor="start",
            grid=False, ticks=False, domain=False,
        ),
    )  # fmt: skip
    high = altair.Scale(domain=[bottom, 1.06], nice=False)
    axis = altair.Axis(
        values=ticks, labelExpr=percents, title=None, ticks=False, domain=False,
        labelAlign="left", labelPadding=0,  # within: panels then line up
    )  # fmt: skip

    def y(field: str) -> Any:
        return altair.Y(f"{field}:Q", scale=high, axis=axis)

    rows = [
        {
            "mass": each.mass, "low": round(each.low, 4), "high": round(each.high, 4),
            "share": round(each.share, 4), "text": percent(each.share),
            "above": int(each.share >= each.mass),
        }
        for each in found
    ]  # fmt: skip
    base = inline(rows).encode(x=across)
    diagonal = [{"mass": each, "share": each} for each in (0.42, 0.95)]
    return altair.layer(
        base.mark_bar(color="#D5D5D5", size=30).encode(y=y("low"), y2=altair.Y2("high")),
        inline(diagonal)
        .mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=1)
        .encode(x=across, y=y("share")),
        base.mark_point(filled=True, size=80, opacity=1.0, color=BLUE.median).encode(y=y("share")),
        inline([{"mass": 0.95, "share": 0.95, "text": "as it should be"}])
        .mark_text(align="left", dx=4, fontSize=SMALL, color=MUTED)
        .encode(x=across, y=y("share"), text=altair.Text("text:N")),
        *(
            inline([row for row in rows if row["above"] == above])
            .mark_text(dy=step, fontSize=SMALL, color=INK)
            .encode(x=across, y=y("share"), text=altair.Text("text:N"))
            for above, step in ((1, -13), (0, 14))
        ),
    )
