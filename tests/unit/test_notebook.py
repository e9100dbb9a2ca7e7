"""What a notebook shows of a forecast, and that the tutorial is kept as it is written."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import nbformat
import pytest
from tests.unit.reading_pages import Reader, read

from amplicast import Forecast, Prior
from amplicast.report.registers.headline import headline_rows
from amplicast.report.table import ForecastTable


def names(page: Reader) -> set[str]:
    """Every element and attribute."""
    return {name for tag, attributes in page.elements for name in (tag, *attributes)}


def test_a_forecast_shows_its_headlines(finished: Forecast) -> None:
    """Each cell is a headline in words; nothing comes from elsewhere, nothing runs, it is small."""
    html = finished._repr_html_()
    page = read(html)
    assert len(html) < 20_000
    assert names(page) <= {"div", "p", "strong", "table", "tr", "th", "td", "style"}
    assert "url(" not in html
    assert "http" not in html
    actor, year = finished.plan.actors[0], finished.plan.years[-1]
    rows = headline_rows(ForecastTable.of(finished, ("copies", "amplification")), [year])
    told = [row.told[year] for row in rows if row.actor == actor]
    assert set(told) <= set(page.words)
    assert finished.id in html
    assert "no failure detected" in html
    assert "Not covered" in html


def test_names_are_escaped_and_failures_told(finished: Forecast) -> None:
    """A scenario's name is text, whatever is in it; failed checks come first."""
    evil = '<img src=x onerror="alert(1)">&'
    record = finished.provenance | {"scenarios": [evil], "failed_checks": [f"x: {evil}"]}
    tree = finished.tree.copy()
    tree.attrs["provenance"] = json.dumps(record)
    scenario = dataclasses.replace(finished.scenario, name=evil)
    page = read(Forecast(tree=tree, plan=finished.plan, scenario=scenario)._repr_html_())
    assert "img" not in names(page)
    assert "onerror" not in names(page)
    assert any(evil in text for text in page.words)
    assert "Checks FAILED; do not quote:" in page.words


def test_a_changed_belief_is_told(finished: Forecast) -> None:
    """Whoever looks at a re-evaluated forecast sees which beliefs it has."""
    changed = finished.reevaluate({"inference_share": Prior("0.2 to 0.4", unit="fraction")})
    assert "Re-evaluated with: inference_share." in changed._repr_html_()


@pytest.mark.parametrize("name", ["notebook.ipynb"])
def test_tutorial_is_kept_without_outputs(repository: Path, name: str) -> None:
    """Numbers are those of the reader's run, links lead somewhere, and cells are valid."""
    folder = repository / "docs" / "tutorials"
    page = nbformat.read(folder / name, as_version=4)
    nbformat.validate(page)
    for cell in page.cells:
        assert cell.get("outputs", []) == []
        assert cell.get("execution_count") is None
    text = "\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")
    for link in re.findall(r"\]\(([^)#]+)", text):
        assert (folder / link).exists(), link
    assert f"tutorials/{name}" in (repository / "docs" / "README.md").read_text(encoding="utf-8")
