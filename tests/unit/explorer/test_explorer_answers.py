"""What the explorer answers to a slider is what the draws say."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
from starlette.testclient import TestClient
from tests.unit.explorer.asking import asked, shown

from amplicast import Forecast, Prior
from amplicast.explorer.moved import log_ratio, moved
from amplicast.explorer.session import Session
from amplicast.explorer.sliders import sliders_of
from amplicast.explorer.state import default_state, read_state
from amplicast.explorer.weights import GOOD, USABLE, Lamp, smoothed
from amplicast.forecast.draws import changed_inputs
from amplicast.forecast.forecast import evaluate_draws
from amplicast.report.table import LEVELS


def test_the_first_answer_is_the_run_itself(client: TestClient, finished: Forecast) -> None:
    """With nothing moved, every quantile is that of the stored draws."""
    told = asked(client, "/api/answer")
    place = default_state(finished)
    copies = finished.outputs["copies"].sel(actor=place.actor).transpose("draw", "year").values
    assert [told["copies"][name] for name in LEVELS] == pytest.approx(numpy.array(shown(copies)))
    where = {"actor": place.actor, "regime": place.regime}
    for task_class, found in told["amplification"].items():
        draws = finished.outputs["amplification"].sel(where | {"task_class": task_class})
        wanted = numpy.array(shown(draws.transpose("draw", "year").values))
        assert numpy.array([found[name] for name in LEVELS]) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "moves",
    [{"inference_share": 0.3}, {"task_pass_rate": 0.1, "lab_demand_share": 0.3}],
    ids=lambda moves: "+".join(moves),
)
def test_a_moved_belief_is_evaluated_exactly(
    client: TestClient, session: Session, moves: dict[str, float]
) -> None:
    """The page's quantiles are those of `evaluate_draws` under the moved beliefs."""
    forecast = session.forecast
    query = "&".join(f"set.{name}={value}" for name, value in moves.items())
    told = asked(client, f"/api/answer?regime=internal&task_class=verifiable&{query}")
    priors = {name: moved(session.sliders[name].prior, value) for name, value in moves.items()}
    inputs = forecast.inputs()
    draws = inputs["inference_share"].sizes["draw"]
    inputs |= changed_inputs(forecast.plan, forecast.scenario, priors, draws=draws)
    whole = evaluate_draws(forecast.plan, inputs, only=("amplification", "copies"))
    plan = forecast.plan
    at = {
        "regime": list(plan.regimes).index("internal"),
        "task_class": plan.task_classes.index("verifiable"),
        "actor": 0,
    }
    amplification = whole["amplification"].isel(at).transpose("draw", "year").values
    found = [told["amplification"]["verifiable"][name] for name in LEVELS]
    assert numpy.array(found, dtype=float) == pytest.approx(
        numpy.array(shown(amplification)), nan_ok=True
    )
    copies = whole["copies"].isel(actor=0).transpose("draw", "year").values
    assert [told["copies"][name] for name in LEVELS] == pytest.approx(numpy.array(shown(copies)))
    reached = (numpy.nan_to_num(amplification, nan=-1.0) >= 1.0).mean(axis=0)
    assert told["chances"]["verifiable"] == pytest.approx(reached)


def test_a_variant_is_the_one_of_the_scenario(client: TestClient, finished: Forecast) -> None:
    """Starting from a variant gives what re-evaluating it gives."""
    told = asked(client, "/api/answer?variant=inference-cap")
    capped = finished.reevaluate(finished.scenario.variants["inference-cap"])
    copies = capped.outputs["copies"].sel(actor="leading-lab").median("draw").values
    assert told["copies"]["p50"] == pytest.approx(copies)


def test_weights_move_the_forecast_the_right_way() -> None:
    """Known answer: a normal belief moved by half a standard deviation moves its mean as far.

    Given the log weights themselves instead of minus them, the library would move it back.
    """
    rng = numpy.random.default_rng(11)
    draws = rng.normal(size=20_000)
    before = Prior({"mean": 0.0, "sd": 1.0, "dist": "normal"}, unit="OOM")
    after = moved(before, 0.5)
    weights = smoothed(log_ratio(before, after, draws))
    assert (weights.shares * draws).sum() == pytest.approx(0.5, abs=0.03)
    assert draws[weights.places()].mean() == pytest.approx(0.5, abs=0.03)
    assert weights.lamp.colour == "green"
    assert weights.lamp.k < GOOD
    # Kish: n exp(-shift^2) for a normal moved by `shift` standard deviations.
    assert weights.lamp.effective == pytest.approx(20_000 * numpy.exp(-0.25), rel=0.03)


