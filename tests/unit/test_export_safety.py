"""Names and texts of others stay texts: no formula in a spreadsheet, no command in LaTeX."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xarray
from tests.unit.reading_exports import joined, latex_rows

from amplicast import Forecast, Registry, Scenario
from amplicast.report import ForecastDocument
from amplicast.report.export import rendered

HOSTILE = '=HYPERLINK("http://x.example","\\input{/etc/passwd}")|%$#_&~^{}'
"""A formula for spreadsheets, a command for LaTeX, and every sign that one of them acts upon."""


@pytest.fixture(scope="module")
def hostile(brief: Forecast) -> Forecast:
    """Names, reasons and sources that try to act, wherever a file or a plugin may put text."""
    record = brief.scenario.to_dict()
    record["tree"]["name"] = HOSTILE
    record["tree"]["author"] = HOSTILE
    record["tree"]["variants"] = {"-2+3|cmd": {"wage": {"value": 1.0, "unit": "USD/hour"}}}
    for belief in record["tree"]["assumptions"].values():
        belief |= {"why": f"@SUM(A1) {HOSTILE}", "source": HOSTILE}
    scenario = Scenario.from_dict(record)
    named = joined(dataclasses.replace(brief, scenario=scenario), "-2+3|cmd", {})
    outputs = named.outputs
    plan = dataclasses.replace(
        named.plan,
        regimes={f"\t{HOSTILE}": copies for copies in list(named.plan.regimes.values())[:1]},
    )
    outputs = outputs.isel(regime=[0]).assign_coords(
        technique=[f"+{i}{HOSTILE}" for i in range(outputs.sizes["technique"])],
        regime=list(plan.regimes),
    )
    named.tree["forecast"] = xarray.DataTree(outputs)
    named.tree["inputs"] = brief.tree["inputs"].copy()
    return dataclasses.replace(named, plan=plan, scenario=scenario)


@pytest.fixture(scope="module")
def acting(hostile: Forecast, installed: Registry) -> Callable[[str], dict[str, Any]]:
    """What each format writes of it."""
    document = ForecastDocument(hostile, installed)
    return lambda kind: dict(rendered(installed.exporters[kind], document, stem="out"))


@pytest.mark.parametrize("kind", ["csv", "datapackage", "iamc", "trace"])
def test_no_cell_of_a_csv_is_a_formula(kind: str, acting: Any) -> None:
    """What starts as a formula does is a number, or has an apostrophe before it."""
    seen = 0
    for name, text in acting(kind).items():
        if name.endswith(".json"):
            continue
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
                    float(cell)
                seen += cell.startswith(("'=", "'-", "'+", "'\t"))
    assert seen


def test_no_cell_of_the_spreadsheet_is_a_formula(acting: Any) -> None:
    """Hostile texts stand there as they are, as texts."""
    book = openpyxl.load_workbook(io.BytesIO(acting("xlsx")[""]))
    kinds, found = set(), 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                kinds.add(cell.data_type)
                found += HOSTILE in str(cell.value)
    assert kinds <= {"s", "n"}
    assert found > 100


ALLOWED = {
    "addlinespace", "allowbreak", "arraybackslash", "begin", "begingroup", "bottomrule", "caption",
    "cdot", "dots", "emph", "end", "endfirsthead", "endfoot", "endgroup", "endhead",
    "footnotesize", "geq", "label", "leq", "linewidth", "midrule", "multicolumn", "pm",
    "raggedleft", "raggedright", "scriptsize", "setlength", "tabcolsep", "LTcapwidth", "textbf",
    "times", "toprule", "textasciicircum", "textasciitilde", "textasciigrave", "textbackslash",
    "textbar", "textbraceleft", "textbraceright", "textgreater", "textless", "textquotedbl",
    "\\", "$", "&", "#", "%", "_", ",",
}  # fmt: skip
"""Commands that the tables use; none of them reads a file or defines anything."""


def test_latex_tables_only_print(acting: Any) -> None:
    """A strict parser finds no command but these, and the hostile text as it is."""
    from pylatexenc.latexwalker import LatexWalker

    for name, text in acting("tex").items():
        if name == "all.tex":
            continue
        LatexWalker(text, tolerant_parsing=False).get_latex_nodes()
        used = set(re.findall(r"\\([A-Za-z]+|.)", text))
        assert used <= ALLOWED, (name, used - ALLOWED)
    rows = latex_rows(acting("tex")["assumptions.tex"])
    source = rows[0].index("source")
    assert HOSTILE in {row[source] for row in rows[1:] if len(row) > source}


def test_references_only_print(acting: Any) -> None:
    """Every entry parses, under a key of plain letters, and no command comes through."""
    import bibtexparser

    text = acting("bib")[""]
    library = bibtexparser.parse_string(text)
    assert library.entries
    assert not library.failed_blocks
    assert all(one.key.isascii() and re.fullmatch(r"[\w.-]+", one.key) for one in library.entries)
    assert r"\input" not in text
