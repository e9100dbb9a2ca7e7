"""The best use of an inference budget, for made-up techniques whose answer is known."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from scipy.special import expit, logit
from scipy.stats import beta
from tests.unit.command_line import call

from amplicast import Prior, Source, Technique
from amplicast.analysis.arms import measured
from amplicast.analysis.candidates import Candidate
from amplicast.analysis.curves import Curves
from amplicast.analysis.optimal import default_budgets, optimum
from amplicast.report.optimal import optimal_record, optimal_text

DRAWS = 4000


def made_up(id_, lift, **fields):
    """A technique with one parameter, its rate [nat/OOM]."""
    settings = {"mechanism": "passes", "role": "amplifier", "task_classes": ("sequential",)}
    return Technique(
        id=id_,
        summary="Made up.",
        sources=(Source(key="none", title="none"),),
        limits="Made up.",
        priors={"rate": Prior("1 to 2", unit="nat/OOM", source="judgement", why="Made up.")},
        exchange=lambda m, spend, *, context, rate: rate * spend,
        domain=lambda m, *, context, rate: (0.0 * rate, 2.0 + 0.0 * rate),
        lift=lift,
        **{**settings, **fields},
    )


def rising(m, spend, *, context, rate):
    """A constant rate."""
    return rate * spend


VOTE = made_up("vote", rising)
NOTHING = made_up("nothing", lambda m, spend, *, context, rate: 0.0 * rate * spend)
CHECKED = made_up("checked", rising, task_classes=("verifiable",))
PLAYED = made_up("played", rising, task_classes=("game",))
UNMEASURED = made_up("unmeasured", None)
HARD_ONLY = made_up(
    "hard-only",
    lambda m, spend, *, context, rate: (
        rate * spend * m.where(context.pass_rate < 0.5, 1.0, 0.0) + 0.0 * context.pass_rate
    ),
)

SMALL = Candidate(model="small", params=1e9, answer_tokens=500.0, correct=3000, trials=10000)
LARGE = Candidate(model="large", params=1e10, answer_tokens=500.0, correct=5000, trials=10000)


def curves(*techniques, rate=1.0, spread=0.0):
    """Techniques of one rate, the same or spread evenly over draws."""
    rates = xr.DataArray(rate + spread * np.linspace(-1.0, 1.0, DRAWS), dims=("draw",))
    inputs = {f"{each.id}.rate": rates for each in techniques}
    inputs["task_pass_rate"] = xr.full_like(rates, 0.2)
    return Curves(plan=SimpleNamespace(techniques=techniques), inputs=inputs)


def test_accuracy_is_the_lifted_log_odds_of_the_plain_answers():
    """Known answers: 1 OOM over a plain answer adds 1 nat, 2 OOM and more add 2."""
    found = optimum(curves(VOTE), [SMALL], [1e12, 1e13, 1e14, 1e16])
    expected = [0.3, *(expit(logit(0.3) + lift) for lift in (1.0, 2.0, 2.0))]
    medians = found.accuracy.sel(model="small", strategy="vote").median("draw")
    assert medians.values == pytest.approx(expected, abs=2e-3)
    plain = found.accuracy.sel(model="small", strategy="greedy")
    assert (plain == plain.isel(budget=0)).all()


def test_plain_accuracy_is_its_beta_posterior():
    """Known answer: Jeffreys' posterior of 30 right of 100, whatever the other models."""
    few = Candidate(model="few", params=1e9, answer_tokens=500.0, correct=30, trials=100)
    alone = optimum(curves(VOTE), [few], [1e13]).accuracy.sel(model="few", strategy="greedy")
    levels = [0.05, 0.5, 0.95]
    assert alone.quantile(levels).values == pytest.approx(beta(30.5, 70.5).ppf(levels), abs=6e-3)
    beside = optimum(curves(VOTE), [LARGE, few], [1e13]).accuracy.sel(
        model="few", strategy="greedy"
    )
    assert (alone.values == beside.values).all()


def test_what_cannot_be_paid_for_has_no_accuracy():
    """A budget below one answer buys nothing; exactly one answer is paid for."""
    found = optimum(curves(VOTE), [SMALL, LARGE], [1e11, 1e12, 1e13])
    paid = found.accuracy.notnull().all("draw").sel(strategy="greedy")
    assert paid.sel(model="small").values.tolist() == [False, True, True]
    assert paid.sel(model="large").values.tolist() == [False, False, True]
    assert found.chosen(1e11) is None
    assert found.front.isnull().all("draw").values.tolist() == [True, False, False]
    assert found.best_chance.sum(("model", "strategy")).values == pytest.approx([0.0, 1.0, 1.0])
    rows = found.to_rows()
    assert [row["budget_flop"] for row in rows] == [1e12] * 2 + [1e13] * 4
    assert "no model can answer once" in str(optimal_text(found))


