"""Resampling: laws of its curve, its evidence, and what published points say of it."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma

from amplicast import Context
from amplicast.math import NUMPY
from amplicast_plugins.techniques.resampling import (
    PYTHIA,
    PYTHIA_COVARIANCE,
    RESAMPLING,
    log_odds_after,
)

FAMILY = {"ln_a": -1.68, "a_slope": 0.50, "log_odds_at_centre": -5.0, "odds_slope": 1.38}
"""Medians of the posterior, rounded."""

OWN = FAMILY | {
    "beyond": 0.22,
    "family_sd": 0.27,
    "pythia_score": 1.3,
    "new_family": 0.0,
    "no_chance": 1e-5,
    "reach": 5.0,
}


def gain(spend: object, pass_rate: float, **changed: float) -> numpy.ndarray:
    """Gain at the posterior medians [OOM]."""
    context = Context(task_class="verifiable", log10_training_flop=25.0, pass_rate=pass_rate)
    return numpy.asarray(RESAMPLING.exchange(NUMPY, spend, context=context, **{**OWN, **changed}))


@given(
    st.floats(0.0, 1.0),
    st.floats(-4.0, 1.0),
    st.floats(-1.0, 1.5),
    st.floats(-9.0, 0.0),
    st.floats(0.3, 4.0),
    st.floats(0.05, 2.0),
)
def test_gain_is_zero_at_zero_non_decreasing_and_finite(
    pass_rate: float, ln_a: float, a_slope: float, odds: float, slope: float, beyond: float
) -> None:
    """At every pass rate, from none to all, and at spends far outside the domain."""
    spend = numpy.array([-3.0, 0.0, 1e-6, 0.5, 1.0, 2.0, 4.9, 5.0, 5.1, 300.0])
    found = gain(
        spend,
        pass_rate,
        ln_a=ln_a,
        a_slope=a_slope,
        log_odds_at_centre=odds,
        odds_slope=slope,
        beyond=beyond,
    )
    assert found[:2] == pytest.approx(0.0, abs=1e-9)
    assert numpy.isfinite(found).all()
    assert (numpy.diff(found) >= -1e-9).all()
    assert found[-1] == pytest.approx(found[-3])


def test_no_gain_where_the_base_has_no_chance() -> None:
    """Samples of a model that never succeeds are all wrong."""
    assert gain(5.0, 0.0) == 0.0
    assert gain(5.0, 1e-8) < 0.01 * gain(5.0, 1e-2)


def test_gain_is_of_the_published_size() -> None:
    """Villalobos & Atkinson 2023: 3 OOM of training for 6 of cheaply checked samples."""
    assert 2.5 < gain(6.0, 0.1, reach=6.0) < 4.5
    assert 1.4 < gain(2.0, 0.1) < 2.5


def test_span_hardly_grows_with_scale_at_fixed_reach() -> None:
    """The published +0.75 OOM of span per OOM of training does not come out of these data.

    The gain of a million samples falls over the lower half of the fitted range and rises over
    the upper half: better models fail less often the more they sample, but have less left to
    gain. On average it changes by a few hundredths of an OOM per OOM.
    """
    scales = numpy.linspace(-1.1, 1.05, 9)
    odds = FAMILY["log_odds_at_centre"] + FAMILY["odds_slope"] * scales
    after = log_odds_after(NUMPY, 6.0, odds, **FAMILY)
    change = numpy.gradient((after - odds) / FAMILY["odds_slope"], scales)
    assert change[0] < 0.0 < change[-1] < 0.75
    assert abs(change.mean()) < 0.2
    assert (numpy.diff(change) > 0.0).all()


def test_span_stops_growing_beyond_the_fitted_range() -> None:
    """At high pass rates a later end of growth means more gain, and the belief bounds it."""
    steep, flat = gain(5.0, 0.5, beyond=2.0), gain(5.0, 0.5, beyond=0.05)
    assert flat < steep
    assert flat < 4.0


def test_one_factor_holds_for_a_family() -> None:
    """A family as Pythia has factor one; others scale the whole curve."""
    same = gain(3.0, 0.1, new_family=1.3)
    assert gain(3.0, 0.1, new_family=2.3) == pytest.approx(same * math.exp(0.27))


def _table() -> list[dict[str, str]]:
    with PYTHIA.path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_shipped_shapes_give_the_observed_coverage() -> None:
    """Within 2.7 points of the counted coverage of Pythia 160M and 12B at 1 to 10,000 samples."""
    observed = {
        "Pythia 160M": (0.0027, 0.025, 0.162, 0.410, 0.570),
        "Pythia 12B": (0.0232, 0.157, 0.483, 0.723, 0.875),
    }
    from amplicast.physics import coverage

    rows = _table()
    for model, shares in observed.items():
        a, b = (math.exp(float(row["value"])) for row in rows if row["model"] == model)
        found = coverage(NUMPY, log10_samples=numpy.arange(5.0), a=a, b=b)
        assert found == pytest.approx(shares, abs=0.027)


def test_covariance_is_of_the_rows_and_positive_definite() -> None:
    """Its diagonal is the squared deviations of the table, its order the table's."""
    rows = _table()
    with PYTHIA_COVARIANCE.path.open(newline="") as file:
        header, *body = list(csv.reader(file))
    matrix = numpy.array([row[1:] for row in body], dtype=float)
    names = [row["row"] for row in rows]
    assert header[1:] == names == [row[0] for row in body]
    assert numpy.linalg.eigvalsh(matrix).min() > 0.0
    deviations = [float(row["standard_deviation"]) for row in rows]
    assert numpy.sqrt(numpy.diag(matrix)) == pytest.approx(deviations, rel=1e-3)


