"""Predictive draws and densities against SciPy's, and leaving one source out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.stats
import xarray
from tests.unit.synthetic_plugin import SYNTHETIC

from amplicast import Evidence, Family, Group, Plugin, Prior, Table
from amplicast.analysis.heldout import (
    HeldOut,
    leave_one_source_out,
    sources_of,
    total,
    without,
)
from amplicast.analysis.scores import Scored, scored
from amplicast.engine.gate import Verdict
from amplicast.engine.latents import rows_of
from amplicast.engine.posterior import Posterior
from amplicast.engine.predictive import draw_values, log_likelihood, observed, predict

ROWS = """row,maker,value,scale,trials,count,low,high,x,source
a,north,1.2,0.3,40,4,0.9,1.5,0,first
b,south,0.7,0.2,12,7,0.5,1.1,1,second
c,north,2.1,0.4,9,2,1.6,2.6,2,first
"""
COVARIANCE = """row,a,b,c
a,0.09,0.02,0.01
b,0.02,0.04,0.00
c,0.01,0.00,0.16
"""
MATRIX = numpy.array([[0.09, 0.02, 0.01], [0.02, 0.04, 0.0], [0.01, 0.0, 0.16]])
VALUE, SCALE = numpy.array([1.2, 0.7, 2.1]), numpy.array([0.3, 0.2, 0.4])
MEAN = 0.8 + 0.3 * numpy.arange(3.0)
CHANCE = 0.2 + 0.1 * numpy.arange(3.0)
DRAWS = 20000


def straight(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
    """A line."""
    return level + slope * columns["x"]


def by_row(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
    """A line, and a concentration that differs by row."""
    return level + slope * columns["x"], 5.0 + columns["x"] + 0.0 * level


def made_up(folder: Path, family: Family, predictor: Any = straight, **more: Any) -> Plugin:
    """A plugin of one evidence."""
    (folder / "rows.csv").write_text(ROWS)
    (folder / "covariance.csv").write_text(COVARIANCE)
    evidence = Evidence(
        id="rows", table=Table(folder / "rows.csv"), predictor=predictor, family=family,
        informs="", sources=(), **more,
    )  # fmt: skip
    names = ("level", "slope", "noise", "between")
    priors = {name: Prior(dist="normal", mean=0.0, sd=1.0, unit="1") for name in names}
    return Plugin(
        id="made-up", summary="", sources=(), limits="", priors=priors, evidence=(evidence,)
    )


def values(level: float, slope: float, **more: float) -> dict[str, Any]:
    """The same parameters in every draw."""
    return {
        name: xarray.DataArray(numpy.full(DRAWS, value), dims=("draw",))
        for name, value in {"level": level, "slope": slope, **more}.items()
    }


def estimate(folder: Path, scatter: str = "") -> Family:
    """The family of correlated estimates."""
    return Family(name="estimate", covariance=Table(folder / "covariance.csv"), scatter=scatter)


CASES: dict[str, tuple[Family, Any, dict[str, float], Any, Any]] = {
    "normal": (Family(name="normal"), straight, {}, scipy.stats.norm(MEAN, SCALE), VALUE),
    "parameter as scale": (
        Family(name="normal", scale="noise"), straight, {"noise": 0.7},
        scipy.stats.norm(MEAN, 0.7), VALUE,
    ),
    "student-t": (
        Family(name="student-t"), straight, {}, scipy.stats.t(4.0, MEAN, SCALE), VALUE
    ),
    "log-normal": (
        Family(name="log-normal"), straight, {},
        scipy.stats.norm(numpy.log(MEAN), SCALE), numpy.log(VALUE),
    ),
    "interval": (
        Family(name="interval", log=True), straight, {},
        scipy.stats.norm(MEAN, numpy.log([1.5 / 0.9, 1.1 / 0.5, 2.6 / 1.6]) / 3.2897072539),
        numpy.log(VALUE),
    ),
}  # fmt: skip
"""Family, predictor, further parameters, distribution on the family's scale, what was seen."""


