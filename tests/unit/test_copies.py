"""What copies take, leave and pass: identities on draws, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pytest
from tests.unit.command_line import call

from amplicast import Forecast
from amplicast.analysis.copies import MILLION, PEOPLE, copies_of
from amplicast.report.copies import copies_text


def test_what_a_million_take_is_the_rest_of_what_all_take(finished: Forecast) -> None:
    """Share per million times millions is the whole pool, draw by draw."""
    for pool in copies_of(finished, finished.scenarios[0]):
        runs = pool.copies > 0.0
        whole = (pool.per_million * pool.copies / MILLION).where(runs, 1.0)
        numpy.testing.assert_allclose(whole.values, 1.0, rtol=1e-12)
        assert numpy.isinf(pool.per_million.values[~runs.values]).all()


def test_sessions_are_copies_per_compute_used(finished: Forecast) -> None:
    """Times stock and the share for inference, sessions give the copies back."""
    share = finished.inputs()["inference_share"]
    for pool in copies_of(finished, finished.scenarios[0]):
        stock = finished.outputs["stock"].sel(actor=pool.actor)
        numpy.testing.assert_allclose(
            (pool.sessions * stock * share).transpose(*pool.copies.dims).values,
            pool.copies.values,
            rtol=1e-12,
        )


def test_left_and_unmet_are_two_sides_of_one_balance(finished: Forecast) -> None:
    """Copies plus what is unmet is what is wanted plus what is left."""
    regime = next(name for name, copies in finished.plan.regimes.items() if copies is None)
    for pool in copies_of(finished, finished.scenarios[0]):
        here = {"actor": pool.actor, "regime": regime}
        wanted = finished.outputs["copies_wanted"].sel(here)
        unmet = finished.outputs["unmet_demand"].sel(here)
        assert pool.left is not None
        numpy.testing.assert_allclose(
            (pool.copies + unmet).values, (wanted + pool.left).values, rtol=1e-9
        )


def test_chances_rise_by_year_and_fall_with_the_number(finished: Forecast) -> None:
    """Reached once is reached; more copies are never likelier."""
    for pool in copies_of(finished, finished.scenarios[0], thresholds=(1e4, MILLION, PEOPLE)):
        few, million, people = (pool.reached[number].values for number in (1e4, MILLION, PEOPLE))
        assert (numpy.diff(million) >= 0.0).all()
        assert (few >= million).all()
        assert (million >= people).all()


def test_first_year_is_the_first_that_reaches(finished: Forecast) -> None:
    """By the draws: that share of them has reached it by then, and not a year earlier."""
    pool = copies_of(finished, finished.scenarios[0], thresholds=(5e7,))[0]
    years = list(finished.plan.years)
    reached = (pool.copies.transpose("draw", "year").values >= 5e7).cumsum(axis=1) > 0
    for quantile in (0.2, 0.5):
        year = pool.first_year(5e7, quantile)
        assert year is not None
        place = years.index(year)
        assert reached[:, place].mean() >= quantile
        assert place == 0 or reached[:, place - 1].mean() < quantile
    assert pool.first_year(5e7, 1.1) is None


def test_no_demand_regime_leaves_the_row_out(finished: Forecast) -> None:
    """Without a regime that demand sets, nothing is said to be left."""
    from dataclasses import replace

    plan = replace(finished.plan, regimes={"internal": 1e6, "project": 1e3})
    pools = copies_of(replace(finished, plan=plan), finished.scenarios[0])
    assert all(pool.left is None for pool in pools)
    assert "left after demand" not in str(copies_text(pools, title="", years=(2032,)))


def test_the_command_tells_and_answers_as_data(finished: Forecast, run_folder: Path) -> None:
    """Text names each pool; data hold the same quantiles and chances."""
    asked = ("copies", run_folder, "--years", "2030", "--at-least", "1e9")
    told = call(*asked)
    assert "leading-lab: when copies pass a number" in told.stdout
    assert "1 billion" in told.stdout
    assert "nan" not in told.stdout
    (record,) = json.loads(call(*asked, "--json").stdout)["data"]
    lab = record["pools"][0]
    copies = finished.outputs["copies"].sel(actor=lab["actor"], year=2030)
    (row,) = (row for row in lab["rows"] if row["quantity"] == "copies")
    assert row["p50"] == pytest.approx(float(copies.median()), rel=1e-3)
    (reached,) = lab["reached"]
    assert reached["chance_by_year"]["2025"] == 0.0
    assert sorted(reached["chance_by_year"].values()) == list(reached["chance_by_year"].values())


@pytest.mark.parametrize(("option", "value", "code"), [("years", "1999", 3), ("at-least", "0", 2)])
def test_nonsense_is_refused(run_folder: Path, option: str, value: str, code: int) -> None:
    """A year that was not forecast, no copies at all."""
    told = call("copies", run_folder, f"--{option}", value, code=code)
    assert value in told.stderr
