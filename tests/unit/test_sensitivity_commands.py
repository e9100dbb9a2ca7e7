"""Sensitivity and value of information of a real run: evaluations that are the run's own, words."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy
import pytest
from tests.unit.command_line import call

from amplicast import Forecast
from amplicast.analysis.conditions import parse_condition
from amplicast.analysis.decision import call as decide
from amplicast.analysis.influence import discovery, influences
from amplicast.analysis.information import Information
from amplicast.analysis.known import Measured
from amplicast.analysis.reach import reach
from amplicast.analysis.replay import Answer, Block, Replay, blocks_of
from amplicast.analysis.sobol import Estimate
from amplicast.analysis.voi import Worth
from amplicast.errors import RunError
from amplicast.report.discovery import discovery_text
from amplicast.report.sensitivity import sensitivity_text
from amplicast.report.voi import information_record, information_text

PLACE = {"actor": "world", "regime": "internal", "task_class": "sequential", "year": 2030}

DECISION = """\
format = 1
name   = "Build the reporting scheme now?"
output = "copies"
actor  = "world"
year   = 2030
unit   = "million USD"
[actions.build]
payoff = -20
steps  = [{ at_least = 5e8, adds = 45 }]
[actions.wait]
payoff = 0
"""


@pytest.fixture(scope="module")
def reference(brief: Forecast) -> str:
    """The reference scenario."""
    return brief.scenarios[0]


@pytest.fixture(scope="module")
def replay(brief: Forecast, reference: str) -> Replay:
    """The model of both headlines at one place."""
    return Replay(
        brief, reference, [Answer.at("copies", **PLACE), Answer.at("amplification", **PLACE)]
    )


def test_blocks_hold_every_input_that_varies_once(brief: Forecast, reference: str) -> None:
    """And draws of different blocks are as good as uncorrelated: exchanging them is allowed."""
    blocks = blocks_of(brief, reference)
    inputs = brief.inputs()
    varying = [name for name, each in inputs.items() if numpy.ptp(each.values)]
    assert sorted(name for block in blocks for name in block.inputs) == sorted(varying)
    assert {block.name for block in blocks if block.luck} == {
        "frontier, year by year",
        "lab-fleet, year by year",
        "rented-chips, year by year",
        "tokens-served, year by year",
        "world-chips, year by year",
    }
    first = {
        block.name: inputs[block.inputs[0]].values.reshape(len(inputs["wage"]), -1)[:, 0]
        for block in blocks
    }
    correlations = numpy.corrcoef(list(first.values()))
    off = numpy.abs(correlations - numpy.eye(len(first)))
    assert off.max() < 5.0 / len(inputs["wage"]) ** 0.5


def test_the_stored_draws_come_out_again(replay: Replay, brief: Forecast) -> None:
    """To rounding, with the pools, regimes and classes that were not asked for left out."""
    for answer, values in zip(replay.answers, replay.base, strict=True):
        stored = answer.draws(brief, brief.scenarios[0])
        numpy.testing.assert_allclose(values, stored, rtol=1e-9, atol=1e-9)


def test_an_exchanged_share_multiplies_the_copies(replay: Replay, brief: Forecast) -> None:
    """Copies are proportional to the share for inference, so the ratio is that of the shares."""
    share = brief.inputs()["inference_share"].values
    rest, other = numpy.arange(500), numpy.arange(500, 1000)
    block = Block(name="share", inputs=("inference_share",))
    copies = replay.model([block])(rest, {"share": other})[0]
    numpy.testing.assert_allclose(copies, replay.base[0, rest] * share[other] / share[rest])


def test_all_blocks_from_elsewhere_are_that_draw(replay: Replay, brief: Forecast) -> None:
    """Exchanging everything that varies gives the other draw."""
    blocks = blocks_of(brief, brief.scenarios[0])
    rest, other = numpy.arange(300), numpy.arange(300, 600)
    model = replay.model(blocks)
    answers = model(rest, {block.name: other for block in blocks})
    numpy.testing.assert_allclose(answers, replay.base[:, other], rtol=1e-9)


def test_a_run_that_comes_out_otherwise_is_refused(brief: Forecast, reference: str) -> None:
    """New evaluations never mix with draws of another model."""
    tree = brief.tree.copy()
    outputs = tree["forecast"].to_dataset()
    tree["forecast"] = type(tree)(outputs.assign(copies=outputs["copies"] * 1.01))
    changed = dataclasses.replace(brief, tree=tree)
    with pytest.raises(RunError, match="AMP-R120"):
        Replay(changed, reference, [Answer.at("copies", **PLACE)])


@pytest.fixture(scope="module")
def found(brief: Forecast, reference: str) -> Any:
    """What moves both headlines."""
    answers = [Answer.at("copies", **PLACE), Answer.at("amplification", **PLACE)]
    return influences(brief, answers, scenario=reference, seed=1, most=3)


def test_own_shares_are_below_totals(found: Any) -> None:
    """And together no more than the whole, within Monte Carlo error."""
    for each in found:
        assert sum(index.own.value for index in each.indices) < 1.05
        for index in each.indices:
            assert index.own.value <= index.total.value + 3.0 * index.own.error + 1e-12
            assert index.own.low <= index.own.value <= index.own.high
    copies, amplification = found
    assert "majority-vote" in copies.without
    assert "majority-vote" in {index.block for index in amplification.indices}


def test_what_moves_nothing_is_told(brief: Forecast, reference: str, found: Any) -> None:
    """Inputs without a path, without effect, and of fits alone; in the text too."""
    told = reach(brief, scenario=reference, seed=1)
    assert {"wage", "facility_power"} <= set(told.apart)
    assert not set(told.fits) & set(brief.provenance["beliefs"])
    assert set(told.idle) <= set(brief.provenance["beliefs"])
    assert "price_elasticity" in told.still  # the price does not change in the baseline
    assert "inference_share" not in {*told.apart, *told.still}
    text = str(sensitivity_text(brief, found, told, top=3))
    for words in ("wage", "price_elasticity", "alone", "with others", "AI copies, world, 2030"):
        assert words in text
    assert max(map(len, text.splitlines())) <= 160


def test_discovery_is_what_the_draws_say(brief: Forecast, reference: str) -> None:
    """Density and coverage of the told box, recounted from the stored draws."""
    condition = parse_condition("copies > 1e9")
    told = discovery(brief, condition, [Answer.at("copies", **PLACE)], scenario=reference)
    hits = brief.output("copies", reference).sel(actor="world", year=2030).values > 1e9
    assert told.share == pytest.approx(hits.mean())
    assert told.box is not None
    inside = numpy.ones(len(hits), dtype=bool)
    for limit in told.box.limits:
        name, _, label = limit.name.partition("[")
        if label:
            return  # an element of an input with dims; the plain ones are recounted here
        inside &= limit.keeps(brief.inputs()[name].values)
    assert told.box.density.value == pytest.approx(hits[1::2][inside[1::2]].mean())
    assert told.box.density.low > hits.mean()


@pytest.fixture
def saved(brief_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in; the run lies elsewhere."""
    monkeypatch.chdir(tmp_path)
    return brief_folder


