"""Beliefs that must hold: read from a file, tested on the draws, told, never moving a number."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy
import pytest
import xarray
from tests.unit.command_line import call

from amplicast import Forecast, Registry, Scenario, ScenarioError, run
from amplicast.forecast.must_hold import (
    judged_beliefs,
    judged_by_priors,
    judged_on,
    require_outputs,
)
from amplicast.forecast.prior_predictive import prior_outputs
from amplicast.report.check import check_run
from amplicast.report.document import ForecastDocument
from amplicast.report.html import report_html
from amplicast.report.memo.build import MAIN, memo_files
from amplicast.report.must_hold import broken_sentence, must_hold_lines
from amplicast.scenario import MustHold, diff

PLACE = {"quantity": "token_capacity", "actor": "leading-lab", "year": 2025}
NOTES = {"why": "Made up.", "source": "judgement"}


def stating(scenario: Scenario, **beliefs: dict[str, Any]) -> Scenario:
    """The scenario with other beliefs that must hold."""
    record = scenario.to_dict()
    record["tree"]["beliefs"] = {
        name: {**PLACE, "unit": "tokens/s", **NOTES, **belief} for name, belief in beliefs.items()
    }
    return Scenario.from_dict(record)


@pytest.fixture(scope="module")
def failed(installed: Registry, brief_case: Scenario, cache_dir: str) -> Forecast:
    """The small case, run under a belief that no draw meets, stated as a failure."""
    impossible = stating(brief_case, impossible={"low": 1e30, "severity": "failure"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
        return run(impossible, installed)


def test_shares_are_those_of_the_draws(brief: Forecast, brief_case: Scenario) -> None:
    """On either side of the bounds, in any unit; what is not defined does not hold."""
    values = brief.outputs["token_capacity"].sel(actor="leading-lab", year=2025).values
    low, high = (float(each) for each in numpy.quantile(values, [0.25, 0.6]))
    scenario = stating(
        brief_case,
        both={"low": low, "high": high, "chance": 0.35},
        daily={"low": low * 86_400.0, "unit": "tokens/day", "chance": 0.75},
        most={"high": high},
    )
    by_name = {each.belief.name: each for each in judged_on(brief.plan, scenario, brief.outputs)}
    assert by_name["both"].below == pytest.approx(0.25, abs=0.001)
    assert by_name["both"].above == pytest.approx(0.4, abs=0.001)
    assert by_name["daily"].below == by_name["both"].below
    assert by_name["daily"].holds
    assert (by_name["most"].below, by_name["most"].holds) == (0.0, False)
    assert "and" in broken_sentence(by_name["both"])
    gone = brief.outputs.assign(token_capacity=xarray.full_like(
        brief.outputs["token_capacity"], numpy.nan
    ))  # fmt: skip
    assert all(each.broken == 1.0 for each in judged_on(brief.plan, scenario, gone))


def test_a_place_elsewhere_is_not_tested(brief: Forecast, brief_case: Scenario) -> None:
    """A case that inherits a belief about a year or pool it has not is not judged by it."""
    scenario = stating(brief_case, old={"year": 2021, "low": 1.0}, other={"actor": "x", "low": 1.0})
    told = judged_on(brief.plan, scenario, brief.outputs)
    assert [each.elsewhere for each in told] == [
        "this forecast has no year 2021",
        "this forecast has no actor x",
    ]
    assert not any(each.holds or each.fails for each in told)
    assert must_hold_lines(told) == ""


@pytest.mark.parametrize(
    ("belief", "code"),
    [
        ({"quantity": "copys", "low": 1.0}, "AMP-S196"),
        ({"quantity": "serial_speedup", "low": 1.0}, "AMP-S197"),
        ({"quantity": "amplification", "low": 1.0}, "AMP-S197"),
        ({"unit": "GW", "low": 1.0}, "AMP-S198"),
    ],
)
def test_what_there_is_not_is_refused(
    brief_case: Scenario, belief: dict[str, Any], code: str
) -> None:
    """An output, its dims, its unit."""
    with pytest.raises(ScenarioError, match=code):
        require_outputs(stating(brief_case, mine=belief))


def test_the_file_tells_all_mistakes_at_once(tmp_path: Path) -> None:
    """No bound, bounds the wrong way round, no source, an unknown unit and key."""
    text = """format = 1
