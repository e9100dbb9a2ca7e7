"""Every format: the draws' own numbers, the same bytes, the stamp, and nothing that acts."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import jsonschema
import numpy
import pytest
import xarray
from tests.unit.reading_exports import READERS, expected, joined, latex_rows, with_provenance

from amplicast import Forecast, Registry
from amplicast.report import ForecastDocument
from amplicast.report.export import rendered
from amplicast.report.schema import forecast_schema
from amplicast.report.words import interval, value

FORMATS = (
    "bib", "csl-json", "csv", "datapackage", "iamc", "json", "md", "netcdf", "tex", "trace",
    "xlsx", "zarr",
)  # fmt: skip


@pytest.fixture(scope="module")
def several(brief: Forecast) -> Forecast:
    """The reference with one variant, on the same draws."""
    changes = brief.scenario.variants["inference-cap"]
    return joined(brief, "inference-cap", changes)


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
def test_failed_checks_are_stamped(kind: str, brief: Forecast, installed: Registry) -> None:
    """Whoever gets a file of a run that failed its checks is told by the file."""
    record = brief.provenance | {"failed_checks": ["resampling: FAIL r_hat: bad. Try: more."]}
    document = ForecastDocument(with_provenance(brief, record), installed)
    content = rendered(installed.exporters[kind], document, stem="out")
    assert "FAIL r\\_hat: bad" in told(content) or "FAIL r_hat: bad" in told(content)
    if kind == "tex":
        tables = {name: text for name, text in content.items() if name != "all.tex"}
        assert all("CHECKS FAILED" in text for text in tables.values())


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


def test_references_parse(files: Any, several: Forecast, installed: Registry) -> None:
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
