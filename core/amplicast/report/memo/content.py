"""What stands in a memo: every number from the run, the author's own text apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amplicast.analysis.scores import MASS
from amplicast.errors import CheckError, Problem, ScenarioError
from amplicast.forecast.evidence import foreseen_rows, keeps_rows
from amplicast.forecast.must_hold import judged_beliefs
from amplicast.report.charts.place import opening, scenario_title
from amplicast.report.findings import Findings
from amplicast.report.left_out import left_out
from amplicast.report.likelihood import SCALES
from amplicast.report.memo.figures import copies_figure, frontier_figure
from amplicast.report.memo.structure import Aside, Block, Bullets, Memo, Paragraph, Section
from amplicast.report.memo.tables import assumptions, drivers, evidence, headline
from amplicast.report.must_hold import broken_sentence, sentence_of
from amplicast.report.prose import Sentence, Strong, joined
from amplicast.report.words import percent

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument

__all__ = ["LONGEST_VIEW", "Asked", "build_memo"]

LONGEST_VIEW = 80
"""Words of the author's own text."""

NUMBER = re.compile(r"\d[\d.,]*(?:\s?(?:%|billion|million|OOM))?")

TYPED = {
    "ipcc": "IPCC (Mastrandrea et al. 2010)",
    "icd203": "US Intelligence Community Directive 203",
    "numbers": "",
}


@dataclass(frozen=True)
class Asked:
    """What whoever asks for a memo may say.

    Attributes
    ----------
    language : {"ipcc", "icd203", "numbers"}
    author, audience : str
        Who writes (the scenario's author when empty), and for whom.
    view : str
        The author's own text.
    because : str
        Why there is a memo of a run that failed its checks; without a reason there is none.
    """

    language: str = "ipcc"
    author: str = ""
    audience: str = ""
    view: str = ""
    because: str = ""


def build_memo(document: ForecastDocument, asked: Asked | None = None) -> Memo:
    """The memo of a run.

    Raises
    ------
    CheckError
        The run failed its checks, and no reason is given.
    ScenarioError
        The author's text is too long, or an assumption has no reason.
    """
    asked = asked or Asked()
    _refuse(document, asked)
    findings = Findings(document.forecast, scale=asked.language)
    stamp = f"{document.stamp}. Written all the same because: {asked.because}"
    author = asked.author or document.forecast.scenario.author
    return Memo(
        title=f"AI copies and capability amplification to {findings.place.year}: "
        f"{document.scenario}",
        facts=tuple(_facts(document, asked, author)),
        stamp=stamp if document.stamp else "",
        author=author,
        created=document.created,
        sections=tuple(
            Section(title, blocks) for title, blocks in _sections(document, findings, asked)
        ),
    )


def _refuse(document: ForecastDocument, asked: Asked) -> None:
    if document.failed and not asked.because.strip():
        raise CheckError(
            Problem(
                code="AMP-M201",
                what="this run failed its checks, so no memo is written",
                why="; ".join(document.failed),
                fix='mend the run, or add --allow-failed-checks --because "REASON" (both stand on '
                "every page)",
            )
        )
    problems = [
        Problem(
            code="AMP-M102",
            what=f"the assumption {row.id!r} has no reason",
            why="A memo tells why for every value that is not the default.",
            fix=f"add why and source to {row.id} in the scenario, and run it again",
        )
        for row in document.assumptions
        if not row.why and row.origin not in {"default of the plugin", "re-evaluated"}
    ]
    words = len(asked.view.split())
    if words > LONGEST_VIEW:
        problems.append(
            Problem(
                code="AMP-M103",
                what=f"the author's view has {words} words",
                why=f"At most {LONGEST_VIEW} leave room for the evidence on two pages.",
                fix="shorten the file",
            )
        )
    if problems:
        raise ScenarioError(*problems)


def _facts(document: ForecastDocument, asked: Asked, author: str) -> Iterator[tuple[str, str]]:
    version = document.forecast.provenance["versions"]["amplicast"]
    facts = {
        "For": asked.audience,
        "From": author,
        "Date": document.created[:10],
        "Run": document.run,
        "Model": f"amplicast {version}",
        "Checks": "FAILED" if document.failed else "no failure detected",
    }
    return ((name, told) for name, told in facts.items() if told)


def _sections(
    document: ForecastDocument, findings: Findings, asked: Asked
) -> Iterator[tuple[str, tuple[Block, ...]]]:
    bullets = tuple((Strong(f"{point.lead}. "), *joined(point.says)) for point in findings.points)
    yield "Bottom line", (Bullets(bullets),)
    yield "The forecast", (copies_figure(findings), headline(document, findings))
    yield "Amplified or many?", (frontier_figure(findings),)
    yield "What would change the answer most", (drivers(document, findings),)
    yield "Assumptions that matter", (assumptions(document, findings), *_conditions(document))
    if document.evidence:
        yield "Evidence used", (evidence(document),)
    yield "Model checks", (_checks(document),)
    yield "What this leaves out", _missing(document)
    if asked.view.strip():
        yield "Author's view", (_view(asked.view),)
    yield "How to read the words", (_words(asked.language),)
    yield "Reproduce and cite", (_cite(document, asked, findings),)


