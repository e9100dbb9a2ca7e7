"""Numbers in words lose no more than rounding, keep their order, and never claim certainty."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast.report.words import (
    count,
    decimals,
    factor,
    gain,
    interval,
    oom,
    percent,
    span,
    value,
    year,
)

SIZES = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "quadrillion": 1e15}
CHANCE = st.floats(0.0, 1.0)
NUMBER = st.floats(1e-3, 1e22)
GAIN = st.floats(-9.0, 9.0)
UNITS = st.sampled_from(["copies", "H100e", "tokens/s", "OOM", "OOM FLOP", "fraction", "FLOP"])


def read(text: str) -> float:
    """The number that words stand for."""
    number, _, size = text.replace(",", "").partition(" ")
    return float(number) * SIZES.get(size, 1.0)


def rank(text: str) -> float:
    """A chance in words as a number to sort by."""
    return {"< 1 %": 0.5, "> 99 %": 99.5}.get(text) or float(text.removesuffix(" %"))


@given(CHANCE, CHANCE)
def test_percent_is_monotone(one: float, other: float) -> None:
    """A larger chance never reads as a smaller one."""
    low, high = sorted((one, other))
    assert rank(percent(low)) <= rank(percent(high))


@given(CHANCE)
def test_percent_never_claims_certainty(chance: float) -> None:
    """No 0 % and no 100 %, also where draws say so; else within rounding."""
    text = percent(chance)
    assert text not in {"0 %", "100 %"}
    assert abs(rank(text) - 100.0 * chance) <= 0.5 + 1e-9


@given(NUMBER)
def test_counts_read_back(number: float) -> None:
    """Two significant figures, whatever the size."""
    assert read(count(number)) == pytest.approx(number, rel=0.0501)


@given(NUMBER, NUMBER)
def test_counts_are_monotone(one: float, other: float) -> None:
    """A larger count never reads as a smaller one."""
    low, high = sorted((one, other))
    assert read(count(low)) <= read(count(high))


@given(st.integers(1, 99), st.integers(0, 16))
def test_counts_are_short(digits: int, zeros: int) -> None:
    """At most three digits before the name of the size, and no power of ten in small ones."""
    text = count(digits * 10.0**zeros)
    assert "e" not in text
    if " " in text:
        assert len(text.split()[0].replace(".", "")) <= 3


@given(GAIN)
def test_oom_reads_back(gain: float) -> None:
    """One decimal, and zero without a sign."""
    text = oom(gain)
    assert re.fullmatch(r"-?\d\.\d", text)
    assert text != "-0.0"
    assert abs(float(text) - gain) <= 0.05 + 1e-9


@given(GAIN)
def test_factor_reads_back(gain: float) -> None:
    """The factor behind an OOM to two significant figures."""
    text = factor(gain)
    assert text.startswith("×")
    assert read(text[1:]) == pytest.approx(10.0**gain, rel=0.0501)


@given(NUMBER, NUMBER)
def test_interval_says_a_shared_size_once(one: float, other: float) -> None:
    """Both ends read back, and the name of a size that both share stands at the end only."""
    low, high = sorted((one, other))
    text = interval(low, high, "copies")
    first, last = text.split(" to ")
    size = last.partition(" ")[2]
    assert read(last) == pytest.approx(high, rel=0.0501)
    shared = f"{first} {size}" if " " not in first and count(low).endswith(f" {size}") else first
    assert read(shared) == pytest.approx(low, rel=0.0501)
    assert not size or text.count(size) == 1 or not first.endswith(f" {size}")


@given(UNITS)
def test_what_is_no_number_is_not_shown_as_one(unit: str) -> None:
    """Undefined and infinite values read n/a in every unit."""
    assert {value(number, unit) for number in (math.nan, math.inf, -math.inf)} == {"n/a"}


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (2.34e7, "copies", "23 million"),
        (9.96e8, "copies", "1 billion"),
        (8149.0, "copies", "8,100"),
        (999.0, "copies", "1,000"),
        (0.0, "copies", "0"),
        (-0.04, "OOM", "0.0"),
        (0.999, "fraction", "> 99 %"),
        (5.04e26, "FLOP", "5.0e26"),
        (4e19, "tokens/s", "4.0e19"),
    ],
)
def test_examples(number: float, unit: str, text: str) -> None:
    """How typical values read."""
    assert value(number, unit) == text


@given(st.floats(1e-6, 10.0), st.integers(0, 3))
def test_no_step_is_finer_than_the_error(mcse: float, most: int) -> None:
    """The last decimal is at least as large as the Monte Carlo error, and no more than asked."""
    places = decimals(mcse, most)
    assert places <= most
    assert 10.0**-places >= mcse * (1.0 - 1e-9)
    assert places == most or 10.0 ** -(places + 1) < mcse * (1.0 + 1e-9)


@given(CHANCE, CHANCE, st.floats(0.0, 0.2))
def test_coarse_percents_are_monotone_and_never_certain(
    one: float, other: float, mcse: float
) -> None:
    """Rounding to what the error supports keeps order, and claims no certainty."""
    low, high = (percent(each, mcse) for each in sorted((one, other)))
    assert rank(low) <= rank(high)
    assert not {low, high} & {"0 %", "100 %"}


@given(st.lists(NUMBER, min_size=5, max_size=5))
def test_spans_are_nested(numbers: list[float]) -> None:
    """Each interval holds the one before it, and the median."""
    quantiles = dict(zip(("p05", "p17", "p50", "p83", "p95"), sorted(numbers), strict=True))
    text = span(quantiles, "H100e")
    head, _, rest = text.partition(" (66 %: ")
    inner, _, outer = rest.removesuffix(")").partition("; 90 %: ")
    assert head == value(quantiles["p50"], "H100e")
    assert inner == interval(quantiles["p17"], quantiles["p83"], "H100e")
    assert outer == interval(quantiles["p05"], quantiles["p95"], "H100e")


@given(GAIN)
def test_a_gain_tells_its_factor(number: float) -> None:
    """``1.1 OOM (×12)``: the factor is that of the OOM as printed."""
    told, _, rest = gain(number).partition(" OOM (")
    assert told == oom(number)
    assert rest == f"{factor(float(told))})"
    assert number < -3.0 or not re.search(r"\de", rest)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (year(2031.0, last=2032), "2031"),
        (year(None, last=2032), "after 2032"),
        (year(math.nan, last=2032), "after 2032"),
        (year(math.inf, last=2032), "after 2032"),
        (gain(2.0), "2.0 OOM (×100)"),
        (gain(3.11, mcse=0.3), "3 OOM (×1,000)"),
        (count(2.34e7, mcse=3e6), "20 million"),
        (percent(0.762, mcse=0.02), "75 %"),
        (percent(0.004, mcse=0.02), "< 1 %"),
    ],
)
def test_years_gains_and_what_errors_support(text: str, said: str) -> None:
    """How they read."""
    assert text == said
