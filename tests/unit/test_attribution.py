"""Why two runs differ: shares that add up to the difference, and nothing for what does nothing."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.command_line import call

from amplicast import Forecast, Prior
from amplicast.analysis.attribution import Attribution, attribute
from amplicast.analysis.comparison import LEVELS, compare
from amplicast.analysis.mixtures import causes
from amplicast.analysis.replay import Answer
from amplicast.analysis.shapley import EXACT, shapley_exact, shapley_sampled
from amplicast.errors import RunError
from amplicast.forecast.forecast import evaluate_draws, label
from amplicast.forecast.plan import Plan
from amplicast.report.attribution import attribution_record, attribution_text

PLACE = {"actor": "leading-lab", "regime": "project", "task_class": "sequential"}

CHANGES = {
    "inference_share": Prior("0.2 to 0.4", unit="fraction"),
    "output_tokens": Prior(700, unit="tokens"),
    "wage": Prior("20 to 40", unit="USD/hour"),
}
"""The last one moves no headline."""


def asked(*years: int) -> list[Answer]:
    """Both headlines at one place."""
    return [
        Answer.at(name, **PLACE, year=year)
        for name in ("copies", "amplification")
        for year in years
    ]


def other_run(run: Forecast, inputs: Mapping[str, Any], **changes: Any) -> Forecast:
    """A run as it would be saved with these inputs, and these parts of the plan or the record."""
    import xarray

    parts = {name: changes.pop(name) for name in ("techniques",) if name in changes}
    plan = dataclasses.replace(run.plan, **parts)
    record = run.provenance | {"run": "other00"} | changes
    outputs = label(evaluate_draws(plan, inputs, only={"copies", "amplification"}), plan)
    tree = xarray.DataTree.from_dict({"/inputs": xarray.Dataset(inputs), "/forecast": outputs})
    tree.attrs["provenance"] = json.dumps(record)
    return Forecast(tree=tree, plan=plan, scenario=run.scenario)


def adds_up(found: Attribution) -> None:
    """Contributions are the whole difference, at every quantile of every answer."""
    for each in found.answers:
        for level in LEVELS:
            parts = [one.moved[level] for one in each.contributions]
            assert None not in parts
            assert each.moved[level] == pytest.approx(numpy.sum(parts), abs=1e-12)


@pytest.fixture(scope="module")
def changed(brief: Forecast) -> Attribution:
    """Three beliefs changed on the run's own draws."""
    return attribute(brief, brief.reevaluate(CHANGES), asked(2026, 2031))


@given(st.lists(st.floats(-5.0, 5.0), min_size=16, max_size=16))
def test_exact_shares_are_means_over_all_orders(worths: list[float]) -> None:
    """Weights of sets are what averaging over the 24 orders of four things gives."""
    told = shapley_exact(lambda members: numpy.array([worths[members]]), 4).values[:, 0]
    shares = numpy.zeros(4)
    for order in permutations(range(4)):
        inside = 0
        for thing in order:
            shares[thing] += (worths[inside | 1 << thing] - worths[inside]) / 24.0
            inside |= 1 << thing
    assert told == pytest.approx(shares, abs=1e-9)
    assert told.sum() == pytest.approx(worths[15] - worths[0], abs=1e-9)


@given(st.integers(0, 10_000))
def test_sampled_shares_add_up_and_know_their_error(seed: int) -> None:
    """Of a game of pairs, whose exact shares are known; every sum is the whole."""
    pull = numpy.random.default_rng(seed).normal(size=(10, 10))

    def worth(members: int) -> Any:
        inside = [i for i in range(10) if members >> i & 1]
        return numpy.array([numpy.tanh(pull[numpy.ix_(inside, inside)].sum() / 5.0)])

    exact = shapley_exact(worth, 10).values[:, 0]
    found = shapley_sampled(worth, 10, pairs=24, seed=seed)
    assert found.values.sum() == pytest.approx(float(worth(1023)[0] - worth(0)[0]), abs=1e-12)
    assert found.error is not None
    assert numpy.all(numpy.abs(found.values[:, 0] - exact) < 6.0 * found.error[:, 0] + 1e-9)


