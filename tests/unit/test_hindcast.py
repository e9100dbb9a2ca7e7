"""Scores against known answers, naive rules, and a hindcast of a line that is known."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.command_line import call
from tests.unit.synthetic_plugin import SYNTHETIC

from amplicast import Evidence, Plugin, Stock, Table
from amplicast.analysis.coverage import coverage, effective_trials
from amplicast.analysis.hindcast import NAIVE, Hindcast, hindcast
from amplicast.analysis.leave_future_out import cutoffs_of, leave_future_out
from amplicast.analysis.naive import line, walk
from amplicast.analysis.scores import covers, crps, log_score, pit, skill
from amplicast.engine.fit import SamplerSettings
from amplicast.report.hindcast import hindcast_record, hindcast_text
from amplicast.report.leave_future_out import left_future_out_record, left_future_out_text

CUTOFF = date(2024, 12, 31)
ROWS = """row,date,maker,spend,gain,error
a,2024-03-31,one,0.00,0.0,0.05
b,2024-06-30,one,0.25,0.25,0.05
c,2024-12-31,one,0.75,0.75,0.05
d,2025-06-30,one,1.25,1.25,0.05
e,2025-12-31,one,1.75,9.0,0.05
f,2025-12-31,two,1.75,1.75,0.05
"""
LEVELS = """row,date,maker,stock
a,2024-12-31,one,100
b,2025-12-31,one,1000
"""


@pytest.fixture
def dated(tmp_path: Path) -> Plugin:
    """The synthetic line with dates, two series, and a stock that its rows add to."""
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "levels.csv").write_text(LEVELS)
    points = replace(
        SYNTHETIC.evidence[0],
        table=Table(tmp_path / "rows.csv"),
        series="maker",
        stock=Stock(table=Table(tmp_path / "levels.csv"), value="stock"),
    )
    undated = Evidence(
        id="undated",
        table=SYNTHETIC.evidence[0].table,
        predictor=points.predictor,
        family=points.family,
        informs="The same without dates.",
        sources=points.sources,
    )
    return replace(SYNTHETIC, id="dated-line", evidence=(points, undated))


@pytest.fixture
def found(dated: Plugin, cache_dir: str, monkeypatch: pytest.MonkeyPatch) -> Hindcast:
    """What its rows of 2024 foresaw."""
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
    return hindcast([dated], cutoff=CUTOFF, settings=SamplerSettings(draws=500, seed=3, cores=1))


def test_later_rows_are_foreseen_from_earlier_ones(found: Hindcast) -> None:
    """The line goes on; a row that left it lies outside, and nothing of 2025 was seen."""
    rows = {(f.series, f.when.isoformat()): f for f in found.figures if f.kind == "row"}
    assert set(rows) == {("one", "2025-06-30"), ("one", "2025-12-31"), ("two", "2025-12-31")}
    straight = rows["one", "2025-06-30"]
    assert numpy.median(straight.draws) == pytest.approx(1.25, abs=0.05)
    assert covers(straight.draws, straight.seen, mass=0.9)
    assert not covers(rows["one", "2025-12-31"].draws, 9.0, mass=0.9)
    assert numpy.median(straight.naive["last value"]) == pytest.approx(0.75, abs=0.05)
    assert numpy.median(straight.naive["constant growth"]) == pytest.approx(1.25, abs=0.05)
    assert rows["two", "2025-12-31"].naive == {}


def test_stocks_add_up_flows(found: Hindcast) -> None:
    """What was there, and ten to the power of every later row, draw by draw."""
    (stock,) = (f for f in found.figures if f.kind == "stock")
    flows = [f.draws for f in found.figures if f.kind == "row" and f.series == "one"]
    assert stock.seen == pytest.approx(3.0)
    numpy.testing.assert_allclose(10.0**stock.draws, 100.0 + 10.0 ** flows[0] + 10.0 ** flows[1])
    last = numpy.median(stock.naive["last value"])
    assert last == pytest.approx(math.log10(100.0 + 2 * 10**0.75), abs=0.02)


def test_what_has_no_dates_is_named(found: Hindcast) -> None:
    """It stays out of the fit, and the report says so."""
    assert found.left_out == {("dated-line", "undated"): "its rows have no dates"}
    text = str(hindcast_text(found))
    assert "its rows have no dates" in text
    assert "NO" in text
    rows = next(e for e in hindcast_record(found)["evidence"] if e["kind"] == "row")
    assert rows["coverage"]["90"]["inside"] == 2
    assert rows["figures_scored"] == 3
    assert sum(rows["pit"]) == 3
    assert set(rows["against"]) <= set(NAIVE)
    assert {"last value", "constant growth"} <= set(rows["against"])


def test_crps_of_a_normal_is_the_closed_form() -> None:
    """Sd [z (2 Phi(z) - 1) + 2 phi(z) - 1/sqrt(pi)]; of one draw, its distance."""
    levels = (numpy.arange(100_000) + 0.5) / 100_000
    from scipy.special import ndtri

    draws = 2.0 + 3.0 * ndtri(levels)
    z = (5.0 - 2.0) / 3.0
    phi = math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    closed = 3.0 * (z * math.erf(z / math.sqrt(2)) + 2 * phi - 1 / math.sqrt(math.pi))
    assert crps(draws, 5.0) == pytest.approx(closed, rel=1e-3)
    assert crps(numpy.array([2.0]), 5.0) == 3.0


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.floats(-5, 5), st.floats(-3, 3))
def test_crps_is_a_distance(draws: list[float], seen: float, shift: float) -> None:
    """Never negative, and the same wherever zero lies."""
    value = crps(numpy.array(draws), seen)
    assert value >= -1e-12
    assert crps(numpy.array(draws) + shift, seen + shift) == pytest.approx(value, abs=1e-9)


def test_skill_resamples_whole_series() -> None:
    """Known answers: half the error saved; one series has no interval; no error, no skill."""
    half = skill([1.0, 1.0, 1.0], [2.0, 2.0, 2.0], ["a", "b", "b"])
    assert half is not None
    assert (half.value, half.low, half.high) == (0.5, 0.5, 0.5)
    mixed = skill([1.0, 4.0], [2.0, 2.0], ["a", "b"])
    assert mixed is not None
    assert (mixed.value, mixed.low, mixed.high) == (-0.25, -1.0, 0.5)
    alone = skill([1.0], [2.0], ["a"])
    assert alone is not None
    assert alone.low is None
    assert skill([1.0], [0.0], ["a"]) is None


def test_naive_rules_walk_from_the_last_row() -> None:
    """Straight or flat on the median, wider the further; nothing where nothing was known."""
    times = numpy.array([0.0, 1.0, 2.0, 3.0, 4.0, 4.0])
    values = numpy.array([0.0, 1.1, 1.9, 9.0, 9.0, 9.0])
    names = numpy.array(["a", "a", "a", "a", "a", "b"])
    given = numpy.array([True, True, True, False, False, False])
    common = {"times": times, "values": values, "series": names, "given": given}
    flat = walk(**common, drift=False, draws=20_000, seed=[1])
    grown = walk(**common, drift=True, draws=20_000, seed=[1])
    assert flat is not None
    assert grown is not None
    assert numpy.median(flat[:, :2], axis=0) == pytest.approx([1.9, 1.9], abs=0.05)
    assert numpy.median(grown[:, :2], axis=0) == pytest.approx([2.85, 3.8], abs=0.05)
    assert flat[:, 1].std() > 1.3 * flat[:, 0].std()
    assert numpy.isnan(flat[:, 2]).all()
    alone = numpy.array([True, False, False, False, False, False])
    assert walk(**common | {"given": alone}, drift=True, draws=10, seed=[1]) is None


def test_a_line_has_the_textbook_prediction() -> None:
    """Student-t about the fitted line; rows of one draw share it; short series have none."""
    from scipy import stats

    times = numpy.array([0.0, 1.0, 2.0, 3.0, 5.0, 5.0, 0.0, 1.0, 5.0])
    values = numpy.array([0.0, 1.2, 1.7, 3.1, 9.0, 9.0, 0.0, 1.0, 9.0])
    names = numpy.array(["a"] * 6 + ["b"] * 3)
    given = numpy.array([True] * 4 + [False] * 2 + [True] * 2 + [False])
    drawn = line(times, values, names, given, draws=200_000, seed=[1])
    assert drawn is not None
    fit = stats.linregress(times[:4], values[:4])
    left = values[:4] - fit.intercept - fit.slope * times[:4]
    apart = times[:4] - times[:4].mean()
    leverage = 0.25 + (5.0 - times[:4].mean()) ** 2 / (apart @ apart)
    spread = numpy.sqrt(left @ left / 2.0)
    levels = numpy.array([0.05, 0.25, 0.5, 0.75, 0.95])
    wanted = stats.t.ppf(levels, 2, fit.intercept + 5.0 * fit.slope, spread * (1 + leverage) ** 0.5)
    assert numpy.quantile(drawn[:, 0], levels) == pytest.approx(wanted, abs=0.03)
    ranks = stats.spearmanr(drawn[:, 0], drawn[:, 1]).statistic
    assert ranks == pytest.approx(
        6 / numpy.pi * numpy.arcsin(0.5 * leverage / (1 + leverage)), abs=0.1
    )
    assert numpy.isnan(drawn[:, 2]).all()


@given(st.floats(-3.0, 3.0), st.floats(0.1, 5.0))
def test_the_log_score_of_a_normal_is_the_closed_form(seen: float, spread: float) -> None:
    """Half the squared score, and the logs of the spread and of the square root of two pi."""
    from scipy.special import ndtri

    draws = spread * ndtri((numpy.arange(4000) + 0.5) / 4000)
    closed = 0.5 * (seen / spread) ** 2 + math.log(spread * math.sqrt(2 * math.pi))
    if abs(seen) < 2.0 * spread:
        assert log_score(draws, seen) == pytest.approx(closed, abs=0.05)
    assert pit(draws, seen) == pytest.approx(0.5 * math.erfc(-seen / spread / 2**0.5), abs=1e-3)


def test_rows_of_a_series_are_worth_as_much_as_they_differ() -> None:
    """Rows with a common error count once; independent ones each for themselves."""
    from scipy.special import ndtr

    generator = numpy.random.default_rng(4)
    names = [str(place) for place in numpy.repeat(numpy.arange(400), 5)]
    alone = ndtr(generator.standard_normal(2000))
    assert effective_trials(list(alone), names) > 1700
    shared = numpy.repeat(ndtr(generator.standard_normal(400)), 5)
    assert effective_trials(list(shared), names) == 400
    half = ndtr(
        numpy.sqrt(0.5) * numpy.repeat(generator.standard_normal(400), 5)
        + numpy.sqrt(0.5) * generator.standard_normal(2000)
    )
    assert effective_trials(list(half), names) == pytest.approx(2000 / 3, rel=0.1)
    told = coverage(0.9, list(half), names)
    assert told.allowed
    assert told.low < 0.9 < told.high
    narrow = coverage(0.9, list(ndtr(2.0 * generator.standard_normal(2000))), names)
    assert not narrow.allowed


def test_a_cutoff_outside_the_evidence_is_refused() -> None:
    """The message says why for each, and what to do."""
    told = call("hindcast", "world-chips", "--cutoff", "2035-01-01", code=3)
    assert "nothing came later" in told.stderr
    told = call("hindcast", "overtraining", "--cutoff", "2024-01-01", code=3)
    assert "world-chips" in told.stderr


def test_each_date_is_foreseen_from_what_was_before(
    dated: Plugin, cache_dir: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the next date of each cutoff is scored, by a fit that saw neither it nor later ones."""
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
    assert cutoffs_of(dated, 5) == (date(2024, 12, 31), date(2025, 6, 30))
    found = leave_future_out([dated], steps=2, settings=SamplerSettings(draws=500, seed=3, cores=1))
    rows = [(figure.series, figure.when.isoformat()) for figure in found.figures]
    assert rows == [("one", "2025-06-30"), ("one", "2025-12-31"), ("two", "2025-12-31")]
    straight, left, _ = found.figures
    assert covers(straight.draws, straight.seen, mass=0.9)
    assert not covers(left.draws, left.seen, mass=0.9)
    assert found.failed == ()
    text = str(left_future_out_text(found))
    assert "NO" in text
    (record,) = left_future_out_record(found)["evidence"]
    assert record["figures_scored"] == 3
    assert record["coverage"]["90"]["inside"] == 2
