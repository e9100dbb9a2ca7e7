"""What exporters may hand over, and how files come to lie where the user wants them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.command_line import call

from amplicast import CheckError, Exporter, ExtraError, Forecast, PluginError, Registry
from amplicast.report import ForecastDocument, ForecastTable
from amplicast.report.export import export, rendered


@pytest.fixture(scope="module")
def document(brief: Forecast, installed: Registry) -> ForecastDocument:
    """The document of the small case."""
    return ForecastDocument(brief, installed)


def exporter(write: Any, **fields: Any) -> Exporter:
    """A third party's exporter."""
    about: dict[str, Any] = {"id": "own", "summary": "Mine.", "sources": (), "limits": "None."}
    return Exporter(**about, write=write, **{"suffix": ".own", **fields})


def test_an_exporter_of_text_gets_the_table(document: ForecastDocument, tmp_path: Path) -> None:
    """What was written for the first contract goes on working."""
    seen: list[object] = []

    def write(table: ForecastTable) -> str:
        seen.append(table)
        return f"{table.run} {len(table.rows)}\n"

    assert export(exporter(write), document, tmp_path / "x.own") == (tmp_path / "x.own",)
    assert (tmp_path / "x.own").read_text() == f"{document.run} {len(document.table.rows)}\n"
    assert isinstance(seen[0], ForecastTable)


def test_an_exporter_may_return_bytes_and_files(document: ForecastDocument, tmp_path: Path) -> None:
    """Bytes as they are; files beside the named one, or in a folder; the stem on request."""

    def beside(table: ForecastTable, *, stem: str) -> dict[str, str | bytes]:
        return {"": b"\x00", ".txt": f"{stem} of {table.run}"}

    def folder(given: ForecastDocument) -> dict[str, str]:
        return {"a.txt": given.run, "b/c.txt": "deep"}

    export(exporter(lambda table: b"\xff\x00"), document, tmp_path / "raw.bin")
    assert (tmp_path / "raw.bin").read_bytes() == b"\xff\x00"
    export(exporter(beside), document, tmp_path / "two.own")
    assert (tmp_path / "two.txt").read_text() == f"two of {document.run}"
    export(exporter(folder, suffix="", reads="document"), document, tmp_path / "many")
    assert (tmp_path / "many" / "b" / "c.txt").read_text() == "deep"
    with pytest.raises(CheckError, match="and 1 others"):
        export(exporter(folder, suffix="", reads="document"), document, tmp_path / "many")


@pytest.mark.parametrize("found", [None, 7, {}, {"a": 7}])
def test_an_exporter_that_returns_something_else(found: Any, document: ForecastDocument) -> None:
    """It is named, with a way round it."""
    with pytest.raises(PluginError, match=r"(?s)write of exporter 'own'.*--block"):
        rendered(exporter(lambda table: found), document, stem="x")


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a\\b"])
def test_no_exporter_writes_elsewhere(
    name: str, document: ForecastDocument, tmp_path: Path
) -> None:
    """Files of a folder stay in the folder; those beside a file have its name."""
    for files in ({name: "x"}, {"": "x", name: "x"}):
        with pytest.raises(PluginError, match="AMP-P134"):
            export(exporter(lambda table, f=files: f), document, tmp_path / "in")
    assert list(tmp_path.iterdir()) == []


def test_what_needs_an_extra_says_so(
    document: ForecastDocument, monkeypatch: pytest.MonkeyPatch, brief_folder: Path, tmp_path: Path
) -> None:
    """Exit 6 with the command that installs it."""
    lacking = exporter(lambda table: "", needs=("no_such_module",), extra="amplicast[x]")
    with pytest.raises(ExtraError, match=r'(?s)no_such_module.*pip install "amplicast\[x\]"'):
        rendered(lacking, document, stem="x")
    monkeypatch.setattr("amplicast.report.export.find_spec", lambda name: None)
    out = tmp_path / "x.xlsx"
    said = call("export", brief_folder, "--format", "xlsx", "--out", out, code=6).stderr
    assert 'pip install "amplicast[xlsx]"' in said
    call("scenario", "to-xlsx", "baseline", out, code=6)


def test_the_command_writes_files_and_folders(brief_folder: Path, tmp_path: Path) -> None:
    """A file with its dictionary beside it, a folder of tables, no binary on the screen."""
    call("export", brief_folder, "--format", "csv", "--out", tmp_path / "f.csv")
    about = json.loads((tmp_path / "f.datapackage.json").read_text())
    assert about["resources"][0]["path"] == "f.csv"
    call("export", brief_folder, "--format", "tex", "--out", tmp_path / "tables")
    assert (tmp_path / "tables" / "headline.tex").is_file()
    for kind in ("xlsx", "tex"):
        assert "--out" in call("export", brief_folder, "--format", kind, code=4).stderr
    assert not list(tmp_path.rglob(".*"))


def test_the_command_lists_formats_and_prints_the_schema(installed: Registry) -> None:
    """Every format with its ending; the schema that the file is checked against."""
    from amplicast.report.schema import forecast_schema

    listed = call("export", "--list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(installed.exporters)
    assert json.loads(call("export", "--schema").stdout) == forecast_schema()


def test_a_format_of_its_own_by_file(brief_folder: Path, tmp_path: Path, repository: Path) -> None:
    """The exporter of the how-to page works as it stands there."""
    page = (repository / "docs/how-to/export-a-forecast.md").read_text(encoding="utf-8")
    code = page.split("```python threshold_list.py\n")[1].split("```")[0]
    file = tmp_path / "threshold_list.py"
    file.write_text(code, encoding="utf-8")
    shown = call("--plugin", file, "export", brief_folder, "--format", "threshold-list").stdout
    assert "amplification >= 1" in shown


def test_frozen_document(document: ForecastDocument) -> None:
    """Nobody changes what all formats are written from."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        document.forecast = document.forecast  # type: ignore[misc]