def test_sensitivity_as_json(saved: Path) -> None:
    """One document about the place that was asked for."""
    text = call("sensitivity", saved, "--quantity", "copies", "--actor", "world", "--json").stdout
    data = json.loads(text)["data"]
    assert data["answers"][0]["output"] == "copies"
    assert data["answers"][0]["actor"] == "world"
    assert data["reach"]["tried"] > 0


def test_where(saved: Path) -> None:
    """The condition with its place and unit, and shares with intervals."""
    result = call("sensitivity", saved, "--where", "copies > 1 billion", "--actor", "world")
    text = " ".join(result.stdout.split())
    assert "AI copies, world, 2032: > 1 billion copies" in text
    assert "of all draws that do" in text
    call("sensitivity", saved, "--where", "copies >> 3", code=3)
    many = call("sensitivity", saved, "--where", "contribution > 1", code=3)
    assert "AMP-V112" in many.stderr
    call("sensitivity", saved, "--year", 1999, code=3)


def test_voi_of_a_decision(saved: Path, tmp_path: Path) -> None:
    """The file's decision, its place, what to measure next, and the precision asked for."""
    file = tmp_path / "reporting.toml"
    file.write_text(DECISION, encoding="utf-8")
    text = call("voi", saved, "--decision", file, "--precision", "served_size=0.1", "--json").stdout
    data = json.loads(text)["data"]
    assert data["place"] == {"year": 2030, "actor": "world"}
    assert data["best"] in {"build", "wait"}
    assert data["measured"][0]["name"] == "served_size"
    worths = [each["worth"]["value"] for each in data["blocks"]]
    assert worths == sorted(worths, reverse=True)
    assert max(worths) <= data["perfect_information"]["value"]


