"""Laws of beliefs: equal tails, order, round trip, one formula on two namespaces, joint draws."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amplicast.beliefs import Correlation, draw, scores
from amplicast.errors import ScenarioError
from amplicast.math import NUMPY
from amplicast.priors import Prior

POSITIVE = ("lognormal", "loguniform", "gamma")
FRACTION = ("logitnormal", "beta", "kumaraswamy")
REAL = ("normal", "uniform", "triangular")
RANGES = st.one_of(
    st.tuples(
        st.sampled_from(POSITIVE),
        st.floats(-30, 60).map(lambda x: 10.0**x),
        st.floats(1.05, 1e6),
    ).map(lambda t: Prior(low=t[1], high=t[1] * t[2], dist=t[0], unit="FLOP")),
    st.tuples(st.sampled_from(FRACTION), st.floats(0.001, 0.95), st.floats(0.05, 0.99)).map(
        lambda t: Prior(low=t[1], high=t[1] + t[2] * (0.999 - t[1]), dist=t[0], unit="fraction")
    ),
    st.tuples(st.sampled_from(REAL), st.floats(-1e6, 1e6), st.floats(1e-2, 1e6)).map(
        lambda t: Prior(low=t[1], high=t[1] + t[2], dist=t[0], unit="OOM")
    ),
)
SPLITS = st.one_of(
    st.lists(st.floats(1e-6, 1e30), min_size=3, max_size=3, unique_by=lambda x: f"{x:.3g}").map(
        lambda v: ("USD", sorted(v))
    ),
    st.lists(st.floats(1e-6, 0.999), min_size=3, max_size=3, unique_by=lambda x: f"{x:.3g}").map(
        lambda v: ("fraction", sorted(v))
    ),
    st.lists(st.integers(-5000, 5000), min_size=3, max_size=3, unique=True).map(
        lambda v: ("year", sorted(v))
    ),
).map(lambda t: Prior(low=t[1][0], best=t[1][1], high=t[1][2], unit=t[0]))

STATED = (
    Prior(3.5, unit="OOM"),
    Prior(dist="normal", mean=-1.0, sd=2.0, unit="OOM"),
    Prior(dist="lognormal", mu=2.0, sigma=0.5, unit="FLOP"),
    Prior(dist="logitnormal", mu=-1.0, sigma=1.5, unit="fraction"),
    Prior(low=1.0, best=2.0, high=7.0, unit="FLOP"),
    Prior(low=-1.0, best=2.0, high=3.0, unit="OOM"),
    Prior(low=0.1, best=0.2, high=0.7, unit="fraction"),
    Prior(dist="uniform", min=-1.0, max=2.0, unit="OOM"),
    Prior(dist="loguniform", min=1e-3, max=1e9, unit="FLOP"),
    Prior(dist="triangular", min=0.0, mode=0.3, max=1.0, unit="fraction"),
    Prior(dist="triangular", min=0.0, mode=0.0, max=1.0, unit="fraction"),
    Prior(dist="triangular", min=0.0, mode=1.0, max=1.0, unit="fraction"),
    Prior(dist="beta", a=2.0, b=5.0, unit="fraction"),
    Prior(dist="kumaraswamy", a=2.0, b=5.0, unit="fraction"),
    Prior(dist="gamma", shape=2.5, scale=1e20, unit="FLOP"),
)
NAMES = [prior.family + ":" + prior.statement for prior in STATED]
SHAPED = {"shaped": (2,)}
Z = numpy.linspace(-6.0, 6.0, 241)


@settings(deadline=None)
@given(prior=st.one_of(RANGES, SPLITS))
def test_the_stated_points_are_exact(prior: Prior) -> None:
    """5 % lies below the low end and 5 % above the high end, to 1e-6 of value and of width."""
    stated = dict(prior.numbers)
    for name, p in (("low", 0.05), ("best", 0.5), ("high", 0.95)):
        if name in stated:
            width = stated["high"] - stated["low"]
            error = abs(prior.quantile(p) - stated[name])
            assert error <= 1e-6 * min(width, abs(stated[name]) or width) or error <= 1e-9 * width


@settings(deadline=None)
@given(prior=RANGES, mass=st.sampled_from([0.5, 0.8, 0.95]))
def test_another_mass_is_exact(prior: Prior, mass: float) -> None:
    """The tails beyond an 80 % range hold 10 % each, in every family."""
    stated = dict(prior.numbers)
    low, high = stated["low"], stated["high"]
    other = Prior(low=low, high=high, mass=mass, dist=prior.dist, unit=prior.unit)
    found = [other.quantile((1.0 - mass) / 2.0), other.quantile((1.0 + mass) / 2.0)]
    assert found == pytest.approx([low, high], rel=1e-6, abs=1e-6 * (high - low))


@settings(deadline=None)
@given(prior=st.one_of(RANGES, SPLITS, st.sampled_from(STATED)))
def test_higher_scores_never_give_lower_values(prior: Prior) -> None:
    """The transform is finite and non-decreasing."""
    values = numpy.asarray(prior.transform(NUMPY, Z))
    assert numpy.isfinite(values).all()
    assert (numpy.diff(values) >= -1e-13 * numpy.abs(values[1:])).all()
    if prior.unit == "fraction":
        assert ((values >= 0) & (values <= 1)).all()


@settings(deadline=None)
@given(prior=st.one_of(RANGES, SPLITS, st.sampled_from(STATED)))
def test_a_belief_survives_its_record(prior: Prior) -> None:
    """Records and JSON give back an equal belief with equal values, bit for bit."""
    again = Prior.from_dict(json.loads(json.dumps(prior.to_dict())))
    assert again == prior
    assert hash(again) == hash(prior)
    assert again.quantile(0.3) == prior.quantile(0.3)


@pytest.mark.parametrize("prior", STATED, ids=NAMES)
def test_quantiles_are_those_of_scipy(prior: Prior) -> None:
    """A named distribution is the one that its textbook means."""
    from scipy import stats

    by = dict(prior.numbers)
    reference = {
        "normal": lambda: stats.norm(by["mean"], by["sd"]),
        "lognormal": lambda: stats.lognorm(by["sigma"], scale=numpy.exp(by["mu"])),
        "uniform": lambda: stats.uniform(by["min"], by["max"] - by["min"]),
        "loguniform": lambda: stats.loguniform(by["min"], by["max"]),
        "triangular": lambda: stats.triang((by["mode"] - by["min"]) / (by["max"] - by["min"])),
        "beta": lambda: stats.beta(by["a"], by["b"]),
        "gamma": lambda: stats.gamma(by["shape"], scale=by["scale"]),
    }.get(prior.family)
    p = numpy.array([0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999])
    if reference is not None:
        numpy.testing.assert_allclose(prior.quantile(p), reference().ppf(p), rtol=1e-9)
    if prior.family == "kumaraswamy":
        cdf = 1.0 - (1.0 - prior.quantile(p) ** by["a"]) ** by["b"]
        numpy.testing.assert_allclose(cdf, p, rtol=1e-9)


def _functions(module: Any) -> Any:
    """Return the functions of the math namespace that beliefs use, over a PyTensor module."""
    names = ("exp", "expm1", "log", "sqrt", "expit", "betaincinv", "gammaincinv", "where")
    functions = {name: getattr(module, name) for name in (*names, "maximum", "minimum")}
    return SimpleNamespace(**functions, ndtr=lambda z: 0.5 * module.erfc(-z * 0.7071067811865476))


@pytest.mark.parametrize("prior", STATED, ids=NAMES)
def test_one_formula_on_two_namespaces(prior: Prior) -> None:
    """A model and the draws of a forecast see the same value, to 1e-12; slopes are finite."""
    import pytensor
    import pytensor.tensor as pt
    import pytensor.xtensor.math as ptx
    from pytensor.xtensor import xtensor

    labelled, plain = xtensor("z", dims=("draw",), shape=(None,)), pt.dvector("z")
    value = prior.transform(_functions(ptx), labelled)
    # Labelled variables have no gradient of their own: models lower them to tensors first.
    slope = pytensor.grad(prior.transform(_functions(pt), plain).sum(), plain)
    compiled = pytensor.function([labelled, plain], [value, slope], mode="FAST_COMPILE")
    score = numpy.linspace(-4.0, 4.0, 81)
    found, slopes = compiled(score, score)
    expected = numpy.asarray(prior.transform(NUMPY, score))
    scale = numpy.maximum(numpy.abs(expected), numpy.abs(expected).max() * 1e-3)
    assert (numpy.abs(found - expected) <= 1e-12 * scale).all()
    assert numpy.isfinite(slopes).all()
    assert (slopes >= 0).all()


@given(
    names=st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=6, unique=True),
    more=st.lists(st.text(min_size=1, max_size=8), max_size=3),
    seed=st.integers(0, 2**63),
    extra=st.integers(0, 500),
)
def test_a_name_keeps_its_draws(names: list[str], more: list[str], seed: int, extra: int) -> None:
    """Neither company, nor order, nor length changes the draws of a belief."""
    few = scores(names, draws=50, seed=seed)
    many = scores([*more, *reversed(names)], draws=50 + extra, seed=seed)
    for name in names:
        numpy.testing.assert_array_equal(few[name], many[name][:50])


@pytest.mark.parametrize("prior", STATED, ids=NAMES)
@pytest.mark.parametrize("shape", [(), (3,), (3, 7)])
def test_draws_are_the_transformed_scores(prior: Prior, shape: tuple[int, ...]) -> None:
    """The fast path draws what the formula says, in the shape that was asked for."""
    shapes = {"a": shape, "b": shape}
    pair = [Correlation("a", "b", 0.5)]
    for ties in ([], pair):
        arguments: dict[str, Any] = {"seed": 3, "correlations": ties, "shapes": shapes}
        z = scores(("a", "b"), draws=4000, **arguments)
        drawn = draw({"b": prior, "a": prior}, draws=4000, **arguments)
        for name in ("a", "b"):
            assert drawn[name].shape == (4000, *shape)
            numpy.testing.assert_allclose(drawn[name], prior.transform(NUMPY, z[name]), rtol=1e-14)


def test_streams_are_independent_and_normal() -> None:
    """Names that differ by one letter share nothing; entries of a shape neither."""
    z = scores(["p1", "p2", "p"], draws=100_000, seed=1, shapes={"p": (2,)})
    columns = numpy.column_stack([z["p"], z["p1"], z["p2"]])
    correlation = numpy.corrcoef(columns, rowvar=False)
    assert numpy.abs(correlation - numpy.eye(4)).max() < 0.015
    assert numpy.abs(columns.mean(0)).max() < 0.015
    assert numpy.abs(columns.std(0) - 1.0).max() < 0.015


@settings(deadline=None, max_examples=20)
@given(rank=st.floats(-0.97, 0.97), seed=st.integers(0, 1000))
def test_rank_correlation_is_reproduced(rank: float, seed: int) -> None:
    """Spearman's correlation of the draws is the stated one, whatever the families."""
    from scipy.stats import spearmanr

    priors = {"a": Prior("2 to 5", unit="FLOP"), "b": Prior("0.1 to 0.9", unit="fraction")}
    drawn = draw(priors, draws=20_000, seed=seed, correlations=[Correlation("a", "b", rank)])
    assert spearmanr(drawn["a"], drawn["b"]).statistic == pytest.approx(rank, abs=0.035)


