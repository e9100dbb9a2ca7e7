"""Pictures show the draws' own numbers, fetch nothing, and are the same each time."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.golden.expected import shipped
from tests.unit.command_line import call

from amplicast import Forecast, Registry, ScenarioError, run
from amplicast.analysis.amplified import copies_at_gain
from amplicast.report.charts.captions import alt_text
from amplicast.report.charts.catalogue import PICTURES, draw
from amplicast.report.charts.dots import DOTS, quantile_dots
from amplicast.report.charts.labels import spread
from amplicast.report.charts.picture import ALT_LIMIT, Picture
from amplicast.report.charts.place import LEVELS
from amplicast.report.words import count, oom, percent

NAMES = sorted(PICTURES)
HEIGHTS = st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def drawn(finished: Forecast) -> dict[str, Picture]:
    """Every picture of the baseline, drawn once."""
    return {name: draw(finished, name) for name in NAMES}


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
def test_the_same_numbers_give_the_same_bytes(name: str, finished: Forecast) -> None:
    """Two drawings of one run are one SVG, byte for byte, with its text inside."""
    one, other = (draw(finished, name) for _ in range(2))
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
def test_words_are_complete(name: str, drawn: dict[str, Picture], finished: Forecast) -> None:
    """The text in its place is short; the caption names what is left out, and the run."""
    picture = drawn[name]
    assert 40 < len(picture.alt) <= ALT_LIMIT
    assert finished.id in picture.caption
    assert "Not covered: techniques without a plugin" in picture.caption
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


def test_copies_are_the_quantiles_of_the_draws(
    drawn: dict[str, Picture], finished: Forecast
) -> None:
    """Table, caption and text say what the draws say; so do the drawn numbers, as log10."""
    values = finished.outputs["copies"].sel(actor=finished.plan.actors[0])
    expected = {
        name: numpy.quantile(values.transpose("draw", "year").values, p, axis=0)
        for name, p in LEVELS.items()
    }
    picture = drawn["copies"]
    for i, row in enumerate(picture.values.rows):
        assert row[0] == finished.plan.years[i]
        assert list(row[1:]) == pytest.approx([expected[name][i] for name in LEVELS])
    for number in (expected["p50"][-1], expected["p05"][-1], expected["p95"][-1]):
        assert count(number).split()[0] in picture.caption
        assert count(number) in picture.alt
    shown = [
        row
        for layer in picture.chart().to_dict()["layer"]
        for row in layer["data"]["values"]
        if "p50" in row
    ]
    medians = {row["x"]: row["p50"] for row in shown}
    for year, number in zip(finished.plan.years, expected["p50"], strict=True):
        assert medians[year] == pytest.approx(numpy.log10(number), abs=1e-5)


def test_amplification_is_that_of_the_feasible_draws(
    drawn: dict[str, Picture], finished: Forecast
) -> None:
    """A row per class and year; undefined draws are left out, and told in the caption."""
    place = {"actor": finished.plan.actors[0], "regime": list(finished.plan.regimes)[-1]}
    values = finished.outputs["amplification"].sel(place)
    for task_class, year, *found in drawn["amplification"].values.rows:
        draws = values.sel(task_class=task_class, year=year).values
        expected = numpy.nanquantile(draws, list(LEVELS.values()))
        assert found == pytest.approx(list(expected))
        if year == finished.plan.years[-1]:
            assert f"{oom(expected[2])} OOM" in drawn["amplification"].caption
    able = finished.outputs["feasible"].sel(place).sel(year=finished.plan.years[-1]).mean()
    assert percent(float(able)) in drawn["amplification"].caption


def test_chances_are_shares_of_all_draws(drawn: dict[str, Picture], finished: Forecast) -> None:
    """Where copies cannot be run, no threshold is reached."""
    place = {"actor": finished.plan.actors[0], "regime": list(finished.plan.regimes)[-1]}
    values = finished.outputs["amplification"].sel(place)
    for name, year, share, error in drawn["threshold"].values.rows:
        draws = values.sel(task_class=name, year=year).values
        assert share == numpy.count_nonzero(draws >= 1.0) / draws.size
        assert isinstance(error, float)
        assert 0.0 < error < 0.05


def test_dots_stand_for_equal_shares(finished: Forecast) -> None:
    """Fifty dots per panel, and as many by a year as its share of draws asks, to one dot."""
    actor = finished.plan.actors[0]
    picture = draw(finished, "dots", quantity="copies", threshold=1e7)
    assert sum(row[1] for row in picture.values.rows if isinstance(row[1], int)) == DOTS
    reached = finished.outputs["copies"].sel(actor=actor).transpose("draw", "year").values >= 1e7
    seen = 0
    for i, year in enumerate(finished.plan.years):
        seen += next(int(str(row[1])) for row in picture.values.rows if row[2] == str(year))
        assert abs(seen / DOTS - reached[:, : i + 1].any(axis=1).mean()) <= 1.0 / DOTS


@given(st.lists(st.sampled_from([2025.0, 2028.0, numpy.inf]), min_size=1, max_size=300))
def test_quantile_dots_keep_shares(years: list[float]) -> None:
    """Each year has its share of the dots, to one dot."""
    found = quantile_dots(years)
    assert len(found) == DOTS
    for year in set(years):
        assert abs(found.count(year) / DOTS - years.count(year) / len(years)) <= 1.0 / DOTS + 1e-9


def test_the_frontier_starts_and_ends_where_the_draws_do(
    drawn: dict[str, Picture], finished: Forecast
) -> None:
    """More amplification never leaves more copies, and what no draw reaches nobody has."""
    rows = drawn["frontier"].values.rows
    for task_class in finished.plan.task_classes:
        own = [row for row in rows if row[0] == task_class]
        for column in range(3, 9):
            falling = [float(str(row[column])) for row in own]
            assert falling == sorted(falling, reverse=True)
        most = finished.outputs["frontier_gain"].sel(
            task_class=task_class, year=finished.plan.years[-1]
        )
        gain = float(str(own[-1][2]))
        share = float((most.max("frontier_spend") >= gain - 1e-9).mean())
        assert float(str(own[-1][8])) == pytest.approx(share, abs=0.05)


@given(
    st.lists(st.floats(0.0, 2.0), min_size=3, max_size=6),
    st.floats(2.0, 9.0),
    st.floats(0.0, 8.0),
)
def test_copies_at_a_gain_turn_the_curve_around(
    steps: list[float], start: float, wanted: float
) -> None:
    """At the gain of a spend they are the copies of the least spend that reaches it."""
    gains = numpy.cumsum([0.0, *steps])[None]
    copies = 10.0 ** (start - numpy.arange(gains.shape[1]))[None]
    for gain in gains[0]:
        least = int(numpy.argmax(gains[0] >= gain - 1e-9))
        found = copies_at_gain(copies, gains, [gain])[0, 0]
        assert found == pytest.approx(copies[0, least], rel=1e-6)
    found = copies_at_gain(copies, gains, [wanted])[0, 0]
    assert (found == 0.0) == (wanted > gains[0, -1] + 1e-9)
    assert found <= copies[0, 0] * (1.0 + 1e-9)


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


def test_a_notebook_finds_every_picture(finished: Forecast) -> None:
    """``forecast.plot.NAME`` draws what the command draws, and a slip is an attribute error."""
    assert dir(finished.plot) == sorted(PICTURES)
    assert (
        finished.plot.copies(actor="world").svg() == draw(finished, "copies", actor="world").svg()
    )
    bundle = finished.plot.copies()._repr_mimebundle_()
    assert bundle["image/svg+xml"].startswith("<svg")
    with pytest.raises(AttributeError, match="frontier"):
        _ = finished.plot.frontir


@pytest.mark.parametrize("asked", [{"actor": "nobody"}, {"year": 1999}, {"task_class": "chess"}])
def test_places_that_are_not_there_are_named(finished: Forecast, asked: dict[str, Any]) -> None:
    """The message lists what the run has."""
    with pytest.raises(ScenarioError, match="It has: "):
        draw(finished, "contributions", **asked)


def test_the_command_writes_files_with_their_text(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind of file; text beside a PNG; nothing is overwritten unasked."""
    monkeypatch.chdir(tmp_path)
    for kind, start in (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        result = call("picture", run_folder, "copies", "--out", f"copies.{kind}")
        assert (tmp_path / f"copies.{kind}").read_bytes().startswith(start)
        assert result.stdout.splitlines()[0] == f"copies.{kind}"
    text = (tmp_path / "copies.txt").read_text("utf-8")
    assert text.startswith("Fan chart")
    assert "Source: amplicast" in text
    again = call("picture", run_folder, "copies", "--out", "copies.png", code=4)
    assert "AMP-P108" in again.stderr
    call("picture", run_folder, "copies", "--out", "copies.png", "--force")


def test_the_command_lists_and_refuses(run_folder: Path) -> None:
    """Without a name it lists; slips are answered with what there is."""
    assert [line.split()[0] for line in call("picture").stdout.splitlines()] == list(PICTURES)
    assert "frontier" in call("picture", run_folder, "frontir", code=3).stderr
    assert "AMP-P105" in call("picture", run_folder, "copies", "--year", 2030, code=3).stderr
    assert "AMP-P107" in call("picture", run_folder, "copies", "-o", "a.jpg", code=3).stderr
    record = json.loads(call("picture", run_folder, "dots", "--json").stdout)["data"]
    assert set(record) >= {"alt", "caption", "columns", "rows", "specifications"}


def test_the_tornado_is_read_off_the_draws(drawn: dict[str, Picture], finished: Forecast) -> None:
    """Its first bar ends at the medians of the tenths of the draws at either end of the input."""
    name, _, low, high, at_low, at_high, _ = drawn["tornado"].values.rows[0]
    actor, year = finished.plan.actors[0], finished.plan.years[-1]
    copies = finished.outputs["copies"].sel(actor=actor, year=year).values
    values = finished.inputs()[str(name)].values
    order = numpy.argsort(values, kind="stable")
    tenth = len(order) // 10
    assert at_low == pytest.approx(numpy.median(copies[order[:tenth]]), rel=1e-3)
    assert at_high == pytest.approx(numpy.median(copies[order[-tenth:]]), rel=1e-3)
    assert [low, high] == pytest.approx(list(numpy.quantile(values, [0.05, 0.95])))
    moves = [
        abs(numpy.log10(float(str(row[5])) / float(str(row[4]))))
        for row in drawn["tornado"].values.rows
    ]
    assert moves == sorted(moves, reverse=True)


def test_an_input_that_moves_nothing_is_not_certain(finished: Forecast) -> None:
    """Of two hundred inputs that do nothing, hardly any seems to; one that does all is first."""
    from amplicast.analysis.tornado import drivers

    share = finished.inputs()["inference_share"]
    noise = share.copy(data=numpy.random.default_rng(2).standard_normal(share.shape))
    assert sum(each.certain for each in drivers(finished, noise, scenario="Baseline")) <= 6
    assert drivers(finished, share, scenario="Baseline")[0].name == "inference_share"


def test_what_was_learned_is_on_the_priors_scale(
    drawn: dict[str, Picture], finished: Forecast
) -> None:
    """A prior's own quantiles are its scores, and rows are the posterior's own quantiles."""
    from amplicast import Prior
    from amplicast.report.charts.learned import PRIOR, on_prior_scale

    prior = Prior("2 to 5", unit="FLOP")
    points = [prior.quantile(p) for p in LEVELS.values()]
    assert list(on_prior_scale(prior, points)) == pytest.approx(PRIOR, abs=2e-3)
    for name, _, *rest in drawn["learned"].values.rows:
        id_, _, parameter = str(name).partition(".")
        draws = finished.tree[f"posterior/{id_}"].to_dataset()[parameter].values
        assert rest[:5] == pytest.approx(list(numpy.quantile(draws, list(LEVELS.values()))))


def test_held_out_rows_are_counted() -> None:
    """Plugins with their rows, those below the bar marked, and the whole in the caption."""
    from amplicast.analysis.heldout import HeldOut
    from amplicast.analysis.scores import Scored
    from amplicast.report.charts.heldout import heldout, share_band

    def held(name: str, inside: int, rows: int) -> HeldOut:
        return HeldOut(
            technique=name, evidence="e", source="s", rows=rows, scale="value", basis="evidence",
            ours=Scored(inside=inside, width=1.0, score=1.0), naive=None, passed=True,
        )  # fmt: skip

    picture = heldout([held("one", 9, 10), held("two", 2, 10), held("one", 10, 10)])
    assert picture.values.rows == (("one", 19, 20, 0.95), ("two", 2, 10, 0.2))
    assert "21 of 30 rows in the 90 % interval (expected 27)" in picture.caption
    assert "2 of 10, too few" in picture.svg()
    assert "19 of 20, too few" not in picture.svg()
    low, high = share_band(20)
    assert low < 0.9 < high


@pytest.mark.slow
@pytest.mark.parametrize("name", ["export-limit", "gpt3-2021", "inference-cap", "open-weights",
                                  "training-cluster-2023"])  # fmt: skip
def test_every_picture_of_every_shipped_forecast(
    name: str, installed: Registry, cache_dir: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With all its variants, also where there are two years only or nothing can be reached."""
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
    scenario = shipped(installed, name)
    forecast = run(scenario, installed, variants=tuple(scenario.variants))
    for each in PICTURES:
        picture = draw(forecast, each)
        assert picture.svg().startswith("<svg")
        assert len(picture.alt) <= ALT_LIMIT
        assert "nan" not in picture.alt + picture.caption
