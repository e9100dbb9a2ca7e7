"""Supply: the world's chips and the leading lab's fleet, on numbers worked out by hand."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy
import pytest
import xarray

from amplicast.math import NUMPY
from amplicast_plugins.supply import lab_fleet, world_chips

FOLDER = Path(world_chips.__file__).parent
MEDIANS = (1.245e6, 3.813e6, 1.366e7, 1.021e6)


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a shipped table."""
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file))


def column(name: str, key: str) -> xarray.DataArray:
    """Return a numeric column as a predictor gets it."""
    return xarray.DataArray([float(row[key]) for row in rows(name)], dims=("point",))


def years(first: int, last: int) -> xarray.DataArray:
    """Consecutive years, both ends included."""
    return xarray.DataArray(numpy.arange(first, last + 1), dims=("year",))


def growing(**changes: Any) -> dict[str, Any]:
    """Return parameters of `sold` with flows that double every year, without other makers."""
    return {
        "sold_end_2025": xarray.DataArray(list(MEDIANS), dims=("maker",)),
        "uncovered": 0.0,
        "growth": math.log10(2.0),
        "long_run_growth": math.log10(2.0),
        "growth_decay": 1.5,
        "growth_shock": 0.0,
        "growth_shock_sd": 0.0,
        **changes,
    }


def stock(year: xarray.DataArray, **changes: Any) -> xarray.DataArray:
    """World stock, at once in service and never retired unless changed."""
    parameters = growing(**{"deployment_lag": 0.0, "service_life": 1000.0, **changes})
    return xarray.DataArray(world_chips.stock(NUMPY, year=year, world=None, **parameters))


BASE = sum(MEDIANS)
FLOW = sum(
    median * share
    for median, share in zip(MEDIANS, world_chips.share_sold_in_base_year(), strict=True)
)


def test_flows_are_differences_of_the_reported_medians() -> None:
    """Every row of `flows.csv` is one median less the one before, at the middle of its quarter."""
    cumulative = {row["row"]: row for row in rows("cumulative.csv")}
    order = list(cumulative)
    for row in rows("flows.csv"):
        before = cumulative[order[order.index(row["row"]) - 1]]
        assert before["maker"] == row["maker"]
        flow = float(cumulative[row["row"]]["p50_h100e"]) - float(before["p50_h100e"])
        assert float(row["flow_h100e_per_quarter"]) == flow
        assert float(row["log10_flow"]) == pytest.approx(math.log10(flow), abs=1e-4)
    assert len(rows("flows.csv")) == len(order) - len(world_chips.MAKERS)


def test_share_sold_in_2025_is_one_less_the_stock_ratio() -> None:
    """NVIDIA: 1 - 4.724 / 13.66; the order is that of the makers."""
    assert world_chips.share_sold_in_base_year()[2] == pytest.approx(1 - 4.724 / 13.66, abs=1e-4)
    assert [row["maker"] for row in rows("sold.csv")] == list(world_chips.MAKERS)
    assert list(column("sold.csv", "maker_index").values) == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["cumulative", "sold", "flows", "units", "lab_share"])
def test_every_row_has_a_date_and_a_source(name: str) -> None:
    """No number without its date and source."""
    assert all(row["date"] and row["source"] for row in rows(f"{name}.csv"))


def test_sold_doubles_its_flow_every_year() -> None:
    """Stock 2025 + 2 flows + 4 flows; 2024 is what was there before the flow of 2025."""
    sold = world_chips.sold(NUMPY, year=years(2024, 2027), **growing())
    expected = [BASE - FLOW, BASE, BASE + 2 * FLOW, BASE + 6 * FLOW]
    numpy.testing.assert_allclose(sold.values, expected, rtol=1e-12)