@pytest.mark.parametrize("name", CASES)
def test_families_draw_and_weigh_as_scipy_does(name: str, tmp_path: Path) -> None:
    """Quartiles of the draws within Monte Carlo error, densities to 1e-9."""
    family, predictor, more, expected, seen = CASES[name]
    plugin = made_up(tmp_path, family, predictor)
    evidence, rows = plugin.evidence[0], rows_of(plugin)["rows"]
    found = values(0.8, 0.3, **more)
    generator = numpy.random.default_rng(1)
    drawn = predict(plugin, evidence, rows, found, generator=generator)
    assert drawn.shape == (DRAWS, 3)
    for p in (0.25, 0.5, 0.75):
        assert numpy.quantile(drawn, p, axis=0) == pytest.approx(expected.ppf(p), abs=0.03)
    assert observed(plugin, evidence, rows) == pytest.approx(seen)
    density = log_likelihood(plugin, evidence, rows, found)
    assert density[0] == pytest.approx(expected.logpdf(seen), abs=1e-9)


@pytest.mark.parametrize(
    ("family", "predictor", "expected"),
    [
        (
            Family(name="binomial", value="count"),
            straight,
            scipy.stats.binom([40, 12, 9], CHANCE),
        ),
        (
            Family(name="beta-binomial", value="count", scale="noise"),
            straight,
            scipy.stats.betabinom([40, 12, 9], 6.0 * CHANCE, 6.0 * (1.0 - CHANCE)),
        ),
        (
            Family(name="beta-binomial", value="count", scale=""),
            by_row,
            scipy.stats.betabinom(
                [40, 12, 9], numpy.arange(5, 8) * CHANCE, numpy.arange(5, 8) * (1.0 - CHANCE)
            ),
        ),
    ],
    ids=["binomial", "beta-binomial", "concentration by row"],
)
def test_counts_are_compared_as_shares(
    family: Family, predictor: Any, expected: Any, tmp_path: Path
) -> None:
    """Mean and spread of the shares, and the log mass of the counts."""
    plugin = made_up(tmp_path, family, predictor)
    evidence, rows = plugin.evidence[0], rows_of(plugin)["rows"]
    found = values(0.2, 0.1, noise=6.0)
    generator = numpy.random.default_rng(1)
    drawn = predict(plugin, evidence, rows, found, generator=generator)
    trials = numpy.array([40, 12, 9])
    assert drawn.mean(axis=0) == pytest.approx(expected.mean() / trials, abs=0.01)
    assert drawn.std(axis=0) == pytest.approx(expected.std() / trials, abs=0.01)
    density = log_likelihood(plugin, evidence, rows, found)
    assert density[0] == pytest.approx(expected.logpmf([4, 7, 2]), abs=1e-9)


def test_correlated_rows_are_drawn_together_and_weighed_given_the_rest(tmp_path: Path) -> None:
    """Covariance of the draws with the scatter on its diagonal; conditional densities."""
    plugin = made_up(tmp_path, estimate(tmp_path, "noise"))
    evidence, rows = plugin.evidence[0], rows_of(plugin)["rows"]
    found = values(0.8, 0.3, noise=0.2)
    matrix = MATRIX + 0.04 * numpy.eye(3)
    generator = numpy.random.default_rng(1)
    drawn = predict(plugin, evidence, rows, found, generator=generator)
    assert numpy.cov(drawn.T) == pytest.approx(matrix, abs=0.01)
    density = log_likelihood(plugin, evidence, rows, found)[0]
    joint = scipy.stats.multivariate_normal(MEAN, matrix)
    for out in range(3):
        rest = [i for i in range(3) if i != out]
        part = scipy.stats.multivariate_normal(MEAN[rest], matrix[numpy.ix_(rest, rest)])
        assert density[out] == pytest.approx(joint.logpdf(VALUE) - part.logpdf(VALUE[rest]))


def test_known_rows_move_those_correlated_with_them(tmp_path: Path) -> None:
    """The mean of a normal given the others, in closed form."""
    plugin = made_up(tmp_path, estimate(tmp_path))
    evidence, rows = plugin.evidence[0], rows_of(plugin)["rows"]
    given = numpy.array([False, True, True])
    generator = numpy.random.default_rng(1)
    drawn = predict(
        plugin, evidence, rows, values(0.8, 0.3), generator=generator, given=given
    )[:, 0]  # fmt: skip
    weight = numpy.linalg.solve(MATRIX[1:, 1:], MATRIX[1:, 0])
    assert drawn.mean() == pytest.approx(MEAN[0] + weight @ (VALUE - MEAN)[1:], abs=0.01)
    assert drawn.var() == pytest.approx(0.09 - weight @ MATRIX[1:, 0], abs=0.005)


