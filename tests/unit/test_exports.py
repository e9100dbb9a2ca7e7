"""Every format: the draws' own numbers, the same bytes, the stamp, and nothing that acts."""

from __future__ import annotations

import ast
import csv
import dataclasses
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import numpy
import openpyxl
import pytest
import xarray
from tests.unit.reading_exports import READERS, expected

from amplicast import Forecast, Prior, Registry, Scenario
from amplicast.report import ForecastDocument
from amplicast.report.export import rendered
from amplicast.report.schema import forecast_schema
from amplicast.report.words import interval, value

FORMATS = (
    "bib", "csl-json", "csv", "datapackage", "iamc", "json", "md", "netcdf", "tex", "trace",
    "xlsx", "zarr",
)  # fmt: skip

HOSTILE = '=HYPERLINK("http://x.example","\\input{/etc/passwd}")|%$#_&~^{}'
"""A formula for spreadsheets, a command for LaTeX, and every sign that one of them acts upon."""


@pytest.fixture(scope="module")
def several(finished: Forecast) -> Forecast:
    """The reference with one variant, on the same draws."""
    changes = finished.scenario.variants["inference-cap"]
    return joined(finished, "inference-cap", changes)


def joined(finished: Forecast, name: str, changes: Mapping[str, Prior]) -> Forecast:
    """A run of two scenarios, as `amplicast.run` stores it, from two of one."""
    other = finished.reevaluate(changes)
    outputs = xarray.concat([finished.outputs, other.outputs], "scenario")
    mine, theirs = finished.inputs(), other.inputs()
    inputs = {
        key: xarray.concat([mine[key], theirs[key]], "scenario") if key in changes else mine[key]
        for key in mine
    }
    tree = finished.tree.copy()
    tree["inputs"] = xarray.DataTree(xarray.Dataset(inputs))
    tree["forecast"] = xarray.DataTree(outputs)
    record = finished.provenance | {"scenarios": [finished.scenario.name, name]}
    tree.attrs["provenance"] = json.dumps(record)
    return dataclasses.replace(finished, tree=tree)


@pytest.fixture(scope="module")
def files(several: Forecast, installed: Registry) -> Callable[[str], dict[str, Any]]:
    """What each format writes of it, written once."""
    document, kept = ForecastDocument(several, installed), dict[str, dict[str, Any]]()

    def of(kind: str) -> dict[str, Any]:
        if kind not in kept:
            kept[kind] = dict(rendered(installed.exporters[kind], document, stem="out"))
        return kept[kind]

    return of


@pytest.fixture(scope="module")
def numbers(several: Forecast) -> dict[Any, float | None]:
    """Every quantile, straight from the draws."""
    return expected(several)


def test_every_shipped_format_is_tested(installed: Registry) -> None:
    """A format that nobody reads back may say anything."""
    assert set(installed.exporters) == set(FORMATS)


@pytest.mark.parametrize("kind", READERS)
def test_every_number_is_that_of_the_draws(
    kind: str, files: Any, several: Forecast, numbers: dict[Any, float | None]
) -> None:
    """Each quantile of each output at each place, to the last digits, and no other."""
    found = READERS[kind](files(kind), several)
    assert found.keys() == numbers.keys()
    defined = [key for key, number in numbers.items() if number is not None]
    assert len(defined) > 0
    assert all(found[key] is None for key in numbers.keys() - set(defined))
    numpy.testing.assert_allclose(
        [found[key] for key in defined], [numbers[key] for key in defined], rtol=1e-12
    )


def test_headlines_of_the_latex_table_are_those_of_the_draws(
    files: Any, several: Forecast, numbers: dict[Any, float | None]
) -> None:
    """Median and both intervals, as words say them, of every place at three years."""
    rows = latex_rows(files("tex")["headline.tex"])
    head = rows.pop(0)
    years = [name for name in head if name.isdigit()]
    assert years == ["2025", "2029", "2032"]
    scenario, told = "", 0
    for cells in rows:
        if len(cells) == 1:
            scenario = cells[0]
            continue
        row = dict(zip(head, cells, strict=True))
        for year in years:
            place = {"scenario": scenario, "year": year, "actor": row["actor"]}
            place |= {"regime": row["regime"]} if row["regime"] else {}
            place |= {"task_class": row["task class"]} if row["task class"] else {}
            q = {
                level: numbers[row["quantity"], frozenset(place.items()), level]
                for level in ("p05", "p17", "p50", "p83", "p95")
            }
            unit = row["unit"]
            inner, outer = interval(q["p17"], q["p83"], unit), interval(q["p05"], q["p95"], unit)
            assert row[year] == f"{value(q['p50'], unit)} ({inner}; {outer})"
            told += 1
    plan = several.plan
    places = len(plan.actors) * (1 + len(plan.regimes) * len(plan.task_classes))
    assert told == len(years) * len(several.scenarios) * places