def test_the_best_changes_with_the_budget():
    """At 1e13 FLOP the small model votes its way past the large one; then the large one leads."""
    found = optimum(curves(VOTE), [LARGE, SMALL], [1e12, 1e13, 1e15])
    assert found.chosen(1e12)[0] == "small"
    assert found.chosen(1e13) == ("small", "vote")  # expit(logit .3 + 1) = 0.538 > 0.5
    assert found.chosen(1e15) == ("large", "vote")
    assert float(found.best_chance.sel(budget=1e15, model="large", strategy="vote")) > 0.99
    assert found.ever_best() == [("small", "greedy"), ("small", "vote"), ("large", "vote")]


def test_front_rises_and_is_never_below_a_pair():
    """Laws of the front, per draw."""
    found = optimum(curves(VOTE, NOTHING, spread=1.0), [SMALL, LARGE], np.geomspace(1e12, 1e16, 9))
    assert (found.front.diff("budget") >= -1e-12).all()
    assert (found.front >= found.accuracy.fillna(0.0)).all()


def test_equals_go_to_the_plain_answer():
    """A technique that adds nothing is never called the best."""
    found = optimum(curves(NOTHING), [SMALL, LARGE], [1e12, 1e14])
    assert float(found.best_chance.sel(strategy="nothing").max()) == 0.0
    assert found.chosen(1e14) == ("large", "greedy")


def test_small_overtakes_large_where_the_arithmetic_says():
    """From 0.3 to 0.5 in log odds at 1 nat per OOM: 0.847 OOM of votes; less than the large costs.

    At half that rate it takes 1.69 OOM; a rate spread about it is sure of it only later.
    """
    place = {"small": "small", "large": "large", "strategy": "vote"}
    at_once = optimum(curves(VOTE), [SMALL, LARGE], [1e13]).overtaking.sel(place)
    assert at_once.values == pytest.approx([1e13, 1e13])
    half = optimum(curves(VOTE, rate=0.5), [SMALL, LARGE], [1e13]).overtaking.sel(place)
    assert np.log10(half.sel(level=0.5)) == pytest.approx(12.0 + 1.694, abs=0.02)
    assert half.sel(level=0.5) < half.sel(level=0.9)
    spread = optimum(curves(VOTE, rate=0.5, spread=0.05), [SMALL, LARGE], [1e13]).overtaking
    assert spread.sel(place).sel(level=0.9) > half.sel(level=0.9)
    never = optimum(curves(VOTE, rate=0.2), [SMALL, LARGE], [1e13]).overtaking
    assert never.isnull().all()


def test_pass_rate_and_training_compute_are_the_models_own():
    """A technique is asked at each model's accuracy, not at the scenario's."""
    good = Candidate(model="good", params=1e10, answer_tokens=500.0, correct=8000, trials=10000)
    found = optimum(curves(HARD_ONLY), [SMALL, good], [1e14])
    rise = found.accuracy.sel(strategy="hard-only") - found.accuracy.sel(strategy="greedy")
    lifted = rise > 1e-9
    assert lifted.sel(model="small").all()
    assert not lifted.sel(model="good").any()
    trained = Candidate(
        model="x", params=7e9, answer_tokens=1.0, correct=1, trials=2, tokens=2.7e12
    )
    assert 22.0 < trained.log10_training_flop < np.log10(6 * 7e9 * 2.7e12)


def test_a_strategy_that_is_not_open_is_left_out():
    """What plain answers already use cannot be used again."""
    uses = Candidate(
        model="uses", params=1e9, answer_tokens=500.0, correct=3, trials=10, without=("vote",)
    )
    found = optimum(curves(VOTE), [uses, LARGE], [1e14])
    assert found.accuracy.sel(model="uses", strategy="vote").isnull().all()
    assert found.overtaking.sel(strategy="vote").isnull().all()
    assert [row["strategy"] for row in found.to_rows() if row["model"] == "uses"] == ["greedy"]


