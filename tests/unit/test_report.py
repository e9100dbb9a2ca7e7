"""The report: the draws' own numbers, one file, nothing fetched, and nothing of a name acts."""

from __future__ import annotations

import dataclasses
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy
import pytest
from tests.unit.command_line import call
from tests.unit.reading_pages import Reader, read

from amplicast import Forecast, Registry
from amplicast.report import ForecastDocument
from amplicast.report.charts.picture import Picture
from amplicast.report.confidence import confidence_of
from amplicast.report.findings import Findings
from amplicast.report.html import report_html
from amplicast.report.html.markup import coded, link, tag, text
from amplicast.report.likelihood import SCALES
from amplicast.report.prose import joined, spoken_sentence
from amplicast.report.words import count, interval, oom, percent

HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">&amp; \'"'


@pytest.fixture(scope="module")
def page(brief: Forecast, installed: Registry) -> str:
    """The report of the small case."""
    return report_html(ForecastDocument(brief, installed))


@pytest.fixture(scope="module")
def reader(page: str) -> Reader:
    """The same, read."""
    return read(page)


def renamed(forecast: Forecast, name: str) -> Forecast:
    """The forecast with a scenario that calls itself otherwise."""
    scenario = dataclasses.replace(
        forecast.scenario, name=name, author=name, question=f"What of {name}?"
    )
    tree = forecast.tree.copy()
    tree.attrs["provenance"] = json.dumps(forecast.provenance | {"scenarios": [name]})
    return dataclasses.replace(forecast, tree=tree, scenario=scenario)


def failed(forecast: Forecast, what: str) -> Forecast:
    """The forecast as if a check had failed."""
    tree = forecast.tree.copy()
    tree.attrs["provenance"] = json.dumps(forecast.provenance | {"failed_checks": [what]})
    return dataclasses.replace(forecast, tree=tree)


def test_a_page_is_the_same_each_time(page: str, brief: Forecast, installed: Registry) -> None:
    """One run, one page, byte for byte; and it is small enough to be sent."""
    assert page == report_html(ForecastDocument(brief, installed))
    assert len(page.encode()) < 2.5e6


def test_nothing_is_fetched(page: str, reader: Reader) -> None:
    """No source, style or script from elsewhere; links lead to sources or into the page."""
    ids = {attributes["id"] for _, attributes in reader.elements if "id" in attributes}
    for name, attributes in reader.elements:
        assert name not in {"iframe", "object", "embed", "link", "base", "img", "form"}
        assert not {"src", "srcset", "style", "xlink:href"} & set(attributes)
        assert not any(key.startswith("on") for key in attributes)
        target = attributes.get("href")
        if target is not None:
            assert name == "a"
            assert target.startswith("https://") or target[1:] in ids
    assert "url(" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    assert len(ids) == sum("id" in attributes for _, attributes in reader.elements)


