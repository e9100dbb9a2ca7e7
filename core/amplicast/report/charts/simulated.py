"""Does a calibration give back what it was told: ranks of true values against a straight line."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from amplicast.analysis.sbc_ranks import LEVEL, POINTS, Ranks, SimulatedCalibration
from amplicast.report.charts.captions import alt_text
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import spoken
from amplicast.report.charts.rank_histogram import USUAL, rank_histogram
from amplicast.report.charts.rank_panel import RankLine, rank_panel
from amplicast.report.charts.style import SERIES
from amplicast.report.prose import counted
from amplicast.report.words import percent

__all__ = ["simulated_ranks"]

BARS = "bars: true values by tenth of their ranks; grey: what chance allows of a single bar"


def simulated_ranks(found: Sequence[SimulatedCalibration]) -> Picture:
    """A panel for every calibration: each parameter a line, with the band that all stay in.

    A calibration alone has the histogram of each parameter's ranks beside it.

    Parameters
    ----------
    found : sequence of SimulatedCalibration
    """
    failed = [each for each in found if not each.passed]
    most = max(
        abs(v) for one in found for line in (one.allowed, *(r.apart for r in one.table))
        for v in line
    )  # fmt: skip
    shift = max((one.shift for one in found), default=0.0)
    control = f" Negative control: rows moved by {shift:g} sd." if shift else ""
    told = (
        f"{len(found) - len(failed)} of {counted(len(found), 'calibration')} give back what they "
        "were told"
    )
    return Picture(
        name="simulated",
        title=_question(found, failed),
        subtitle=(
            "a line per parameter: share of true values up to a rank, less what is expected",
            f"band: where all lines of a right calibration stay in {percent(1 - LEVEL)} of cases",
            *([BARS] if len(found) == 1 else []),
        ),
        panels=(
            *(Panel(partial(_panel, one, most), _title(one)) for one in found),
            *(_histogram(each) for each in (found[0].table if len(found) == 1 else ())),
        ),
        columns=3, width=220, height=100,
        caption=f"Simulation-based calibration: parameters drawn from the priors, rows from the "
        f"parameters, and each model fitted to them; ranks of the true values among their "
        f"posteriors. {told} by Kolmogorov-Smirnov's test over all parameters together at "
        f"{percent(LEVEL)}.{control} A line that rises on the left: values come out too high; an "
        "S: posteriors too narrow or too wide. Fits are right for rows that the model itself "
        "makes, which says nothing of the world."
        + (
            f" Bars: ranks in tenths; grey: where a single bar ends in {percent(USUAL)} of cases."
            if len(found) == 1
            else ""
        ),
        alt=alt_text(
            f"{counted(len(found), 'panel')} of ranks: {told}.",
            "Outside their bands: " + (", ".join(spoken(one.plugin) for one in failed) or "none")
            + ".",
        ),
        values=Values(
            ("calibration", "simulations", "diverged", "short", "parameters", "p-value",
             "most uneven"),
            tuple(
                (one.plugin, one.simulations, one.diverged, one.short, len(one.table),
                 round(one.p_value, 4), one.table[0].name)
                for one in found
            ),
        ),
    )  # fmt: skip


def _histogram(each: Ranks) -> Panel:
    title = (each.name.replace("_", " "), f"p {each.p_value:.2g}, alone")
    return Panel(partial(rank_histogram, each), title)


def _question(found: Sequence[SimulatedCalibration], failed: Sequence[Any]) -> str:
    if len(found) == 1:  # a panel alone has no title of its own
        does = "No" if failed else "Yes"
        name = spoken(found[0].plugin)
        return f"Does {name} give back what it is told? {does}, in " + counted(
            found[0].simulations, "simulation"
        )
    done = len(found) - len(failed)
    return f"Do calibrations give back what they are told? {done} of {len(found)} do"


def _title(one: SimulatedCalibration) -> tuple[str, ...]:
    judged = "passed" if one.passed else "FAILED"
    if one.passed and one.outside:  # the test looks at the middle, the band at the ends too
        judged += f", {counted(len(one.outside), 'line')} outside"
    return (
        spoken(one.plugin),
        f"{counted(one.simulations, 'simulation')}, {judged}",
    )


def _panel(one: SimulatedCalibration, most: float, frame: Frame) -> Any:
    outside = {each.name for each in one.outside}
    inner = {"color": SERIES[0], "strokeWidth": 0.8, "opacity": 0.6}
    outer = {"color": SERIES[1], "strokeWidth": 1.6}
    return rank_panel(
        [place / POINTS for place in range(POINTS + 1)],
        (0.0, *one.allowed, 0.0),
        [
            RankLine((0.0, *each.apart, 0.0), outer if each.name in outside else inner)
            for each in sorted(one.table, key=lambda each: each.name in outside)
        ],
        most=most,
        frame=frame,
    )
