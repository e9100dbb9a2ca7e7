"""``amplicast calibrate``: what it says, and how it answers mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pytest
from tests.unit.command_line import call

from amplicast.engine.gate import Finding, Verdict
from amplicast.report.calibrated import Calibration, calibration_text

PLUGIN = Path(__file__).with_name("synthetic_plugin.py")
SYNTHETIC = ("--plugin", PLUGIN, "calibrate", "synthetic-line", "--draws", 500)


def test_text_tells_prior_posterior_and_trust() -> None:
    """One line per calibrated parameter, the verdict, and how the rows are given back."""
    text = call(*SYNTHETIC).stdout
    assert "level" in text
    assert "unused" not in text
    assert "synthetic-line: no failure detected" in text
    assert "worst Pareto k" in text


def test_json_holds_the_closed_form() -> None:
    """Posterior of a line with known noise: medians within Monte Carlo error."""
    document = json.loads(call(*SYNTHETIC, "--json").stdout)
    assert document["schema"] == "amplicast.calibration"
    found = {row["name"]: row for row in document["data"]["parameters"]}
    x, y = numpy.array([-1.0, 0.0, 1.0, 2.0]), numpy.array([-0.9, 0.2, 0.7, 1.9])
    design = numpy.stack([numpy.ones(4), x], axis=1) / numpy.array([0.3, 0.3, 0.4, 0.3])[:, None]
    precision = design.T @ design + numpy.diag([2.0**-2, 0.5**-2])
    pull = design.T @ (y / numpy.array([0.3, 0.3, 0.4, 0.3])) + numpy.array([0.0, 1.0 / 0.5**2])
    level, slope = numpy.linalg.solve(precision, pull)
    assert found["level"]["posterior"]["p50"] == pytest.approx(level, abs=0.03)
    assert found["slope"]["posterior"]["p50"] == pytest.approx(slope, abs=0.03)
    edge = 0.5 * 1.6448536
    prior = {"p05": 1.0 - edge, "p50": 1.0, "p95": 1.0 + edge}
    assert found["slope"]["prior"] == pytest.approx(prior, abs=1e-6)
    assert 0.0 < found["slope"]["contraction"] < 1.0
    (rows,) = document["data"]["evidence"]
    assert set(rows["coverage"]) == {"0.5", "0.66", "0.8", "0.9"}
    assert rows["loo"]["elpd"] < 0.0 < rows["loo"]["p_loo"]


def test_sources_are_told_before_any_fit() -> None:
    """The list is on stderr; a technique of one source is marked as scored against its prior."""
    result = call(*SYNTHETIC, "--leave-one-source-out", "--strict")
    assert "will be fitted without each of: points" in result.stderr
    assert "one source only: prior scored" in result.stdout
    data = json.loads(call(*SYNTHETIC, "--leave-one-source-out", "--json").stdout)["data"]
    assert data["total"]["prior_rows"] == 4


@pytest.mark.slow
def test_rows_can_be_left_out_by_another_column() -> None:
    """Each row by itself here; a column that no table has is answered with those there are."""
    result = call(*SYNTHETIC, "--leave-one-source-out", "--by", "gain", "--json")
    found = json.loads(result.stdout)["data"]
    assert found["total"]["rows"] == 4
    assert all(one["basis"] == "evidence" for one in found["held_out"])
    assert found["total"]["error"] == pytest.approx(
        numpy.median([error for one in found["held_out"] for error in one["ours"]["errors"]])
    )
    refused = call(*SYNTHETIC, "--leave-one-source-out", "--by", "maker", code=5).stderr
    assert "AMP-C134" in refused
    assert "gain" in refused


def test_failed_check_is_told() -> None:
    """The verdict names the check and what to try."""
    finding = Finding(check="r_hat", what="1 of 2 parameters above 1.01", action="look again")
    told = Calibration(
        technique="a", verdict=Verdict(plugin="a", findings=(finding,)), sampling={}, shifts=(),
        fits=(),
    )  # fmt: skip
    assert "FAIL r_hat: 1 of 2 parameters above 1.01. Try: look again." in str(
        calibration_text(told)
    )


def test_mistakes_are_answered_with_a_remedy(tmp_path: Path) -> None:
    """No door for data, no file, no column, no such technique; never a traceback."""
    short = tmp_path / "short.csv"
    short.write_text("params,loss_nats_per_token,outlier\n1e9,2.5,0\n")
    absent = tmp_path / "absent.csv"
    assert "AMP-C130" in call(*SYNTHETIC, "--data", short, code=5).stderr
    assert "AMP-C131" in call("calibrate", "overtraining", "--data", absent, code=5).stderr
    missing = call("calibrate", "overtraining", "--data", short, code=5).stderr
    assert "AMP-C132" in missing
    assert "tokens" in missing
    assert "overtraining" in call("calibrate", "overtrainin", code=5).stderr
    call("calibrate", "all", code=5)
    call(*SYNTHETIC, "--data", short, "--leave-one-source-out", code=2)
