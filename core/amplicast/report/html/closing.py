"""End of the report: what it leaves out, the words, the sources, the run card, how to cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplicast.report.charts.place import opening as capital
from amplicast.report.findings import Findings
from amplicast.report.glossary import glossary
from amplicast.report.html.answers import Drawn
from amplicast.report.html.basis import GRADES, reference_id
from amplicast.report.html.markup import Markup, coded, link, tag
from amplicast.report.html.tables import details, table
from amplicast.report.left_out import left_out
from amplicast.report.likelihood import SCALES

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument

__all__ = ["card", "chains", "cite", "missing", "references", "terms"]


def missing(document: ForecastDocument) -> Markup:
    """What no range covers, and the limits of every plugin in its author's words."""
    plugins = sorted(document.forecast.plan.plugins, key=lambda plugin: plugin.id)
    limits = [
        [tag("dt", plugin.id), tag("dd", coded(plugin.limits))]
        for plugin in plugins
        if plugin.limits
    ]
    return Markup(
        tag("p", "Not in any number here, the largest first. Each would make the true "
            "range wider:")
        + tag("ol", (tag("li", capital(what), ".") for what in left_out(document.forecast)))
        + tag("p", "Years do not depend on what is done with the copies: nothing feeds back from "
              "copies to progress. Copies are streams of tokens; whether one does a person's work "
              "is another question.")
        + details(
            f"Limits of the {len(limits)} plugins in use, in their authors' words",
            tag("dl", limits, class_="small"),
        )
    )  # fmt: skip


def terms(findings: Findings) -> Markup:
    """T8: the scale of likelihood, and the other words."""
    scale = table(
        ["term", "probability"],
        [[term.text, term.told] for term in reversed(SCALES[findings.scale])],
        caption="Words for chances; the number stands beside each word",
        numbers={1},
    )
    return Markup(
        tag("p", "The term is that of the lower end of the chance's Monte Carlo interval, on the "
            "likely side. Scale: IPCC, guidance note on uncertainties (Mastrandrea et al. 2010).")
        + scale
        + tag(
            "dl",
            ([tag("dt", word), tag("dd", coded(says))] for word, says in glossary(findings.place)),
            class_="small",
        )
    )  # fmt: skip


def references(document: ForecastDocument) -> Markup:
    """Every source with a link to it."""
    items = []
    for row in document.sources:
        told = [tag("b", row.key), f". {row.title}"]
        if row.grade:
            told.append(f". Grade {row.grade}")
        if row.url:
            told += [". ", link(row.url, row.url)]
        if row.accessed:
            told.append(f", read {row.accessed}")
        items.append(tag("li", told, ".", id=reference_id(row.key)))
    return Markup(tag("p", GRADES) + tag("ol", items, class_="references"))


def card(document: ForecastDocument) -> Markup:
    """T9."""
    rows = [[row.item, row.value] for row in document.card if row.value]
    return table(["item", "value"], rows, caption=f"Run {document.run}")


def cite(document: ForecastDocument, bibtex: str) -> Markup:
    """How to cite the run, its sources as BibTeX, and how to make it again."""
    scenario = document.forecast.scenario
    version = document.forecast.provenance["versions"]["amplicast"]
    author = scenario.author or "No author named"
    dot = "" if author.endswith(".") else "."
    _, mark, own = bibtex.partition("@misc{amplicast-run-")
    changes = document.forecast.provenance.get("changes")
    note = f"These draws were evaluated anew with other {', '.join(sorted(changes or ()))}."
    return Markup(
        tag("p", f"{author}{dot} {document.scenario}: amplicast forecast, run {document.run}. "
            f"amplicast {version}, {document.created[:10]}.")
        + (tag("pre", tag("code", f"{mark}{own}")) if mark else "")
        + (
            details("BibTeX of every source, of the software and of the run",
                    tag("pre", tag("code", bibtex)), long=True)
            if bibtex
            else ""
        )
        + tag("h3", "Reproduce")
        + tag("p", "Save the scenario below as ", tag("code", "scenario.toml"),
              " and run, with the versions of the run card:")
        + tag("pre", tag("code", _commands(document)))
        + (tag("p", note) if changes else "")
        + details("The whole scenario, with nothing inherited",
                  tag("pre", tag("code", scenario.resolved_toml())), long=True)
    )  # fmt: skip


def chains(drawn: Drawn) -> Markup:
    """Rank plots of the calibrations, closed until they are asked for."""
    return Markup(
        tag("p", "For those who judge the sampling itself; the checks above say whether it passed.")
        + details("Rank plots of every calibration", drawn("diagnostics"))
    )


def _commands(document: ForecastDocument) -> str:
    """What makes the run and this report again."""
    drawn, known = document.forecast.scenarios[1:], document.forecast.scenario.variants
    chosen = "".join(f" --variant {name}" for name in drawn)
    variants = " --all-variants" if drawn and set(drawn) == set(known) else chosen
    return f"amplicast run scenario.toml{variants}\namplicast report latest\n"
