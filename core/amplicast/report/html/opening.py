"""Top of the report: what it is, the bottom line, and where to find the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from amplicast.report.findings import Findings
from amplicast.report.html.markup import Markup, tag
from amplicast.report.prose import Sentence, Strong, joined, unbroken

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument

__all__ = ["bottom_line", "contents", "opening", "said"]

CONDITIONAL = (
    "These figures follow from the assumptions and the evidence below, and are as good as they "
    "are; they are nobody's personal prediction."
)

PAPER = (
    "On paper, long tables and the scenario are left out; the HTML file of this report has them."
)


def said(sentence: Sentence) -> list[Markup | str]:
    """A sentence with its strong words marked."""
    return [
        tag("strong", unbroken(run.text)) if isinstance(run, Strong) else unbroken(run)
        for run in sentence
    ]


def opening(document: ForecastDocument) -> Markup:
    """Stamp, title, question and run card in a line."""
    scenario = document.forecast.scenario
    checks = f"{len(document.failed)} FAILED" if document.failed else "no failure detected"
    items = [
        ("Run", document.run),
        ("Made", document.created[:10]),
        ("By", f"amplicast {document.forecast.provenance['versions']['amplicast']}"),
        ("Author", scenario.author),
        ("Draws", f"{document.draws.sizes['draw']:,}"),
        ("Checks", checks),
    ]
    line = [
        [tag("b", f"{name}:"), " ", told, " · " if i < len(items) - 1 else ""]
        for i, (name, told) in enumerate(items)
        if told
    ]
    return tag(
        "header",
        tag("p", document.stamp, class_="banner", role="alert") if document.stamp else None,
        tag("h1", f"AI copies and capability amplification: {document.scenario}"),
        tag("p", scenario.question, class_="question") if scenario.question else None,
        tag("p", line, class_="card"),
        tag("p", CONDITIONAL, class_="small"),
        tag("p", PAPER, class_="small on-paper"),
    )


def bottom_line(findings: Findings) -> Markup:
    """The sentences that a reader quotes."""
    return tag(
        "section",
        tag("h2", "Bottom line", id="bottom-line"),
        tag(
            "dl",
            (
                tag("div", tag("dt", point.lead), tag("dd", said(joined(point.says))))
                for point in findings.points
            ),
        ),
        class_="bottom-line",
        aria_labelledby="bottom-line",
    )


def contents(sections: Sequence[tuple[str, str]]) -> Markup:
    """Links to the sections, by id and title."""
    return tag(
        "nav",
        tag("h2", "Contents", id="contents"),
        tag("ol", (tag("li", tag("a", title, href=f"#{id_}")) for id_, title in sections)),
        aria_labelledby="contents",
    )