def test_a_block_is_reproduced_and_leaves_the_rest_alone() -> None:
    """Three tied names have all their correlations; a fourth name keeps its draws."""
    from scipy.stats import spearmanr

    names = ("c", "a", "b", "z")
    ties = [Correlation("c", "a", 0.6), Correlation("b", "c", -0.4)]
    tied = scores(names, draws=100_000, seed=5, correlations=ties)
    assert spearmanr(tied["a"], tied["c"]).statistic == pytest.approx(0.6, abs=0.015)
    assert spearmanr(tied["b"], tied["c"]).statistic == pytest.approx(-0.4, abs=0.015)
    assert spearmanr(tied["a"], tied["b"]).statistic == pytest.approx(0.0, abs=0.015)
    assert tied["c"].std() == pytest.approx(1.0, abs=0.01)
    again = scores(names, draws=100_000, seed=5, correlations=ties[::-1])
    free = scores(names, draws=100_000, seed=5)
    for name in names:
        numpy.testing.assert_array_equal(tied[name], again[name])
    for name in ("a", "z"):
        numpy.testing.assert_array_equal(tied[name], free[name])


@pytest.mark.parametrize(
    ("ties", "code"),
    [
        ([Correlation("a", "bb", 0.5)], "AMP-S150"),
        ([Correlation("a", "b", 1.0)], "AMP-S151"),
        ([Correlation("a", "b", float("nan"))], "AMP-S151"),
        ([Correlation("a", "a", 0.5)], "AMP-S152"),
        ([Correlation("a", "b", 0.5), Correlation("b", "a", 0.5)], "AMP-S152"),
        ([Correlation("a", "shaped", 0.5)], "AMP-S153"),
        (
            [Correlation("a", "b", 0.9), Correlation("b", "c", 0.9), Correlation("a", "c", -0.9)],
            "AMP-S154",
        ),
    ],
)
def test_correlations_that_cannot_be_are_refused(ties: list[Correlation], code: str) -> None:
    """Each impossible set of correlations has its own error, with a remedy."""
    with pytest.raises(ScenarioError) as raised:
        scores(["a", "b", "c", "shaped"], draws=9, seed=1, correlations=ties, shapes=SHAPED)
    assert raised.value.problems[0].code == code
    assert raised.value.problems[0].fix


def test_the_remedy_for_contradictions_works() -> None:
    """Correlations shrunk as the error says have a joint distribution."""
    ties = [("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9)]
    with pytest.raises(ScenarioError) as raised:
        scores("abc", draws=10, seed=1, correlations=[Correlation(*tie) for tie in ties])
    factor = float(raised.value.problems[0].fix.split(" by ")[1].split(",")[0])
    assert 0.0 < factor < 1.0
    milder = [Correlation(a, b, factor * rank) for a, b, rank in ties]
    assert set(scores("abc", draws=10, seed=1, correlations=milder)) == set("abc")
