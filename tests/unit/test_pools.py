"""Pools side by side on joint draws: totals, power, capital, and the inverse question."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy
import pytest
import xarray

from amplicast import Forecast, Registry, Scenario, ScenarioError
from amplicast.analysis.costing import ASSUMED, costing
from amplicast.analysis.needs import Needs, needs
from amplicast.analysis.pools import Pools, pools, with_total
from amplicast.report.supply import needs_text, pools_record, pools_text
from amplicast_plugins.supply import world_chips

LABS = ("anthropic-fleet", "deepmind-fleet", "meta-fleet", "openai-fleet")
DEVICE = SimpleNamespace(
    flop_per_s={"fp8": 1.979e15},
    flop_per_s_8bit=1.979e15,
    h100e=1.0,
    memory_bytes=8e10,
    bandwidth=3e12,
    link_bandwidth=4e11,
    domain=8,
)


@pytest.fixture(scope="module")
def labs(installed: Registry, baseline: Scenario) -> Pools:
    """The world and four labs on the draws of the baseline."""
    return pools(baseline, installed, ("world-chips", *LABS))


def log_sd(values: xarray.DataArray) -> float:
    """Standard deviation of the natural logarithm over draws."""
    return float(numpy.log(values).std("draw"))


def test_a_total_is_the_sum_of_each_draw(labs: Pools) -> None:
    """Not of percentiles: independent in 2025, so narrower than the ends added up."""
    four = with_total(replace(labs, stock=labs.stock.sel(pool=list(LABS))))
    total = four.stock.sel(pool="total")
    numpy.testing.assert_allclose(total, labs.stock.sel(pool=list(LABS)).sum("pool"))
    low, high = total.sel(year=2025).quantile([0.05, 0.95]).values
    ends = labs.stock.sel(pool=list(LABS), year=2025).quantile([0.05, 0.95], dim="draw").sum("pool")
    assert high - low < 0.65 * float(ends[1] - ends[0])


def test_the_width_of_a_total_is_what_covariance_implies(labs: Pools) -> None:
    """The variance of the sum is the sum of all covariances; later the shared world dominates."""
    four = labs.stock.sel(pool=list(LABS))
    for year, shared in ((2025, False), (2032, True)):
        values = four.sel(year=year)
        covariance = numpy.cov(values.transpose("pool", "draw").values)
        total = values.sum("pool")
        assert float(total.var("draw", ddof=1)) == pytest.approx(covariance.sum(), rel=1e-9)
        correlation = numpy.corrcoef(numpy.log(values.transpose("pool", "draw").values))
        between = correlation[~numpy.eye(4, dtype=bool)]
        assert bool((between > 0.3).all()) == shared


def test_labs_stay_within_the_world(labs: Pools) -> None:
    """The sum of four labs is less than the world in all but a few draws in a hundred."""
    total = labs.stock.sel(pool=list(LABS)).sum("pool")
    over = total > 0.8 * labs.stock.sel(pool="world-chips")
    assert float(over.mean("draw").max()) < 0.02


def test_a_share_is_narrower_than_its_parts_say(labs: Pools) -> None:
    """A lab over the world in 2032: the world's error is in both and cancels."""
    lab, world = (labs.stock.sel(pool=name, year=2032) for name in ("openai-fleet", "world-chips"))
    assert log_sd(lab / world) < 0.7 * math.hypot(log_sd(lab), log_sd(world))


def test_the_power_of_what_was_sold_is_the_published_one(labs: Pools) -> None:
    """Sales times the power of the device mix contain the counted 12.4 GW of the chips."""
    path = Path(world_chips.__file__).with_name("chip_power.csv")
    with path.open(newline="") as file:
        counted = sum(float(row["value"]) for row in csv.DictReader(file))
    assert counted == pytest.approx(12.4, abs=0.05)
    sold = labs.inputs["world-chips.sold_end_2025"].sum("maker")
    found = sold * labs.costing.chip_power.sel(year=2025) / 1e9
    low, middle, high = found.quantile([0.05, 0.5, 0.95]).values
    assert low < counted < high
    assert middle == pytest.approx(counted, rel=0.05)


def test_a_devices_power_and_price_are_worked_out_by_hand(baseline: Scenario) -> None:
    """Two H100 of 700 W to one of 1,000 W; price between its ends; rates grow, the rest stays."""
    first = SimpleNamespace(**vars(DEVICE), id="a", power_w=700.0, price_usd=(2e4, 2e4))
    second = SimpleNamespace(**vars(DEVICE), id="b", power_w=1000.0, price_usd=None)
    plan: Any = SimpleNamespace(hardware=(first, second), years=(2025, 2026))
    one = xarray.DataArray(numpy.ones(500), dims=("draw",))
    inputs = {
        "mix.a": 2.0 * one,
        "mix.b": one,
        "device_compute_growth": math.log10(2.0) * one,
        "device_memory_growth": 0.0 * one,
    }
    found = costing(plan, inputs, seed=1)
    numpy.testing.assert_allclose(found.chip_power.sel(year=2025), 800.0)
    numpy.testing.assert_allclose(found.chip_power.sel(year=2026), 400.0)
    numpy.testing.assert_allclose(found.h100e_per_device.sel(year=2026), 2.0)
    ratio = (found.site_power / found.chip_power).sel(year=2026)
    assert float(ratio.median()) == pytest.approx(ASSUMED["facility_power"].quantile(0.5), rel=0.02)
    # The device without a price costs as much per H100e.
    capital = found.capital / found.capital.sel(year=2025)
    numpy.testing.assert_allclose(capital.sel(year=2026), 0.5)
    middle = ASSUMED["capital_over_chips"].quantile(0.5)
    assert float(found.capital.sel(year=2025).median()) == pytest.approx(2e4 * middle, rel=0.03)