def test_growth_fades_to_the_long_run() -> None:
    """A decay of 1/ln 2 years halves the excess: steps of 0.5, 0.3, 0.2 OOM."""
    parameters = growing(growth=0.5, long_run_growth=0.1, growth_decay=1 / math.log(2))
    sold = world_chips.sold(NUMPY, year=years(2026, 2028), **parameters)
    flows = FLOW * 10 ** numpy.array([0.5, 0.8, 1.0])
    numpy.testing.assert_allclose(sold.values, BASE + flows.cumsum(), rtol=1e-12)


def test_shocks_move_later_flows_together() -> None:
    """A shock of one sd of 0.1 OOM in 2027 lifts 2027 and 2028 alike and leaves 2026."""
    shock = xarray.DataArray([5.0, 0.0, 1.0, 0.0], dims=("year",))
    calm = world_chips.sold(NUMPY, year=years(2025, 2028), **growing())
    moved = world_chips.sold(
        NUMPY, year=years(2025, 2028), **growing(growth_shock=shock, growth_shock_sd=0.1)
    )
    ratio = moved.diff("year") / calm.diff("year")
    numpy.testing.assert_allclose(ratio.values, [1.0, 10**0.1, 10**0.1], rtol=1e-12)


def test_deployment_lags_on_a_log_scale() -> None:
    """Half a year late in a year from S1 to S2 is the geometric mean of both."""
    sold = world_chips.sold(NUMPY, year=years(2025, 2026), **growing()).values
    late = stock(years(2025, 2026), deployment_lag=0.5)
    assert late.values[1] == pytest.approx(math.sqrt(sold[0] * sold[1]))


def test_deployed_world_at_the_end_of_2025() -> None:
    """With 5 % uncovered and a lag of one quarter: about 16 of 20.7 million H100e."""
    year = years(2025, 2025)
    sold = world_chips.sold(NUMPY, year=year, **growing(uncovered=0.05))
    deployed = stock(year, uncovered=0.05, deployment_lag=0.25, service_life=6.0)
    assert float(sold[0]) == pytest.approx(2.07e7, rel=0.01)
    assert float(deployed[0]) == pytest.approx(1.6e7, rel=0.03)


def test_the_stock_of_2025_retires_at_its_age() -> None:
    """At a life of two years all of it is gone by 2027; one year earlier, what 2024 ended with."""
    gone = stock(years(2025, 2027)) - stock(years(2025, 2027), service_life=2.0)
    numpy.testing.assert_allclose(gone.values[1:], [BASE - FLOW, BASE], rtol=1e-9)


def test_stock_growth_is_near_the_suggested_path() -> None:
    """At central values: 2.7x in 2026 and 2.3x in 2027, falling to about 1.6x in 2030."""
    parameters = growing(growth=0.42, long_run_growth=0.145, growth_decay=1.58)
    sold = world_chips.sold(NUMPY, year=years(2025, 2030), **parameters).values
    growth = sold[1:] / sold[:-1]
    assert growth[0] == pytest.approx(2.7, abs=0.1)
    assert growth[1] == pytest.approx(2.3, abs=0.1)
    assert growth[4] == pytest.approx(1.6, abs=0.1)


def test_predictors_of_world_chips_follow_the_rows() -> None:
    """Log stock is picked by maker, log flow is a line in time, both along ``point``."""
    columns = {"maker_index": column("sold.csv", "maker_index")}
    sold = world_chips.log_sold(NUMPY, columns, sold_end_2025=growing()["sold_end_2025"])
    assert sold.dims == ("point",)
    numpy.testing.assert_allclose(sold.values, numpy.log(MEDIANS))
    columns = {"years_from_end_2025": column("flows.csv", "years_from_end_2025")}
    level = xarray.full_like(columns["years_from_end_2025"], 6.0)
    flow = world_chips.log10_flow(NUMPY, columns, flow_level=level, growth=0.4)
    assert float(flow[0]) == pytest.approx(6.0 - 0.4 * 1.6277)