def test_levels_that_a_fit_never_saw_are_drawn_from_their_group(tmp_path: Path) -> None:
    """Known levels keep their draws, new ones spread by the scale of the group."""
    grouped = {"level": Group(by="maker", scale="between")}
    plugin = made_up(tmp_path, Family(name="normal"), groups=grouped)
    zero = numpy.zeros((4, 500))
    scores = xarray.Dataset(
        {
            **dict.fromkeys(("slope", "level"), (("chain", "draw"), zero)),
            "between": (("chain", "draw"), zero + 2.0),
            "level.rows": (("chain", "draw", "rows.maker"), zero[..., None] + 1.5),
        },
        {"rows.maker": ["south"]},
    )
    fitted = Posterior(
        plugin="made-up", values=scores, scores=scores, statistics=(),
        verdict=Verdict(plugin="made-up"), sampling={}, evidence={}, key="", digest="",
    )  # fmt: skip
    generator = numpy.random.default_rng(1)
    found = draw_values(plugin, rows_of(plugin), fitted, draws=0, generator=generator)
    north, south = found["level.rows"].transpose(..., "draw").values
    assert (south == 3.0).all()
    assert north.mean() == pytest.approx(0.0, abs=0.2)
    assert north.std() == pytest.approx(2.0, rel=0.1)


def test_source_is_taken_out_of_rows_and_covariance(tmp_path: Path) -> None:
    """What is left is as if the source had never been published; a lone source leaves nothing."""
    plugin = made_up(tmp_path, estimate(tmp_path))
    assert sources_of(plugin) == ("first", "second")
    rows = rows_of(without(plugin, "second", tmp_path))["rows"]
    assert rows.labels == ("a", "c")
    assert rows.covariance == pytest.approx(MATRIX[numpy.ix_([0, 2], [0, 2])])
    assert sources_of(plugin, "maker") == ("north", "south")
    assert rows_of(without(plugin, "north", tmp_path, "maker"))["rows"].labels == ("b",)
    assert sources_of(SYNTHETIC) == ("points",)
    assert without(SYNTHETIC, "points", tmp_path).evidence == ()


def test_interval_score_is_the_published_one() -> None:
    """Width, and twenty times the distance outside (Gneiting & Raftery 2007)."""
    low, high = numpy.array([0.0, 0.0, 0.0]), numpy.array([1.0, 2.0, 4.0])
    found = scored(low, high, numpy.array([0.5, 2.5, -0.1]), high / 2.0)
    assert (found.inside, found.width) == (1, 2.0)
    assert found.score == pytest.approx((1.0 + (2.0 + 10.0) + (4.0 + 2.0)) / 3.0)
    assert found.errors == pytest.approx((0.0, 1.5, 2.1))


def test_lone_source_is_scored_against_the_prior() -> None:
    """Nothing is fitted, and it is marked."""
    (found,) = leave_one_source_out([SYNTHETIC])
    assert (found.basis, found.rows, found.naive) == ("prior", 4, None)
    assert found.ours.inside == 4


def test_totals_count_what_was_foreseen_from_evidence() -> None:
    """Priors are told apart; the bar is four fifths of the rows."""
    one = HeldOut(
        technique="a", evidence="e", source="s", rows=10, scale="value", basis="evidence",
        ours=Scored(inside=7, width=1.0, score=2.0), naive=Scored(inside=9, width=3.0, score=3.0),
        passed=True,
    )  # fmt: skip
    told = total([replace(one, ours=replace(one.ours, errors=(0.1, 0.3, 0.2)))])
    assert (told["error"], told["naive_error"]) == (0.2, None)
    prior = replace(one, basis="prior", ours=Scored(inside=10, width=9.0, score=9.0), naive=None)
    sums = total([one, prior])
    assert (sums["rows"], sums["coverage"], sums["passed"]) == (10, 0.7, False)
    assert (sums["prior_rows"], sums["prior_coverage"]) == (10, 1.0)
    assert (sums["compared"], sums["better"], sums["naive_coverage"]) == (1, 1, 0.9)
    assert total([])["coverage"] is None
