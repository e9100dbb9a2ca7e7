"""Several forecasters put together: known mixtures, known geometric means, and one question."""

from __future__ import annotations

import dataclasses
import json
from math import exp, log
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import gamma, norm
from tests.unit.command_line import call

from amplicast import Forecast, Prior
from amplicast.analysis.conditions import parse_condition
from amplicast.analysis.opinions import (
    linear_chance,
    linear_quantiles,
    logarithmic_chance,
    logarithmic_quantiles,
)
from amplicast.analysis.pooled import LEVELS, pool
from amplicast.analysis.pooled import _quantiles as quantiles_of
from amplicast.analysis.replay import Answer
from amplicast.errors import RunError, ScenarioError
from amplicast.report.pooled import THIN, pooling_record, pooling_text

PLACE = {"actor": "leading-lab", "regime": "project", "task_class": "sequential"}

FIRST, SECOND = (0.0, 1.0), (1.5, 0.5)
"""Mean and spread of two normals."""

ENDS = list(LEVELS.values())


def draws_of(mean: float, sd: float, size: int = 4000) -> Any:
    """Evenly spaced in probability, in an order of chance: no sampling noise in the oracle."""
    values = norm.ppf((numpy.arange(size) + 0.5) / size, mean, sd)
    return numpy.random.default_rng(3).permutation(values)


@pytest.fixture(scope="module")
def second(brief: Forecast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another forecaster's run: less for inference."""
    changed = brief.reevaluate({"inference_share": Prior("0.1 to 0.2", unit="fraction")})
    tree = changed.tree.copy()
    tree.attrs["provenance"] = json.dumps(brief.provenance | {"run": "other00"})
    run = Forecast(tree=tree, plan=brief.plan, scenario=brief.scenario)
    return run.save(tmp_path_factory.mktemp("pool") / "other00")


@given(st.floats(0.05, 0.95))
def test_linear_pool_of_two_normals(weight: float) -> None:
    """Its quantiles are where the weighted mean of both distribution functions is the level."""
    weights = [weight, 1.0 - weight]
    told = linear_quantiles([draws_of(*FIRST), draws_of(*SECOND, size=1000)], weights, ENDS)

    def mixture(x: float) -> float:
        return weight * norm.cdf(x, *FIRST) + (1.0 - weight) * norm.cdf(x, *SECOND)

    known = [brentq(lambda x, p=p: mixture(x) - p, -9.0, 9.0) for p in ENDS]
    assert told == pytest.approx(known, abs=0.02)


@given(st.floats(0.05, 0.95))
def test_logarithmic_pool_of_two_normals(weight: float) -> None:
    """It is the normal whose precision is the weighted mean of both, as is its mean by it."""
    first, second = weight / FIRST[1] ** 2, (1.0 - weight) / SECOND[1] ** 2
    mean = (first * FIRST[0] + second * SECOND[0]) / (first + second)
    sd = (first + second) ** -0.5
    samples = [draws_of(*FIRST), draws_of(*SECOND)]
    told, overlap = logarithmic_quantiles(samples, [weight, 1.0 - weight], ENDS)
    assert told == pytest.approx(norm.ppf(ENDS, mean, sd), abs=0.06)
    grid = numpy.linspace(-9.0, 9.0, 20_001)
    logs = weight * norm.logpdf(grid, *FIRST) + (1.0 - weight) * norm.logpdf(grid, *SECOND)
    assert overlap == pytest.approx(float(numpy.trapezoid(numpy.exp(logs), grid)), abs=0.01)


NORMALS = [((0.0, 1.0), (1.5, 0.5)), ((0.0, 1.0), (3.0, 1.0)), ((8.0, 0.4), (9.0, 0.2))]


@pytest.mark.parametrize(("one", "two"), NORMALS)
@pytest.mark.parametrize("weight", [0.1, 0.5, 0.9])
def test_logarithmic_pool_of_random_log_normals(
    one: tuple[float, float], two: tuple[float, float], weight: float
) -> None:
    """Known in closed form: a log-normal; the mean of pools of random draws has no bias [OOM]."""
    first, second = weight / one[1] ** 2, (1.0 - weight) / two[1] ** 2
    mean = (first * one[0] + second * two[0]) / (first + second)
    sd = (first + second) ** -0.5
    generator = numpy.random.default_rng(7)
    told = [
        quantiles_of(
            [10.0 ** generator.normal(*each, 4000) for each in (one, two)],
            [weight, 1.0 - weight], "logarithmic", log=True,
        )[0]
        for _ in range(16)
    ]  # fmt: skip
    off = numpy.log10(told) - norm.ppf(ENDS, mean, sd)
    error = off.std(axis=0, ddof=1) / 4.0
    assert (abs(off.mean(axis=0)) < 0.02 * sd + 4.0 * error).all()
    assert (abs(off.mean(axis=0)) < 0.08 * sd).all()


GAMMAS = [((2.0, 1.0), (5.0, 1.0)), ((1.0, 1.0), (3.0, 3.0)), ((4.0, 2.0), (3.0, 1.0))]
"""Shape and rate."""


@pytest.mark.parametrize(("one", "two"), GAMMAS)
def test_logarithmic_pool_of_gammas(one: tuple[float, float], two: tuple[float, float]) -> None:
    """Known in closed form, with tails that are no normal's: a gamma of mean shape and rate."""
    levels = (numpy.arange(4000) + 0.5) / 4000
    samples = [gamma.ppf(levels, shape, scale=1.0 / rate) for shape, rate in (one, two)]
    told, overlap = quantiles_of(samples, [0.5, 0.5], "logarithmic", log=True)
    shape, rate = (0.5 * (a + b) for a, b in zip(one, two, strict=True))
    known = gamma.ppf(ENDS, shape, scale=1.0 / rate)
    assert overlap > THIN
    assert numpy.log10(told) == pytest.approx(numpy.log10(known), abs=0.06)


def test_forecasters_who_agree() -> None:
    """Either pool leaves what all of them say, and both keep the spread of the draws."""
    draws = draws_of(2.0, 3.0)
    known = norm.ppf(ENDS, 2.0, 3.0)
    assert linear_quantiles([draws, draws], [1.0, 1.0], ENDS) == pytest.approx(known, abs=0.02)
    told, overlap = logarithmic_quantiles([draws, draws], [3.0, 1.0], ENDS)
    assert told == pytest.approx(known, abs=0.05)
    assert overlap == pytest.approx(1.0, abs=1e-3)


def test_forecasters_who_exclude_each_other() -> None:
    """No density is made up between them; a constant has none either."""
    draws = draws_of(0.0, 0.1)
    for other in (draws + 50.0, numpy.full(100, 0.0)):
        told, overlap = logarithmic_quantiles([draws, other], [1.0, 1.0], ENDS)
        assert numpy.isnan(told).all()
        assert overlap < 0.01


@given(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=5), st.data())
def test_chances(chances: list[float], data: Any) -> None:
    """Means of probability and of log-odds; both lie between the forecasters."""
    size = len(chances)
    weights = data.draw(st.lists(st.floats(0.1, 3.0), min_size=size, max_size=size))
    low, high = min(chances) - 1e-9, max(chances) + 1e-9
    assert low <= linear_chance(chances, weights) <= high
    odds = numpy.average([log(p / (1.0 - p)) for p in chances], weights=weights)
    told = logarithmic_chance(chances, weights)
    assert told == pytest.approx(1.0 / (1.0 + exp(-odds)))
    assert low <= told <= high


