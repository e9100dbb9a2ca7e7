"""What the answers rest on: what moves them, assumptions, evidence, the trace and the checks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from amplicast.forecast.evidence import keeps_rows
from amplicast.forecast.must_hold import Judged, judged_beliefs
from amplicast.report.charts.place import spoken
from amplicast.report.findings import Findings
from amplicast.report.html.answers import Drawn
from amplicast.report.html.markup import Markup, coded, link, name_of, tag
from amplicast.report.html.opening import said
from amplicast.report.html.tables import details, table
from amplicast.report.must_hold import bound_of
from amplicast.report.registers.assumptions import AssumptionRow
from amplicast.report.registers.checks import CheckRow
from amplicast.report.registers.columns import plain
from amplicast.report.registers.trace import TraceRow, trace_rows
from amplicast.report.words import percent

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument

__all__ = ["assumptions", "checks", "evidence", "moves", "reference_id", "rests", "trace"]

GRADES = "Grades: A direct measurement, B derived, C argument, D judgement."


def reference_id(key: str) -> str:
    """Name of a source's place in the list of references."""
    return "source-" + "".join(c if c.isalnum() else "-" for c in key)


def _cited(keys: str, document: ForecastDocument) -> list[Markup | str]:
    """Keys of sources, each a link into the list of references where it stands there."""
    known = {row.key for row in document.sources}
    told: list[Markup | str] = []
    for key in keys.split(", "):
        told += [", "] if told else []
        told.append(link(f"#{reference_id(key)}", key) if key in known else key)
    return told


def moves(findings: Findings, drawn: Drawn) -> Markup:
    """What moves the medians most."""
    return Markup(
        tag("p", (run for sentence in findings.drives for run in [*said(sentence), " "]))
        + drawn("tornado of copies")
        + drawn("tornado of amplification")
    )


def rests(findings: Findings, drawn: Drawn) -> Markup:
    """Evidence against belief, and what the evidence taught."""
    confidence = findings.confidence
    rows = [
        [each.what, *(percent(v) for v in (each.evidence, each.belief, each.together))]
        for each in confidence.spreads
    ]
    head = ["spread of", "evidence alone", "judgement alone", "both together"]
    place = findings.place
    where = f"{place.pool}, {place.wanted}, {place.year}"
    shares = table(
        head, rows, caption=f"What the spread rests on, share of variance: {where}",
        numbers={1, 2, 3},
    )  # fmt: skip
    return Markup(
        tag("p", said(confidence.sentence), " Confidence is about the evidence; it is not part of "
            "any probability.")
        + (shares if rows else "")
        + drawn("learned")
    )  # fmt: skip


def assumptions(document: ForecastDocument) -> Markup:
    """T3: the scenario's own first, then the plugins' parameters."""
    own = [row for row in document.assumptions if row.origin != "default of the plugin"]
    rest = [row for row in document.assumptions if row.origin == "default of the plugin"]
    counts = Counter(row.basis for row in document.assumptions)
    told = ", ".join(f"{counts[name]} {name}" for name in ("evidence", "judgement", "fixed"))
    return Markup(
        tag("p", f"{len(document.assumptions)} numbers: {told}. Ranges are the 5 % and 95 % points "
            "that the forecast used, after the evidence where the basis is evidence.")
        + _assumed(own, "What the scenario assumes", document)
        + (
            details(
                f"{len(rest)} parameters of plugins",
                _assumed(rest, "What the plugins assume where the scenario says nothing", document),
                long=True,
            )
            if rest
            else ""
        )
    )  # fmt: skip


def _assumed(rows: list[AssumptionRow], caption: str, document: ForecastDocument) -> Markup:
    body = [
        [
            name_of(row.id), coded(row.sentence), row.basis, _cited(row.source, document),
            coded(row.why),
        ]
        for row in rows
    ]  # fmt: skip
    return table(["name", "assumption", "basis", "source", "why"], body, caption=caption)


def evidence(document: ForecastDocument, drawn: Drawn) -> Markup:
    """T4: what was measured, by plugin and source."""
    if not document.evidence:
        return tag("p", "This run keeps no evidence of its own: it was evaluated anew.")
    grades = Counter[str]()
    for row in document.evidence:
        grades[row.grade or "no grade"] += row.points
    told = ", ".join(f"{points} of grade {grade}" for grade, points in sorted(grades.items()))
    body = [
        [
            _cited(row.key, document), row.plugin, row.informs, f"{row.points}",
            percent(row.share) if row.share < 1.0 else "all", row.grade,
        ]
        for row in document.evidence
    ]  # fmt: skip
    return Markup(
        tag("p", f"Measurements by grade: {told}. {GRADES} Rows of one source may share their "
            "problems; the share counts rows and is not the weight in the answer.")
        + table(
            ["source", "calibrates", "what it teaches", "rows", "share of rows", "grade"],
            body, caption="Measurements that the plugins were calibrated on", numbers={3, 4},
        )
        + (_forest(document, drawn) if keeps_rows(document.forecast) else "")
    )  # fmt: skip