@pytest.mark.parametrize("kind", [k for k in FORMATS if k not in {"netcdf", "zarr"}])
def test_the_same_run_gives_the_same_bytes(
    kind: str, files: Any, several: Forecast, installed: Registry
) -> None:
    """Nothing of the time of writing, and no order that changes."""
    again = rendered(installed.exporters[kind], ForecastDocument(several, installed), stem="out")
    assert again == files(kind)
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(again[""])) as book:
            assert {one.date_time[0] for one in book.infolist()} == {1980}
            made = several.provenance["created"][:19]
            assert f"{made}Z</dcterms:created>" in book.read("docProps/core.xml").decode()


@pytest.mark.parametrize("kind", FORMATS)
def test_failed_checks_are_stamped(kind: str, finished: Forecast, installed: Registry) -> None:
    """Whoever gets a file of a run that failed its checks is told by the file."""
    record = finished.provenance | {"failed_checks": ["resampling: FAIL r_hat: bad. Try: more."]}
    document = ForecastDocument(with_provenance(finished, record), installed)
    content = rendered(installed.exporters[kind], document, stem="out")
    assert "FAIL r\\_hat: bad" in told(content) or "FAIL r_hat: bad" in told(content)
    if kind == "tex":
        tables = {name: text for name, text in content.items() if name != "all.tex"}
        assert all("CHECKS FAILED" in text for text in tables.values())


def with_provenance(forecast: Forecast, record: Mapping[str, Any]) -> Forecast:
    """The same draws under another record."""
    tree = forecast.tree.copy()
    tree.attrs["provenance"] = json.dumps(record)
    return dataclasses.replace(forecast, tree=tree)


def told(content: Mapping[str, str | bytes]) -> str:
    """Everything in the files that is text."""
    parts = []
    for name, one in content.items():
        if isinstance(one, str):
            parts.append(one)
        elif one[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(one)) as book:
                parts += [book.read(part).decode() for part in book.namelist()]
        elif one[1:4] == b"HDF":
            with xarray.open_dataset(io.BytesIO(one), engine="h5netcdf") as data:
                parts.append(str(data.attrs["checks"]))
        elif name.endswith("zarr.json"):
            parts.append(one.decode())
    return "\n".join(parts)


def test_json_is_what_its_schema_says(files: Any) -> None:
    """The published schema is a schema, accepts the file, and refuses a file with a slip."""
    schema = forecast_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    checker = jsonschema.Draft202012Validator(schema)
    document = json.loads(files("json")[""])
    checker.validate(document)
    document["thresholds"][0]["at_least"] = "2"
    assert not checker.is_valid(document)


def test_data_package_describes_its_files(files: Any) -> None:
    """Every file is described, every column in order, and every cell has the stated type."""
    content = files("datapackage")
    about = json.loads(content["datapackage.json"])
    assert {one["path"] for one in about["resources"]} == content.keys() - {"datapackage.json"}
    types: dict[str, Callable[[str], Any]] = {"string": str, "number": float, "integer": int}
    for one in about["resources"]:
        head, *rows = csv.reader(io.StringIO(content[one["path"]], newline=""))
        fields = one["schema"]["fields"]
        assert [field["name"] for field in fields] == head
        assert rows or one["name"] == "differences"
        for row in rows:
            for field, cell in zip(fields, row, strict=True):
                if cell:
                    types[field["type"]](cell)


@pytest.fixture(scope="module")
def hostile(finished: Forecast) -> Forecast:
    """Names, reasons and sources that try to act, wherever a file or a plugin may put text."""
    record = finished.scenario.to_dict()
    record["tree"]["name"] = HOSTILE
    record["tree"]["author"] = HOSTILE
    record["tree"]["variants"] = {"-2+3|cmd": {"wage": {"value": 1.0, "unit": "USD/hour"}}}
    for belief in record["tree"]["assumptions"].values():
        belief |= {"why": f"@SUM(A1) {HOSTILE}", "source": HOSTILE}
    scenario = Scenario.from_dict(record)
    named = joined(dataclasses.replace(finished, scenario=scenario), "-2+3|cmd", {})
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
    named.tree["inputs"] = finished.tree["inputs"].copy()
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