@pytest.mark.parametrize("method", ["linear", "logarithmic"])
def test_pool_of_two_runs(brief: Forecast, second: Path, method: Any) -> None:
    """Members are as in their runs, the pool lies between them, and what it tells is plain."""
    runs = [brief, Forecast.load(second)]
    where = parse_condition("copies > 1e8")
    found = pool(
        runs, quantities=["copies", "amplification"], place=PLACE, years=[2030], method=method,
        weights=[2.0, 1.0], where=where,
    )  # fmt: skip
    assert found.weights == pytest.approx((2.0 / 3.0, 1.0 / 3.0))
    for each in found.answers:
        for run, member in zip(runs, each.members, strict=True):
            draws = each.answer.draws(run, run.scenarios[0])
            told = numpy.nanquantile(draws, ENDS)
            assert list(member.quantiles.values()) == pytest.approx(list(told))
            assert member.defined == pytest.approx(float((~numpy.isnan(draws)).mean()))
        middles = [member.quantiles["p50"] for member in each.members]
        assert None not in middles
        assert min(middles) < each.pool.quantiles["p50"] < max(middles)  # type: ignore[type-var,operator]
    (chance,) = found.chances
    draws = [Answer.at("copies", **PLACE, year=2030).draws(run, run.scenarios[0]) for run in runs]
    assert chance.members == pytest.approx([float((each > 1e8).mean()) for each in draws])
    assert min(chance.members) < chance.pool < max(chance.members)
    record = json.loads(json.dumps(pooling_record(found), allow_nan=False))
    assert [row["run"] for row in record["answers"][0]["forecasters"]] == [brief.id, "other00"]
    text = str(pooling_text(found))
    assert f"{method} opinion pool" in text
    assert "Chance that copies > 100 million" in text


def test_other_questions_are_refused(brief: Forecast, second: Path) -> None:
    """Other years, actors or speed are told apart with both values; so is a run that is twice."""
    other = Forecast.load(second)
    ask = {"quantities": ["copies"], "place": PLACE, "years": [2030]}
    with pytest.raises(RunError, match="AMP-R140"):
        pool([brief, brief], **ask)
    plan = dataclasses.replace(other.plan, years=other.plan.years[1:], actors=("world",))
    speed = other.scenario.assumptions["serial_speed"]
    faster = dataclasses.replace(speed, prior=Prior(200, unit="tokens/s"))
    scenario = dataclasses.replace(
        other.scenario, assumptions={**other.scenario.assumptions, "serial_speed": faster}
    )
    with pytest.raises(RunError, match="AMP-R141") as caught:
        pool([brief, dataclasses.replace(other, plan=plan, scenario=scenario)], **ask)
    why = caught.value.problems[0].why
    for word in ("years", "actors", "200 tokens/s"):
        assert word in why
    with pytest.raises(ScenarioError, match="AMP-C151"):
        pool([brief, other], weights=[1.0, 1.0, 1.0], **ask)


def test_command(brief_folder: Path, second: Path) -> None:
    """As text and as JSON; weights that are none are refused."""
    text = call("pool", brief_folder, second, "--years", "2030", "--weights", "3,1").stdout
    assert "75 %" in text
    assert "pooled" in text
    data = json.loads(
        call("pool", brief_folder, second, "--method", "logarithmic", "--quantity", "copies",
             "--where", "copies > 1 million", "--json").stdout
    )["data"]  # fmt: skip
    assert data["method"] == "logarithmic"
    assert len(data["chances"]) == len(data["answers"]) == 3
    assert "AMP-C152" in call("pool", brief_folder, second, "--weights", "2,x", code=3).stderr
    assert "AMP-R140" in call("pool", brief_folder, code=3).stderr
