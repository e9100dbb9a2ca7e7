"""The tables of a memo: few rows, those that matter most."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from amplicast.analysis.tornado import Driver
from amplicast.forecast.evidence import MOSTLY_PRIOR, removed_variance
from amplicast.forecast.outputs import HEADLINES
from amplicast.report.charts.place import opening, spoken
from amplicast.report.charts.tornado import amount
from amplicast.report.findings import Findings
from amplicast.report.memo.structure import Table
from amplicast.report.registers.headline import headline_rows
from amplicast.report.table import ForecastTable
from amplicast.report.words import count, oom

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument
    from amplicast.report.registers.assumptions import AssumptionRow

__all__ = ["MOST_DRIVERS", "MOST_SOURCES", "assumptions", "drivers", "evidence", "headline"]

MOST_DRIVERS = 3
"""Inputs that are shown for each headline."""

MOST_SOURCES = 5

MOST_ASSUMED = 2
"""Inputs of each headline whose reasons are told."""

LONG = 100
"""Characters of a reason after which it is cut at a word."""


def headline(document: ForecastDocument, findings: Findings) -> Table:
    """T1 at the first pool and the last regime."""
    years = document.forecast.plan.years
    wanted = tuple(dict.fromkeys((years[0], findings.year, years[-1])))
    place = findings.place
    found = headline_rows(ForecastTable.of(document.forecast, HEADLINES, wanted), wanted)
    rows = [
        (
            f"Amplification [OOM], {row.task_class}" if row.task_class else "AI copies",
            *(row.told[year] for year in wanted),
        )
        for name in reversed(HEADLINES)
        for row in found
        if row.quantity == name
        and row.scenario == place.scenario
        and row.actor == place.actor
        and row.regime in {"", place.regime}
    ]
    return Table(
        f"{place.story} scenario, {place.pool}, {place.wanted}: median (66 % interval; 90 % "
        "interval) at the end of the year",
        ("", *map(str, wanted)),
        tuple(rows),
        (0.26, *(0.74 / len(wanted) for _ in wanted)),
    )


def drivers(document: ForecastDocument, findings: Findings) -> Table:
    """The first inputs of each headline's tornado, with where their ranges come from."""
    register = {row.id: row for row in document.assumptions}
    removed = removed_variance(document.forecast)
    place, rows = findings.place, list[tuple[str, ...]]()
    for quantity, answer in (("copies", "AI copies"), ("amplification", "amplification")):
        for one in findings.drivers(quantity)[:MOST_DRIVERS]:
            at_low, at_high = (
                count(10.0**v) if quantity == "copies" else f"{oom(v)} OOM"
                for v in (one.at_low, one.at_high)
            )
            name = one.name.partition("[")[0]
            rows.append(
                (
                    opening(one.label),
                    _range(one),
                    f"{answer}: {at_low} to {at_high}",
                    _basis(register.get(name), removed.get(name)),
                )
            )
    return Table(
        f"Median in {place.year} where the input is at its 5 % and at its 95 % value, the others "
        f"as they come with it; amplification on {place.task_class} tasks",
        ("Driver", "Range tried (90 %)", "Median moves from, to", "Range rests on"),
        tuple(rows),
        (0.26, 0.2, 0.32, 0.22),
    )


def _range(one: Driver) -> str:
    unit = "" if one.unit in {"1", "fraction"} else f" {one.unit}"
    return f"{amount(one.low, one.unit)} to {amount(one.high, one.unit)}{unit}"


def _basis(row: AssumptionRow | None, removed: float | None) -> str:
    """What a range rests on; evidence that hardly narrowed it does not count for all of it."""
    if row is None:
        return "its spread over rows"
    weak = row.basis == "evidence" and removed is not None and removed < MOSTLY_PRIOR
    basis = "mostly prior, little evidence" if weak else row.basis
    return basis if row.source == "judgement" else f"{basis}, {row.source}"


def assumptions(document: ForecastDocument, findings: Findings) -> Table:
    """The assumptions behind the first drivers, each with the reason that was given."""
    register = {row.id: row for row in document.assumptions}
    names = [
        one.name.partition("[")[0]
        for quantity in ("copies", "amplification")
        for one in findings.drivers(quantity)[:MOST_ASSUMED]
    ]
    rows = [register[name] for name in dict.fromkeys(names) if name in register]
    return Table(
        f"{len(rows)} of {len(document.assumptions)} assumptions: those that move the medians most",
        ("Assumption", "Why"),
        tuple((row.sentence, _cut(row.why)) for row in rows),
        (0.5, 0.5),
    )


def _several(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 2 else f"{names[0]} and {len(names) - 1} others"


def _cut(text: str) -> str:
    if len(text) <= LONG:
        return text
    return text[:LONG].rsplit(" ", 1)[0].rstrip(",;:.") + " …"


def evidence(document: ForecastDocument) -> Table:
    """Sources with the most measurements; the rest in one line."""
    points, grades = Counter[str](), dict[str, str]()
    plugins, titles = dict[str, set[str]](), dict[str, str]()
    for row in document.evidence:
        points[row.key] += row.points
        grades[row.key], titles[row.key] = row.grade, row.title
        plugins.setdefault(row.key, set()).add(spoken(row.plugin))
    ordered = sorted(points, key=lambda key: (-points[key], key))
    rows = [
        (_cut(f"{key}: {titles[key]}"), _several(sorted(plugins[key])), str(points[key]),
         grades[key])
        for key in ordered[:MOST_SOURCES]
    ]  # fmt: skip
    rest = ordered[MOST_SOURCES:]
    if rest:
        many = sum(points[key] for key in rest)
        shown = set(", ".join(ordered[:MOST_SOURCES]).split(", "))
        others = set(", ".join(rest).split(", ")) - shown  # rows may name several together
        rows.append((f"{len(others)} more sources in the full report", "", str(many), ""))
    return Table(
        "Measurements that were fitted (grade A direct, B derived, C argument, D judgement)",
        ("Source", "Informs", "Points", "Grade"),
        tuple(rows),
        (0.58, 0.24, 0.09, 0.09),
    )
