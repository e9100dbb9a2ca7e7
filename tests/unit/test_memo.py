"""The memo: the draws' own numbers in four formats, real structure, and nothing without checks."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import numpy
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.command_line import call
from tests.unit.test_report import HOSTILE, failed, read, renamed

from amplicast import CheckError, Forecast, Prior, Registry, ScenarioError
from amplicast.report import ForecastDocument
from amplicast.report.export import MAIN
from amplicast.report.likelihood import SCALES
from amplicast.report.memo import FORMATS, Asked, build_memo, memo_files
from amplicast.report.memo.content import LONGEST_VIEW
from amplicast.report.memo.latex import SPECIAL, escaped
from amplicast.report.memo.structure import Table
from amplicast.report.words import count, interval, oom

VIEW = "We ask for the numbers behind every estimate.\n\nA third of them, 33 %, by 2027."
SECTIONS = (
    "Bottom line", "The forecast", "Amplified or many?", "What would change the answer most",
    "Assumptions that matter", "Evidence used", "Model checks", "What this leaves out",
    "Author's view", "How to read the words", "Reproduce and cite",
)  # fmt: skip


@pytest.fixture(scope="module")
def document(brief: Forecast, installed: Registry) -> ForecastDocument:
    """The small case, ready to be written."""
    return ForecastDocument(brief, installed)


@pytest.fixture(scope="module")
def memos(document: ForecastDocument) -> dict[str, dict[str, str | bytes]]:
    """The memo in every format."""
    asked = Asked(view=VIEW, audience="The committee")
    return {kind: memo_files(document, kind, stem="m", asked=asked) for kind in FORMATS}


def words(kind: str, files: dict[str, Any]) -> str:
    """What a memo says, single spaces, marks taken off."""
    whole = files[MAIN]
    if kind == "docx":
        opened = docx.Document(io.BytesIO(whole))
        cells = [c.text for t in opened.tables for row in t.rows for c in row.cells]
        whole = " ".join([*(p.text for p in opened.paragraphs), *cells])
    elif kind == "html":
        whole = read(whole).text
    elif kind == "md":
        whole = whole.replace("\\", "").replace("**", "").replace("&lt;", "<")
        whole = whole.replace("&gt;", ">").replace("&amp;", "&")
    else:
        from pylatexenc.latex2text import LatexNodes2Text

        whole = LatexNodes2Text().latex_to_text(whole).replace("’", "'")
    return " ".join(whole.replace("&gt;", ">").split())


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_says_the_draws_numbers(
    kind: str, memos: dict[str, dict[str, str | bytes]], brief: Forecast
) -> None:
    """Headlines of three years, as words say the draws' quantiles, in every format."""
    told = words(kind, memos[kind])
    place = {"actor": brief.plan.actors[0]}
    for year in (2025, 2030, 2032):
        copies = brief.outputs["copies"].sel(place).sel(year=year).values
        q = numpy.quantile(copies, [0.05, 0.17, 0.5, 0.83, 0.95])
        inner, outer = interval(q[1], q[3], "copies"), interval(q[0], q[4], "copies")
        assert f"{count(q[2])} ({inner}; {outer})" in told
        for task_class in brief.plan.task_classes:
            values = brief.outputs["amplification"].sel(
                **place, regime=list(brief.plan.regimes)[-1], task_class=task_class, year=year
            )
            q = numpy.nanquantile(values, [0.05, 0.17, 0.5, 0.83, 0.95])
            inner, outer = interval(q[1], q[3], "OOM"), interval(q[0], q[4], "OOM")
            assert f"{oom(q[2])} ({inner}; {outer})" in told


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_has_every_section(
    kind: str, memos: dict[str, dict[str, str | bytes]]
) -> None:
    """Headings in order; the author's own text is there, and its numbers are named as foreign."""
    told = words(kind, memos[kind])
    places = [told.casefold().index(name.casefold()) for name in SECTIONS]
    assert places == sorted(places)
    assert "We ask for the numbers behind every estimate." in told
    assert "Numbers in this text that the model did not make: 33 %, 2027." in told


@pytest.mark.parametrize("kind", FORMATS)
def test_a_memo_is_the_same_each_time(
    kind: str, memos: dict[str, dict[str, str | bytes]], document: ForecastDocument
) -> None:
    """One run and one wish, one memo, byte for byte, pictures included."""
    asked = Asked(view=VIEW, audience="The committee")
    assert memo_files(document, kind, stem="m", asked=asked) == memos[kind]