def test_shares_add_up_to_what_compare_tells(brief: Forecast, changed: Attribution) -> None:
    """To the last digit at every quantile; the median is that of the comparison."""
    adds_up(changed)
    assert changed.exact
    assert changed.apart == ()
    after = brief.reevaluate(CHANGES)
    for each in changed.answers:
        place = dict(each.answer.place)
        (told,) = [
            one
            for one in compare(brief, after, years=[place["year"]]).differences
            if one.quantity == each.answer.output
            and all(place[dim] == label for dim, label in one.place.items())
        ]
        assert each.moved["p50"] == pytest.approx(told.moved, abs=1e-12)


def test_what_cannot_reach_gets_nothing(changed: Attribution) -> None:
    """A wage moves neither copies nor amplification, and is named for it."""
    assert [cause.name for cause in changed.without] == ["wage"]
    names = {one.cause.name for each in changed.answers for one in each.contributions}
    assert names == {"inference_share", "output_tokens"}
    copies = changed.answers[0]
    share = next(one for one in copies.contributions if one.cause.name == "inference_share")
    assert share.moved["p50"] is not None
    assert share.error["p50"] is not None
    assert share.moved["p50"] < -3.0 * share.error["p50"] < 0.0


def test_one_change_gets_all(brief: Forecast) -> None:
    """Nothing is left to share."""
    after = brief.reevaluate({"inference_share": CHANGES["inference_share"]})
    for each in attribute(brief, after, asked(2030)).answers:
        assert each.contributions[0].moved == pytest.approx(each.moved, abs=1e-12)


def test_calibrations_and_techniques_are_causes(brief: Forecast) -> None:
    """A plugin's fitted inputs go together, and a technique that is left out has its own share."""
    inputs = brief.inputs()
    fitted = [name for name in inputs if name.startswith("frontier.")]
    fitted = [name for name in fitted if name not in brief.provenance["beliefs"]]
    for name in fitted:  # other draws of the same fit
        inputs[name] = inputs[name].roll(draw=7)
    kept = tuple(t for t in brief.plan.techniques if t.id != "majority-vote")
    assert len(kept) == len(brief.plan.techniques) - 1
    digests = brief.provenance["posteriors"] | {"frontier": "another"}
    after = other_run(brief, inputs, techniques=kept, posteriors=digests)
    found = attribute(brief, after, asked(2028))
    assert {(cause.kind, cause.name) for cause in found.causes} == {
        ("structure", "techniques"),
        ("calibration", "frontier"),
    }
    adds_up(found)
    assert "calibrations differ" in found.apart[0]
    dropped = next(cause for cause in found.causes if cause.kind == "structure")
    assert (dropped.before, dropped.after) == ("majority-vote", "none")
    share = next(one for one in found.answers[1].contributions if one.cause is dropped)
    fit = found.causes[1 - found.causes.index(dropped)]
    alone, with_fit = (  # what dropping does under either calibration, evaluated by itself
        median(brief.plan, each) - median(brief.plan, each, techniques=kept)
        for each in (brief.inputs(), inputs)
    )
    assert fit.inputs == tuple(sorted(fitted))
    assert share.moved["p50"] == pytest.approx(-0.5 * (alone + with_fit), abs=1e-9)


def median(plan: Plan, inputs: Mapping[str, Any], **parts: Any) -> float:
    """Amplification in 2028 where the other tests look."""
    found = evaluate_draws(dataclasses.replace(plan, **parts), inputs, only={"amplification"})
    values = label(found, plan)["amplification"].sel(PLACE | {"year": 2028})
    return float(values.median("draw", skipna=True))


