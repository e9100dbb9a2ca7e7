"""Each picture shows the draws' own numbers, and nothing else."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast import Forecast
from amplicast.analysis.amplified import copies_at_gain
from amplicast.report.charts.catalogue import draw
from amplicast.report.charts.dots import DOTS, quantile_dots
from amplicast.report.charts.picture import Picture
from amplicast.report.charts.place import LEVELS
from amplicast.report.words import count, oom, percent


def test_copies_are_the_quantiles_of_the_draws(drawn: dict[str, Picture], brief: Forecast) -> None:
    """Table, caption and text say what the draws say; so do the drawn numbers, as log10."""
    values = brief.outputs["copies"].sel(actor=brief.plan.actors[0])
    expected = {
        name: numpy.quantile(values.transpose("draw", "year").values, p, axis=0)
        for name, p in LEVELS.items()
    }
    picture = drawn["copies"]
    for i, row in enumerate(picture.values.rows):
        assert row[0] == brief.plan.years[i]
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
    for year, number in zip(brief.plan.years, expected["p50"], strict=True):
        assert medians[year] == pytest.approx(numpy.log10(number), abs=1e-5)


def test_amplification_is_that_of_the_feasible_draws(
    drawn: dict[str, Picture], brief: Forecast
) -> None:
    """A row per class and year; undefined draws are left out, and told in the caption."""
    place = {"actor": brief.plan.actors[0], "regime": list(brief.plan.regimes)[-1]}
    values = brief.outputs["amplification"].sel(place)
    for task_class, year, *found in drawn["amplification"].values.rows:
        draws = values.sel(task_class=task_class, year=year).values
        expected = numpy.nanquantile(draws, list(LEVELS.values()))
        assert found == pytest.approx(list(expected))
        if year == brief.plan.years[-1]:
            assert f"{oom(expected[2])} OOM" in drawn["amplification"].caption
    able = brief.outputs["feasible"].sel(place).sel(year=brief.plan.years[-1]).mean()
    assert percent(float(able)) in drawn["amplification"].caption


def test_chances_are_shares_of_all_draws(drawn: dict[str, Picture], brief: Forecast) -> None:
    """Where copies cannot be run, no threshold is reached."""
    place = {"actor": brief.plan.actors[0], "regime": list(brief.plan.regimes)[-1]}
    values = brief.outputs["amplification"].sel(place)
    for name, year, share, error in drawn["threshold"].values.rows:
        draws = values.sel(task_class=name, year=year).values
        assert share == numpy.count_nonzero(draws >= 1.0) / draws.size
        assert isinstance(error, float)
        assert 0.0 < error < 0.05


def test_dots_stand_for_equal_shares(brief: Forecast) -> None:
    """Fifty dots per panel, and as many by a year as its share of draws asks, to one dot."""
    actor = brief.plan.actors[0]
    picture = draw(brief, "dots", quantity="copies", threshold=1e7)
    assert sum(row[1] for row in picture.values.rows if isinstance(row[1], int)) == DOTS
    reached = brief.outputs["copies"].sel(actor=actor).transpose("draw", "year").values >= 1e7
    seen = 0
    for i, year in enumerate(brief.plan.years):
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
    drawn: dict[str, Picture], brief: Forecast
) -> None:
    """More amplification never leaves more copies, and what no draw reaches nobody has."""
    rows = drawn["frontier"].values.rows
    for task_class in brief.plan.task_classes:
        own = [row for row in rows if row[0] == task_class]
        for column in range(3, 9):
            falling = [float(str(row[column])) for row in own]
            assert falling == sorted(falling, reverse=True)
        most = brief.outputs["frontier_gain"].sel(task_class=task_class, year=brief.plan.years[-1])
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


def test_the_tornado_is_read_off_the_draws(drawn: dict[str, Picture], brief: Forecast) -> None:
    """Its first bar ends at the medians of the tenths of the draws at either end of the input."""
    name, _, low, high, at_low, at_high, _ = drawn["tornado"].values.rows[0]
    actor, year = brief.plan.actors[0], brief.plan.years[-1]
    copies = brief.outputs["copies"].sel(actor=actor, year=year).values
    values = brief.inputs()[str(name)].values
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


def test_an_input_that_moves_nothing_is_not_certain(brief: Forecast) -> None:
    """Of two hundred inputs that do nothing, hardly any seems to; one that does all is first."""
    from amplicast.analysis.tornado import drivers

    share = brief.inputs()["inference_share"]
    noise = share.copy(data=numpy.random.default_rng(2).standard_normal(share.shape))
    assert sum(each.certain for each in drivers(brief, noise, scenario="Brief")) <= 6
    assert drivers(brief, share, scenario="Brief")[0].name == "inference_share"


def test_what_was_learned_is_on_the_priors_scale(
    drawn: dict[str, Picture], brief: Forecast
) -> None:
    """A prior's own quantiles are its scores, and rows are the posterior's own quantiles."""
    from amplicast import Prior
    from amplicast.report.charts.learned import PRIOR, on_prior_scale

    prior = Prior("2 to 5", unit="FLOP")
    points = [prior.quantile(p) for p in LEVELS.values()]
    assert list(on_prior_scale(prior, points)) == pytest.approx(PRIOR, abs=2e-3)
    for name, _, *rest in drawn["learned"].values.rows:
        id_, _, parameter = str(name).partition(".")
        draws = brief.tree[f"posterior/{id_}"].to_dataset()[parameter].values
        assert rest[:5] == pytest.approx(list(numpy.quantile(draws, list(LEVELS.values()))))