@pytest.mark.parametrize("scale", SCALES)
def test_one_scale_of_likelihood(scale: str, document: ForecastDocument) -> None:
    """Words of one scale alone, in text and pictures; with numbers only, none at all."""
    files = memo_files(document, "md", stem="m", asked=Asked(language=scale))
    text = "".join(f if isinstance(f, str) else f.decode() for f in files.values())
    own = {term.text for term in SCALES[scale]}
    others = {term.text for terms in SCALES.values() for term in terms} - own
    assert not [word for word in others - {"likely"} if re.search(rf"\b{word}\b", text)]
    if scale == "numbers":
        assert not re.search(r"\blikely\b", text)


def test_confidence_and_likelihood_never_share_a_sentence(document: ForecastDocument) -> None:
    """Where confidence stands, no word for a chance does."""
    text = words("md", memo_files(document, "md", stem="m"))
    found = [one for one in re.split(r"(?<=\.) ", text) if "onfidence" in one]
    assert found
    assert not [one for one in found if re.search(r"\blikely|\bcertain\b", one)]


def test_a_word_document_has_real_structure(memos: dict[str, dict[str, str | bytes]]) -> None:
    """Styles, alternative texts, header rows, whole rows, widths in the grid, language, title."""
    data = memos["docx"][MAIN]
    assert isinstance(data, bytes)
    opened = docx.Document(io.BytesIO(data))
    styles = [p.style.name for p in opened.paragraphs]
    assert styles.count("Title") == 1
    assert [p.text for p in opened.paragraphs if p.style.name == "Heading 1"] == list(SECTIONS)
    assert styles.count("Caption") == len(opened.tables) + len(opened.inline_shapes)
    assert {"List Bullet", "List Number"} <= set(styles)
    assert len(opened.inline_shapes) == 2
    for shape in opened.inline_shapes:
        assert 40 < len(shape._inline.docPr.get("descr")) <= 300
    width = opened.sections[0].page_width - opened.sections[0].left_margin * 2
    for table in opened.tables:
        rows = [row._tr for row in table.rows]
        assert rows[0].find(f".//{qn('w:tblHeader')}") is not None
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
        assert sum(column.width for column in table.columns) == pytest.approx(width, rel=0.01)
    core = opened.core_properties
    assert core.language == "en-GB"
    assert "Brief" in core.title
    language = opened.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "en-GB"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_template_lends_its_styles(document: ForecastDocument, tmp_path: Path) -> None:
    """Its page and styles are kept, its words are not; a file that is none is refused."""
    from docx.shared import Cm, Pt

    house = docx.Document()
    house.add_paragraph("Words of the house")
    house.styles["Heading 1"].font.size = Pt(31)
    house.sections[0].page_width = Cm(18)
    house.sections[0].header.paragraphs[0].text = "The house"
    house.styles.element.remove(house.styles["Caption"].element)
    house.save(str(tmp_path / "house.docx"))
    files = memo_files(document, "docx", stem="m", template=tmp_path / "house.docx")
    data = files[MAIN]
    assert isinstance(data, bytes)
    made = docx.Document(io.BytesIO(data))
    assert made.styles["Heading 1"].font.size == Pt(31)
    assert made.sections[0].page_width == pytest.approx(Cm(18), abs=1000)
    assert made.sections[0].header.paragraphs[0].text == "The house"
    assert not any("Words of the house" in p.text for p in made.paragraphs)
    (tmp_path / "other.docx").write_text("no document", encoding="utf-8")
    with pytest.raises(ScenarioError, match="AMP-M104"):
        memo_files(document, "docx", stem="m", template=tmp_path / "other.docx")


