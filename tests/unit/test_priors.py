"""What a belief may say, and what its errors teach."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amplicast.errors import AmplicastError, ScenarioError, UnitError
from amplicast.priors import Prior


def _problem(raised: pytest.ExceptionInfo[AmplicastError]) -> tuple[str, str]:
    (problem,) = raised.value.problems
    assert problem.what
    assert problem.why
    return problem.code, problem.fix


@pytest.mark.parametrize(
    ("text", "unit", "family"),
    [
        ("5e25 to 2e26", "FLOP", "lognormal"),
        ("0.2 to 0.8", "fraction", "logitnormal"),
        ("2027 to 2032", "year", "normal"),
        ("-1 to 2", "OOM", "normal"),
        ("3", "OOM", "fixed"),
    ],
)
def test_the_unit_decides_the_family(text: str, unit: str, family: str) -> None:
    """Positive -> lognormal, fraction -> logit-normal, else normal."""
    assert Prior(text, unit=unit).family == family


def test_three_numbers_are_a_two_piece_family() -> None:
    """Low, best, high are the 5 %, 50 % and 95 % points."""
    prior = Prior(low=0.1, best=0.3, high=0.8, unit="OOM/year")
    assert prior.family == "split-normal"
    assert [prior.quantile(p) for p in (0.05, 0.5, 0.95)] == pytest.approx([0.1, 0.3, 0.8])


def test_a_share_of_probability_moves_the_points() -> None:
    """An 80 % range has its ends at 10 % and 90 %."""
    prior = Prior("80%: 2 to 5", unit="USD")
    assert [prior.quantile(p) for p in (0.1, 0.9)] == pytest.approx([2.0, 5.0], rel=1e-12)
    assert prior.statement == "80%: 2 to 5"


@pytest.mark.parametrize(
    ("text", "unit", "code", "fix"),
    [
        ("5 to 2", "FLOP", "AMP-S103", '"2 to 5"'),
        ("80%: 5 to 2", "FLOP", "AMP-S103", '"80%: 2 to 5"'),
        ("0,2 to 0,8", "fraction", "AMP-S128", '"0.2 to 0.8"'),
        ("80%: 0,2 to 0,8", "fraction", "AMP-S128", '"80%: 0.2 to 0.8"'),
        ("20% to 80%", "fraction", "AMP-S125", '"0.2 to 0.8"'),
        ("20 to 80", "fraction", "AMP-S140", "low = 0.2, high = 0.8"),
        ("20 to 80", "%", "AMP-U106", '"0.2 to 0.8", unit = "fraction"'),
        ("1,000 to 5,000", "USD", "AMP-S127", '"1000 to 5000"'),
        ("1 000 to 5 000", "USD", "AMP-S127", '"1000 to 5000"'),
        ("2-5", "USD", "AMP-S123", '"2 to 5"'),
        ("2 – 5", "USD", "AMP-S123", '"2 to 5"'),
        ("−2 to 5", "OOM", "AMP-S126", '"-2 to 5"'),
        ("10^25 to 2x10^26", "FLOP", "AMP-S129", '"1e25 to 2e26"'),
        ("5k to 10k", "USD", "AMP-S129", '"5e3 to 10e3"'),
        ("2 to 5 FLOP", "FLOP", "AMP-S130", '"2 to 5"'),
        ("120%: 2 to 5", "USD", "AMP-S122", '"80%: 2 to 5"'),
    ],
)
def test_a_slip_is_mended(text: str, unit: str, code: str, fix: str) -> None:
    """The remedy is the text that was meant."""
    with pytest.raises(AmplicastError) as raised:
        Prior(text, unit=unit)
    assert _problem(raised) == (code, fix)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "AMP-S120"),
        ("about 3", "AMP-S120"),
        ("2 to 3 to 4", "AMP-S120"),
        ("80%: 3", "AMP-S120"),
        ("2 to", "AMP-S121"),
        ("to 5", "AMP-S121"),
        ("nan to 5", "AMP-S124"),
        ("1 to inf", "AMP-S124"),
        ("1e999", "AMP-S124"),
        (float("nan"), "AMP-S124"),
        (float("inf"), "AMP-S124"),
        (10**400, "AMP-S124"),
        (True, "AMP-S133"),
        ([1, 2], "AMP-S133"),
        ("2 to 2", "AMP-S137"),
        ("-1 to 5", "AMP-S140"),
        ("0 to 5", "AMP-S140"),
        (-3, "AMP-S140"),
        (None, "AMP-S135"),
    ],
)
def test_what_is_no_belief_is_refused(value: Any, code: str) -> None:
    """Each kind of mistake has its code, what, why and fix."""
    with pytest.raises(ScenarioError) as raised:
        Prior(value, unit="USD")
    found, fix = _problem(raised)
    assert found == code
    assert fix


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"low": 5, "high": 2, "unit": "USD"}, "AMP-S103"),
        ({"low": 2, "best": 6, "high": 5, "unit": "USD"}, "AMP-S103"),
        ({"low": 2, "high": 5, "mass": 1.5, "unit": "USD"}, "AMP-S122"),
        ({"value": "2 to 5", "low": 2, "high": 5, "unit": "USD"}, "AMP-S132"),
        ({"dist": "lognormel", "low": 2, "high": 5, "unit": "USD"}, "AMP-S134"),
        ({"dist": "normal", "mean": 1, "unit": "OOM"}, "AMP-S135"),
        ({"lo": 2, "high": 5, "unit": "USD"}, "AMP-S135"),
        ({"dist": "normal", "mean": 1, "sd": -1, "unit": "OOM"}, "AMP-S136"),
        ({"dist": "triangular", "min": 1, "mode": 4, "max": 3, "unit": "1"}, "AMP-S138"),
        ({"dist": "normal", "mean": 1, "sd": 1, "unit": "fraction"}, "AMP-S139"),
        ({"dist": "uniform", "min": -1, "max": 0.5, "unit": "fraction"}, "AMP-S140"),
        ({"dist": "beta", "low": 2, "high": 5, "unit": "USD"}, "AMP-S140"),
        ({"dist": "gamma", "low": 1, "high": 1.0001, "unit": "USD"}, "AMP-S141"),
        ({"dist": "uniform", "low": 2, "high": 50, "unit": "USD"}, "AMP-S142"),
    ],
)
def test_numbers_that_disagree_are_refused(stated: dict[str, Any], code: str) -> None:
    """A belief in numbers is held to the same rules as one in words."""
    with pytest.raises(ScenarioError) as raised:
        Prior(**stated)
    assert _problem(raised)[0] == code


def test_a_named_distribution_is_taken_at_its_word() -> None:
    """A dimensionless number is positive, unless the author names a family that is not."""
    assert Prior(dist="normal", mean=0, sd=1, unit="1").quantile(0.5) == 0.0
    assert Prior("-1 to 1", dist="normal", unit="1").family == "normal"
    assert Prior("0.5 to 2", dist="log-normal", unit="OOM").family == "lognormal"


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5])
def test_a_fixed_fraction_may_be_at_an_end(value: float) -> None:
    """Overlap 0 and overlap 1 are beliefs that people hold."""
    prior = Prior(value, unit="fraction")
    assert prior.is_fixed
    assert prior.quantile(0.9) == value


def test_with_value_keeps_the_unit_and_where_it_lies() -> None:
    """A scenario's range keeps above zero what the plugin declared above zero."""
    declared = Prior("1 to 3", unit="OOM", dist="lognormal", source="a2020", why="old")
    new = declared.with_value("0.1 to 5", source="judgement")
    assert (new.family, new.unit, new.source, new.why) == ("lognormal", "OOM", "judgement", "")
    assert declared.with_value(2).is_fixed
    assert declared.with_value({"low": 1, "best": 2, "high": 5}).family == "split-lognormal"
    assert declared.with_value({"dist": "normal", "mean": 1, "sd": 2}).family == "normal"


