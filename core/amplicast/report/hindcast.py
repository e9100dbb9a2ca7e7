"""A hindcast on a terminal and as plain data, beside naive rules."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from amplicast.analysis.coverage import coverage
from amplicast.analysis.hindcast import NAIVE, Foreseen, Hindcast
from amplicast.analysis.scores import MASSES, Skill, crps, log_score, pit, skill
from amplicast.report.layout import Block, Grid, Text, grid, note, text_of
from amplicast.report.prose import counted

__all__ = [
    "SCORES",
    "by_evidence",
    "figure_record",
    "figures_grid",
    "hindcast_record",
    "hindcast_text",
    "scores",
    "scores_text",
]

LEVELS = (0.05, 0.5, 0.95)

SCORES = """\
Numbers are on the scale of the evidence, mostly log10. worth: independent figures that they amount
to, for those of a series share errors. chance: what perfect 90 % intervals would reach with so
many; (!) lies outside of it. CRPS: error of a forecast and its spread; log score: minus the log
density where it came, in nats; both less is better. PIT: share of the forecast below what came,
counted in fifths. Naive rules: random walks from the last row of a series, with its growth or
without, and a straight line through its rows. skill: share of a rule's CRPS that is saved, below 0
where the rule did better; its 90 % interval resamples whole series, and is missing where there is
one."""
"""What the words beside figures mean."""

ABOUT = note(f"""\
{SCORES} Fits saw the rows up to the cutoff; figures are those published since, forms and priors are
today's.""")

FIFTHS = 5
"""Classes in which PIT values are counted."""


def hindcast_text(found: Hindcast) -> Text:
    """Tables by evidence."""
    parts: list[Block] = [f"What evidence up to {found.cutoff} foresaw"]
    for (plugin, evidence, kind), figures in by_evidence(found.figures):
        parts.append(figures_grid(f"{plugin}, {evidence}: {_KINDS[kind]}", figures))
        parts.append(scores_text(figures))
    if found.left_out:
        rows = [[f"{p}, {e}", why] for (p, e), why in sorted(found.left_out.items())]
        parts.append(grid("Not foreseen", rows, head=0))
    if found.failed:
        parts.append("Fits that did not pass the gate, do not quote: " + ", ".join(found.failed))
    return text_of([*parts, ABOUT])


def hindcast_record(found: Hindcast) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "cutoff": found.cutoff.isoformat(),
        "evidence": [
            {
                "plugin": plugin,
                "evidence": evidence,
                "kind": kind,
                "scale": found.scales[plugin, evidence],
                **scores(figures),
                "figures": [figure_record(each) for each in figures],
            }
            for (plugin, evidence, kind), figures in by_evidence(found.figures)
        ],
        "left_out": [
            {"plugin": plugin, "evidence": evidence, "why": why}
            for (plugin, evidence), why in sorted(found.left_out.items())
        ],
        "failed_fits": list(found.failed),
    }


def figure_record(each: Foreseen) -> dict[str, Any]:
    """One figure as plain data."""
    return {
        "series": each.series,
        "date": each.when.isoformat(),
        "seen": each.seen,
        **dict(zip(("p05", "p50", "p95"), _quantiles(each), strict=True)),
        "crps": crps(each.draws, each.seen),
        "log_score": log_score(each.draws, each.seen),
        "pit": pit(each.draws, each.seen),
        "naive": {rule: _middle(draws) for rule, draws in each.naive.items()},
    }


_KINDS = {"row": "later rows", "stock": "the stock they add to"}


def by_evidence(figures: Sequence[Foreseen]) -> list[tuple[tuple[str, str, str], list[Foreseen]]]:
    """Figures by plugin, evidence and kind, sorted."""

    def key(each: Foreseen) -> tuple[str, str, str]:
        return each.plugin, each.evidence, each.kind

    return [(name, list(same)) for name, same in groupby(sorted(figures, key=key), key)]


