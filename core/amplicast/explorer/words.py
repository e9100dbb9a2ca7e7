"""What a tab says beside its picture: registers of the report, and how to cite the run."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from amplicast.report.charts.place import opening
from amplicast.report.html.markup import Markup, tag

if TYPE_CHECKING:
    from amplicast.explorer.session import Session
    from amplicast.registry import Registry
    from amplicast.report.charts.picture import Picture
    from amplicast.report.document import ForecastDocument

__all__ = ["MOST", "about", "evidence", "inputs"]

MOST = 12
"""Inputs of each headline in the table under a tornado."""

PARTS = ("version of ", "plugin ", "calibration of ")
"""Beginnings of the lines of the run card that only who rebuilds it needs."""

UNMOVED = "This is the run as it was made; moved sliders change nothing here."


def _undrawn(name: str) -> Markup:
    """Nothing in the place of a picture of the report: tabs draw their own."""
    return Markup("")


def inputs(session: Session, picture: Picture) -> Markup:
    """The strongest inputs of both headlines, a table each.

    Parameters
    ----------
    session : Session
    picture : Picture
        As `amplicast.explorer.pairs.matters` draws it.
    """
    from amplicast.forecast.inputs import label_of
    from amplicast.report.charts.tornado import amount
    from amplicast.report.html.tables import table
    from amplicast.report.words import value

    tables, rows = [], picture.values.rows
    for what in dict.fromkeys(str(row[0]) for row in rows):
        own = [row for row in rows if row[0] == what]
        unit = "copies" if what == "AI copies" else "OOM"
        body = []
        for _, name, of, low, high, at_low, at_high, _ in own[:MOST]:
            told = "" if of in {"1", "fraction"} else f" {of}"
            ends = (amount(float(each or 0.0), str(of)) for each in (low, high))
            medians = (value(float(each or 0.0), unit) for each in (at_low, at_high))
            body.append(
                [
                    opening(label_of(str(name), session.forecast.plan.plugins)),
                    f"{' to '.join(ends)}{told}",
                    *medians,
                ]
            )
        head = ["input", "5 % to 95 %", f"median at 5 %, {unit}", f"median at 95 %, {unit}"]
        many = f"{len(body)} of {len(own)} inputs, the strongest first"
        tables.append(table(head, body, caption=f"{opening(what)}: {many}", numbers={2, 3}))
    return Markup("".join(tables))


def evidence(session: Session, registry: Registry) -> Markup:
    """What the answer rests on, what was measured, and every source with its grade."""
    from amplicast.report.document import ForecastDocument
    from amplicast.report.findings import Findings
    from amplicast.report.html import basis, closing
    from amplicast.report.html.tables import details

    document = ForecastDocument(session.whole, registry)
    return Markup(
        tag("h3", "How far the evidence carries")
        + tag("p", UNMOVED, class_="about")
        + basis.rests(Findings(session.whole), _undrawn)
        + tag("h3", "Sources and their grades")
        + _sources(document)
        + details("What each measurement teaches", basis.evidence(document, _undrawn))
        + details("Every assumption, with its basis", basis.assumptions(document))
        + details("The sources in full", closing.references(document))
    )


def _sources(document: ForecastDocument) -> Markup:
    """Those that something was measured in, the most measurements first."""
    from amplicast.report.html.basis import GRADES, reference_id
    from amplicast.report.html.markup import link
    from amplicast.report.html.tables import table

    if not document.evidence:
        return tag("p", "This run keeps no evidence of its own: it was evaluated anew.")
    titles = {row.key: row.title for row in document.sources}
    points, plugins, grades = Counter[str](), defaultdict[str, set[str]](set), dict[str, str]()
    for row in document.evidence:
        points[row.key] += row.points
        plugins[row.key].add(row.plugin)
        grades[row.key] = max(grades.get(row.key, ""), row.grade)
    sources = {key for keys in points for key in keys.split(", ")}

    def named(keys: str) -> list[Markup]:
        """Each key with its title, and where it is told in full."""
        return [
            tag(
                "div",
                link(f"#{reference_id(key)}", key) if key in titles else key,
                tag("span", titles.get(key, ""), class_="title"),
            )
            for key in keys.split(", ")
        ]

    body = [
        [named(keys), grades[keys] or "none", str(many), ", ".join(sorted(plugins[keys]))]
        for keys, many in points.most_common()
    ]
    told = f"{points.total():,} measurements from {len(sources)} sources"
    head = ["source", "grade", "measurements", "calibrates"]
    return Markup(
        tag("p", f"{GRADES} Where a source has several, the lowest.")
        + table(head, body, caption=told, numbers={2})
    )


def about(session: Session, registry: Registry) -> Markup:
    """What the forecast leaves out, how to cite it, the run card, its checks and its words."""
    from amplicast.report.document import ForecastDocument
    from amplicast.report.findings import Findings
    from amplicast.report.html import basis, closing
    from amplicast.report.html.page import bibtex
    from amplicast.report.html.tables import details, table

    document = ForecastDocument(session.whole, registry)
    card = [row for row in document.card if row.value and not row.item.startswith(PARTS)]
    short = table(["item", "value"], [[row.item, row.value] for row in card], caption="In short")
    return Markup(
        tag("p", UNMOVED, class_="about")
        + tag("h3", "What it leaves out")
        + closing.missing(document)
        + tag("h3", "How to cite it and make it again")
        + closing.cite(document, bibtex(document))
        + tag("h3", "Run card")
        + short
        + details("With every version, plugin and calibration", closing.card(document))
        + tag("h3", "Checks")
        + basis.checks(document, _undrawn)
        + tag("h3", "Words")
        + closing.terms(Findings(session.whole))
    )
