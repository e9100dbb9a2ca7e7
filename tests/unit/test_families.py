"""Likelihood families against SciPy's densities, and the shape of the models they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.stats

from amplicast import Evidence, Family, Group, Plugin, PluginError, Prior, Table
from amplicast.engine.families import interval_summary
from amplicast.engine.latents import blocks, calibrated_parameters, latents, rows_of
from amplicast.engine.model import add_to_model

TABLE = """row,maker,value,scale,trials,count,low,high,spread,x
a,north,1.2,0.3,10,4,0.9,1.5,wide,0
b,south,0.7,0.2,12,7,0.5,1.1,narrow,1
c,north,2.1,0.4,9,2,1.6,2.6,,2
"""
COVARIANCE = """row,a,b,c
a,0.09,0.02,0.01
b,0.02,0.04,0.00
c,0.01,0.00,0.16
"""
VALUE, SCALE = numpy.array([1.2, 0.7, 2.1]), numpy.array([0.3, 0.2, 0.4])
X = numpy.array([0.0, 1.0, 2.0])


def straight(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
    """Return a line."""
    return level + slope * columns["x"]


def chance(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
    """Return a logistic curve."""
    return m.expit(level + slope * columns["x"])


def positive(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
    """Return an exponential curve."""
    return m.exp(level + slope * columns["x"])


def table(folder: Path, text: str = TABLE, name: str = "rows.csv") -> Table:
    """Write a table."""
    path = folder / name
    path.write_text(text)
    return Table(path)


def plugin(folder: Path, family: Family, predictor: Any = straight, **more: Any) -> Plugin:
    """Return a plugin whose parameters are their own scores."""
    names = ("level", "slope", "noise", "wide", "narrow")
    return Plugin(
        id="made-up",
        summary="",
        sources=(),
        limits="",
        priors={name: Prior(dist="normal", mean=0.0, sd=1.0, unit="1") for name in names},
        evidence=(
            Evidence(
                id="rows",
                table=more.pop("table", None) or table(folder),
                predictor=predictor,
                family=family,
                informs="",
                sources=(),
                **more,
            ),
        ),
    )


def log_density(made: Plugin, **scores: Any) -> float:
    """Return the log likelihood of the evidence at these scores."""
    import pymc

    with pymc.Model() as model:
        add_to_model(made)
    graph = model.logp(vars=model.observed_RVs)
    point = {model[f"{made.id}.{name}.z"]: value for name, value in scores.items()}
    values = {model.rvs_to_values[variable]: value for variable, value in point.items()}
    return float(graph.eval(values, mode="FAST_COMPILE"))


CASES: dict[str, tuple[Family, Any, dict[str, float], Callable[[Any], Any]]] = {
    "normal": (
        Family(name="normal"), straight, {},
        lambda mean: scipy.stats.norm.logpdf(VALUE, mean, SCALE),
    ),
    "normal, scale a parameter": (
        Family(name="normal", scale="noise"), straight, {"noise": 0.5},
        lambda mean: scipy.stats.norm.logpdf(VALUE, mean, 0.5),
    ),
    "student-t": (
        Family(name="student-t", degrees=3.0), straight, {},
        lambda mean: scipy.stats.t.logpdf(VALUE, 3.0, mean, SCALE),
    ),
    "log-normal": (
        Family(name="log-normal"), positive, {},
        lambda mean: scipy.stats.lognorm.logpdf(VALUE, SCALE, scale=mean),
    ),
    "binomial": (
        Family(name="binomial", value="count"), chance, {},
        lambda mean: scipy.stats.binom.logpmf([4, 7, 2], [10, 12, 9], mean),
    ),
    "beta-binomial": (
        Family(name="beta-binomial", value="count", scale="noise"), chance, {"noise": 5.0},
        lambda mean: scipy.stats.betabinom.logpmf(
            [4, 7, 2], [10, 12, 9], 5.0 * mean, 5.0 * (1.0 - mean)
        ),
    ),
    "interval": (
        Family(name="interval", mass=0.8), straight, {},
        lambda mean: scipy.stats.norm.logpdf(
            VALUE, mean, numpy.array([0.6, 0.6, 1.0]) / (2 * scipy.stats.norm.ppf(0.9))
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_density_is_scipys(case: str, tmp_path: Path) -> None:
    """Each family's log density equals SciPy's to rounding, constants included."""
    family, predictor, extra, density = CASES[case]
    from amplicast.math import NUMPY

    at = {"level": 0.3, "slope": 0.2}
    expected = density(predictor(NUMPY, {"x": X}, **at)).sum()
    found = log_density(plugin(tmp_path, family, predictor), **at, **extra)
    assert found == pytest.approx(expected, abs=1e-10)


def test_estimate_is_the_multivariate_normal(tmp_path: Path) -> None:
    """Estimates have the density of correlated normals, exactly."""
    family = Family(name="estimate", covariance=table(tmp_path, COVARIANCE, "covariance.csv"))
    made = plugin(tmp_path, family)
    matrix = rows_of(made)["rows"].covariance
    for level, slope in ((0.3, 0.2), (-1.0, 0.9)):
        expected = scipy.stats.multivariate_normal.logpdf(VALUE, level + slope * X, matrix)
        found = log_density(made, level=level, slope=slope)
        assert found == pytest.approx(expected, abs=1e-10)


def test_scatter_is_named_row_by_row(tmp_path: Path) -> None:
    """A column of names gives each row its scatter; a row with an empty cell has none."""
    covariance = table(tmp_path, COVARIANCE, "covariance.csv")
    made = plugin(tmp_path, Family(name="estimate", covariance=covariance, scatter="spread"))
    assert calibrated_parameters(made) == ("level", "narrow", "slope", "wide")
    matrix = rows_of(made)["rows"].covariance + numpy.diag([4.0, 0.25, 0.0])
    expected = scipy.stats.multivariate_normal.logpdf(VALUE, 0.1 + 0.0 * X, matrix)
    found = log_density(made, level=0.1, slope=0.0, wide=2.0, narrow=-0.5)
    assert found == pytest.approx(expected, abs=1e-10)


def test_gradient_of_correlated_normals() -> None:
    """The gradient that comes with the density is the one that differences find."""
    from pytensor.gradient import verify_grad

    from amplicast.engine.correlated import log_density as correlated

    generator = numpy.random.default_rng(3)
    root = generator.normal(size=(5, 5))
    matrix = root @ root.T + numpy.eye(5)
    at = [generator.normal(size=5), generator.uniform(0.1, 2.0, size=5)]
    verify_grad(
        lambda residual, variance: correlated(residual, variance, matrix),
        at,
        rng=generator,
        mode="FAST_COMPILE",
    )


def test_estimate_predicts_new_rows(tmp_path: Path) -> None:
    """Draws from the model's own distribution have its covariance, scatter included."""
    import pymc

    covariance = table(tmp_path, COVARIANCE, "covariance.csv")
    made = plugin(tmp_path, Family(name="estimate", covariance=covariance, scatter="wide"))
    priors = {**made.priors, **{n: Prior(0.5, unit="1") for n in ("level", "slope", "wide")}}
    with pymc.Model() as model:
        add_to_model(Plugin(**{**vars(made), "priors": priors}))
    drawn = pymc.draw(model["made-up:rows"], draws=4000, random_seed=1, mode="FAST_COMPILE")
    expected = rows_of(made)["rows"].covariance + 0.25 * numpy.eye(3)
    assert numpy.cov(drawn.T) == pytest.approx(expected, abs=0.03)