UNKNOWN = {
    r"\textquotedbl{}": '"',
    r"\textbar{}": "|",
    r"\textbraceleft{}": r"\{",
    r"\textbraceright{}": r"\}",
}
"""Commands of LaTeX that the parser leaves out, and what they print."""


def latex_rows(text: str) -> list[list[str]]:
    """Rows of a table as text: the head, once, then the body."""
    from pylatexenc.latex2text import LatexNodes2Text

    plain = LatexNodes2Text(math_mode="text", strict_latex_spaces=True).latex_to_text
    head = text.split("\\toprule\n")[1].split("\n")[0]
    body = text.split("\\endfoot\n")[1].split("\n\\end{longtable}")[0]
    rows = []
    for line in [head, *body.split("\n")]:
        line = line.removesuffix(r" \\").removeprefix(r"\addlinespace")
        line = re.sub(r"^\\multicolumn\{\d+\}\{@\{\}l\}", "", line)
        # An ampersand that is printed has a backslash before it.
        cells = re.split(r"(?<!\\) & ", line)
        shown = [cell.replace("$-$", "-").replace(r"\allowbreak{}", "") for cell in cells]
        for macro, sign in UNKNOWN.items():
            shown = [cell.replace(macro, sign) for cell in shown]
        rows.append([plain(cell).translate({0xA0: " ", 0x2C6: "^"}).strip() for cell in shown])
    return rows


def test_references_parse(acting: Any, files: Any, several: Forecast, installed: Registry) -> None:
    """BibTeX and CSL-JSON hold every source once, the software and the run; none is broken."""
    import bibtexparser

    sources = ForecastDocument(several, installed).sources
    library = bibtexparser.parse_string(files("bib")[""])
    assert not library.failed_blocks
    assert len(library.entries) == len(sources) + 2
    assert {one.entry_type for one in library.entries} == {"misc", "software"}
    years = {one.key: one.fields_dict["year"].value for one in library.entries if "year" in one}
    assert years["finnveden2023"] == "2023"
    items = json.loads(files("csl-json")[""])
    assert [item["id"] for item in items][: len(sources)] == [one.key for one in sources]
    assert len({item["id"] for item in items}) == len(items) == len(library.entries)
    worse = bibtexparser.parse_string(acting("bib")[""])
    assert not worse.failed_blocks
    assert all(one.key.isascii() and re.fullmatch(r"[\w.-]+", one.key) for one in worse.entries)
    assert r"\input" not in acting("bib")[""]


def test_trace_formulas_hold_in_the_draw(several: Forecast, installed: Registry) -> None:
    """Each formula, computed from the other values of its place, gives the value."""
    rows = ForecastDocument(several, installed).trace
    dims = ("year", "actor", "regime", "task_class")
    values: dict[str, list[Any]] = {}
    for row in rows:
        values.setdefault(row.name, []).append(row)
    checked: set[str] = set()
    for row in rows:
        if row.kind != "formula" or row.value is None:
            continue
        tree = ast.parse(row.expression, mode="eval")
        names = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)} - {"max"}
        here = {
            name: next(
                one.value
                for one in values[name]
                if all(getattr(one, dim) in {None, "", getattr(row, dim)} for dim in dims)
            )
            for name in names
        }
        assert computed(tree.body, here) == pytest.approx(row.value, rel=1e-9), row
        checked.add(row.name)
    assert len(checked) > 20


def computed(node: ast.expr, names: Mapping[str, float]) -> float:
    """The value of an expression of names, numbers, arithmetic, ``max`` and ``if``."""
    match node:
        case ast.Constant(value=float() | int() as number):
            return float(number)
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -computed(inner, names)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = computed(left, names), computed(right, names)
            signs: dict[type, Callable[[float, float], float]] = {
                ast.Add: lambda a, b: a + b,
                ast.Sub: lambda a, b: a - b,
                ast.Mult: lambda a, b: a * b,
                ast.Div: lambda a, b: a / b,
                ast.Pow: lambda a, b: a**b,
            }
            return signs[type(op)](a, b)
        case ast.Call(func=ast.Name(id="max"), args=parts):
            return max(computed(part, names) for part in parts)
        case ast.IfExp(test=ast.Compare(left=a, comparators=[b]), body=x, orelse=y):
            return computed(x if computed(a, names) >= computed(b, names) else y, names)
    raise AssertionError(ast.dump(node))
