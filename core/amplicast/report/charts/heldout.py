"""Can it foresee what it did not see: share of held-out rows inside their intervals (F12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from amplicast.analysis.heldout import BAR, HeldOut
from amplicast.analysis.scores import MASS
from amplicast.report.charts.captions import alt_text
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import spoken
from amplicast.report.charts.style import BLUE, INK, MUTED, SERIES, SMALL, inline
from amplicast.report.words import percent

__all__ = ["heldout", "share_band"]

ROW = 27.0
"""Height of a row [px]."""

NAMES = 140.0
"""Room for the names of plugins [px]."""


@dataclass(frozen=True)
class Score:
    """Held-out rows of one plugin."""

    name: str
    inside: int
    rows: int

    @property
    def share(self) -> float:
        """Of rows inside their 90 % interval [fraction]."""
        return self.inside / self.rows


def share_band(rows: int) -> tuple[float, float]:
    """Where 90 % of perfectly calibrated scores of so many independent rows fall [fraction]."""
    from scipy.stats import binom

    low, high = binom.ppf([0.05, 0.95], rows, MASS)
    return float(low) / rows, float(high) / rows


def heldout(found: Sequence[HeldOut], *, by: str = "source") -> Picture:
    """A row per plugin: held-out rows inside their 90 % interval, beside what chance allows.

    Parameters
    ----------
    found : sequence of HeldOut
        From `amplicast.analysis.heldout.leave_one_source_out`.
    by : str
        What was left out together.
    """
    informed = [each for each in found if each.basis == "evidence"]
    counted = informed or list(found)
    names = sorted({each.technique for each in counted})
    scores = [
        Score(
            name,
            sum(each.ours.inside for each in counted if each.technique == name),
            sum(each.rows for each in counted if each.technique == name),
        )
        for name in names
    ]
    scores.sort(key=lambda each: (-each.share, each.name))
    inside, rows = sum(each.inside for each in scores), sum(each.rows for each in scores)
    expected = round(MASS * rows)
    whole = f"{inside} of {rows} rows in the 90 % interval (expected {expected})"
    return Picture(
        name="heldout",
        title=f"Rows that the calibration had not seen: {percent(inside / rows)} foreseen",
        subtitle=(
            f"share inside the 90 % interval when their {by} is left out, and the number of rows",
            "grey: where a perfect 90 % would fall, were rows independent",
        ),
        panels=(Panel(partial(_panel, scores)),),
        columns=1, width=520, height=ROW * len(scores),
        caption=f"Evidence that was held out, one {by} at a time, against the 90 % interval "
        f"foreseen from the rest: {whole}. Grey: the middle 90 % of what a perfect interval would "
        f"score with as many independent rows; rows of one {by} share its errors, so they are "
        f"fewer trials than they are rows. Too few: below {percent(BAR)}.",
        alt=alt_text(
            f"Dot plot of held-out coverage for {len(scores)} plugins: {whole}.",
            *(f"{each.name}: {each.inside} of {each.rows}." for each in scores),
        ),
        values=Values(
            ("plugin", "inside", "rows", "share"),
            tuple((each.name, each.inside, each.rows, each.share) for each in scores),
        ),
    )  # fmt: skip


def _panel(scores: Sequence[Score], frame: Frame) -> Any:
    import altair

    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    scale = altair.Scale(domain=[0, 1], range=frame.within(NAMES, 104.0), nice=False)
    axis = altair.Axis(
        values=ticks, labelExpr="format(100 * datum.value, 'd') + ' %'", title=None, ticks=False,
        domain=False,
    )  # fmt: skip
    tall = altair.Scale(domain=[len(scores), 0], nice=False)

    def x(field: str) -> Any:
        return altair.X(f"{field}:Q", scale=scale, axis=axis)

    data = []
    for i, each in enumerate(scores):
        low, high = share_band(each.rows)
        failed = each.share < BAR
        data.append(
            {
                "row": i + 0.5, "name": spoken(each.name), "share": round(each.share, 4),
                "low": round(low, 4), "high": round(high, 4), "failed": int(failed),
                "text": f"{each.inside} of {each.rows}{', too few' if failed else ''}",
            }
        )  # fmt: skip
    base = inline(data).encode(y=altair.Y("row:Q", scale=tall, axis=None))
    layers = [
        base.mark_bar(color="#DDDDDD", size=14).encode(x=x("low"), x2=altair.X2("high")),
        inline([{"bar": MASS}]).mark_rule(color=MUTED, strokeDash=[4, 2]).encode(x=x("bar")),
        base.mark_text(align="left", fontSize=SMALL, color=INK).encode(
            x=altair.value(0), text="name:N"
        ),
        base.mark_text(align="left", dx=8, fontSize=SMALL, color=INK).encode(
            x=altair.datum(1.0, scale=scale, axis=axis), text="text:N"
        ),
    ]
    for missed, colour in ((0, BLUE.median), (1, SERIES[1])):
        layers.append(
            inline([row for row in data if row["failed"] == missed])
            .mark_point(filled=True, size=70, opacity=1.0, color=colour)
            .encode(x=x("share"), y=altair.Y("row:Q", scale=tall, axis=None))
        )
    return altair.layer(*layers)
