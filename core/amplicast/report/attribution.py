"""Why two runs differ, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from amplicast.analysis.replay import Answer
from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.comparison import ratio, run_card, run_title, signed, step
from amplicast.report.layout import Block, Text, grid, note, text_of
from amplicast.report.prose import listed
from amplicast.report.sensitivity import answer_title
from amplicast.report.words import value

if TYPE_CHECKING:
    from amplicast.analysis.attribution import Attributed, Attribution, Contribution

__all__ = ["attribution_record", "attribution_text", "titled", "year_of", "yearless"]

ABOUT = note("""\
Each row: what this change alone adds to the difference, averaged over the orders in which the
changes can be made (Shapley values), on common draws; factors (×) multiply to all together, OOM add
up to it. ±: Monte Carlo standard error.""")

SAMPLED = note("""\
Too many things differ for every combination of them: the rows come from {orders} sampled orders,
and ± has the error of that as well. Their sum is exact.""")

LEVELS = {"p05": "5 %", "p17": "17 %", "p50": "median", "p83": "83 %", "p95": "95 %"}

NOTHING = 5e-7
"""Contribution below which a cause is told in one line with others, OOM."""

FINE = 3
"""Decimals of an OOM: parts of a difference are smaller than it."""


def attribution_text(found: Attribution) -> Text:
    """For every headline: shares of the moved median by year, then of the last year's quantiles."""
    titles = run_title(found.after), run_title(found.before)
    parts: list[Block] = [
        f"Why {titles[0]} differs from {titles[1]}: reference scenarios, ends of years"
    ]
    stated = [cause for cause in found.causes if cause.before or cause.after]
    if stated:
        rows = [[each.label, each.before or "none", each.after or "none"] for each in stated]
        parts.append(grid("What was changed", [["", "first", "second"], *rows]))
    if found.apart:
        parts.append(
            f"The runs have no common draws: {'; '.join(found.apart)}. The row of what is drawn "
            "otherwise holds the noise of drawing as well."
        )
    for _, group in groupby(found.answers, key=lambda each: yearless(each.answer)):
        parts += _answers(list(group))
    if found.without:
        names = listed([cause.label for cause in found.without])
        parts.append(f"Cannot reach these answers: {names}.")
    parts.append(ABOUT)
    if not found.exact:
        parts.append(SAMPLED.format(orders=found.orders))
    failed = [each.id for each in (found.before, found.after) if _failed(each)]
    if failed:
        parts.append(f"Checks FAILED in {' and '.join(dict.fromkeys(failed))}; do not quote this.")
    return text_of(parts)


def _failed(forecast: Any) -> bool:
    return bool(forecast.provenance.get("failed_checks"))


def yearless(answer: Answer) -> Answer:
    """The answer without its year, under which years are columns."""
    return replace(answer, place=tuple(pair for pair in answer.place if pair[0] != "year"))


def year_of(answer: Answer) -> str:
    """Its year, as the head of a column."""
    return str(dict(answer.place).get("year", ""))


def titled(answer: Answer) -> str:
    """``Amplification, leading lab, OOM``: with its unit where numbers do not show it."""
    unit = OUTPUTS[answer.output].unit
    return answer_title(answer) + (", OOM" if unit.startswith("OOM") else "")


def _answers(group: Sequence[Attributed]) -> Iterator[Block]:
    last = group[-1]
    title = titled(yearless(last.answer))
    if not any(_finite(each) for each in group):
        yield f"{title}: cannot be run on one side, so there is nothing to share out."
        return
    order = [each.cause.name for each in last.contributions]
    by_year = [{each.cause.name: each for each in one.contributions} for one in group]
    kept = [name for name in order if any(_counts(row[name]) for row in by_year)]
    rows = [
        [
            by_year[-1][name].cause.label,
            *(
                step(row[name].moved["p50"], row[name].error["p50"], log=last.log, most=FINE)
                for row in by_year
            ),
        ]
        for name in kept
    ]
    rows.append(["all together", *(_together(each, "p50") for each in group)])
    for side, label in (("before", "first run"), ("after", "second run")):
        rows.append([label, *(_level(each, getattr(each, side)["p50"]) for each in group)])
    head = ["", *(year_of(each.answer) for each in group)]
    yield grid(f"{title}: what moves the median", [head, *rows], group=1)
    columns = list(LEVELS)
    lines = [
        [
            each.cause.label,
            *(_told(each.moved[key], each.error[key], log=last.log) for key in columns),
        ]
        for each in last.contributions
        if each.cause.name in kept
    ]
    lines.append(["all together", *(_together(last, key) for key in columns)])
    yield grid(
        f"{titled(last.answer)}: what moves its quantiles",
        [["", *LEVELS.values()], *lines],
    )
    still = len(order) - len(kept)
    if still:
        yield f"{still} more of what differs moves no median here."


def _finite(each: Attributed) -> bool:
    return each.moved["p50"] is not None


def _counts(each: Contribution) -> bool:
    moved = each.moved["p50"]
    return moved is None or abs(moved) > NOTHING


def _together(each: Attributed, level: str) -> str:
    """The whole, no finer than the coarsest of its parts."""
    errors = [one.error[level] or 0.0 for one in each.contributions]
    return _told(each.moved[level], max(errors, default=0.0), log=each.log)


def _told(moved: float | None, error: float | None = None, *, log: bool) -> str:
    if moved is None:
        return "n/a"
    if log:
        factor = 10.0**moved
        return ratio(factor, factor * (10.0 ** (error or 0.0) - 1.0))
    return signed(moved, error or 0.0, FINE)


def _level(each: Attributed, number: float | None) -> str:
    if number is None:
        return "cannot be run"
    return value(10.0**number if each.log else number, OUTPUTS[each.answer.output].unit)


def attribution_record(found: Attribution) -> dict[str, Any]:
    """The same as plain data; what cannot be told is null."""
    return {
        "before": run_card(found.before),
        "after": run_card(found.after),
        "common_draws": not found.apart,
        "apart": list(found.apart),
        "exact": found.exact,
        "evaluations": found.evaluations,
        "orders": found.orders,
        "causes": [asdict(cause) | {"inputs": list(cause.inputs)} for cause in found.causes],
        "cannot_reach": [cause.name for cause in found.without],
        "answers": [
            {
                "quantity": each.answer.output,
                "unit": OUTPUTS[each.answer.output].unit,
                **dict(each.answer.place),
                "scale": "log10 ratio" if each.log else "difference",
                "before": _natural(each.before, log=each.log),
                "after": _natural(each.after, log=each.log),
                "moved": dict(each.moved),
                "contributions": [
                    {
                        "cause": one.cause.name,
                        "kind": one.cause.kind,
                        "moved": dict(one.moved),
                        "mcse": dict(one.error),
                    }
                    for one in each.contributions
                ],
            }
            for each in found.answers
        ],
    }


def _natural(numbers: Mapping[str, float | None], *, log: bool) -> dict[str, float | None]:
    return {
        name: 10.0**number if log and number is not None else number
        for name, number in numbers.items()
    }
