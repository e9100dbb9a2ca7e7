"""Did the chains agree: ranks of each calibration's worst parameter, or of all of one (F15)."""

from __future__ import annotations

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
from amplicast.report.charts.rank_panel import RankLine, rank_panel
from amplicast.report.charts.style import DASHES, SERIES
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
    return rank_panel(
        one.ranks,
        one.allowed,
        [
            RankLine(
                apart,
                {
                    "color": SERIES[chain % len(SERIES)],
                    "strokeWidth": 1.4,
                    "strokeDash": DASHES[chain % len(DASHES)],
                },
            )
            for chain, apart in enumerate(one.apart)
        ],
        most=most,
        frame=frame,
    )
