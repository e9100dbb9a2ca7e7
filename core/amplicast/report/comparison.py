"""Two runs side by side, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, Any

from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.layout import Block, Text, grid, note, text_of
from amplicast.report.words import decimals, percent, significant, value

if TYPE_CHECKING:
    from amplicast.analysis.comparison import Comparison, Difference, Side
    from amplicast.analysis.comparison_inputs import Changed
    from amplicast.forecast import Forecast

__all__ = [
    "comparison_record", "comparison_text", "ratio", "run_card", "run_title", "signed", "step",
]  # fmt: skip

COMMON = note("""\
Both runs use the same draws for everything that they share. medians differ: the second median less
the first, or over it (×), with its Monte Carlo standard error. draw by draw: median of the
difference (66 %; 90 %), over the draws in which both are defined. more: chance that the second run
has more.""")

APART = note("""\
medians differ: the second median less the first, or over it (×), with its Monte Carlo standard
error, both runs being independent. No interval of the difference can be told.""")

NOISE = 2.0
"""Monte Carlo errors within which a difference is not told from none."""


def comparison_text(found: Comparison) -> Text:
    """What differs in the assumptions, and then in the headlines."""
    before, after = found.before, found.after
    parts: list[Block] = [
        f"{run_title(before)}, against {run_title(after)}: reference scenarios, ends of years",
        _changes("Assumptions that differ", found.changed)
        if found.changed
        else "No assumption differs.",
    ]
    if found.settings:
        parts.append(_changes("What else differs", found.settings))
    if found.apart:
        parts.append(f"The runs have no common draws: {'; '.join(found.apart)}.")
    for (name, actor), group in groupby(found.differences, key=_table):
        parts.append(_differences(name, actor, list(group), found))
    parts.append(APART if found.apart else COMMON)
    failed = [each.id for each in (before, after) if each.provenance.get("failed_checks")]
    if failed:
        parts.append(f"Checks FAILED in {' and '.join(failed)}; do not quote this.")
    return text_of(parts)


def comparison_record(found: Comparison) -> dict[str, Any]:
    """The same as plain data; infinite and undefined numbers are null."""
    return {
        "before": run_card(found.before),
        "after": run_card(found.after),
        "assumptions": [asdict(each) for each in found.changed],
        "settings": [asdict(each) for each in found.settings],
        "common_draws": not found.apart,
        "apart": list(found.apart),
        "differences": [
            {
                "quantity": each.quantity,
                "unit": OUTPUTS[each.quantity].unit,
                **each.place,
                "before": _side(each.before),
                "after": _side(each.after),
                "scale": "log10 ratio" if each.log else "difference",
                "moved": _finite(each.moved),
                "mcse": _finite(each.error),
                "paired": None
                if each.paired is None
                else {name: _finite(number) for name, number in each.paired.items()},
                "chance_of_more": each.higher,
                "share_both_defined": _finite(each.both),
            }
            for each in found.differences
        ],
    }


def run_title(forecast: Forecast) -> str:
    """Its scenario and id, and how many beliefs re-evaluation changed."""
    changed = forecast.provenance.get("changes", {})
    beliefs = f" with {len(changed)} changed belief{'s' if len(changed) > 1 else ''}"
    return f"{forecast.scenario.name}, run {forecast.id}{beliefs if changed else ''}"


def _changes(title: str, changes: Sequence[Changed]) -> Block:
    rows = [[each.name, each.before or "none", each.after or "none"] for each in changes]
    return grid(title, [["", "first", "second"], *rows])


def _table(each: Difference) -> tuple[str, str]:
    return each.quantity, str(each.place.get("actor", ""))


def _differences(name: str, actor: str, group: Iterable[Difference], found: Comparison) -> Block:
    places = ["regime", "task_class"] if name == "amplification" else []
    head = [*(place.replace("_", " ") for place in places), "year", "first", "second",
            "medians differ"]  # fmt: skip
    if not found.apart:
        head += ["draw by draw", "more"]
    rows = []
    same = 0
    for each in group:
        if each.same:
            same += 1
            continue
        row = [str(each.place[place]) for place in (*places, "year")]
        row += [_median(each, each.before), _median(each, each.after), _moved(each)]
        if not found.apart:
            row += [_paired(each), "" if each.higher is None else percent(each.higher)]
        rows.append(row)
    what = "AI copies" if name == "copies" else OUTPUTS[name].title
    title = f"{what}: {actor}"
    if not rows:
        return f"{title}: the same in every draw."
    if same:
        rows.append([f"{same} more: the same in every draw"])
    return grid(title, [head, *rows], keys=len(places) + 1, group=1)


def _median(each: Difference, side: Side) -> str:
    middle = side.quantiles["p50"]
    return "cannot be run" if middle is None else value(middle, OUTPUTS[each.quantity].unit)


def _moved(each: Difference) -> str:
    return step(each.moved, each.error, log=each.log)


def step(moved: float | None, error: float | None, *, log: bool, most: int = 2) -> str:
    """``+0.12 ± 0.01``, or ``×1.9 ± 0.1`` of a log10 ratio, with its Monte Carlo error.

    A difference has `most` decimals where its error allows.
    """
    if moved is None or error is None or not isfinite(error):
        return "n/a"
    if log:
        factor = 10.0**moved
        spread = factor * (10.0**error - 1.0)
        told = ratio(factor, spread)
    else:
        spread = error
        told = signed(moved, spread, most)
    noise = abs(moved) <= NOISE * error and error > 0.0
    return f"{told} ± {significant(spread, 1):g}{' (noise)' if noise else ''}"


def _paired(each: Difference) -> str:
    if each.paired is None:
        return "n/a"
    told = [
        ratio(10.0 ** min(number, 300.0)) if each.log else signed(number)
        for number in (each.paired[key] for key in ("p50", "p17", "p83", "p05", "p95"))
    ]
    middle, low, high, lowest, highest = told
    return f"{middle} ({low} to {high}; {lowest} to {highest})"


def signed(number: float, error: float = 0.0, most: int = 2) -> str:
    """A difference with its sign, no finer than its error."""
    text = f"{number:+.{max(decimals(error, most), 0)}f}"
    return text.lstrip("+-") if float(text) == 0.0 else text


def ratio(factor: float, error: float = 0.0) -> str:
    """A factor to two decimals, or two figures; no finer than its error."""
    if factor > 1e6:
        return f"×{factor:.0e}".replace("e+", "e") if factor < 1e99 else "from none"
    if 0.095 <= factor < 9.95:
        return f"×{factor:.{max(decimals(error, 2), 0)}f}"
    return f"×{significant(factor, 2):,g}" if factor > 0.0 else "to none"


def run_card(forecast: Forecast) -> dict[str, Any]:
    """Which run it is, as plain data."""
    record = forecast.provenance
    return {
        "run": forecast.id,
        "scenario": forecast.scenario.name,
        "created": record["created"],
        "failed_checks": record.get("failed_checks", []),
        "changes": sorted(record.get("changes", {})),
    }


def _side(side: Side) -> dict[str, Any]:
    return {**side.quantiles, "mcse_of_median": _finite(side.error), "share_defined": side.defined}


def _finite(number: float | None) -> float | None:
    return number if number is not None and isfinite(number) else None