def test_a_changed_prior_is_told_with_its_calibration(brief: Forecast) -> None:
    """Evidence moved it on, so its draws differ as a whole; what was stated is what was changed."""
    inputs = brief.inputs()
    for name in ("frontier.growth", "frontier.level"):
        inputs[name] = inputs[name] * 1.01
    prior = Prior("0.3 to 0.5", unit="OOM/year").to_dict()
    after = other_run(brief, inputs, changes={"frontier.growth": prior})
    (cause,) = causes(brief, after)
    assert (cause.kind, cause.name) == ("calibration", "frontier")
    assert cause.inputs == ("frontier.growth", "frontier.level")
    assert cause.after.endswith("0.3 to 0.5 OOM/year")
    before = brief.plan.line.priors["growth"]
    assert cause.before.endswith(f"{before.statement} {before.unit}")


def test_many_changes_are_sampled(brief: Forecast) -> None:
    """More than the exact limit: sums stay exact, and the error of sampling is in the errors."""
    inputs = brief.inputs()
    names = (
        "inference_share", "output_tokens", "input_tokens", "served_size", "serial_speed",
        "latency_limit", "device_compute_growth", "device_memory_growth", "lab_demand_share",
        "position_serial_spend", "inference_efficiency_growth", "task_pass_rate",
        "training_run_share",
    )  # fmt: skip
    changes = {}
    for name in names:
        prior = brief.scenario.assumptions[name].prior
        changes[name] = prior.with_value(1.05 * float(prior.quantile(0.5)), source="", why="")
    few = {name: values.isel(draw=slice(0, 400)) for name, values in inputs.items()}
    before = other_run(brief, few)
    record = {"changes": {name: prior.to_dict() for name, prior in changes.items()}}
    for name in changes:
        few[name] = few[name] * 1.05
    found = attribute(before, other_run(brief, few, **record), asked(2030), pairs=2)
    assert len(found.causes) - len(found.without) > EXACT
    assert not found.exact
    assert found.orders == 4
    adds_up(found)
    assert "sampled orders" in str(attribution_text(found))


def test_what_cannot_be_put_together_is_refused(brief: Forecast) -> None:
    """Runs that agree, and runs of other years or numbers of draws, with what to do."""
    with pytest.raises(RunError, match="AMP-R132"):
        attribute(brief, brief, asked(2030))
    few = {name: values.isel(draw=slice(0, 100)) for name, values in brief.inputs().items()}
    with pytest.raises(RunError, match="AMP-R131"):
        attribute(brief, other_run(brief, few), asked(2030))
    plan = dataclasses.replace(brief.plan, years=brief.plan.years[:-1])
    shorter = dataclasses.replace(brief, plan=plan)
    with pytest.raises(RunError, match="AMP-R130"):
        attribute(brief, shorter, asked(2030))


def test_record_and_text(changed: Attribution) -> None:
    """Plain data without NaN; the text names each change with both values."""
    record = json.loads(json.dumps(attribution_record(changed), allow_nan=False))
    assert record["exact"] is True
    assert record["cannot_reach"] == ["wage"]
    for row in record["answers"]:
        for level, moved in row["moved"].items():
            parts = [one["moved"][level] for one in row["contributions"]]
            assert moved == pytest.approx(sum(parts), abs=1e-12)
    text = str(attribution_text(changed))
    assert "700 tokens" in text
    assert "all together" in text
    assert "Cannot reach these answers: wage" in text


def test_command(brief_folder: Path) -> None:
    """A run against itself under a variant, as JSON; options of another mode are refused."""
    data = json.loads(
        call("compare", brief_folder, "--variant", "inference-cap", "--attribute",
             "--years", "2030", "--quantity", "copies", "--actor", "world", "--json").stdout
    )["data"]  # fmt: skip
    (row,) = data["answers"]
    assert [one["cause"] for one in row["contributions"]] == ["inference_share"]
    assert row["actor"] == "world"
    assert row["after"]["p50"] < row["before"]["p50"]
    twice = ("compare", brief_folder, brief_folder)
    assert "AMP-C150" in call(*twice, "--actor", "world", code=3).stderr
