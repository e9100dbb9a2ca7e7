"""Spans of made-up techniques whose reach is known, and what models already use."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from amplicast import Prior, Source, Technique
from amplicast.analysis.curves import Curves
from amplicast.analysis.positions import SPENDS, position_of
from amplicast.analysis.spans import spans
from amplicast.math import NUMPY as m
from amplicast.report.layout import grid, text_of
from amplicast.report.techniques import positions_text, spans_text
from amplicast_plugins.combining.additive import ADDITIVE
from amplicast_plugins.models.reference import GPT_3

DRAWS = 50


def made_up(id_, exchange, domain, **fields):
    """A technique with one parameter, its largest spend."""
    settings = {"mechanism": "passes", "role": "amplifier", "task_classes": ("general",)}
    return Technique(
        id=id_,
        summary="Made up.",
        sources=(Source(key="none", title="none"),),
        limits="Made up.",
        priors={"end": Prior("1 to 2", unit="OOM", source="judgement", why="Made up.")},
        exchange=exchange,
        domain=domain,
        **{**settings, **fields},
    )


LINE = made_up(
    "line",
    lambda m, spend, *, context, end: 0.5 * m.minimum(spend, end),
    lambda m, *, context, end: (0.0 * end, end),
)
GROWING = made_up(
    "growing",
    lambda m, spend, *, context, end: spend * (context.log10_training_flop - 20.0) / 10.0,
    lambda m, *, context, end: (0.0 * end, end),
)
STEP = made_up(
    "step",
    lambda m, spend, *, context, end: m.where(spend >= end, 1.0, 0.0),
    lambda m, *, context, end: (0.0 * end, end),
    mechanism="serial-tokens",
)
STEEP = made_up(
    "steep",
    lambda m, spend, *, context, end: m.minimum(0.1 * spend, 8.0 * spend),
    lambda m, *, context, end: (-end, 0.0 * end),
    mechanism="parameters",
    role="economiser",
    task_classes=("general", "sequential"),
)


@pytest.fixture(scope="module")
def curves():
    """The four techniques, additive, for a model of the GPT-3 class."""
    ends = xr.DataArray(np.linspace(1.0, 2.0, DRAWS), dims=("draw",))
    ones = xr.ones_like(ends)
    techniques = (GROWING, LINE, STEEP, STEP)
    plan = SimpleNamespace(
        techniques=techniques,
        amplifiers=tuple(t for t in techniques if t.role == "amplifier"),
        combining=ADDITIVE,
        line=GPT_3,
        years=(2025, 2026),
    )
    inputs = {f"{t.id}.end": ends for t in techniques}
    inputs |= {
        f"gpt-3-class.{name}": prior.transform(m, 0.0 * ones)
        for name, prior in GPT_3.priors.items()
    }
    inputs |= {"task_pass_rate": 0.2 * ones, "latency_limit": 3.0 * ones}
    inputs |= {
        f"position_{name}_{what}": 0.5 * ones
        for name in ("serial", "passes")
        for what in ("spend", "realised")
    }
    return Curves(plan=plan, inputs=inputs)


def by_id(curves):
    """Spans by technique id, at 1e25 FLOP."""
    return {span.technique.id: span for span in spans(curves, log10_training_flop=25.0)}


def test_a_straight_line_is_efficient_throughout(curves):
    """Gain half the spend: the span is the domain, all of it efficient, and scale does nothing."""
    span = by_id(curves)["line"]
    end = curves.parameter("line", "end")
    np.testing.assert_allclose(span.training, 0.5 * end)
    np.testing.assert_allclose(span.inference, 0.95 * end, rtol=0.01)
    np.testing.assert_allclose(span.efficient_inference, end)
    np.testing.assert_allclose(span.efficient_training, 0.5 * end)
    assert float(abs(span.scale_effect).max()) < 1e-12
    assert not span.binary


def test_scale_effect_is_per_oom_of_training(curves):
    """A slope that rises by a tenth per OOM: the span rises by a tenth of its length."""
    span = by_id(curves)["growing"]
    np.testing.assert_allclose(span.scale_effect, 0.1 * curves.parameter("growing", "end"))


def test_a_step_is_on_or_off(curves):
    """All of the gain in one point: binary, reached at its cost, without an efficient region."""
    span = by_id(curves)["step"]
    assert span.binary
    np.testing.assert_allclose(span.training, 1.0)
    np.testing.assert_allclose(span.inference, curves.parameter("step", "end"))


def test_an_economiser_is_told_once_and_beyond_six_is_not_efficient(curves):
    """Eight OOM of training for one of inference is a span, and no efficient one."""
    found = [s for s in spans(curves, log10_training_flop=25.0) if s.technique.id == "steep"]
    assert len(found) == 1
    end = curves.parameter("steep", "end")
    np.testing.assert_allclose(found[0].training, 8.0 * end)
    np.testing.assert_allclose(found[0].inference, end)
    assert float(found[0].efficient_inference.max()) == 0.0


def test_a_named_model_brings_its_own_position(curves):
    """GPT-3 was used without thinking, whatever the scenario says; passes stay the scenario's."""
    position = position_of(curves, "GPT-3", None, "general")
    gains = curves.gains(log10_training_flop=position.log10_training_flop)
    passes = gains.combined("general").merged["passes"]
    half = m.interpolate(passes, 2.5, dim="spend")
    np.testing.assert_allclose(position.had, 0.5 * half)
    assert list(position.left["total"].values) == list(SPENDS)
    with pytest.raises(ValueError, match="2040"):
        position_of(curves, "GPT-3", 2040, "general")


def test_tables_name_every_technique(curves):
    """Every technique has a row; an economiser says that it costs and saves."""
    text = str(spans_text(spans(curves, log10_training_flop=25.0), log10_training_flop=25.0))
    assert all(name in text for name in ("line", "growing", "step", "steep"))
    assert "costs" in text
    assert "saves" in text
    assert "on or off" in text
    assert "GPT-3" in str(positions_text([position_of(curves, "GPT-3", None, "general")]))


def test_a_grid_aligns_columns_and_lets_the_last_cell_run_on():
    """Cells start under each other; a short row's last cell does not widen a column."""
    text = str(
        text_of([grid("title", [["a", "b", "c"], ["long", "x", "y"], ["a heading that runs on"]])])
    )
    assert text.splitlines() == [
        "title", "  a      b   c", "  long   x   y", "  a heading that runs on",
    ]  # fmt: skip