def _conditions(document: ForecastDocument) -> tuple[Paragraph, ...]:
    """What the other scenarios of the run change."""
    forecast = document.forecast
    others = [scenario_title(forecast, name) for name in forecast.scenarios[1:]]
    if not others:
        return ()
    told = "; ".join(f"{name} ({changed})" for name, changed in others)
    return (Paragraph((f"Scenarios of this run besides the reference: {told}.",), small=True),)


def _checks(document: ForecastDocument) -> Paragraph:
    rows = document.checks
    if document.failed:
        return Paragraph((Strong("FAILED: "), "; ".join(document.failed)))
    many = {row.plugin for row in rows}
    told = []
    for name in dict.fromkeys(row.check for row in rows):
        values = [row.value for row in rows if row.check == name and row.value is not None]
        bar = next(row.bar for row in rows if row.check == name)
        if name in {"r_hat", "ess", "divergences"} and values:
            worst = min(values) if bar.startswith("at least") else max(values)
            told.append(f"{SPOKEN[name]} {worst:,.4g} (wanted {bar})")
    return Paragraph(
        (
            (
                f"All {len(rows)} checks of {len(many)} calibrations passed, the worst of them: "
                f"{'; '.join(told)}. No failure was detected, which is all that such checks can "
                f"say.{_held_out(document)}{_broken(document)}"
            ),
        )
    )


def _held_out(document: ForecastDocument) -> str:
    """How many rows of the evidence the rest of it foresees; nothing where the run keeps none."""
    if not keeps_rows(document.forecast):
        return ""
    rows = foreseen_rows(document.forecast)
    judged = [row for row in rows if row.reliable]
    inside = sum(row.inside(MASS) for row in judged)
    return (
        f" Rows of evidence left out one at a time: {inside} of {len(judged)} inside their "
        f"{percent(MASS)} interval (expected {MASS * len(judged):.0f}); {len(rows) - len(judged)} "
        "more cannot be judged so."
    )


def _broken(document: ForecastDocument) -> str:
    """Facts that the forecast was not told and does not keep to; nothing where it keeps to all."""
    broken = [
        each for each in judged_beliefs(document.forecast) if not (each.holds or each.elsewhere)
    ]
    return "".join(
        f" Against what is known: {sentence_of(each.belief)}; it {broken_sentence(each)}."
        for each in broken
    )


SPOKEN = {"r_hat": "R-hat", "ess": "effective draws", "divergences": "divergences"}


def _missing(document: ForecastDocument) -> tuple[Block, ...]:
    items: tuple[Sentence, ...] = tuple(
        (f"{opening(what)}.",) for what in left_out(document.forecast)
    )
    return (
        Bullets(items, numbered=True),
        Paragraph(("None of these is in any number above: the true ranges are wider.",)),
    )


def _view(text: str) -> Aside:
    """The author's text, with the numbers in it that the model did not make."""
    typed = list(dict.fromkeys(found.strip(" .,") for found in NUMBER.findall(text)))
    paragraphs = [Paragraph((part.strip(),)) for part in re.split(r"\n\s*\n", text.strip())]
    if typed:
        told = f"Numbers in this text that the model did not make: {', '.join(typed)}."
        paragraphs.append(Paragraph((told,), small=True))
    return Aside("Not produced by the model", tuple(paragraphs))


def _words(language: str) -> Paragraph:
    terms = "; ".join(f"{term.text} {term.told}" for term in reversed(SCALES[language]))
    scale = (
        f"{TYPED[language]}: {terms}. The term is that of the lower end of the chance's Monte "
        "Carlo interval. "
        if terms
        else "Chances are numbers only; no words stand for them. "
    )
    return Paragraph(
        (
            (
                f"{scale}Ranges are equal-tailed. 1 OOM is a factor of 10. Confidence is about the "
                "evidence and is never part of a probability."
            ),
        ),
        small=True,
    )


def _cite(document: ForecastDocument, asked: Asked, findings: Findings) -> Paragraph:
    scenario = document.forecast.scenario
    changes = document.forecast.provenance.get("changes")
    anew = f" Evaluated anew with other {', '.join(sorted(changes))}." if changes else ""
    author = scenario.author or "No author named"
    return Paragraph(
        (
            (
                f"amplicast memo {document.run} --format docx --language {asked.language}; seed "
                f"{scenario.compute.seed}; {document.draws.sizes['draw']:,} draws; scenario "
                f"{document.forecast.provenance['scenario_digest'][:12]}.{anew} Cite as: "
                f"{author}{'' if author.endswith('.') else '.'} {document.scenario}: amplicast "
                f"forecast, run {document.run}, {document.created[:4]}. Full report: amplicast "
                f"report {document.run}. Sources: amplicast export {document.run} --format bib."
            ),
        ),
        small=True,
    )