name = "Mine"
based_on = "builtin:baseline"
[beliefs.none]
quantity = "copies"
year = 2025
actor = "world"
unit = "copies"
why = "w"
source = "judgement"
[beliefs.backwards]
quantity = "copies"
low = 3
high = 2
unit = "copys"
why = "w"
source = "judgement"
[beliefs.bare]
quantity = "copies"
low = 3
unit = "copies"
sevrity = "failure"
"""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    told = call("scenario", "check", path, code=3).stderr
    for code in ("AMP-S194", "AMP-S195", "AMP-U101", "AMP-S112"):
        assert code in told
    assert "severity" in told


def test_it_moves_no_number_and_fails_the_run(failed: Forecast, brief: Forecast) -> None:
    """Draws are those without it; the run is kept, marked, and told by every door."""
    for name in ("copies", "amplification"):
        numpy.testing.assert_array_equal(failed.outputs[name], brief.outputs[name])
    (finding,) = failed.provenance["failed_checks"]
    assert finding.startswith("beliefs.impossible: FAIL belief")
    assert [each["holds"] for each in failed.provenance["must_hold"]] == [False]
    found = check_run(failed)
    assert not found.passed()
    told = [each for each in found.verdicts if each.verdict == "FAILED"]
    assert {(each.part, each.where) for each in told} == {("beliefs", "impossible")}


def test_a_failed_belief_is_never_exported_silently(failed: Forecast, tmp_path: Path) -> None:
    """Nor does the command that runs or checks it end with 0."""
    folder = failed.save(tmp_path / "failed")
    assert "AMP-" in call("export", folder, "--format", "csv", code=4).stderr
    told = " ".join(call("check", folder, code=4).stdout.split())
    assert "FAILED: must hold: impossible" in told
    assert "impossible does not hold" in " ".join(call("forecast", folder).stdout.split())


def test_the_baseline_tells_the_belief_that_it_breaks(finished: Forecast) -> None:
    """Less in a few draws than one assistant is known to deliver: a warning, with its share."""
    (told,) = judged_beliefs(finished)
    values = finished.outputs["token_capacity"].sel(actor="leading-lab", year=2025).values
    assert told.below == pytest.approx((values < 7.5e11 / 86_400.0).mean())
    assert 0.01 < told.broken < 0.2
    assert not told.holds
    assert not told.fails
    assert finished.provenance["failed_checks"] == []
    assert told.belief.source in must_hold_lines([told])


def test_a_change_of_it_is_a_difference(brief_case: Scenario) -> None:
    """A bound is told, a reason only with the notes."""
    one, two = (
        stating(brief_case, a={"low": 1.0}),
        stating(brief_case, a={"low": 2.0, "why": "Other."}),
    )
    assert {each.path for each in diff(one, two)} == {"beliefs.a.low"}
    assert {each.path for each in diff(one, two, notes=True)} == {"beliefs.a.low", "beliefs.a.why"}
    assert dataclasses.replace(one.must_hold[0], low=2.0, why="Other.") == two.must_hold[0]
    assert isinstance(one.must_hold[0], MustHold)


def test_priors_alone_are_drawn_from_priors(brief: Forecast) -> None:
    """Serving capacity has more spread before its evidence than after, about other values."""
    before = prior_outputs(brief.plan, brief.scenario, only={"token_capacity"})
    place = {"actor": "world", "year": 2026}
    first, second = (
        numpy.log10(outputs["token_capacity"].sel(place).values + 1.0)
        for outputs in (before, brief.outputs)
    )
    assert first.shape == second.shape
    spread = [float(numpy.ptp(numpy.nanquantile(each, [0.05, 0.95]))) for each in (first, second)]
    assert spread[0] > 1.2 * spread[1]


def test_priors_must_leave_room_for_a_fact(failed: Forecast, finished: Forecast) -> None:
    """No draw of the priors meets the impossible one; the shipped one has room."""
    (told,) = judged_by_priors(failed)
    assert told.broken == 1.0
    verdicts = {each.check: each for each in check_run(failed).verdicts if each.part == "beliefs"}
    assert verdicts["room in the priors"].verdict == "FAILED"
    (shipped,) = judged_by_priors(finished)
    assert 0.05 < 1.0 - shipped.broken < 1.0


def test_the_report_tells_what_must_hold(failed: Forecast, installed: Registry) -> None:
    """With its bound, the share of draws, and the verdict."""
    page = report_html(ForecastDocument(failed, installed))
    assert "Facts that the forecast was not told" in page
    assert "impossible" in page
    assert "FAILED" in page


def test_the_memo_tells_what_does_not_hold(finished: Forecast, installed: Registry) -> None:
    """A warning forbids no memo, so its reader is told."""
    files = memo_files(ForecastDocument(finished, installed), "md", stem="memo")
    told = " ".join(str(files[MAIN]).split())
    assert "Against what is known: Output tokens" in told
    assert "does not hold in 6 % of the draws" in told
