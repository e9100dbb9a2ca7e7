"""Checks of a run: each finds what it is for, and says what to do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from tests.unit.command_line import call
from tests.unit.synthetic_plugin import SYNTHETIC

from amplicast import Forecast, Plugin, Prior, Registry
from amplicast.analysis.exactness import ALLOWED, exactness
from amplicast.analysis.kept_fits import calibrated_plugins, kept_fits
from amplicast.analysis.power_scaling import power_scaling
from amplicast.analysis.precision import quantile_error, quantile_errors
from amplicast.analysis.predictive_coverage import predictive_coverage, rows_inside
from amplicast.engine.cache import Cache
from amplicast.engine.fit import SamplerSettings, fit
from amplicast.engine.latents import rows_of
from amplicast.engine.posterior import Posterior
from amplicast.forecast.evidence import foreseen_rows
from amplicast.report.check import Checked, check_run, checked_text
from amplicast.report.check.evidence import heldout_coverage, judge_evidence

GENERATOR = numpy.random.default_rng(7)


@pytest.fixture(scope="module")
def checked(finished: Forecast, cache_dir: str) -> Checked:
    """Every check of the session's run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
        return check_run(finished)


def _fitted(plugin: Plugin) -> Posterior:
    return fit(plugin, rows_of(plugin), SamplerSettings(draws=500, seed=3, cores=1))


def _believing(level: float, sd: float) -> Plugin:
    prior = Prior(dist="normal", mean=level, sd=sd, unit="OOM", source="made-up")
    return replace(SYNTHETIC, priors={**SYNTHETIC.priors, "level": prior})


@pytest.fixture(scope="module")
def agreeing() -> tuple[Plugin, Posterior]:
    """A line whose priors hold its rows."""
    return SYNTHETIC, _fitted(SYNTHETIC)


@pytest.fixture(scope="module")
def at_odds() -> tuple[Plugin, Posterior]:
    """The same line under a belief that its rows contradict."""
    plugin = _believing(2.0, 0.6)
    return plugin, _fitted(plugin)


def test_errors_of_many_quantiles_are_those_of_each() -> None:
    """One sweep over all places gives what each place gives alone."""
    draws = GENERATOR.standard_normal((1003, 5)) * [1.0, 2.0, 0.0, 1e6, 1.0]
    draws[:, 4] = numpy.sort(draws[:, 4])  # as unlike as batches can be
    for p in (0.0, 0.05, 0.5, 0.95, 1.0):
        alone = [quantile_error(draws[:, place], p) for place in range(5)]
        numpy.testing.assert_allclose(quantile_errors(draws, p), alone, rtol=1e-9, atol=1e-12)


def test_rows_of_the_model_itself_are_covered() -> None:
    """Rows that share a parameter miss together: only then is that no surprise."""
    size = 4000
    shared = GENERATOR.standard_normal((size, 1)) + 1e-3 * GENERATOR.standard_normal((size, 12))
    alone = GENERATOR.standard_normal((size, 12))
    outside = numpy.full(12, 1.9)
    assert rows_inside(shared, outside).inside == 0
    assert not rows_inside(shared, outside).odd
    assert rows_inside(alone, outside).odd
    assert not rows_inside(alone, alone[0]).odd
    broken = numpy.vstack([alone, numpy.full((3, 12), numpy.nan)])
    assert rows_inside(broken, outside) == rows_inside(alone, outside)


def test_a_belief_against_the_rows_is_found(
    agreeing: tuple[Plugin, Posterior], at_odds: tuple[Plugin, Posterior]
) -> None:
    """Power scaling flags the parameter, prior predictive coverage the rows; the fit looks fine."""
    assert not any(one.conflict for one in power_scaling(*agreeing))
    assert not predictive_coverage(agreeing[0], None)["points"].odd
    pulled = {one.name: one for one in power_scaling(*at_odds)}
    assert pulled["level"].conflict
    assert pulled["level"].mean < -2.0
    assert not pulled["slope"].conflict
    assert predictive_coverage(_believing(4.0, 0.1), None)["points"].odd