def figures_grid(title: str, figures: Sequence[Foreseen]) -> Grid:
    """What came beside what was foreseen, and the naive rules."""
    rows = [["", "date", "came", "foreseen: median (90 %)", "inside", *NAIVE]]
    for each in figures:
        low, middle, high = _quantiles(each)
        rows.append(
            [
                each.series,
                each.when.isoformat(),
                f"{each.seen:.2f}",
                f"{middle:.2f} ({low:.2f} to {high:.2f})",
                "yes" if low <= each.seen <= high else "NO",
                *(
                    f"{_middle(each.naive[rule]):.2f}" if rule in each.naive else "n/a"
                    for rule in NAIVE
                ),
            ]
        )
    return grid(title, rows)


def scores_text(figures: Sequence[Foreseen]) -> str:
    """Coverage, scores and skill in a few lines."""
    told = scores(figures)
    inside = ", ".join(
        f"{mass} %: {each['inside']}" + ("" if each["allowed"] else " (!)")
        for mass, each in told["coverage"].items()
    )
    wide = told["coverage"][f"{100 * MASSES[-1]:.0f}"]
    fifths = ", ".join(str(each) for each in told["pit"])
    many = counted(told["figures_scored"], "figure")
    worth = f"{many} (worth {told['trials']})"
    chance = f"{100 * wide['low']:.0f} to {100 * wide['high']:.0f} %"
    mean = f"mean CRPS {told['crps']:.3g}; mean log score {told['log_score']:.2f}"
    lines = [
        f"  {worth}; inside intervals of {inside}",
        f"  chance in 90 %: {chance}; {mean}; PIT by fifths {fifths}",
    ]
    for rule, record in told["against"].items():
        low, high = record["low"], record["high"]
        interval = "one series" if low is None else f"{low:.2f} to {high:.2f}"
        verdict = "" if record["skill"] >= 0.0 else "; the rule did better"
        known = counted(record["figures"], "figure")
        lines.append(
            f"  against {rule} (CRPS {record['crps']:.3g}, {known}): skill {record['skill']:.2f} "
            f"({interval}){verdict}"
        )
    return "\n".join(lines)


def scores(figures: Sequence[Foreseen]) -> dict[str, Any]:
    """The same as plain data."""
    ours = [crps(each.draws, each.seen) for each in figures]
    pits = [pit(each.draws, each.seen) for each in figures]
    series = [each.series for each in figures]
    covered = {f"{100 * mass:.0f}": coverage(mass, pits, series) for mass in MASSES}
    return {
        "figures_scored": len(figures),
        "trials": next(iter(covered.values())).trials,
        "coverage": {
            name: {"inside": c.inside, "low": c.low, "high": c.high, "allowed": c.allowed}
            for name, c in covered.items()
        },
        "crps": sum(ours) / len(ours),
        "log_score": sum(log_score(each.draws, each.seen) for each in figures) / len(figures),
        "pit": [sum(min(int(FIFTHS * p), FIFTHS - 1) == i for p in pits) for i in range(FIFTHS)],
        "against": {
            rule: record for rule in NAIVE if (record := _against(rule, figures, ours)) is not None
        },
    }


def _against(
    rule: str, figures: Sequence[Foreseen], ours: Sequence[float]
) -> dict[str, Any] | None:
    """CRPS of a rule on the figures that it foresaw, and what of it is saved."""
    known = [place for place, each in enumerate(figures) if rule in each.naive]
    errors = [crps(figures[i].naive[rule], figures[i].seen) for i in known]
    saved: Skill | None = (
        skill([ours[i] for i in known], errors, [figures[i].series for i in known])
        if known
        else None
    )
    if saved is None:
        return None
    return {
        "figures": len(known),
        "crps": sum(errors) / len(errors),
        "skill": saved.value,
        "low": saved.low,
        "high": saved.high,
    }


def _middle(draws: Any) -> float:
    import numpy

    return float(numpy.median(draws))


def _quantiles(each: Foreseen) -> tuple[float, float, float]:
    import numpy

    low, middle, high = numpy.quantile(each.draws, LEVELS)
    return float(low), float(middle), float(high)
