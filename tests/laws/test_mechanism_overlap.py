"""Laws of combining: within a mechanism, and under the cap."""

from __future__ import annotations

import itertools

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast.math import NUMPY
from amplicast_plugins.combining.mechanism_overlap import MECHANISM_OVERLAP

GAIN = st.floats(0.0, 12.0)
GAINS = st.lists(GAIN, min_size=1, max_size=4)
FRACTION = st.floats(0.0, 1.0)
CAPS = {"cap": 2.5, "cap_verifiable": 4.0}


def within(gains: list[float], overlap: float) -> float:
    """Joint gain of one mechanism [OOM], with the rule's other parameters passed as well."""
    return float(MECHANISM_OVERLAP.within(NUMPY, gains, overlap=overlap, **CAPS))


def cap(gain: float, best: float, *, task_class: str = "general", **caps: float) -> float:
    """Capped gain [OOM]."""
    return float(
        MECHANISM_OVERLAP.cap(
            NUMPY, gain, best_single=best, task_class=task_class, overlap=0.8, **{**CAPS, **caps}
        )
    )


@given(GAINS, FRACTION)
def test_order_does_not_matter(gains: list[float], overlap: float) -> None:
    """Every permutation of the techniques gives the same joint gain."""
    found = [within(list(order), overlap) for order in itertools.permutations(gains)]
    assert found == pytest.approx([found[0]] * len(found), abs=1e-12)


@given(GAINS, FRACTION)
def test_between_the_best_single_and_the_sum(gains: list[float], overlap: float) -> None:
    """A technique more never hurts, and interference never helps."""
    assert max(gains) - 1e-12 <= within(gains, overlap) <= sum(gains) + 1e-12


@given(GAINS)
def test_overlap_none_and_full(gains: list[float]) -> None:
    """0: gains add up fully; 1: only the best one counts."""
    assert within(gains, 0.0) == pytest.approx(sum(gains), abs=1e-12)
    assert within(gains, 1.0) == max(gains)


@given(GAINS, FRACTION, FRACTION)
def test_more_overlap_means_less_gain(gains: list[float], one: float, other: float) -> None:
    """Non-increasing in overlap."""
    low, high = sorted((one, other))
    assert within(gains, high) <= within(gains, low) + 1e-12


@given(GAIN, GAIN)
def test_cap_is_between_the_best_single_and_the_gain(best: float, added: float) -> None:
    """Never below the best single technique, never above the gain, and under the cap if that is."""
    found = cap(best + added, best)
    assert best <= found <= best + added + 1e-12
    assert found <= max(2.5, best) + 1e-8


@given(GAIN, GAIN, GAIN, GAIN)
def test_cap_is_monotone_in_gain_and_best_single(
    best: float, added: float, more_best: float, more: float
) -> None:
    """A larger gain, and a larger best single within it, never lower what is left."""
    gain = best + added
    assert cap(gain + more, best) >= cap(gain, best) - 1e-9
    higher = min(best + more_best, gain)
    assert cap(gain, higher) >= cap(gain, best) - 1e-8


@given(GAIN, GAIN, GAIN, GAIN)
def test_cap_is_monotone_in_the_cap(best: float, added: float, one: float, other: float) -> None:
    """A higher cap never lowers the gain."""
    low, high = sorted((one, other))
    assert cap(best + added, best, cap=low) <= cap(best + added, best, cap=high) + 1e-9


def test_cap_leaves_small_gains_alone() -> None:
    """Two techniques of half an OOM in different mechanisms add up to one."""
    assert cap(1.0, 0.5) == pytest.approx(1.0, abs=2e-3)


def test_cheap_checks_have_a_higher_cap() -> None:
    """Verifiable tasks take the other limit."""
    assert cap(6.0, 2.0) == pytest.approx(2.5, abs=0.01)
    assert cap(6.0, 2.0, task_class="verifiable") > 3.5


def test_cap_of_labelled_tables_keeps_their_shape() -> None:
    """Arrays along draws and spend broadcast as labels say."""
    import xarray

    gain = xarray.DataArray(numpy.ones((3, 4)), dims=("draw", "spend"))
    found = MECHANISM_OVERLAP.cap(
        NUMPY,
        gain,
        best_single=0.5 * gain,
        task_class="sequential",
        overlap=0.8,
        cap=xarray.DataArray(numpy.full(3, 2.5), dims=("draw",)),
        cap_verifiable=4.0,
    )
    assert found.sizes == gain.sizes