def test_the_policy_allows_what_is_there_and_no_more(page: str, reader: Reader) -> None:
    """Style and script are named by their digests; everything else is forbidden."""
    policies = [
        attributes["content"] or ""
        for name, attributes in reader.elements
        if name == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'; ")
    assert "unsafe" not in policies[0]
    for kind in ("style", "script"):
        (body,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, flags=re.DOTALL)
        digest = b64encode(sha256(body.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policies[0]


def test_headlines_are_the_quantiles_of_the_draws(reader: Reader, brief: Forecast) -> None:
    """Every cell of the first table, read back, is the draws' own number in words."""
    head, *rows = reader.table("Median")
    years = [int(cell) for cell in head if cell.isdigit()]
    assert years == [2025, 2030, 2032]
    pools, classes = brief.plan.actors, brief.plan.task_classes
    assert len(rows) == len(pools) + len(brief.plan.regimes) * len(classes)
    for quantity, pool, aim, *cells in rows:
        copies = quantity == "AI copies"
        place = {"actor": pool.replace(" ", "-")}
        if not copies:
            place["regime"] = aim.split(":")[0]
            place["task_class"] = next(name for name in classes if name in quantity)
        values = brief.outputs["copies" if copies else "amplification"].sel(place)
        unit = "copies" if copies else "OOM"
        for year, cell in zip(years, cells, strict=True):
            q = numpy.nanquantile(values.sel(year=year).values, [0.05, 0.17, 0.5, 0.83, 0.95])
            median = count(q[2]) if copies else oom(q[2])
            told = f"{median} ({interval(q[1], q[3], unit)}; {interval(q[0], q[4], unit)})"
            assert cell == told


def test_chances_are_shares_of_the_draws(reader: Reader, brief: Forecast) -> None:
    """Chance of 2 OOM by 2030 on each class: in the table, and in a sentence, as the draws say."""
    head, *rows = reader.table("Chance that the threshold was reached")
    column = head.index("by 2030")
    place = {"actor": brief.plan.actors[0], "regime": list(brief.plan.regimes)[-1]}
    values = brief.outputs["amplification"].sel(place).sel(year=slice(None, 2030))
    asked = [row for row in rows if row[0].startswith("at least 2 OOM")]
    assert len(asked) == len(brief.plan.task_classes)
    for row in asked:
        task_class = next(name for name in brief.plan.task_classes if name in row[0])
        reached = (values.sel(task_class=task_class) >= 2.0).any("year")
        assert row[column] == percent(float(reached.mean()))
        share = float(reached.mean())
        likely = share if share >= 0.5 else 1.0 - share
        event = f"2 OOM (×100) is reached on {task_class} tasks by the end of 2030"
        if share < 0.5:
            event = f"amplification stays below 2 OOM (×100) on {task_class} tasks to the end of"
        assert f"({percent(likely)}) that {event}" in reader.text


@pytest.mark.parametrize("scale", SCALES)
def test_the_bottom_line_says_the_draws_numbers_on_one_scale(scale: str, brief: Forecast) -> None:
    """Copies and amplification with their intervals; no word of another scale."""
    told = " ".join(
        spoken_sentence(joined(point.says)) for point in Findings(brief, scale=scale).points
    )
    place = {"actor": brief.plan.actors[0], "year": brief.plan.years[-1]}
    q = numpy.quantile(brief.outputs["copies"].sel(place), [0.05, 0.5, 0.95])
    assert f"the median is {count(q[1])} " in told
    assert interval(q[0], q[2], "copies").replace(" to ", " and ", 1) in told
    for task_class in brief.plan.task_classes:
        values = brief.outputs["amplification"].sel(
            **place, regime=list(brief.plan.regimes)[-1], task_class=task_class
        )
        low, median, high = numpy.nanquantile(values, [0.05, 0.5, 0.95])
        assert f"{interval(low, high, 'OOM')} OOM" in told
        assert f"median {oom(median)}" in told
    others = {term.text for name, terms in SCALES.items() if name != scale for term in terms} - {
        term.text for term in SCALES[scale]
    }
    if scale == "numbers":
        others.discard("likely")  # looked for as a word below
        assert not re.search(r"\blikely\b", told)
    assert not [word for word in others if re.search(rf"\b{word} \(", told)]


def test_confidence_never_speaks_of_likelihood(brief: Forecast) -> None:
    """A sentence of its own, on the evidence; low where belief is half of the spread or more."""
    found = confidence_of(brief)
    told = spoken_sentence(found.sentence)
    assert not re.search(r"likely|certain|chance|probab", told)
    shares = brief.tree["diagnostics"]["share_copies"]
    belief = float(
        shares.sel(actor=brief.plan.actors[0], year=brief.plan.years[-1], source="belief")
    )
    assert found.spreads[0].belief == max(belief, 0.0)
    most = max(each.belief for each in found.spreads)
    assert (found.level == "low") == (most >= 0.5)
    assert f"{found.points} measurements" in told


def test_every_picture_has_words_and_numbers(reader: Reader) -> None:
    """Each figure: drawings with a name, a caption with a number, and a table of its own."""
    figures = [attributes for name, attributes in reader.elements if name == "figure"]
    assert len(figures) >= 10
    for i in range(1, len(figures) + 1):
        assert f"Figure {i}. " in reader.text
        assert reader.table(f"Numbers of figure {i}")[1:]
    drawings = [attributes for name, attributes in reader.elements if name == "svg"]
    assert len(drawings) >= len(figures)
    assert all(one["role"] == "img" and one["aria-label"] for one in drawings)


def test_the_evidence_is_drawn_and_the_chains_are_closed(
    page: str, reader: Reader, drawn: dict[str, Picture]
) -> None:
    """Rows, held-out rows and chains with their captions; the last unfold, and all is small."""
    for name in ("forest", "heldout", "diagnostics"):
        assert " ".join(drawn[name].title.split()) in reader.text
        assert " ".join(drawn[name].caption.split()) in reader.text
    assert "<details><summary>Rank plots of every calibration</summary><figure" in page
    assert "Rank plots of every calibration" not in page.partition('id="cite"')[0]
    assert len(page.encode()) < 2.5e6


def test_a_run_that_keeps_no_rows_is_reported_without_them(
    brief: Forecast, installed: Registry
) -> None:
    """A forecast that was evaluated anew has neither the pictures nor the appendix."""
    text = read(report_html(ForecastDocument(brief.reevaluate({}), installed))).text
    assert "was calibrated on:" not in text
    assert "Appendix: the chains" not in text


def test_a_reader_finds_what_it_rests_on(reader: Reader, brief: Forecast) -> None:
    """Every assumption, source, plugin's limit, quantity of the trace and check stands there."""
    document = ForecastDocument(brief, Registry.load())
    for row in document.assumptions:
        assert row.id in reader.text
    for row in document.sources:
        assert row.key in reader.text
    for row in document.trace:
        assert row.name in reader.text
        assert " ".join(row.expression.split()) in reader.text
    assert document.run in reader.text
    assert brief.provenance["scenario_digest"] in reader.text
    assert f"@misc{{amplicast-run-{document.run}" in reader.text


def test_names_are_text_and_nothing_else(brief: Forecast, installed: Registry) -> None:
    """A scenario that is called like a program is shown and not run."""
    page = report_html(ForecastDocument(renamed(brief, HOSTILE), installed))
    found = read(page)
    assert sum(name == "script" for name, _ in found.elements) == 1
    assert not any(name == "img" for name, _ in found.elements)
    assert " ".join(HOSTILE.split()) in found.text


def test_failed_checks_are_refused_or_stamped(
    brief: Forecast, installed: Registry, tmp_path: Path, monkeypatch: Any
) -> None:
    """No page without a wish for it; with it, the stamp stands at the top."""
    run = failed(brief, "roofline: FAIL r_hat: 1.2 > 1.01. Try: more draws.")
    run.save(tmp_path / "runs" / "bad")
    monkeypatch.chdir(tmp_path)
    refused = call("report", "bad", code=4)
    assert "AMP-H101" in refused.stderr
    assert not list(tmp_path.glob("*.html"))
    call("report", "bad", "--allow-failed-checks", "--out", "bad.html")
    found = read((tmp_path / "bad.html").read_text(encoding="utf-8"))
    assert "CHECKS FAILED; do not quote this run" in found.text
    again = call("report", "bad", "--allow-failed-checks", "--out", "bad.html", code=4)
    assert "AMP-X102" in again.stderr


def test_markup_escapes_all_but_markup() -> None:
    """Texts and attributes cannot end an element; only addresses of the web become links."""
    assert tag("p", "<b>", tag("i", "&")) == "<p>&lt;b&gt;<i>&amp;</i></p>"
    assert tag("p", title='"><script>') == '<p title="&quot;&gt;&lt;script&gt;"></p>'
    assert tag("td", None, colspan=2, hidden=True, class_=None) == '<td colspan="2" hidden></td>'
    assert link("javascript:alert(1)", "x") == "x"
    assert link("https://example.org", "x") == '<a href="https://example.org">x</a>'
    assert text(["a", ["<", None]]) == "a&lt;"
    assert coded("the `a<b` and <c>") == "the <code>a&lt;b</code> and &lt;c&gt;"