def test_with_value_converts_points() -> None:
    """Another unit is welcome where the conversion is exact."""
    share = Prior("0.2 to 0.8", unit="fraction")
    assert share.with_value("10 to 50", unit="%").statement == "0.1 to 0.5"
    spend = Prior("0 to 2", unit="OOM")
    assert spend.with_value({"value": "10 to 100", "unit": "x"}).statement == "1 to 2"
    with pytest.raises(UnitError, match="AMP-U102"):
        share.with_value("1 to 2", unit="OOM")
    with pytest.raises(UnitError, match="AMP-U105"):
        spend.with_value({"dist": "normal", "mean": 1, "sd": 1}, unit="x")


def test_equal_beliefs_are_equal_and_hash_alike() -> None:
    """Equality is of what was believed, not of how it was typed."""
    a, b = Prior("2 to 5", unit="FLOPs"), Prior(low=2, high=5, unit="FLOP")
    assert a == b
    assert len({a, b}) == 1
    assert a != Prior("2 to 5", unit="FLOP", source="judgement")


def test_describe_reads_as_a_sentence() -> None:
    """Five quantiles, no mean, and words."""
    described = Prior("2 to 5", unit="FLOP").describe()
    assert list(described)[:5] == ["p05", "p25", "p50", "p75", "p95"]
    assert described["words"] == "between 2 and 5 FLOP with 90 % probability, median 3.162"
    assert Prior(3, unit="FLOP").describe()["words"] == "3 FLOP, fixed"


def test_a_record_survives_json() -> None:
    """Floats are written so that they read back the same."""
    prior = Prior(low=0.1, best=1 / 3, high=0.7, unit="fraction", source="s", why="w")
    assert Prior.from_dict(json.loads(json.dumps(prior.to_dict()))) == prior
    with pytest.raises(ScenarioError, match="AMP-S131"):
        Prior.from_dict({"low": 1})


def test_a_prior_cannot_be_changed() -> None:
    """Beliefs are data that many hands share."""
    with pytest.raises(AttributeError):
        Prior(1, unit="1").unit = "FLOP"  # type: ignore[misc]