def sharing(**changes: Any) -> dict[str, Any]:
    """Return parameters of the lab's fleet: a tenth of the world, drifting to a fifth."""
    return {
        "position": math.log(0.25 / 0.75),
        "past_trend": 0.0,
        "share_ceiling": 0.4,
        "long_run_filling": 0.5,
        "drift_time": 1 / math.log(2),
        "share_shock": 0.0,
        "share_shock_sd": 0.0,
        **changes,
    }


def test_lab_share_moves_half_way_on_log_odds() -> None:
    """From 0.1 of the world; after one half-life the odds 1/3 have become sqrt(1/3)."""
    fleet = lab_fleet.stock(NUMPY, year=years(2025, 2026), world=2.0e7, **sharing())
    half = math.sqrt(1 / 3)
    numpy.testing.assert_allclose(fleet.values, [2.0e6, 2.0e7 * 0.4 * half / (1 + half)])


def test_lab_share_stays_below_its_ceiling() -> None:
    """However large the shocks, the share is at most the ceiling, and 2025 has no shock."""
    wild = sharing(share_shock=xarray.DataArray([9.0] * 8, dims=("year",)), share_shock_sd=3.0)
    share = lab_fleet.stock(NUMPY, year=years(2025, 2032), world=1.0, **wild)
    assert float(share[0]) == pytest.approx(0.1)
    assert float(share.max()) <= 0.4


def test_lab_predictor_and_past_years_agree() -> None:
    """The forecast read back to 2023 is what the evidence is compared with."""
    columns = {"years_from_end_2025": column("lab_share.csv", "years_from_end_2025")}
    fitted = lab_fleet.log_share(NUMPY, columns, position=-1.1, past_trend=0.1, share_ceiling=0.4)
    path = lab_fleet.stock(
        NUMPY, year=years(2023, 2025), world=1.0, **sharing(position=-1.1, past_trend=0.1)
    )
    assert fitted.dims == ("point",)
    assert math.exp(fitted[0]) == pytest.approx(float(path[0]))
    assert math.exp(fitted[-1]) == pytest.approx(float(path[-1]))


def test_lab_shares_follow_from_their_parts() -> None:
    """The median share is the lab's H100e over the deployed world's; its range is wider."""
    for row in rows("lab_share.csv"):
        lab, world = float(row["lab_p50_h100e"]), float(row["world_deployed_h100e"])
        assert float(row["value"]) == pytest.approx(lab / world, abs=1e-4)
        assert float(row["low"]) < float(row["lab_p5_h100e"]) / world
        assert float(row["high"]) > float(row["lab_p95_h100e"]) / world


def test_supply_is_the_same_on_tensors() -> None:
    """NumPy and PyTensor agree to 1e-9, with draws, makers and years as dims."""
    from amplicast.engine.tensors import XTENSOR

    pytensor = pytest.importorskip("pytensor")
    from pytensor.xtensor import as_xtensor

    draws = numpy.random.default_rng(0)
    shock = xarray.DataArray(draws.standard_normal((3, 5)), dims=("draw", "year"))
    lag = xarray.DataArray([0.0, 0.25, 0.5], dims=("draw",))
    world = growing(growth_shock=shock, growth_shock_sd=0.1, deployment_lag=lag, service_life=5.0)
    lab = sharing(share_shock=shock, share_shock_sd=0.2)

    def fleet(m: Any, year: Any, parameters: list[dict[str, Any]]) -> Any:
        stock = world_chips.stock(m, year=year, world=None, **parameters[0])
        return lab_fleet.stock(m, year=year, world=stock, **parameters[1])

    def tensor(value: Any) -> Any:
        return as_xtensor(value.values, dims=value.dims) if hasattr(value, "dims") else value

    ours = fleet(NUMPY, years(2024, 2028), [world, lab])
    symbols = [{name: tensor(value) for name, value in part.items()} for part in (world, lab)]
    theirs = fleet(XTENSOR, tensor(years(2024, 2028)), symbols)
    values = pytensor.function([], theirs.values, mode="FAST_COMPILE")()
    numpy.testing.assert_allclose(ours.transpose(*theirs.type.dims).values, values, rtol=1e-9)
