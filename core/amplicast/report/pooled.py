"""Several forecasters side by side and pooled, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.attribution import titled, year_of, yearless
from amplicast.report.charts.place import spoken
from amplicast.report.comparison import run_card
from amplicast.report.layout import Block, Text, grid, note, text_of
from amplicast.report.prose import listed
from amplicast.report.words import interval, percent, value

if TYPE_CHECKING:
    from amplicast.analysis.pooled import Member, Pooled, Pooling

__all__ = ["pooling_record", "pooling_text"]

LINEAR = note("""\
Cells: median (66 %; 90 %). pooled: linear opinion pool, the mixture of all forecasters' draws by
weight; its interval is wide where they disagree. Chances are weighted means.""")

LOGARITHMIC = note("""\
Cells: median (66 %; 90 %). pooled: logarithmic opinion pool, the normalised geometric mean of the
forecasters' densities by weight, estimated by Gaussian kernels (of log10 where the quantity is
positive and wide) with normal tails beyond the outermost hundredth of the draws: it lies where they
overlap, and smooths edges and spikes. Chances are weighted means in log-odds.""")

THIN = 0.3
"""Overlap of densities below which the tails of their estimates decide; two normals of one spread
have it where their medians are three spreads apart."""


def pooling_text(found: Pooling) -> Text:
    """Who forecasts, then for every headline each forecaster's answer above the pool's."""
    rows = [
        [run.id, run.scenario.name, percent(weight)]
        for run, weight in zip(found.runs, found.weights, strict=True)
    ]
    parts: list[Block] = [
        grid(f"{len(rows)} forecasters, ends of years", [["run", "scenario", "weight"], *rows])
    ]
    for _, group in groupby(found.answers, key=lambda each: yearless(each.answer)):
        parts += _answers(found, list(group))
    if found.chances:
        parts.append(_chances(found))
    parts.append(LINEAR if found.method == "linear" else LOGARITHMIC)
    failed = [run.id for run in found.runs if run.provenance.get("failed_checks")]
    if failed:
        parts.append(f"Checks FAILED in {' and '.join(failed)}; do not quote this.")
    return text_of(parts)


def _answers(found: Pooling, group: Sequence[Pooled]) -> list[Block]:
    unit = OUTPUTS[group[0].answer.output].unit
    rows = [
        [run.id, *(_told(each.members[i], unit) for each in group)]
        for i, run in enumerate(found.runs)
    ]
    rows.append(["pooled", *(_told(each.pool, unit) for each in group)])
    title = titled(yearless(group[0].answer))
    parts: list[Block] = [grid(title, [["", *(year_of(each.answer) for each in group)], *rows])]
    if any(each.pool.defined < 1.0 for each in group):
        shares = ", ".join(
            f"{percent(each.pool.defined)} in {year_of(each.answer)}" for each in group
        )
        parts.append(f"Chance, pooled, that so many copies can be run at all: {shares}.")
    thin = [each for each in group if each.overlap is not None and each.overlap < THIN]
    if thin:
        years = " and ".join(year_of(each.answer) for each in thin)
        parts.append(
            f"The forecasters hardly overlap in {years}: the pool rests on the tails of density "
            "estimates there. Rather quote each of them, or --method linear."
        )
    return parts


def _told(member: Member, unit: str) -> str:
    q = {name: number for name, number in member.quantiles.items() if number is not None}
    if len(q) < len(member.quantiles):
        return "cannot be told"
    inner, outer = interval(q["p17"], q["p83"], unit), interval(q["p05"], q["p95"], unit)
    return f"{value(q['p50'], unit)} ({inner}; {outer})"


def _chances(found: Pooling) -> Block:
    rows = [
        [run.id, *(percent(each.members[i]) for each in found.chances)]
        for i, run in enumerate(found.runs)
    ]
    rows.append(["pooled", *(percent(each.pool) for each in found.chances)])
    where = listed(
        [
            f"{spoken(one.output)} {one.sign} {value(one.number, OUTPUTS[one.output].unit)}"
            for one in found.where
        ]
    )
    place = ", ".join(label.replace("-", " ") for label in found.place.values())
    head = ["", *(str(each.year) for each in found.chances)]
    return grid(f"Chance that {where} ({place})", [head, *rows])


def pooling_record(found: Pooling) -> dict[str, Any]:
    """The same as plain data; what cannot be told is null."""
    return {
        "method": found.method,
        "runs": [
            {**run_card(run), "weight": weight}
            for run, weight in zip(found.runs, found.weights, strict=True)
        ],
        "answers": [
            {
                "quantity": each.answer.output,
                "unit": OUTPUTS[each.answer.output].unit,
                **dict(each.answer.place),
                "pooled": _record(each.pool),
                "overlap": each.overlap,
                "forecasters": [
                    {"run": run.id, **_record(member)}
                    for run, member in zip(found.runs, each.members, strict=True)
                ],
            }
            for each in found.answers
        ],
        "chances": [
            {
                "where": " and ".join(map(str, found.where)),
                **found.place,
                "year": each.year,
                "pooled": each.pool,
                "forecasters": [
                    {"run": run.id, "chance": chance}
                    for run, chance in zip(found.runs, each.members, strict=True)
                ],
            }
            for each in found.chances
        ],
    }


def _record(member: Member) -> Mapping[str, Any]:
    return {
        **member.quantiles,
        "mcse": dict(member.error),
        "share_defined": member.defined,
    }
