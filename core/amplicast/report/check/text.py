"""The checks of a run on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from amplicast.forecast.evidence import kept_rows
from amplicast.report.check.evidence import heldout_coverage
from amplicast.report.layout import Block, Grid, Text, grid, note, text_of
from amplicast.report.prose import counted
from amplicast.report.registers.checks import check_rows
from amplicast.report.registers.columns import plain
from amplicast.report.registers.verdicts import Verdict
from amplicast.report.words import percent

if TYPE_CHECKING:
    from amplicast.report.check.run import Checked

__all__ = ["checked_record", "checked_text"]

ABOUT = note("""\
Calibrations: worst parameter of each. By the priors, as fitted: rows inside their 90 % intervals
before the fit and after it. Pareto k: largest; above 0.7 a row decides too much to be left out by
weights. Conflict: distance of the farthest parameter that prior and evidence both pull, in prior
standard deviations. Passed means that nothing was found, which is all that checks can say.""")

_MEANS = {"Pareto k": ": rows that decide too much to be left out by weights"}
"""What a check looks for, where its name does not say it."""

_MARKS = {"FAILED": "FAILED", "warning": "Warning", "not checked": "Not checked"}


def checked_text(found: Checked) -> Text:
    """Tables of what was looked at, then every finding with its next step."""
    parts: list[Block] = [_heading(found), *_calibrations(found), *_evidence(found)]
    parts += _left_out(found)
    parts += [_draws(found.verdicts), *_findings(found.verdicts), ABOUT]
    return text_of(parts)


def checked_record(found: Checked) -> dict[str, Any]:
    """The same as plain data."""
    from dataclasses import asdict

    return {
        "run": found.forecast.id,
        "scenario": found.forecast.scenario.name,
        "counts": found.counts,
        "checks": [asdict(each) for each in found.verdicts],
    }


def _heading(found: Checked) -> str:
    counts = found.counts
    said = [f"{counts['passed']} passed"]
    said.append(counted(counts["warning"], "warning"))
    if counts["not checked"]:
        said.append(f"{counts['not checked']} not checked")
    said.append(f"{counts['FAILED']} FAILED" if counts["FAILED"] else "none failed")
    run = f"{found.forecast.scenario.name}, run {found.forecast.id}"
    return f"{run}: of {len(found.verdicts)} checks {', '.join(said)}."


_COLUMNS = {
    "r_hat": "R-hat",
    "ESS bulk": "ESS bulk",
    "ESS tail": "ESS tail",
    "bfmi": "E-BFMI",
    "divergences": "diverged",
}


def _calibrations(found: Checked) -> Iterator[Grid]:
    group = found.forecast.tree.get("sample_stats")
    rows = check_rows(found.forecast)
    nodes = {} if group is None else dict(sorted(group.children.items()))
    if not nodes:
        return
    lines = [["", *_COLUMNS.values(), "verdict"]]
    bars = {row.check: row.bar for row in rows}
    for id_, node in nodes.items():
        told = node.to_dataset()
        own = {row.check: row for row in rows if row.plugin == id_}
        failed = [row.check for row in own.values() if row.verdict != "passed"]
        energy = own["bfmi"].value if "bfmi" in own else None
        lines.append(
            [
                id_,
                f"{float(told['r_hat'].max()):.3f}",
                f"{float(told['ess_bulk'].min()):,.0f}",
                f"{float(told['ess_tail'].min()):,.0f}",
                "" if energy is None else f"{energy:.2f}",
                _diverged(own),
                f"FAILED: {', '.join(failed)}" if failed else "passed",
            ]
        )
    wanted = [bars.get(check, "") for check in ("r_hat", "ess", "ess", "bfmi", "divergences")]
    short = [bar.replace("at most", "max").replace("at least", "min") for bar in wanted]
    lines.append(["wanted", *short, ""])
    yield grid("Calibrations", lines)


def _diverged(own: dict[str, Any]) -> str:
    row = own.get("divergences")
    return "" if row is None else "some" if row.verdict != "passed" else "0"


def _evidence(found: Checked) -> Iterator[Grid]:
    lines = [["", "by the priors", "as fitted", "Pareto k", "conflict"]]
    rows = [each for each in found.verdicts if each.part == "evidence"]
    sizes = {
        f"{id_}, {name}": int((kept["evidence"].values == name).sum())
        for id_, kept in kept_rows(found.forecast).items()
        for name in set(kept["evidence"].values)
    }
    for plugin, same in groupby(rows, key=lambda each: each.where.partition(",")[0]):
        own = list(same)
        whole = {each.check: each for each in own if each.where == plugin}
        for where, few in groupby(
            (each for each in own if each.where in sizes), key=lambda each: each.where
        ):
            told = {each.check: each for each in few}
            inside = partial(_inside, sizes[where])
            lines.append(
                [
                    where,
                    _cell(told.get("rows inside, by the priors"), inside),
                    _cell(told.get("rows inside, as fitted"), inside),
                    _cell(told.get("Pareto k"), "{:.2f}".format),
                    _cell(whole.get("prior-data conflict"), "{:.1f}".format),
                ]
            )
    if len(lines) > 1:
        yield grid("Evidence (! marks a warning)", lines)


def _left_out(found: Checked) -> Iterator[Grid]:
    covered = heldout_coverage(found.forecast)
    if covered:
        yield grid(
            f"Rows that were left out by weights ({covered[0].rows:,}), inside their intervals",
            [
                ["interval", *(percent(each.mass) for each in covered)],
                ["inside", *(percent(each.share) for each in covered)],
                ["by chance", *(f"{percent(e.low)} to {percent(e.high)}" for e in covered)],
            ],
        )


def _inside(rows: int, share: float) -> str:
    return f"{round(share * rows)} of {rows}"


def _cell(told: Verdict | None, words: Any) -> str:
    if told is None or told.value is None:
        return "n/a"
    return f"{words(told.value)}{'' if told.passed else ' !'}"


def _draws(verdicts: Sequence[Verdict]) -> Grid:
    lines = [["", "largest error", "wanted"]]
    lines += [
        [each.where, _cell(each, _share), each.wanted] for each in verdicts if each.part == "draws"
    ]
    return grid("Monte Carlo error of exported quantiles", lines)


def _share(share: float) -> str:
    return "over 100 %" if share > 1.0 else percent(share)


def _findings(verdicts: Sequence[Verdict]) -> Iterator[Block]:
    """What failed first, then warnings; findings of one check stand together, advice once."""
    for kind, mark in _MARKS.items():
        told: dict[tuple[str, str], list[Verdict]] = {}
        for each in verdicts:
            if each.verdict == kind:
                told.setdefault((each.check, _advice(each)), []).append(each)
        for (check, advice), same in told.items():
            rows = [[each.where, f"{each.found}{_reached(each)}"] for each in same]
            title = f"{mark}: {check}{_MEANS.get(check, '')}"
            if len(rows) == 1:
                yield f"{title}: {rows[0][0]}: {rows[0][1]}.\n  Next: {same[0].next}."
            else:
                yield grid(title, rows, head=0)
                yield f"  Next: {advice}."


def _reached(each: Verdict) -> str:
    """What was reached, where no sentence or table has it yet."""
    if each.value is None or each.part != "calibration":
        return ""
    return f" ({plain(each.value)}, wanted {each.wanted})"


def _advice(each: Verdict) -> str:
    """What to do next, with NAME for the plugin, so that one advice stands for many."""
    return each.next.replace(f" {each.where.partition(',')[0]}", " NAME")