@pytest.mark.parametrize(
    "prior",
    [
        Prior("2 to 5", unit="FLOP"),
        Prior("0.2 to 0.5", unit="fraction"),
        Prior({"low": 0.95, "best": 1.7, "high": 2.95}, unit="OOM/year"),
        Prior({"mu": 1.0, "sigma": 0.5, "dist": "lognormal"}, unit="FLOP"),
    ],
    ids=lambda prior: prior.family,
)
def test_a_moved_belief_keeps_its_shape(prior: Prior) -> None:
    """Its median is where it was moved, its family and its weights those of its density."""
    from scipy.stats import norm

    target = prior.quantile(0.7)
    after = moved(prior, target)
    assert after.family == prior.family
    assert after.quantile(0.5) == pytest.approx(target, rel=1e-4)
    points = prior.quantile(numpy.linspace(0.05, 0.95, 7))
    ratio = numpy.exp(log_ratio(prior, after, points))
    step = 1e-6 * points

    def density(belief: Prior) -> Any:
        grid = numpy.linspace(-6.0, 6.0, 200_001)
        values = numpy.asarray(belief.quantile(norm.cdf(grid)))
        cdf = numpy.interp([points - step, points + step], values, norm.cdf(grid))
        return (cdf[1] - cdf[0]) / (2.0 * step)

    expected = density(after) / density(prior)
    away = numpy.abs(numpy.linspace(0.05, 0.95, 7) - 0.5) > 0.01  # two-piece: a kink there
    assert ratio[away] == pytest.approx(expected[away], rel=0.02)


def test_the_lamp_refuses_what_weights_cannot_carry(client: TestClient, session: Session) -> None:
    """Beyond k 0.7 the numbers stay those without the move, and the answer says so."""
    beliefs = [slider for slider in session.sliders.values() if slider.kind == "belief"]
    assert beliefs
    state = default_state(session.forecast)
    worst = "&".join(f"set.{slider.name}={slider.grid[0]!r}" for slider in beliefs)
    told = asked(client, f"/api/answer?{worst}")
    assert told["lamp"]["k"] > USABLE
    assert told["lamp"]["colour"] == "red"
    assert not told["reliable"]
    assert told["copies"] == asked(client, "/api/answer")["copies"]
    assert not asked(client, f"/api/picture/copies?{worst}")["reliable"]
    near = beliefs[0].grid[len(beliefs[0].grid) // 2 + 3]
    told = asked(client, f"/api/answer?set.{beliefs[0].name}={near!r}")
    assert told["reliable"]
    assert told["lamp"]["k"] <= USABLE
    assert told["copies"] != asked(client, "/api/answer")["copies"]
    assert session.weights(state) is None


@pytest.mark.parametrize(
    ("k", "effective", "colour"),
    [
        (0.5, 4000, "green"),
        (0.51, 4000, "amber"),
        (0.4, 300, "amber"),
        (0.7, 4000, "amber"),
        (0.71, 4000, "red"),
    ],
)
def test_the_lamp_has_three_colours(k: float, effective: float, colour: str) -> None:
    """Limits of Vehtari et al., and too few draws are never green."""
    assert Lamp(k, effective).colour == colour


def test_sliders_begin_where_the_run_is(session: Session) -> None:
    """Every default is a position; both ends give beliefs; only what is moved is a change."""
    sliders = sliders_of(session.forecast)
    names = [slider.name for slider in sliders]
    assert {"inference_share", "lab_demand_share", "training_efficiency_growth"} <= set(names)
    assert not [name for name in names if name.startswith("mix.") or ".new_" in name]
    for slider in sliders:
        assert slider.default in slider.grid
        assert list(slider.grid) == sorted(set(slider.grid))
        for end in (slider.grid[0], slider.grid[-1]):
            assert slider.at(end).quantile(0.5) == pytest.approx(end, rel=1e-4, abs=1e-9)
        assert slider.at(slider.default) is slider.prior
    still = [(f"set.{slider.name}", repr(slider.default)) for slider in sliders]
    state = read_state(session.forecast, session.sliders, still)
    assert not state.moved
    pace = session.pace(default_state(session.forecast))
    assert {pace[slider.name] for slider in sliders if slider.kind == "belief"} == {"weighed"}
    assert pace["inference_share"] == "live"
    assert pace["served_size"] == "slow"
