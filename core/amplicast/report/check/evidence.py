"""Judge evidence: by the priors, by the rest of it, and whether the two pull apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from amplicast.analysis.coverage import Coverage
from amplicast.analysis.kept_fits import calibrated_plugins
from amplicast.analysis.power_scaling import FAR, power_scaling
from amplicast.analysis.predictive_coverage import MASS, RARE, RowsInside, predictive_coverage
from amplicast.engine.foreseen import GOOD_K
from amplicast.forecast.evidence import foreseen_rows, kept_rows
from amplicast.report.charts.heldout_panels import coverage_of
from amplicast.report.prose import listed
from amplicast.report.registers.verdicts import Finding, Verdict, verdict
from amplicast.report.words import percent

if TYPE_CHECKING:
    from amplicast.concepts import Evidence, Plugin
    from amplicast.engine.posterior import Posterior
    from amplicast.forecast import Forecast

__all__ = ["heldout_coverage", "judge_evidence"]

PART = "evidence"


def judge_evidence(forecast: Forecast, fits: Mapping[str, Posterior]) -> Iterator[Verdict]:
    """Every evidence of every calibration; then its plugin's priors against all of it.

    Parameters
    ----------
    forecast : Forecast
    fits : Mapping[str, Posterior]
        Those that the cache still holds, by plugin id.
    """
    rows = kept_rows(forecast)
    for id_, plugin in calibrated_plugins(forecast).items():
        fit = fits.get(id_)
        before = predictive_coverage(plugin, None)
        after = predictive_coverage(plugin, fit) if fit is not None else {}
        for evidence in sorted(plugin.evidence, key=lambda one: one.id):
            where = f"{id_}, {evidence.id}"
            yield _covered(where, "rows inside, by the priors", before[evidence.id], _PRIORS)
            if evidence.id in after:
                yield _covered(where, "rows inside, as fitted", after[evidence.id], _FITTED)
            yield _pareto(where, evidence, rows[id_])
        if fit is None:
            yield from _unchecked(id_)
        else:
            yield _conflict(id_, plugin, fit)
    if foreseen := heldout_coverage(forecast):
        yield _foreseen(foreseen[-1])


def heldout_coverage(forecast: Forecast) -> list[Coverage]:
    """Coverage of the rows that PSIS-LOO can leave out, by mass; empty where it can leave none."""
    rows = [row for row in foreseen_rows(forecast) if row.reliable]
    return coverage_of(rows) if rows else []


def _foreseen(found: Coverage) -> Verdict:
    told = Finding(
        f"{found.inside} of {found.rows} rows that were left out lie in their "
        f"{percent(found.mass)} intervals",
        "see which ones do not: amplicast picture heldout",
    )
    return verdict(
        PART, "all that can be left out", "rows inside, left out", value=found.share,
        wanted=f"at least {percent(found.low)}", told=told if found.share < found.low else None,
    )  # fmt: skip


_PRIORS = (
    "its rows lie where the priors put next to nothing",
    "widen the priors that these rows are about, or see whether the rows are in the stated unit",
)
_FITTED = (
    "the fit does not give back its own rows",
    "see which rows lie outside (amplicast picture heldout), then mend the curve or its scatter",
)


def _covered(where: str, check: str, found: RowsInside, words: tuple[str, str]) -> Verdict:
    what, next_ = words
    told = Finding(
        f"{what}: {found.inside} of {found.rows} inside their {percent(MASS)} intervals; of what "
        f"the model itself would measure, so few would be inside in {percent(found.chance)} of "
        "cases",
        next_,
    )
    return verdict(
        PART, where, check, value=found.inside / found.rows,
        wanted=f"so few in at least {percent(RARE)} of cases", told=told if found.odd else None,
    )  # fmt: skip


def _pareto(where: str, evidence: Evidence, rows: Any) -> Verdict:
    """Whether each row can be left out by weights alone."""
    own = rows["evidence"].values == evidence.id
    shapes = rows["pareto_k"].values[own]
    bad = [str(name) for name in rows["row"].values[own][~(shapes <= GOOD_K)]]
    return verdict(
        PART, where, "Pareto k", value=float(shapes.max()), wanted=f"at most {GOOD_K:g}",
        told=_deciding(where, bad, len(shapes), dated=bool(evidence.series)) if bad else None,
    )  # fmt: skip


def _deciding(where: str, bad: Sequence[str], rows: int, *, dated: bool) -> Finding:
    plugin = where.split(",")[0]
    return Finding(
        f"{len(bad)} of {rows} rows, such as {bad[0]}",
        f"hold back the future instead: amplicast check --lfo --plugin {plugin}"
        if dated
        else f"fit without them: amplicast calibrate {plugin} --leave-one-source-out",
    )


def _conflict(id_: str, plugin: Plugin, fit: Posterior) -> Verdict:
    found = power_scaling(plugin, fit)
    odd = sorted((one for one in found if one.conflict), key=lambda one: -abs(one.mean))
    told = None
    if odd:
        named = listed([f"{one.name} ({one.mean:+.1f})" for one in odd])
        told = Finding(
            "prior and evidence pull apart; posterior mean in prior standard deviations: " + named,
            "see whether the prior's source and the rows speak of the same thing; if they do, "
            f"widen the prior (amplicast plugins info {id_})",
        )
    return verdict(
        PART, id_, "prior-data conflict",
        value=max((abs(one.mean) for one in found if one.pulled), default=0.0),
        wanted=f"none that both pull to {FAR:g} or more prior sd", told=told,
    )  # fmt: skip


def _unchecked(id_: str) -> Iterator[Verdict]:
    told = Finding(
        "the cache no longer holds this calibration, and a run keeps no scores of its priors",
        "run the scenario again, which fits it again",
        "not checked",
    )
    for check in ("rows inside, as fitted", "prior-data conflict"):
        yield verdict(PART, id_, check, value=None, wanted="a calibration in the cache", told=told)