def test_worths_are_told_in_words(brief: Forecast) -> None:
    """What to measure next is a block that can be studied; no digit beyond its error."""

    def worth(name: str, value: float, error: float) -> Worth:
        told = Estimate(value, value - 2.0 * error, value + 2.0 * error, error)
        return Worth(name=name, worth=told, narrower=Estimate(0.212, 0.19, 0.24, 0.014))

    found = Information(
        decision=decide("copies", 3e8),
        answer=Answer.at("copies", **PLACE),
        expected={"say yes": Estimate(50.4, 49.1, 51.7, 0.8), "say no": Estimate(49.6, 0, 0, 0.8)},
        best="say yes",
        perfect=Estimate(49.6, 48.3, 50.9, 0.8),
        blocks=(
            worth("world-chips, year by year", 17.33, 0.96),
            worth("roofline", 12.345, 0.31),
            worth("frontier", 0.1, 0.2),
        ),
        luck=frozenset({"world-chips, year by year"}),
        faint=("mix",),
        inputs=(worth("served_size", 9.99, 0.97),),
        measured=(Measured(name="served_size", error=0.1, worth=worth("served_size", 8.0, 1.2)),),
    )
    text = " ".join(str(information_text(brief, found, top=2)).split())
    assert "AI copies, world, 2030, at least 300 million copies, or not?" in text
    assert "Measure next: roofline. To know it exactly is worth 12.3 ± 0.3 right calls" in text
    assert "21 % (19 to 24 %) narrower" in text
    assert "size of the served model, over the record run, 10 ± 1 right calls" in text
    assert "2 more blocks: each worth nothing clear" in text
    assert "over the record run ± 10 % 8 ± 1" in text
    assert json.loads(json.dumps(information_record(found)))["blocks"][0]["luck"] is True


def test_a_failed_run_is_marked(brief: Forecast, reference: str) -> None:
    """Whoever reads the numbers reads that too."""
    tree = brief.tree.copy()
    record = brief.provenance | {"failed_checks": ["resampling: FAIL r_hat"]}
    tree.attrs["provenance"] = json.dumps(record)
    failed = dataclasses.replace(brief, tree=tree)
    box = discovery(
        failed, parse_condition("copies > 1e9"), [Answer.at("copies", **PLACE)], scenario=reference
    )
    assert "Checks FAILED" in str(discovery_text(failed, box))
    assert "Checks FAILED" not in str(discovery_text(brief, box))


def test_mistakes_in_a_decision_are_told_together(saved: Path, tmp_path: Path) -> None:
    """Each with its place in the file, and an example that is read."""
    file = tmp_path / "wrong.toml"
    file.write_text(
        'format = 2\nname = ""\noutput = "cpoies"\nunti = "USD"\n'
        "[actions.one]\npayoff = true\nsteps = [{ above = 3 }]\n[actions.two]\n",
        encoding="utf-8",
    )
    text = call("voi", saved, "--decision", file, code=3).stderr
    for words in ("format is 2", "no name", "'copies'", "'unit'", "payoff of", "steps of"):
        assert words in text, text
    call("voi", saved, "--decision", tmp_path / "none.toml", code=3)
    file.write_text("format = [", encoding="utf-8")
    call("voi", saved, "--decision", file, code=3)
    file.write_text(DECISION, encoding="utf-8")
    call("voi", saved, "--decision", file, "--at-least", 3, code=2)
    sloped = DECISION.replace("payoff = 0", "slope = 1.0")
    file.write_text(sloped, encoding="utf-8")  # some draws have no copies at all
    assert "AMP-V111" in call("voi", saved, "--decision", file, code=3).stderr


@pytest.mark.parametrize("text", ["served_size", "served_size=-1", "served_size=much", "wage=3"])
def test_precisions_that_say_nothing_are_refused(saved: Path, text: str) -> None:
    """A number, positive, of an input that can move the answer."""
    call("voi", saved, "--precision", text, code=3)
