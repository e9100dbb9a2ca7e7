"""Demand: tokens served and chat assistants, on numbers worked out by hand."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy
import pytest
import xarray

from amplicast.math import NUMPY
from amplicast_plugins.demand import chat_assistants, tokens_served

FOLDER = Path(tokens_served.__file__).parent
DAY = 86_400.0


def rows(name: str) -> list[dict[str, str]]:
    """Rows of a shipped table."""
    with (FOLDER / name).open(newline="") as file:
        return list(csv.DictReader(file))


def columns(name: str, *keys: str) -> dict[str, xarray.DataArray]:
    """Return numeric columns as a predictor gets them."""
    return {
        key: xarray.DataArray([float(row[key]) for row in rows(name)], dims=("point",))
        for key in keys
    }


def years(first: int, last: int) -> xarray.DataArray:
    """Consecutive years, both ends included."""
    return xarray.DataArray(numpy.arange(first, last + 1), dims=("year",))


def serving(**changes: Any) -> dict[str, Any]:
    """Return parameters of `tokens-served`: 2.16e14 tokens a day at the end of 2025."""
    return {
        "tokens_end_2025": xarray.DataArray([6.0e13, 8.0e13, 2.2e13], dims=("provider",)),
        "coverage": 0.75,
        "growth": 0.9,
        "long_run_growth": 0.2,
        "growth_decay": 1 / math.log(2),
        "growth_shock": 0.0,
        "growth_shock_sd": 0.0,
        "output_share": 0.1,
        "cached_share": 0.6,
        **changes,
    }


def chatting(**changes: Any) -> dict[str, Any]:
    """Return parameters of `chat-assistants`: half of 1.6 billion users, 6 messages, half share."""
    return {
        "users_ceiling": 1.6e9,
        "adoption_rate": math.log(3.0),
        "midpoint": 2025.0,
        "messages_per_user": 6.0,
        "messages_growth": 0.2,
        "messages_decay": 1 / math.log(2),
        "leader_share": 0.5,
        "usage_shock": 0.0,
        "usage_shock_sd": 0.0,
        "output_per_message": 500.0,
        "input_per_message": 1800.0,
        "cached_share": 0.5,
        **changes,
    }


@pytest.mark.parametrize("name", ["tokens", "tokens_context", "users", "messages"])
def test_every_row_has_a_date_and_a_source(name: str) -> None:
    """No number without its date and source."""
    assert all(row["date"] and row["source"] for row in rows(f"{name}.csv"))


@pytest.mark.parametrize(
    ("name", "value", "log10"),
    [
        ("tokens", "tokens_per_day", "log10_tokens_per_day"),
        ("users", "weekly_users", "log10_users"),
        ("messages", "messages_per_day", "log10_messages_per_day"),
    ],
)
def test_logarithms_in_tables_are_of_the_values(name: str, value: str, log10: str) -> None:
    """What is fitted is log10 of what was reported."""
    for row in rows(f"{name}.csv"):
        assert float(row[log10]) == pytest.approx(math.log10(float(row[value])), abs=1e-4)


def test_providers_are_indexed_in_their_order() -> None:
    """The index in the table is the place in the coordinate."""
    for row in rows("tokens.csv"):
        assert tokens_served.PROVIDERS[int(row["provider_index"])] == row["provider"]


def test_tokens_at_the_end_of_2025_are_split_in_three() -> None:
    """162 trillion over 0.75 is 216 trillion a day: 2.5e9 a second, a tenth of it output."""
    rate = tokens_served.rate(NUMPY, year=years(2025, 2025), **serving())
    assert float(rate["output"][0]) == pytest.approx(2.5e8)
    assert float(rate["fresh"][0]) == pytest.approx(2.5e9 * 0.9 * 0.4)
    assert float(rate["cached"][0]) == pytest.approx(2.5e9 * 0.9 * 0.6)


def test_token_growth_fades() -> None:
    """In two half-lives 0.2 x 2 OOM, and of the excess of 0.7 three quarters of 0.7 / ln 2."""
    rate = tokens_served.rate(NUMPY, year=years(2025, 2027), **serving())["output"]
    rise = 0.4 + 0.7 * 0.75 / math.log(2)
    assert float(rate[2] / rate[0]) == pytest.approx(10**rise)


def test_token_growth_is_bounded_by_the_long_run() -> None:
    """Far ahead the path is the long-run line plus at most the faded part."""
    rate = tokens_served.rate(NUMPY, year=years(2025, 2045), **serving())["output"]
    assert math.log10(rate[-1] / rate[0]) <= 0.2 * 20 + 0.7 / math.log(2)
    assert float(rate[-1] / rate[-2]) == pytest.approx(10**0.2, rel=1e-4)


def test_token_shocks_leave_the_past() -> None:
    """Years up to 2025 have no shock; a shock in 2026 moves every later year."""
    shock = xarray.DataArray([9.0, 9.0, 1.0, 0.0], dims=("year",))
    calm = tokens_served.rate(NUMPY, year=years(2024, 2027), **serving())["output"]
    moved = tokens_served.rate(
        NUMPY, year=years(2024, 2027), **serving(growth_shock=shock, growth_shock_sd=0.1)
    )["output"]
    numpy.testing.assert_allclose((moved / calm).values, [1.0, 1.0, 10**0.1, 10**0.1])
    assert float(calm[1] / calm[0]) == pytest.approx(10**0.9)


def test_token_predictor_picks_the_provider() -> None:
    """Level by provider, growth by time: Google on 30 April 2025."""
    table = columns("tokens.csv", "provider_index", "years_from_end_2025")
    level = serving()["tokens_end_2025"]
    mean = tokens_served.log10_tokens_per_day(NUMPY, table, tokens_end_2025=level, growth=0.9)
    assert mean.dims == ("point",)
    assert float(mean[4]) == pytest.approx(math.log10(8.0e13) - 0.9 * 0.6708)


def test_chat_at_the_middle_of_adoption() -> None:
    """0.8 billion users x 6 messages over a share of one half: 9.6 billion messages a day."""
    rate = chat_assistants.rate(NUMPY, year=years(2025, 2025), **chatting())
    assert float(rate["output"][0]) == pytest.approx(9.6e9 * 500 / DAY)
    assert float(rate["fresh"][0]) == pytest.approx(9.6e9 * 900 / DAY)
    assert float(rate["cached"][0]) == pytest.approx(9.6e9 * 900 / DAY)


def test_chat_levels_off() -> None:
    """At a rate of ln 3 users are 3/4 of the ceiling a year on; messages rise by 0.1 / ln 2 OOM."""
    rate = chat_assistants.rate(NUMPY, year=years(2025, 2045), **chatting())["output"]
    assert float(rate[1] / rate[0]) == pytest.approx(1.5 * 10 ** (0.1 / math.log(2)))
    assert float(rate[-1] / rate[0]) == pytest.approx(2.0 * 10 ** (0.2 / math.log(2)), rel=1e-4)


def test_chat_predictors_and_forecast_agree() -> None:
    """Messages at the end of 2024 by the predictor times 500 tokens over the share is the rate."""
    table = {"years_from_end_2025": xarray.DataArray([-1.0, 0.0], dims=("point",))}
    fitted = {
        key: chatting()[key]
        for key in (
            "users_ceiling",
            "adoption_rate",
            "midpoint",
            "messages_per_user",
            "messages_growth",
        )
    }
    messages = chat_assistants.log10_messages(NUMPY, table, **fitted)
    rate = chat_assistants.rate(NUMPY, year=years(2024, 2025), **chatting())["output"]
    assert messages.dims == ("point",)
    numpy.testing.assert_allclose(10**messages.values * 500 / 0.5 / DAY, rate.values)
    users = {key: fitted[key] for key in ("users_ceiling", "adoption_rate", "midpoint")}
    assert float(chat_assistants.log10_users(NUMPY, table, **users)[1]) == pytest.approx(
        math.log10(0.8e9)
    )


def test_demand_is_the_same_on_tensors() -> None:
    """NumPy and PyTensor agree to 1e-9, with draws, providers and years as dims."""
    from amplicast.engine.tensors import XTENSOR

    pytensor = pytest.importorskip("pytensor")
    from pytensor.xtensor import as_xtensor

    draws = numpy.random.default_rng(0)
    shock = xarray.DataArray(draws.standard_normal((3, 5)), dims=("draw", "year"))
    growth = xarray.DataArray([0.1, 0.5, 0.9], dims=("draw",))
    parameters = [
        serving(growth=growth, growth_shock=shock, growth_shock_sd=0.1),
        chatting(messages_growth=growth, usage_shock=shock, usage_shock_sd=0.1),
    ]

    def total(m: Any, year: Any, both: list[dict[str, Any]]) -> Any:
        tokens = tokens_served.rate(m, year=year, **both[0])
        chat = chat_assistants.rate(m, year=year, **both[1])
        return sum(tokens.values()) + sum(chat.values())

    def tensor(value: Any) -> Any:
        return as_xtensor(value.values, dims=value.dims) if hasattr(value, "dims") else value

    ours = total(NUMPY, years(2024, 2028), parameters)
    symbols = [{name: tensor(value) for name, value in part.items()} for part in parameters]
    theirs = total(XTENSOR, tensor(years(2024, 2028)), symbols)
    values = pytensor.function([], theirs.values, mode="FAST_COMPILE")()
    numpy.testing.assert_allclose(ours.transpose(*theirs.type.dims).values, values, rtol=1e-9)
