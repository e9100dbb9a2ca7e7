"""A calibration on a terminal and as plain data: what was learnt, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from amplicast.analysis.calibration import LEVELS, Agreement, Crossvalidated, ParameterShift
from amplicast.analysis.heldout import BAR, FEWEST, HeldOut, total
from amplicast.analysis.huber import LossLaw
from amplicast.analysis.own_data import NARROW, Comparison
from amplicast.analysis.scores import Scored
from amplicast.engine.gate import Verdict
from amplicast.report.layout import Block, Grid, Text, grid, note, text_of
from amplicast.report.words import percent

__all__ = [
    "Calibration",
    "calibration_record",
    "calibration_text",
    "heldout_record",
    "heldout_text",
]

ABOUT = note("""\
shift: of the posterior mean, in standard deviations of the prior; learnt: share of the prior
variance that the evidence removed; draws: effective ones, bulk or tail, the fewer.""")

RATIO = (
    f"A ratio below {NARROW:g} means that the data's posterior is surer than resampling the rows "
    "would make it: there the shipped estimate, with its bootstrap covariance, is used."
)


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """All that is told of one technique's fit.

    Attributes
    ----------
    technique : str
    verdict : Verdict
    sampling : Mapping[str, Any]
    shifts : tuple of ParameterShift
    fits : tuple of Agreement
    data : str
        Name of the user's table; empty for the evidence that ships.
    law : LossLaw or None
    comparisons : tuple of Comparison
    """

    technique: str
    verdict: Verdict
    sampling: Mapping[str, Any]
    shifts: tuple[ParameterShift, ...]
    fits: tuple[Agreement, ...]
    data: str = ""
    law: LossLaw | None = None
    comparisons: tuple[Comparison, ...] = ()


def calibration_text(told: Calibration) -> Text:
    """The calibration."""
    basis = f"informed by {told.data}" if told.data else "informed by the evidence that ships"
    title = f"{told.technique}, {basis}: median (90 %) before and after"
    head = ["parameter", "unit", "prior", "posterior", "shift", "learnt", "R-hat", "draws"]
    parts: list[Block] = [
        grid(title, [head, *map(_shift, told.shifts)], keys=2),
        ABOUT,
        f"Gate: {told.verdict}",
        _fits(told.fits),
    ]
    if told.law:
        parts.append(_law(told.law))
    if told.comparisons:
        parts += [_comparisons(told.comparisons), RATIO]
    return text_of(parts)


def _shift(row: ParameterShift) -> list[str]:
    return [
        row.name,
        row.unit,
        _points(row.prior) if row.prior else "of its group",
        _points(row.posterior),
        f"{row.shift:+.1f}",
        f"{100 * max(row.contraction, 0.0):.0f} %",
        f"{row.r_hat:.3f}",
        f"{row.ess:.0f}",
    ]


def _points(points: Sequence[float]) -> str:
    low, middle, high = points
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def _fits(fits: Sequence[Agreement]) -> Grid:
    head = [f"in {100 * mass:.0f} %" for mass in LEVELS]
    rows = [["evidence", "rows", *head, "elpd (error)", "p_loo", "reliable"]]
    for fit in fits:
        shares = [f"{100 * fit.coverage[mass]:.0f} %" for mass in LEVELS]
        rows.append([fit.evidence, str(fit.rows), *shares, *_loo(fit.loo)])
    return grid("Rows inside their posterior-predictive intervals, and leaving one row out", rows)


def _loo(found: Crossvalidated | None) -> list[str]:
    if found is None:
        return ["n/a", "n/a", "too few rows"]
    k = f"worst Pareto k {found.worst_k:.2f}"
    words = f"yes ({k})"
    if found.unreliable:
        rows = "1 row decides" if found.unreliable == 1 else f"{found.unreliable} rows decide"
        words = f"no: {rows} too much by themselves ({k})"
    return [f"{found.elpd:.1f} ({found.se:.1f})", f"{found.p_loo:.1f}", words]


def _law(law: LossLaw) -> str:
    return (
        f"Least Huber loss (delta 1e-3, log loss, best of {law.starts} starts): A {law.a:.2f}, "
        f"B {law.b:.2f}, E {law.e:.5f}, alpha {law.alpha:.5f}, beta {law.beta:.5f}"
    )


def _comparisons(found: Sequence[Comparison]) -> Grid:
    head = ["parameter", "data: mean (sd)", "shipped: mean (sd)", "apart", "sd ratio", "use"]
    rows = [
        [
            one.name,
            f"{one.data[0]:.4g} ({one.data[1]:.2g})",
            f"{one.shipped[0]:.4g} ({one.shipped[1]:.2g})",
            f"{one.apart:.1f} sd",
            f"{one.ratio:.2f}",
            one.used,
        ]
        for one in found
    ]
    return grid("Beside the estimate that ships", [head, *rows])


def calibration_record(told: Calibration) -> dict[str, Any]:
    """The calibration as plain data."""
    names = ("p05", "p50", "p95")
    return {
        "technique": told.technique,
        "data": told.data,
        "passed": told.verdict.passed,
        "findings": [str(finding) for finding in told.verdict.findings],
        "sampling": dict(told.sampling),
        "parameters": [
            {
                **asdict(row),
                "prior": dict(zip(names, row.prior, strict=True)) if row.prior else None,
                "posterior": dict(zip(names, row.posterior, strict=True)),
            }
            for row in told.shifts
        ],
        "evidence": [
            {
                "id": fit.evidence,
                "rows": fit.rows,
                "coverage": {f"{mass:g}": share for mass, share in fit.coverage.items()},
                "loo": asdict(fit.loo) if fit.loo else None,
            }
            for fit in told.fits
        ],
        "least_huber": asdict(told.law) if told.law else None,
        "shipped": [
            {**asdict(one), "apart": one.apart, "ratio": one.ratio, "used": one.used}
            for one in told.comparisons
        ],
    }


def heldout_text(found: Sequence[HeldOut]) -> Text:
    """The held-out sources."""
    rows = [
        ["technique", "evidence", "source left out", "rows", "in 90 %", "width", "score", "miss",
         "naive: in 90 %", "width", "score", "miss", "note"]
    ]  # fmt: skip
    for one in found:
        notes = [] if one.passed else ["fit failed the gate"]
        if one.basis == "prior":
            notes.append("one source only: prior scored")
        source = one.source if len(one.source) <= 32 else one.source[:31] + "…"
        rows.append(
            [one.technique, one.evidence, source, str(one.rows), *_scored(one.ours, one.rows),
             *_scored(one.naive, one.rows), "; ".join(notes)]
        )  # fmt: skip
    about = (
        "Each source was left out, everything was fitted again, and its rows were foreseen. "
        "width: median of the 90 % intervals; score: interval score, less is better; miss: median "
        "distance from the median; all on the scale of the evidence's likelihood. naive: the "
        "range of the other sources' rows, or of their misses of the evidence's naive rule, where "
        f"there are {FEWEST} or more. Rows of one source share its errors."
    )
    return text_of([grid("Leaving one source out", rows, keys=3), about, _total(total(found))])


def _scored(score: Scored | None, rows: int) -> list[str]:
    if score is None:
        return ["n/a"] * 4
    numbers = (score.width, score.score, median(score.errors))
    return [f"{score.inside} of {rows}", *(f"{number:.3g}" for number in numbers)]


def _total(sums: Mapping[str, Any]) -> str:
    if sums["coverage"] is None:
        return "Nothing could be held out."
    verdict = "reaches" if sums["passed"] else "is below"
    reached = f"{_share(sums['coverage'])} of {sums['rows']} rows"
    bar = f"which {verdict} the bar of {100 * BAR:.0f} %"
    lines = [f"Coverage of the 90 % intervals: {reached}, {bar}."]
    if sums["compared"]:
        lines.append(
            f"Where the naive rule can be applied: a better score in {sums['better']} of "
            f"{sums['compared']} cases, coverage {_share(sums['compared_coverage'])} against "
            f"{_share(sums['naive_coverage'])}."
        )
    if sums["error"] is not None:
        missed = f"Median distance from the median foreseen: {sums['error']:.2g}"
        rule = sums["naive_error"]
        lines.append(missed + ("." if rule is None else f"; of the naive rule {rule:.2g}."))
    if sums["prior_rows"] and sums["prior_rows"] != sums["rows"]:
        lines.append(
            f"Priors alone, not counted above: {_share(sums['prior_coverage'])} of "
            f"{sums['prior_rows']} rows of techniques with one source."
        )
    if sums["failed_fits"]:
        lines.append(f"{sums['failed_fits']} of the fits failed the gate.")
    return "\n".join(lines)


def _share(share: float) -> str:
    return f"{100 * share:.0f} %" if share in {0.0, 1.0} else percent(share)


def heldout_record(found: Sequence[HeldOut]) -> dict[str, Any]:
    """The held-out sources as plain data."""
    return {"bar": BAR, "held_out": [asdict(one) for one in found], "total": dict(total(found))}
