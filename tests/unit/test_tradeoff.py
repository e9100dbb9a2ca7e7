"""The trade-off picture shows each technique's own curve, and where it is cheap (F8)."""

from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.command_line import call

from amplicast import Forecast, Registry, ScenarioError
from amplicast.analysis.curves import Curves
from amplicast.analysis.spans import STEEPEST
from amplicast.analysis.tradeoffs import efficient_region, published_points
from amplicast.report.charts.catalogue import draw
from amplicast.report.charts.place import LEVELS

ROUND = 5e-4
"""Gains are told without finer steps than this [OOM]."""


@given(st.floats(1.0, 4.0), st.floats(0.2, 2.0))
def test_the_efficient_region_is_where_the_slope_says(largest: float, bend: float) -> None:
    """``a (1 - exp(-x / b))`` has slope ``a / b exp(-x / b)``: the ends are known."""
    spend = numpy.linspace(0.0, 12.0, 2401)
    region = efficient_region(spend, largest * (1.0 - numpy.exp(-spend / bend)))
    steepest = largest / bend
    low = max(0.0, bend * math.log(steepest / STEEPEST))
    high = bend * math.log(steepest * STEEPEST)
    assert region is not None
    assert region == pytest.approx((low, min(high, 12.0)), abs=0.02)


def test_what_is_on_or_off_has_no_efficient_region() -> None:
    """A step has one slope without end, and none elsewhere."""
    spend = numpy.linspace(0.0, 3.0, 61)
    assert efficient_region(spend, numpy.where(spend > 1.0, 1.0, 0.0)) is None


def test_every_technique_that_trades_has_its_panel(finished: Forecast) -> None:
    """On the usual class all that act on it, by what they gain; economisers last."""
    picture = draw(finished, "tradeoff")
    trading = [each for each in finished.plan.techniques if each.role != "accelerator"]
    acting = {each.id for each in trading if "verifiable" in each.task_classes}
    drawn = list(dict.fromkeys(str(row[0]) for row in picture.values.rows))
    assert set(drawn) == acting
    roles = {each.id: each.role for each in trading}
    assert [roles[id_] for id_ in drawn] == sorted(roles[id_] for id_ in drawn)
    reach = {
        id_: max(float(row[5]) for row in picture.values.rows if row[0] == id_) for id_ in drawn
    }
    amplifiers = [reach[id_] for id_ in drawn if roles[id_] == "amplifier"]
    assert amplifiers == sorted(amplifiers, reverse=True)


def test_the_numbers_are_the_curves_of_the_run(finished: Forecast) -> None:
    """Quantiles of the exchange on the run's own draws, for the model of that year."""
    year = finished.plan.years[0]
    picture = draw(finished, "tradeoff", plugin="long-reasoning", task_class="general", year=year)
    flop, curves = Curves(plan=finished.plan, inputs=finished.inputs()).model(year)
    for row in picture.values.rows[:: len(picture.values.rows) // 7]:
        gain = curves.gain(
            "long-reasoning", float(row[2]), task_class="general", log10_training_flop=flop
        )
        wanted = gain.quantile(list(LEVELS.values()), dim="draw").values
        assert row[3:8] == pytest.approx(wanted, abs=ROUND)


def test_an_economiser_saves_inference_and_costs_training(finished: Forecast) -> None:
    """Its curve lies left of zero and below it, whatever the task."""
    economiser = next(each for each in finished.plan.techniques if each.role == "economiser")
    picture = draw(finished, "tradeoff", plugin=economiser.id)
    assert {row[1] for row in picture.values.rows} == {"any"}
    assert min(float(row[2]) for row in picture.values.rows) < -0.1
    assert max(float(row[2]) for row in picture.values.rows) <= 1e-9
    assert min(float(row[5]) for row in picture.values.rows) < -0.1
    assert "costs" in picture.alt


def test_another_year_has_another_model(finished: Forecast) -> None:
    """A larger model gains otherwise: the title tells its size."""
    first, last = (
        draw(finished, "tradeoff", year=year)
        for year in (finished.plan.years[0], finished.plan.years[-1])
    )
    assert first.subtitle[0] != last.subtitle[0]
    assert first.values != last.values


def test_published_points_lie_in_the_picture(finished: Forecast, installed: Registry) -> None:
    """Each has its label, in the panel of its technique."""
    points = published_points(installed.answers.values())
    drawn = {str(row[0]) for row in draw(finished, "tradeoff").values.rows}
    shown = [point for id_, own in points.items() if id_ in drawn for point in own]
    assert shown
    text = draw(finished, "tradeoff").svg()
    assert all(point.label in text for point in shown)


def test_slips_are_named(finished: Forecast) -> None:
    """A technique that is not there, and a class that nothing acts on."""
    with pytest.raises(ScenarioError, match="AMP-P145"):
        draw(finished, "tradeoff", plugin="telepathy")
    with pytest.raises(ScenarioError, match="AMP-P146"):
        draw(finished, "tradeoff", plugin="resampling", task_class="general")


def test_the_command_draws_it(
    run_folder: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``amplicast picture RUN tradeoff --plugin NAME``."""
    monkeypatch.chdir(str(tmp_path))
    told = call("picture", run_folder, "tradeoff", "--plugin", "long-reasoning")
    assert told.stdout.startswith("tradeoff.svg")
