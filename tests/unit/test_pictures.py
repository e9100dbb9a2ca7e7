"""Pictures show the draws' own numbers, fetch nothing, and are the same each time."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.golden.expected import shipped
from tests.unit.command_line import call

from amplicast import Forecast, Registry, ScenarioError, run
from amplicast.report.charts.captions import alt_text
from amplicast.report.charts.catalogue import PICTURES, draw
from amplicast.report.charts.labels import spread
from amplicast.report.charts.picture import ALT_LIMIT, Picture

NAMES = sorted(PICTURES)
HEIGHTS = st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=8)


def strings(node: Any) -> list[str]:
    """Every text anywhere in a specification."""
    if isinstance(node, str):
        return [node]
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [text for part in parts for text in strings(part)]


def keys(node: Any) -> set[str]:
    """Every key anywhere in a specification."""
    if isinstance(node, dict):
        return set(node) | {key for part in node.values() for key in keys(part)}
    return {key for part in node for key in keys(part)} if isinstance(node, list) else set()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_numbers_give_the_same_bytes(name: str, brief: Forecast) -> None:
    """Two drawings of one run are one SVG, byte for byte, with its text inside."""
    one, other = (draw(brief, name) for _ in range(2))
    text = one.svg()
    assert text == other.svg()
    assert text.startswith("<svg")
    assert 'role="img"' in text
    assert "<desc>" in text


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_fetched(name: str, drawn: dict[str, Picture]) -> None:
    """The numbers lie in the specification: no address but the name of its grammar."""
    for specification in (drawn[name].chart().to_dict(), *drawn[name].specifications()):
        assert "url" not in keys(specification)
        assert [text for text in strings(specification) if "://" in text] == [
            specification["$schema"]
        ]


@pytest.mark.parametrize("name", NAMES)
def test_words_are_complete(name: str, drawn: dict[str, Picture], brief: Forecast) -> None:
    """The text in its place is short; the caption names what is left out, and the run."""
    picture = drawn[name]
    assert 40 < len(picture.alt) <= ALT_LIMIT
    assert brief.id in picture.caption
    assert "Not covered: other techniques" in picture.caption
    assert not re.search(r"\de[+-]?\d|nan", picture.alt + picture.caption)
    assert picture.values.rows
    assert {len(row) for row in picture.values.rows} == {len(picture.values.header)}


@pytest.mark.parametrize("name", NAMES)
def test_a_page_may_set_the_width(name: str, drawn: dict[str, Picture]) -> None:
    """Every panel can take the width of its container; a file has a width of its own."""
    specifications = drawn[name].specifications()
    assert len(specifications) == len(drawn[name].panels)
    assert {specification["width"] for specification in specifications} == {"container"}
    assert "container" not in strings(drawn[name].chart().to_dict())


@given(HEIGHTS, st.floats(0.05, 0.5))
def test_labels_do_not_overlap(wanted: list[float], gap: float) -> None:
    """They keep their order, stay on the axis, and are a gap apart where there is room."""
    found = spread(wanted, gap=gap, low=-3.0, high=3.0)
    room = min(gap, 6.0 / max(len(wanted) - 1, 1))
    ordered = [place for _, place in sorted(zip(wanted, found, strict=True))]
    assert all(b - a >= room - 1e-9 for a, b in pairwise(ordered))
    assert min(found) >= -3.0 - 1e-9
    assert max(found) <= 3.0 + 1e-9


def test_labels_that_have_room_stay_where_they_belong() -> None:
    """Nothing is pushed that does not touch."""
    assert spread([2.0, -1.0, 0.5], gap=0.5, low=-3.0, high=3.0) == [2.0, -1.0, 0.5]


@given(st.lists(st.text(alphabet="ab ", min_size=1, max_size=150), min_size=1, max_size=6))
def test_texts_for_screen_readers_are_short(parts: list[str]) -> None:
    """Whole sentences from the front, as many as fit."""
    assert len(alt_text(*parts)) <= ALT_LIMIT


def test_a_notebook_finds_every_picture(brief: Forecast) -> None:
    """``forecast.plot.NAME`` draws what the command draws, and a slip is an attribute error."""
    assert dir(brief.plot) == sorted(PICTURES)
    assert brief.plot.copies(actor="world").svg() == draw(brief, "copies", actor="world").svg()
    bundle = brief.plot.copies()._repr_mimebundle_()
    assert bundle["image/svg+xml"].startswith("<svg")
    with pytest.raises(AttributeError, match="frontier"):
        _ = brief.plot.frontir


@pytest.mark.parametrize("asked", [{"actor": "nobody"}, {"year": 1999}, {"task_class": "chess"}])
def test_places_that_are_not_there_are_named(brief: Forecast, asked: dict[str, Any]) -> None:
    """The message lists what the run has."""
    with pytest.raises(ScenarioError, match="It has: "):
        draw(brief, "contributions", **asked)


def test_the_command_writes_files_with_their_text(
    brief_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind of file; text beside a PNG; nothing is overwritten unasked."""
    monkeypatch.chdir(tmp_path)
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        result = call("picture", brief_folder, "copies", "--out", f"copies.{kind}")
        assert (tmp_path / f"copies.{kind}").read_bytes().startswith(start)
        assert result.stdout.splitlines()[0] == f"copies.{kind}"
    text = (tmp_path / "copies.txt").read_text("utf-8")
    assert text.startswith("Fan chart")
    assert "Source: amplicast" in text
    again = call("picture", brief_folder, "copies", "--out", "copies.png", code=4)
    assert "AMP-P108" in again.stderr
    call("picture", brief_folder, "copies", "--out", "copies.png", "--force")


def test_the_command_lists_and_refuses(brief_folder: Path) -> None:
    """Without a name it lists; slips are answered with what there is."""
    assert [line.split()[0] for line in call("picture").stdout.splitlines()] == list(PICTURES)
    assert "frontier" in call("picture", brief_folder, "frontir", code=3).stderr
    assert "AMP-P105" in call("picture", brief_folder, "copies", "--year", 2030, code=3).stderr
    assert "AMP-P107" in call("picture", brief_folder, "copies", "-o", "a.jpg", code=3).stderr
    record = json.loads(call("picture", brief_folder, "dots", "--json").stdout)["data"]
    assert set(record) >= {"alt", "caption", "columns", "rows", "specifications"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "export-limit", "gpt3-2021", "inference-cap",
                                  "open-weights", "training-cluster-2023"])  # fmt: skip
def test_every_picture_of_every_shipped_forecast(
    name: str, installed: Registry, cache_dir: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a variant, also where there are two years only or nothing can be reached."""
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
    scenario = shipped(installed, name)
    forecast = run(scenario, installed, variants=tuple(scenario.variants)[:1])
    for each in PICTURES:
        picture = draw(forecast, each)
        assert picture.svg().startswith("<svg")
        assert len(picture.alt) <= ALT_LIMIT
        assert "nan" not in picture.alt + picture.caption
