"""The tutorial notebook runs from top to bottom, and its cells show what the text says."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbclient
import nbformat
import pytest

from amplicast import Forecast

pytestmark = pytest.mark.slow

PAGE = Path("docs") / "tutorials" / "notebook.ipynb"


def test_tutorial_runs(repository: Path, run_folder: Path, tmp_path: Path) -> None:
    """Every cell runs on a saved run; tables and pictures are shown, files are written."""
    shutil.copytree(run_folder, tmp_path / "runs" / run_folder.name)
    page = nbformat.read(repository / PAGE, as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(page, timeout=600, resources=resources).execute()
    shown = [
        kind
        for cell in page.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        for kind in output.get("data", {})
    ]
    assert shown.count("text/html") >= 3
    assert any("svg" in kind or "vega" in kind for kind in shown)
    assert {path.name for path in tmp_path.glob("copies.*")} == {"copies.csv", "copies.svg"}
    forecast = Forecast.load(run_folder)
    chance = float((forecast.outputs["copies"].sel(actor="world", year=2030) > 1e9).mean())
    texts = [
        output.data["text/plain"]
        for cell in page.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    assert str(chance) in texts
