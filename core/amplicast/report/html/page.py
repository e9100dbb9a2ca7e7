"""The page: sections in order, one style sheet, one small script, and a policy that allows no more.

Pictures are drawings that stand in the page, so it is whole without JavaScript. The script only
opens what is closed before the page is printed.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from amplicast.forecast.evidence import keeps_rows
from amplicast.report.export import MAIN, rendered
from amplicast.report.findings import Findings
from amplicast.report.html import answers, basis, closing
from amplicast.report.html.figures import Figures, figure
from amplicast.report.html.markup import Markup, tag
from amplicast.report.html.opening import bottom_line, contents, opening

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument

__all__ = ["bibtex", "digest", "report_html"]

SCRIPT = """addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details")) each.open = true;
});
"""


def report_html(document: ForecastDocument) -> str:
    """The whole report; the same run gives the same bytes."""
    findings = Findings(document.forecast)
    sections = list(_sections(document, findings))
    style = files("amplicast.report.html").joinpath("sheet.css").read_text(encoding="utf-8")
    title = f"AI copies and capability amplification: {document.scenario}, run {document.run}"
    policy = (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=f"amplicast {document.software[0].version}"),
        tag("meta", name="description", content=f"Forecast of run {document.run}"),
        tag("title", title),
        tag("style", Markup(style)),
    )
    body = tag(
        "body",
        tag("a", "Skip to the bottom line", href="#bottom-line", class_="skip"),
        opening(document),
        tag(
            "main",
            bottom_line(findings),
            contents([(id_, name) for id_, name, _ in sections]),
            (
                tag("section", tag("h2", name, id=id_), content, aria_labelledby=id_)
                for id_, name, content in sections
            ),
        ),
        tag("script", Markup(SCRIPT)),
        class_="stamped" if document.stamp else None,
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _sections(document: ForecastDocument, findings: Findings) -> Iterator[tuple[str, str, Markup]]:
    """Id, title and content of each section; figures are numbered as they appear."""
    figures = Figures.of(answers.pictures(findings))
    order: list[str] = []

    def drawn(name: str) -> Markup:
        order.append(name)
        return figure(figures, name, len(order))

    yield "headlines", "The two headlines", answers.headline_section(document, findings)
    yield "how-many", "AI copies and amplification by year", answers.how_many(drawn)
    yield "scenarios", "Scenarios", answers.scenarios(document, drawn)
    yield "thresholds", "When thresholds are reached", answers.when(document, findings, drawn)
    yield "drivers", "What moves the answer most", basis.moves(findings, drawn)
    yield "frontier", "Amplified or many, and what brings the gain", answers.which(drawn)
    yield "rests", "What the answer rests on", basis.rests(findings, drawn)
    yield "assumptions", "Assumptions", basis.assumptions(document)
    yield "evidence", "Evidence and its grades", basis.evidence(document, drawn)
    yield "trace", "From inputs to answers", basis.trace(document, findings)
    yield "checks", "Checks", basis.checks(document, drawn)
    yield "left-out", "What this leaves out", closing.missing(document)
    yield "terms", "Words", closing.terms(findings)
    yield "references", "Sources", closing.references(document)
    yield "run-card", "Run card", closing.card(document)
    yield "cite", "Cite and reproduce", closing.cite(document, bibtex(document))
    if keeps_rows(document.forecast):
        yield "chains", "Appendix: the chains", closing.chains(drawn)


def bibtex(document: ForecastDocument) -> str:
    """BibTeX by the exporter that writes it; empty where it is blocked."""
    exporter = document.registry.exporters.get("bib")
    if exporter is None:
        return ""
    return str(rendered(exporter, document, stem=document.run)[MAIN])


def digest(text: str) -> str:
    """Name of a text in a content security policy."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