def test_shapes_are_the_maximum_likelihood_of_the_counts(repository: Path) -> None:
    """The gradient of the beta-binomial likelihood vanishes at the shipped values."""
    path = next(
        (
            folder / "shared/data/pythia_math_counts.csv"
            for folder in (repository, repository.parent)
            if (folder / "shared/data/pythia_math_counts.csv").is_file()
        ),
        None,
    )
    if path is None:
        pytest.skip("the counts per problem (pythia_math_counts.csv) are not on this machine")
    with path.open(newline="") as file:
        counts = list(csv.DictReader(file))
    rows = _table()
    for model in sorted({row["model"] for row in rows}):
        a, b = (math.exp(float(row["value"])) for row in rows if row["model"] == model)
        right = numpy.array([float(row["correct"]) for row in counts if row["model"] == model])
        assert _gradient(right, 1e4, a=a, b=b).sum(axis=1) == pytest.approx([0.0, 0.0], abs=5e-3)


def test_gradient_vanishes_at_the_shapes_that_made_the_counts() -> None:
    """On made-up counts, which are always here: zero at the truth, not away from it."""
    generator = numpy.random.default_rng(4)
    a, b, problems, samples = 0.3, 12.0, 20_000, 10_000
    right = generator.binomial(samples, generator.beta(a, b, problems)).astype(float)
    for shape, vanishes in ((a, True), (1.2 * a, False)):
        gradient = _gradient(right, float(samples), a=shape, b=b)
        errors = gradient.mean(axis=1) / (gradient.std(axis=1) / math.sqrt(problems))
        assert bool((abs(errors) < 4.0).all()) is vanishes


def _gradient(right: Any, samples: float, *, a: float, b: float) -> Any:
    """Slope of each problem's beta-binomial log likelihood by ln a and ln b, (2, problem)."""
    rest = digamma(a + b) - digamma(samples + a + b)
    by_a = a * (digamma(right + a) - digamma(a) + rest)
    by_b = b * (digamma(samples - right + b) - digamma(b) + rest)
    return numpy.stack([by_a, by_b])