def test_oracles_are_left_out_unless_asked_for():
    """Only measured techniques of the class; an oracle's are marked."""
    every = (VOTE, CHECKED, PLAYED, UNMEASURED)
    assert measured(every, "sequential") == ("vote",)
    assert measured(every, "sequential", with_oracle=True) == ("checked", "vote")
    assert measured(every, "verifiable") == ("checked",)
    assert measured(every, "game") == ("played",)
    found = optimum(curves(*every), [SMALL], [1e13], with_oracle=True)
    assert found.oracles == ("checked",)
    assert "cheap check of answers: checked" in str(optimal_text(found))
    assert [row["needs_oracle"] for row in found.to_rows()] == [False, True, False]


def test_strategies_can_be_named():
    """Named ones alone, whatever the default; unfit ones are refused."""
    every = curves(VOTE, NOTHING, CHECKED, PLAYED, UNMEASURED)
    found = optimum(every, [SMALL], [1e13], techniques=["vote", "checked"])
    assert found.accuracy["strategy"].values.tolist() == ["greedy", "checked", "vote"]
    for wrong, error in (("unmeasured", ValueError), ("played", ValueError), ("no", KeyError)):
        with pytest.raises(error, match=wrong):
            optimum(every, [SMALL], [1e13], techniques=[wrong])


def test_order_of_models_and_budgets_does_not_matter():
    """Law: the same answer however they are listed."""
    one = optimum(curves(VOTE, spread=0.5), [SMALL, LARGE], [1e12, 1e14])
    other = optimum(curves(VOTE, spread=0.5), [LARGE, SMALL], [1e14, 1e12])
    assert one.accuracy.identical(other.accuracy)
    assert one.best_chance.identical(other.best_chance)
    assert one.overtaking.identical(other.overtaking)


def test_no_strategy_but_the_plain_answer():
    """Without techniques there is still a best model for a budget."""
    found = optimum(curves(UNMEASURED), [SMALL, LARGE], [1e12, 1e13])
    assert found.chosen(1e13) == ("large", "greedy")
    assert "greedy" in str(optimal_text(found))


def test_default_budgets_reach_from_the_cheapest_answer():
    """Half orders of magnitude, the first one above an answer of the small model."""
    assert default_budgets([SMALL, LARGE]) == pytest.approx(
        [3.2e12, 1e13, 3.2e13, 1e14, 3.2e14, 1e15, 3.2e15, 1e16]
    )


def test_the_answer_is_text_and_json():
    """Every number of the table has a place in the record; JSON holds no NaN."""
    found = optimum(curves(VOTE, rate=0.5), [SMALL, LARGE], [1e11, 1e12, 1e14], benchmark="MATH500")
    text = str(optimal_text(found))
    assert "MATH500" in text
    assert "not disclosed and taken as compute-optimal" in text
    record = json.loads(json.dumps(optimal_record(found), allow_nan=False))
    assert record["front"][0]["accuracy"] is None
    assert record["overtaking"][0]["small"] == "small"
    assert {row["chosen"] for row in record["rows"]} == {True, False}


TABLE = "model,params,answer_tokens,correct,trials,benchmark,without\n"


def test_the_command_refuses_what_it_cannot_use(tmp_path: Path):
    """Unknown names, bad budgets and a bad table: messages with a code, exit 3."""
    path = tmp_path / "models.csv"
    path.write_text(TABLE + "a,1e9,500,3,10,x,\n")
    assert "AMP-C110" in call("optimal", "no-such-study", code=3).output
    assert "AMP-C115" in call("optimal", path, "--budget", "1e13,many", code=3).output
    assert "AMP-C115" in call("optimal", path, "--budget", "-1", code=3).output
    assert "AMP-C112" in call("optimal", path, "--benchmark", "y", code=3).output
    path.write_text(TABLE + "a,1e9,500,3,two,x,\n")
    assert "AMP-C114" in call("optimal", path, code=3).output


def test_the_command_answers(tmp_path: Path):
    """Plain answers alone, on a class of tasks where nothing is measured in accuracy."""
    path = tmp_path / "models.csv"
    path.write_text(TABLE + "a,1e9,500,30,100,x,\nb,1e10,500,90,100,x,\n")
    options = ("--task-class", "game", "--budget", "1e12,1e13")
    answered = json.loads(call("-q", "optimal", path, *options, "--json").stdout)
    assert answered["schema"] == "amplicast.optimal"
    best = [row["model"] for row in answered["data"]["rows"] if row["chosen"]]
    assert best == ["a", "b"]
    assert "1.0e13" in call("-q", "optimal", path, *options).stdout
