"""Algorithmic progress: off it changes no digit, on it does what its name says and no more."""

from __future__ import annotations

import numpy
import pytest

from amplicast import Forecast, Prior
from amplicast.forecast.served import lightened
from amplicast.math import NUMPY
from amplicast.report.text import forecast_text


def by(pace: float) -> Prior:
    """A pace in OOM a year, without doubt."""
    return Prior(pace, unit="OOM/year", source="judgement", why="A test.")


def test_a_lighter_model_keeps_its_training() -> None:
    """An OOM less parameters, active and total; FLOP, tokens and KV stay."""
    model = {"active": 1e11, "total": 2e12, "log10_training_flop": 26.0, "tokens": 1e13}
    lean = lightened(NUMPY, model, saving=1.0)
    assert lean["active"] == pytest.approx(1e10)
    assert lean["total"] == pytest.approx(2e11)
    assert {k: lean[k] for k in ("log10_training_flop", "tokens")} == {
        k: model[k] for k in ("log10_training_flop", "tokens")
    }
    assert lightened(NUMPY, model, saving=0.0) == model


def test_better_training_is_worth_compute_and_nothing_else(finished: Forecast) -> None:
    """0.5 OOM a year are 3.5 OOM in 2032 for every pool; copies, gains and leverage stay."""
    before = finished.outputs
    after = finished.reevaluate({"training_efficiency_growth": by(0.5)}).outputs
    more = after["effective_compute"] - before["effective_compute"]
    for year, oom in ((2025, 0.0), (2026, 0.5), (2032, 3.5)):
        assert float(abs(more.sel(year=year) - oom).max()) < 1e-9
    for name in ("copies", "amplification", "leverage", "active_parameters"):
        numpy.testing.assert_allclose(after[name], before[name], rtol=1e-9, atol=1e-9)


def test_better_serving_makes_copies_and_nothing_dearer(finished: Forecast) -> None:
    """From 2026 on the same capability takes fewer parameters: more copies, less energy each."""
    before = finished.outputs
    after = finished.reevaluate({"inference_efficiency_growth": by(0.3)}).outputs
    fewer = numpy.log10(before["active_parameters"] / after["active_parameters"])
    assert float(abs(fewer.sel(year=2032) - 2.1).max()) < 1e-9
    numpy.testing.assert_allclose(after["copies"].sel(year=2025), before["copies"].sel(year=2025))
    later = slice(2026, 2032)
    assert bool((after["copies"] >= before["copies"]).sel(year=later).all())
    some = before["copies"].sel(year=2032, actor="world") > 0.0
    dearer = (after["energy_per_task"] > before["energy_per_task"]).sel(year=2032)
    assert not bool(dearer.where(some, False).any())
    numpy.testing.assert_allclose(after["training_compute"], before["training_compute"], rtol=1e-9)


def test_an_answer_says_which_compute_it_counts(finished: Forecast) -> None:
    """Physical by default; effective, and progress no longer left out, where a trend is on."""
    plain = " ".join(str(forecast_text(finished, [2032], ["copies"], None)).split())
    assert "physical, without algorithmic progress" in plain
    assert "algorithmic progress, shocks" in plain
    changes = finished.scenario.variants["algorithmic-progress"]
    better = " ".join(
        str(forecast_text(finished.reevaluate(changes), [2032], ["copies"], None)).split()
    )
    assert "effective, by the algorithms of 2025" in better
    assert "progress, shocks" not in better