def _forest(document: ForecastDocument, drawn: Drawn) -> Markup:
    shown = drawn("forest")
    command = f"amplicast picture {document.run} forest --plugin NAME"
    return shown and Markup(
        shown
        + tag("p", "The technique that brings most is shown. The others: ", tag("code", command))
    )


def trace(document: ForecastDocument, findings: Findings) -> Markup:
    """Every quantity of one draw at the place of the headlines, in the order of computing."""
    place = findings.place
    rows = trace_rows(document.forecast, years=(place.year,))
    here = [row for row in rows if row.step and _at(row, findings)]
    body = [
        [
            name_of(row.name), f"{row.about}{f' ({row.element})' if row.element else ''}",
            tag("code", row.expression), row.kind, _number(row.value, row.unit),
            _number(row.median, row.unit), row.unit,
        ]
        for row in here
    ]  # fmt: skip
    where = f"{place.pool}, end of {place.year}, {place.wanted}, {place.task_class} tasks: one draw"
    names = len({row.name for row in here})
    return Markup(
        tag("p", f"{names} quantities, each with how it follows from those above it. Formulas hold "
            "exactly among the values of one draw, whose copies end near the median; among medians "
            "they need not. ", tag("code", f"amplicast export {document.run} --format trace"),
            " writes every year and place.")
        + details(
            f"The trace: {names} quantities",
            table(
                ["quantity", "what it is", "expression", "kind", "value", "median of all", "unit"],
                body, caption=f"Trace: {where}", numbers={4, 5},
            ),
        )
    )  # fmt: skip


def _at(row: TraceRow, findings: Findings) -> bool:
    place = findings.place
    return (
        row.year in {None, place.year}
        and row.actor in {"", place.actor}
        and row.regime in {"", place.regime}
        and row.task_class in {"", place.task_class}
    )


def _number(number: float | None, unit: str) -> str:
    return "" if number is None else plain(number, unit)


def _reached(check: str, number: float | None) -> str:
    """What a check found; an R-hat differs from 1 in its third decimal."""
    return f"{number:.3f}" if check == "r_hat" and number is not None else _number(number, "")


def checks(document: ForecastDocument, drawn: Drawn) -> Markup:
    """T6: the worst of each check first, then every calibration, then rows that no fit had seen."""
    rows = document.checks
    plugins = {row.plugin for row in rows}
    failed = [row for row in rows if row.verdict != "passed"]
    told = (
        f"{len(failed)} of {len(rows)} checks of {len(plugins)} calibrations FAILED. Do not quote "
        "this run."
        if failed
        else f"All {len(rows)} checks of {len(plugins)} calibrations passed: no failure was "
        "detected, which is all that such checks can say."
    )
    found = [tag("li", f"{row.plugin}, {row.check}: {row.finding} {row.action}") for row in failed]
    names = list(dict.fromkeys(row.check for row in rows))
    worst = [_worst([row for row in rows if row.check == name]) for name in names]
    body = [
        [row.plugin, row.check, _reached(row.check, row.value), row.bar, row.verdict]
        for row in rows
    ]
    return Markup(
        tag("p", told)
        + (tag("ul", found) if found else "")
        + table(
            ["check", "calibrations", "worst value", "wanted", "verdict"],
            worst,
            caption="Checks of the calibrations",
            numbers={1, 2},
        )
        + details(
            "Every calibration",
            table(
                ["calibration", "check", "value", "wanted", "verdict"],
                body,
                caption="Checks of every calibration",
                numbers={2},
            ),
            long=True,
        )
        + _must_hold(document)
        + (drawn("heldout") if keeps_rows(document.forecast) else "")
    )


def _must_hold(document: ForecastDocument) -> Markup | str:
    """Facts that no part of the forecast was told, and in how many draws they hold."""
    rows = [
        [
            told.belief.name, bound_of(told.belief), percent(told.belief.chance),
            told.elsewhere or percent(1.0 - told.broken), _kept(told), told.belief.why,
            _cited(told.belief.source, document),
        ]
        for told in judged_beliefs(document.forecast)
    ]  # fmt: skip
    head = ["fact", "must be", "in draws", "found in", "verdict", "why", "source"]
    about = "Facts that the forecast was not told, and in how many draws they hold"
    return table(head, rows, caption=about, numbers={2, 3}) if rows else ""


def _kept(told: Judged) -> str:
    if told.elsewhere:
        return "not checked"
    return "holds" if told.holds else "FAILED" if told.fails else "warning: does not hold"


def _worst(rows: list[CheckRow]) -> list[str]:
    """One line for a check over all calibrations."""
    values = [row.value for row in rows if row.value is not None]
    least = rows[0].bar.startswith("at least")
    worst = (min if least else max)(values, default=None)
    failed = sum(row.verdict != "passed" for row in rows)
    return [
        spoken(rows[0].check), str(len(rows)), _reached(rows[0].check, worst), rows[0].bar,
        f"{failed} FAILED" if failed else "passed",
    ]  # fmt: skip