def test_a_shipped_run_passes_with_warnings(checked: Checked, finished: Forecast) -> None:
    """Nothing failed; each calibration has all its checks, each finding says what to do."""
    assert checked.passed()
    assert not checked.passed(strict=True)
    made = set(finished.provenance["checks_made"])
    for id_ in calibrated_plugins(finished):
        own = {each.check for each in checked.verdicts if each.where == id_}
        assert made | {"prior-data conflict"} <= own
    assert all(
        bool(each.next) == bool(each.found) == (not each.passed) for each in checked.verdicts
    )
    assert sum(checked.counts.values()) == len(checked.verdicts)


def test_rows_are_counted_in_what_the_others_say_of_them(
    checked: Checked, finished: Forecast
) -> None:
    """Only rows that weights can leave out; too few inside is told, whatever the rest says."""
    rows = [row for row in foreseen_rows(finished) if row.reliable]
    (told,) = (each for each in checked.verdicts if each.check == "rows inside, left out")
    assert told.value == pytest.approx(sum(row.inside(0.9) for row in rows) / len(rows))
    assert [each.mass for each in heldout_coverage(finished)] == [0.5, 0.66, 0.8, 0.9]
    assert told.passed
    tree = finished.tree.copy()
    for id_, node in tree["evidence"].children.items():
        far = node.to_dataset()
        tree[f"evidence/{id_}"] = far.assign(observed=far["observed"] + 1e3)
    moved = Forecast(tree=tree, plan=finished.plan, scenario=finished.scenario)
    (told,) = (each for each in judge_evidence(moved, {}) if each.check == "rows inside, left out")
    assert told.verdict == "warning"
    assert told.value == 0.0


def test_the_text_tells_every_finding(checked: Checked) -> None:
    """Nothing that was found is left out of what people read."""
    text = " ".join(str(checked_text(checked)).split())
    for each in checked.verdicts:
        if not each.passed:
            assert " ".join(each.found.split()) in text


def test_exactness_names_what_more_draws_would_mend(finished: Forecast) -> None:
    """Headlines are exact enough; a tenth of the draws is less exact, by about the root of ten."""
    found = {one.output: one for one in exactness(finished)}
    assert found["copies"].passed
    assert found["amplification"].passed
    few = finished.tree.copy()
    few["forecast"] = finished.tree["forecast"].to_dataset().isel(draw=slice(0, None, 40))
    fewer = Forecast(tree=few, plan=finished.plan, scenario=finished.scenario)
    worse = {one.output: one for one in exactness(fewer)}["copies"]
    assert worse.share > 2.0 * found["copies"].share
    assert worse.share > ALLOWED
    assert worse.times > 1
    assert "feasible" not in found


def test_a_fit_that_is_gone_is_not_checked(finished: Forecast, tmp_path: Path) -> None:
    """What needs the scores of a fit says that it was not looked at, never that it passed."""
    assert kept_fits(finished, Cache(tmp_path)) == {}


def test_warnings_end_with_4_only_if_strict(
    checked: Checked, run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same findings are another exit code where nothing may be left to look at."""
    monkeypatch.setattr("amplicast.report.check.check_run", lambda _: checked)
    assert checked.counts["FAILED"] == 0
    assert checked.counts["warning"] > 0
    call("check", run_folder)
    told = call("check", run_folder, "--strict", "--json", code=4).stdout
    assert json.loads(told)["data"]["counts"] == checked.counts


def test_failures_end_with_4(
    finished: Forecast, run_folder: Path, tmp_path: Path, installed: Registry
) -> None:
    """The exit code tells a script; the words tell a person which check and what to try."""
    finding = "resampling: FAIL r_hat: 3 of 9 parameters above 1.01. Try: look again."
    forecast = Forecast.load(run_folder, installed)
    tree = forecast.tree.copy()
    tree.attrs["provenance"] = json.dumps(forecast.provenance | {"failed_checks": [finding]})
    failed = Forecast(tree=tree, plan=forecast.plan, scenario=forecast.scenario)
    told = call("check", failed.save(tmp_path / "failed"), code=4).stdout
    assert "FAILED: r_hat" in told
    assert "3 of 9 parameters above 1.01" in told
    assert "Next: look again." in told