def test_group_gives_each_row_its_level(tmp_path: Path) -> None:
    """A grouped parameter is centred on the parameter and looked up by the row's level."""
    made = plugin(
        tmp_path,
        Family(name="normal"),
        groups={"level": Group(by="maker", scale="wide")},
    )
    steps = numpy.array([1.0, -2.0])
    mean = 0.3 + 0.5 * steps[[0, 1, 0]] + 0.2 * X
    expected = scipy.stats.norm.logpdf(VALUE, mean, SCALE).sum()
    at = {"level": 0.3, "slope": 0.2, "wide": 0.5, "level.rows": steps}
    assert log_density(made, **at) == pytest.approx(expected, abs=1e-10)


def test_centred_levels_have_the_same_density(tmp_path: Path) -> None:
    """Sampled as values, they are as likely as their scores, but for the length of the step."""
    import pymc

    steps, wide = numpy.array([1.0, -2.0]), 0.5
    grouped = {
        way: plugin(
            tmp_path,
            Family(name="normal"),
            groups={"level": Group(by="maker", scale="wide", centred=way)},
        )
        for way in (False, True)
    }
    found = {}
    for way, made in grouped.items():
        with pymc.Model() as model:
            add_to_model(made)
        at = {"level.z": 0.3, "slope.z": 0.2, "wide.z": wide}
        at |= {"level.rows": 0.3 + wide * steps} if way else {"level.rows.z": steps}
        assert {each.name for each in model.free_RVs} == {f"{made.id}.{name}" for name in at}
        point = {
            model.rvs_to_values[model[f"{made.id}.{name}"]]: value for name, value in at.items()
        }
        score = model.replace_rvs_by_values([model[f"{made.id}.level.rows.z"].values])[0]
        assert score.eval(point, mode="FAST_COMPILE", on_unused_input="ignore") == pytest.approx(
            steps
        )
        found[way] = float(model.logp().eval(point, mode="FAST_COMPILE"))
    jacobian = steps.size * numpy.log(wide)
    assert found[True] == pytest.approx(found[False] - jacobian, abs=1e-10)


