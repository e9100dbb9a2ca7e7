"""Did the chains agree: ranks of each calibration's worst parameter, or of all of one (F15)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from amplicast.analysis.chains import ALLOWED, Mixing, mixing_of
from amplicast.engine.gate import LIMITS
from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.evidence import kept_rows
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.evidence_rows import calibration_of
from amplicast.report.charts.picture import Frame, Panel, Picture, Values
from amplicast.report.charts.place import spoken
from amplicast.report.charts.style import DASHES, MUTED, SERIES, inline
from amplicast.report.prose import counted
from amplicast.report.words import percent

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["diagnostics"]

MOST = 12
"""Parameters of one calibration, those with the largest R-hat."""


def diagnostics(forecast: Forecast, *, plugin: str | None = None) -> Picture:
    """Ranks of each chain's draws among all: the worst parameter of every calibration, or one's.

    Parameters
    ----------
    forecast : Forecast
    plugin : str, optional
        One calibration, with all its parameters.

    Raises
    ------
    RunError
        The run keeps nothing of its calibrations.
    ScenarioError
        It has no such calibration, or nothing of it can be compared.
    """
    kept = kept_rows(forecast)
    chosen = calibration_of(forecast, kept, plugin) if plugin or not kept else None
    found = (
        list(mixing_of(forecast, chosen.id, most=MOST))
        if chosen
        else [one for id_ in kept for one in mixing_of(forecast, id_, most=1)]
    )
    if not found:
        raise ScenarioError(
            Problem(
                code="AMP-P111",
                what="there is no parameter whose chains can be compared",
                why="Every parameter is a level of a group, or fixed.",
                fix="amplicast calibrate NAME tells R-hat and effective draws of each",
            )
        )
    most = max(abs(v) for one in found for chain in (*one.apart, one.allowed) for v in chain)
    outside = [one for one in found if one.reach > 1.0]
    worst = max(found, key=lambda one: one.r_hat)
    energy = min(float(one.sampling["smallest_bfmi"]) for one in found)
    diverged = sum({one.plugin: int(one.sampling["divergences"]) for one in found}.values())
    whose = f"{spoken(chosen.id)}" if chosen else counted(len(found), "calibration")
    expected = (1.0 - ALLOWED) * len(found)
    whole = (
        f"largest R-hat {worst.r_hat:.3f} (wanted: at most {LIMITS.r_hat:g}), fewest effective "
        f"draws {min(one.draws for one in found):,.0f} (at least {LIMITS.ess:g}), smallest E-BFMI "
        f"{energy:.2f} (at least {LIMITS.bfmi:g}), divergences {diverged} (none)"
    )
    strayed = (
        f"{len(outside)} of {len(found)} leave the band somewhere, {expected:.1f} are expected to"
    )
    return Picture(
        name="diagnostics",
        title=f"Did the chains agree? {whose[:1].upper()}{whose[1:]}, R-hat at most "
        f"{worst.r_hat:.3f}",
        subtitle=(
            "a line per chain: its share of the draws up to a rank, less that of all chains",
            f"band: where chains that agree stay in {percent(ALLOWED)} of cases",
        ),
        panels=tuple(Panel(partial(_panel, one, most), _title(one, not chosen)) for one in found),
        columns=3, width=220, height=100,
        caption=caption(
            forecast,
            what="Rank plots of the "
            + (f"parameters of {spoken(chosen.id)}" if chosen else "calibrations: of each, the "
               "parameter whose chains agree least (largest R-hat)"),
            where="Each plugin calibrated by itself",
            meaning=f"A chain that keeps to low values rises on the left. {strayed}. Over what is "
            f"shown: {whole}. Energy is judged by its E-BFMI; a calibration keeps no energies of "
            "single draws. No failure found is all that such checks can say.",
        ),
        alt=alt_text(
            f"{counted(len(found), 'rank plot')} of chains: {strayed}.",
            f"{whole[:1].upper()}{whole[1:]}.",
        ),
        values=Values(
            ("calibration", "parameter", "R-hat", "effective draws", "smallest E-BFMI",
             "divergences", "gradients per draw", "farthest over allowed"),
            tuple(
                (one.plugin, one.parameter, round(one.r_hat, 4), round(one.draws),
                 round(float(one.sampling["smallest_bfmi"]), 2),
                 int(one.sampling["divergences"]),
                 round(float(one.sampling["gradients_per_draw"])), round(one.reach, 2))
                for one in found
            ),
        ),
    )  # fmt: skip


def _title(one: Mixing, of_plugin: bool) -> tuple[str, ...]:
    name = one.parameter.replace("_", " ")
    numbers = f"R-hat {one.r_hat:.3f}, {one.draws:,.0f} effective"
    return (spoken(one.plugin), name, numbers) if of_plugin else (name, numbers)


def _panel(one: Mixing, most: float, frame: Frame) -> Any:
    import altair

    across = altair.X(
        "rank:Q",
        scale=altair.Scale(domain=[0, 1], range=frame.within(44.0, 8.0), nice=False),
        axis=altair.Axis(
            values=[0, 0.5, 1], labelExpr="{'0': 'lowest', '0.5': 'rank', '1': 'highest'}"
            "[format(datum.value, '~f')]", title=None, grid=False, ticks=False, labelFlush=True,
            domain=False,
        ),
    )  # fmt: skip
    top = 1.08 * most
    axis = altair.Axis(
        values=_ticks(top), title=None, ticks=False, domain=False, labelAlign="left",
        labelPadding=0, labelExpr="(datum.value ? format(100 * datum.value, '+d') : '0') + ' %'",
    )  # fmt: skip
    high = altair.Scale(domain=[-top, top], nice=False)

    def y(field: str) -> Any:
        return altair.Y(f"{field}:Q", scale=high, axis=axis)

    band = [
        {"rank": round(rank, 4), "low": round(-allowed, 5), "high": round(allowed, 5)}
        for rank, allowed in zip(one.ranks, one.allowed, strict=True)
    ]
    layers = [
        inline(band).mark_area(color="#E3E3E3").encode(x=across, y=y("low"), y2=altair.Y2("high")),
        inline([{"rank": 0, "end": 1, "zero": 0}])
        .mark_rule(color=MUTED, strokeWidth=0.8)
        .encode(x=across, x2=altair.X2("end"), y=y("zero")),
    ]
    for chain, apart in enumerate(one.apart):
        rows = [
            {"rank": round(rank, 4), "apart": round(value, 5)}
            for rank, value in zip(one.ranks, apart, strict=True)
        ]
        layers.append(
            inline(rows)
            .mark_line(
                color=SERIES[chain % len(SERIES)], strokeWidth=1.4,
                strokeDash=DASHES[chain % len(DASHES)],
            )
            .encode(x=across, y=y("apart"))
        )  # fmt: skip
    return altair.layer(*layers)


def _ticks(top: float) -> Sequence[float]:
    """One round step on both sides of zero."""
    step = next((each for each in (0.2, 0.1, 0.05, 0.02, 0.01) if each <= top), 0.005)
    return [-step, 0.0, step]