def test_no_memo_of_a_run_that_failed(
    brief: Forecast, installed: Registry, tmp_path: Path, monkeypatch: Any
) -> None:
    """Refused; refused without a reason; with one, both stand on every page."""
    run = failed(brief, "roofline: FAIL r_hat: 1.2 > 1.01. Try: more draws.")
    run.save(tmp_path / "runs" / "bad")
    monkeypatch.chdir(tmp_path)
    for options in ((), ("--allow-failed-checks",), ("--because", "a reason")):
        assert "AMP-M201" in call("memo", "bad", "--format", "docx", *options, code=4).stderr
        assert not list(tmp_path.glob("memo*"))
    call(
        "memo", "bad", "--format", "docx", "--allow-failed-checks", "--because", "For the archive",
        "--out", "bad.docx",
    )  # fmt: skip
    opened = docx.Document(str(tmp_path / "bad.docx"))
    header = opened.sections[0].header
    told = " ".join(p.text for p in header.paragraphs)
    assert "CHECKS FAILED; do not quote this run" in told
    assert "For the archive" in told
    assert not opened.sections[0].different_first_page_header_footer
    document = ForecastDocument(run, installed)
    for kind in ("md", "html", "tex"):
        files = memo_files(document, kind, stem="m", asked=Asked(because="For the archive"))
        assert "For the archive" in words(kind, files) or kind == "tex"
        assert "For the archive" in str(files[MAIN])
    with pytest.raises(CheckError):
        build_memo(document, Asked(because="  "))


def test_names_act_nowhere(brief: Forecast, installed: Registry) -> None:
    """A hostile name is text in every format."""
    name = HOSTILE + r" \input{/etc/passwd} **bold** [x](http://x.example) | `y`"
    document = ForecastDocument(renamed(brief, name), installed)
    asked = Asked(author=name, audience=name, view=name)
    for kind in FORMATS:
        whole = memo_files(document, kind, stem="m", asked=asked)[MAIN]
        if kind == "docx":
            assert name[:40] in docx.Document(io.BytesIO(whole)).core_properties.title  # type: ignore[arg-type]
        elif kind == "html":
            assert not any(tag in {"script", "img"} for tag, _ in read(str(whole)).elements)
        elif kind == "md":
            assert "<script" not in str(whole)
            assert not re.search(r"(?<!\\)\]\(http", str(whole))
        else:
            assert r"\input{/etc" not in str(whole)


def test_what_cannot_be_said_is_refused(
    brief: Forecast, installed: Registry, document: ForecastDocument
) -> None:
    """A view of too many words; an assumption of the scenario without a reason."""
    with pytest.raises(ScenarioError, match="AMP-M103"):
        build_memo(document, Asked(view="word " * (LONGEST_VIEW + 1)))
    name = "served_size"
    stated = brief.scenario.assumptions[name]
    prior = Prior.from_dict(stated.prior.to_dict() | {"why": ""})
    bare = dataclasses.replace(stated, prior=prior)
    scenario = dataclasses.replace(
        brief.scenario, assumptions={**brief.scenario.assumptions, name: bare}
    )
    changed = ForecastDocument(dataclasses.replace(brief, scenario=scenario), installed)
    with pytest.raises(ScenarioError, match="'served_size' has no reason"):
        build_memo(changed)


def test_widths_fill_the_page(document: ForecastDocument) -> None:
    """Every row has a cell for each column, and the columns share the width."""
    tables = [
        block
        for section in build_memo(document).sections
        for block in section.blocks
        if isinstance(block, Table)
    ]
    assert len(tables) == 4
    for table in tables:
        assert {len(row) for row in table.rows} == {len(table.header)} == {len(table.widths)}
        assert sum(table.widths) == pytest.approx(1.0)


def test_the_command_writes_and_overwrites_nothing(
    brief_folder: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    """Pictures beside the text; nothing over a file that is there; a template for Word alone."""
    monkeypatch.chdir(tmp_path)
    call("memo", brief_folder, "--format", "md", "--out", "note.md")
    text = (tmp_path / "note.md").read_text(encoding="utf-8")
    for found in re.findall(r"\]\((.+?)\)", text):
        assert (tmp_path / found).read_text(encoding="utf-8").startswith("<svg")
    assert (
        "AMP-X102" in call("memo", brief_folder, "--format", "md", "-o", "note.md", code=4).stderr
    )
    wrong = call("memo", brief_folder, "--format", "md", "--template", "x.docx", code=3)
    assert "AMP-M105" in wrong.stderr
    missing = call("memo", brief_folder, "--recommendation-file", "none.txt", code=3)
    assert "AMP-M106" in missing.stderr


@given(st.text())
def test_latex_prints_what_it_was_given(given_: str) -> None:
    """Whatever LaTeX acts upon stands in a command of ours, and no command is a stranger's."""
    ours = sorted(SPECIAL.values(), key=len, reverse=True)
    rest = re.sub("|".join(re.escape(each) for each in ours), "", escaped(given_))
    assert not re.search(r"[\\{}$&#%_^~\x00-\x1f]", rest)