def test_interval_on_a_log_scale() -> None:
    """On a log scale the centre is the log of the value, the spread that of the logged range."""
    from amplicast.engine.rows import Rows

    numbers = {name: numpy.array([v]) for name, v in (("low", 1.0), ("value", 2.0), ("high", 9.0))}
    rows = Rows(labels=("a",), records=({},), numbers=numbers)
    centre, spread = interval_summary(Family(name="interval", log=True), rows, "here")
    assert centre[0] == pytest.approx(numpy.log(2.0))
    assert spread[0] == pytest.approx(numpy.log(9.0) / (2 * 1.6448536269514722))


def test_blocks_are_what_no_evidence_links(tmp_path: Path) -> None:
    """Parameters in one block share evidence, directly or through others."""

    def other(m: Any, columns: Any, *, narrow: Any) -> Any:
        return narrow

    first = plugin(tmp_path, Family(name="normal", scale="noise")).evidence[0]
    second = plugin(tmp_path, Family(name="normal"), other).evidence[0]
    made = plugin(tmp_path, Family(name="normal"))
    both = Plugin(**{**vars(made), "evidence": (first, second)})
    assert blocks(both) == (("level", "noise", "slope"), ("narrow",))


@pytest.mark.parametrize(
    ("family", "code"),
    [
        (Family(name="normal", value="maker"), "AMP-E501"),
        (Family(name="binomial", value="value"), "AMP-E512"),
        (Family(name="interval", low="high", high="low"), "AMP-E513"),
        (Family(name="estimate"), "AMP-E514"),
        (Family(name="normal", scale="nowhere"), "AMP-E521"),
    ],
)
def test_slips_are_named(family: Family, code: str, tmp_path: Path) -> None:
    """A declaration that does not fit its table is an error with the place and a remedy."""
    import pymc

    with pytest.raises(PluginError) as caught, pymc.Model():
        add_to_model(plugin(tmp_path, family))
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.problems[0].where == "made-up:rows"
    assert caught.value.problems[0].fix


def test_fixed_prior_is_no_variable(tmp_path: Path) -> None:
    """A parameter that a scenario fixes is a constant of the model."""
    made = plugin(tmp_path, Family(name="normal"))
    priors = {**made.priors, "slope": Prior(0.2, unit="1")}
    fixed = Plugin(**{**vars(made), "priors": priors})
    assert [latent.name for latent in latents(fixed, rows_of(fixed))] == ["level"]
    expected = scipy.stats.norm.logpdf(VALUE, 0.3 + 0.2 * X, SCALE).sum()
    assert log_density(fixed, level=0.3) == pytest.approx(expected, abs=1e-10)
