"""Words for chances keep their order, never claim certainty, and doubt moves them to the middle."""

from __future__ import annotations

import re

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast.analysis.precision import quantile_error, share_error, share_interval
from amplicast.report.likelihood import SCALES, Chance, chance_of, likelihood, sentence, term

CHANCE = st.floats(0.0, 1.0)
ERROR = st.floats(1e-6, 0.05)
WORDS = st.sampled_from(["ipcc", "icd203"])
SCALE = st.sampled_from(sorted(SCALES))


def rank(word: str, scale: str) -> int:
    """Place of a term on its scale."""
    return [each.text for each in SCALES[scale]].index(word)


def shown(text: str) -> str:
    """The number that a sentence tells."""
    found = re.search(r"[<>]? ?\d+ %", text)
    assert found is not None, text
    return found.group().strip()


@given(CHANCE, CHANCE, ERROR, WORDS)
def test_terms_are_monotone(one: float, other: float, error: float, scale: str) -> None:
    """With the same error, what is more likely never gets a word for less."""
    low, high = (Chance(share, error) for share in sorted((one, other)))
    assert rank(term(low, scale=scale), scale) <= rank(term(high, scale=scale), scale)


@given(CHANCE, ERROR, ERROR, WORDS)
def test_doubt_moves_a_term_to_the_middle(
    share: float, one: float, other: float, scale: str
) -> None:
    """A larger Monte Carlo error never makes a word stronger."""
    sure, unsure = (Chance(share, error) for error in sorted((one, other)))
    sign = 1 if share >= 0.5 else -1
    far, near = (sign * rank(term(each, scale=scale), scale) for each in (sure, unsure))
    assert near <= far


@given(CHANCE, ERROR, SCALE)
def test_the_number_stands_in_the_sentence(share: float, error: float, scale: str) -> None:
    """Also where the contrary is told; and it is never 0 or 100 %."""
    chance = Chance(share, error)
    text = sentence(chance, "it rains", "it stays dry", scale=scale)
    contrary = "stays dry" in text
    assert ("it rains" in text) != contrary
    assert shown(text) == (chance.contrary if contrary else chance).text
    assert shown(text) not in {"0 %", "100 %"}


@given(st.floats(0.5, 1.0), ERROR, WORDS)
def test_the_likely_side_is_stated(share: float, error: float, scale: str) -> None:
    """From one half on it is the thing itself, and what is unlikely is told by its contrary."""
    assert "it rains" in sentence(Chance(share, error), "it rains", "it stays dry", scale=scale)
    text = sentence(Chance(1.0 - share, error), "it rains", "it stays dry", scale=scale)
    assert "unlikely" not in text
    assert "no chance" not in text


@given(CHANCE, ERROR)
def test_intervals_hold_their_share_and_are_nested(share: float, error: float) -> None:
    """A Monte Carlo interval holds the share, stays inside 0 to 1 and grows with the error."""
    low, high = share_interval(share, error)
    assert 0.0 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1.0
    wide_low, wide_high = share_interval(share, 2.0 * error)
    assert wide_low <= low + 1e-9
    assert high <= wide_high + 1e-9


@pytest.mark.parametrize(
    ("share", "scale", "said"),
    [
        (0.76, "ipcc", "It is likely (76 %) that it rains."),
        (0.24, "ipcc", "It is likely (76 %) that it stays dry."),
        (0.34, "ipcc", "It is about as likely as not (34 %) that it rains."),
        (0.9995, "ipcc", "It is virtually certain (> 99 %) that it rains."),
        (0.5, "icd203", "There is a roughly even chance (50 %) that it rains."),
        (0.03, "icd203", "It is almost certain (97 %) that it stays dry."),
        (0.76, "numbers", "The chance that it rains is 76 %."),
        (0.24, "numbers", "The chance that it stays dry is 76 %."),
    ],
)
def test_sentences(share: float, scale: str, said: str) -> None:
    """How typical chances read."""
    assert sentence(Chance(share, 0.0001), "it rains", "it stays dry", scale=scale) == said


def test_the_lower_end_decides() -> None:
    """66.2 % with an error of half a point may be below 66 %: it is not called likely."""
    assert likelihood(Chance(0.662, 0.0055)) == "about as likely as not (66 %)"
    assert likelihood(Chance(0.662, 0.0001)) == "likely (66 %)"


@given(st.integers(50, 400), st.integers(0, 400))
def test_chances_of_draws(size: int, hits: int) -> None:
    """The share is that of the draws, and no finite number of draws has an error of zero."""
    draws = numpy.arange(size) < min(hits, size)
    chance = chance_of(draws)
    assert chance.share == draws.mean()
    assert chance.error > 0.0


def test_errors_are_the_textbook_ones_and_see_draws_that_are_alike() -> None:
    """Independent draws: binomial; draws that repeat: larger."""
    generator = numpy.random.default_rng(3)
    draws = generator.standard_normal(4000)
    exact = (0.25 / 4000.0) ** 0.5
    assert 0.9 * exact < share_error(draws > 0.0) < 1.8 * exact
    assert 0.8 * exact < quantile_error(draws, 0.5) / (2.0 * numpy.pi) ** 0.5 < 2.0 * exact
    alike = numpy.repeat(generator.standard_normal(40), 100)
    assert share_error(alike > 0.0) > 4.0 * exact
    assert quantile_error(alike, 0.5) > 4.0 * exact