def test_a_mix_without_prices_is_refused() -> None:
    """Capital cannot be told from nothing."""
    device = SimpleNamespace(**vars(DEVICE), id="a", power_w=700.0, price_usd=None)
    plan: Any = SimpleNamespace(hardware=(device,), years=(2025,))
    one = xarray.DataArray(numpy.ones(10), dims=("draw",))
    names = ("mix.a", "device_compute_growth", "device_memory_growth")
    with pytest.raises(ValueError, match="price"):
        costing(plan, dict.fromkeys(names, one), seed=1)


def test_only_pools_beside_each_other_are_added(labs: Pools) -> None:
    """The world holds the others; one pool is no total."""
    with pytest.raises(ScenarioError, match="world-chips"):
        with_total(labs)
    with pytest.raises(ScenarioError, match="two pools"):
        with_total(replace(labs, stock=labs.stock.sel(pool=["openai-fleet"])))


def test_pools_are_told_with_the_numbers_of_the_draws(labs: Pools) -> None:
    """Records hold quantiles of the draws; the text names every pool and year."""
    records = pools_record(labs, (2025, 2028))
    assert len(records) == 2 * (1 + len(LABS))
    one = next(r for r in records if (r["pool"], r["year"]) == ("openai-fleet", 2028))
    middle = float(labs.stock.sel(pool="openai-fleet", year=2028).median())
    assert one["stock"]["p50"] == pytest.approx(middle, rel=0.01)
    text = str(pools_text(labs, (2025, 2028)))
    assert all(name in text for name in LABS)
    assert "1.7 million" in text


def test_needs_turn_the_run_around(finished: Forecast) -> None:
    """Compute that just runs n copies, given back as a pool, runs n copies, draw by draw."""
    found = needs(finished, 1e6)
    copies, stock = (finished.outputs[name].isel(actor=0) for name in ("copies", "stock"))
    share = finished.inputs()["inference_share"]
    back = copies / (stock * share) * found.h100e.values
    possible = numpy.isfinite(found.h100e.values)
    numpy.testing.assert_allclose(back.values[possible], 1e6)
    assert possible.mean() > 0.5
    twice = needs(finished, 2e6)
    numpy.testing.assert_allclose(twice.power.values[possible], 2 * found.power.values[possible])


def test_the_first_year_is_the_first_with_enough_copies(finished: Forecast) -> None:
    """For every draw and pool; a number that is always there is there in the first year."""
    found = needs(finished, 1e7)
    years = numpy.array(finished.plan.years)
    for actor in finished.plan.actors:
        enough = (finished.outputs["copies"].sel(actor=actor) >= 1e7).values
        expected = [years[row.argmax()] if row.any() else math.nan for row in enough]
        numpy.testing.assert_array_equal(found.first_year(actor).values, expected)


def test_copies_that_cannot_be_run_are_told() -> None:
    """Infinite draws are neither averaged nor hidden."""
    years = [2025, 2026]
    h100e = xarray.DataArray(
        numpy.array([[1e6, 1e6]] * 6 + [[math.inf, 1e6]] * 4),
        dims=("draw", "year"),
        coords={"year": years},
    )
    reached = xarray.DataArray(
        numpy.zeros((10, 2, 1), dtype=bool),
        dims=("draw", "year", "actor"),
        coords={"year": years, "actor": ["world"]},
    )
    found = Needs(1e5, h100e, h100e, h100e, h100e, reached)
    speed = SimpleNamespace(prior=SimpleNamespace(quantile=lambda p: 50.0))
    forecast = SimpleNamespace(
        id="abc",
        scenario=SimpleNamespace(assumptions={"serial_speed": speed}),
        plan=SimpleNamespace(years=(2025, 2026)),
    )
    text = str(needs_text(found, cast("Forecast", forecast), (2025, 2026)))
    assert "1 million or more" in text
    assert "in some draws: 2025 40 %, 2026 < 1 %" in text
    assert "after 2026" in text


def test_fixed_pools_are_the_same_in_every_draw(installed: Registry, baseline: Scenario) -> None:
    """A stated rate needs no evidence; a change by name reaches it."""
    from amplicast.forecast.inputs import declared

    more = baseline.apply_sets(["fixed-rate.rate=4e21"], declared=declared(installed))
    for scenario, expected in ((baseline, 1.011e6), (more, 4.043e6)):
        stock = pools(scenario, installed, ("fixed-rate",)).stock
        numpy.testing.assert_allclose(stock, expected, rtol=1e-3)
