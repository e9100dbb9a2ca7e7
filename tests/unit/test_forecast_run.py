"""What a run promises: units, the frontier, shared draws, and the same numbers again."""

from __future__ import annotations

import json
from typing import Any

import numpy
import pytest
import xarray

from amplicast import Forecast, Registry, Scenario, ScenarioError, run
from amplicast.forecast.forecast import evaluate_draws
from amplicast.forecast.inputs import declared
from amplicast.forecast.outputs import FRONTIER_SPEND, HEADLINES, OUTPUTS, output_coords
from amplicast.physics.frontier import device_time

CAP = "inference-cap"


@pytest.fixture(scope="module")
def varied(installed: Registry, brief_case: Scenario) -> Forecast:
    """The small case, a belief set to what it is, a variant of nothing, and one of something."""
    record = brief_case.to_dict()
    record["tree"]["variants"] = {
        "nothing": {},
        CAP: record["tree"]["variants"][CAP],
        "same": {"inference_share": record["tree"]["assumptions"]["inference_share"]},
    }
    same = brief_case.assumptions["inference_share"].prior.statement
    scenario = Scenario.from_dict(record).apply_sets(
        [f"inference_share={same}"], declared=declared(installed)
    )
    return run(scenario, installed, variants=("nothing", CAP, "same"), cores=1)


def same(one: xarray.Dataset, other: xarray.Dataset, *, tolerance: float = 0.0) -> None:
    """Hold every output of two forecasts equal, undefined in the same places."""
    assert set(one) == set(other)
    for name in one:
        a, b = one[name], other[name].transpose(*one[name].dims)
        numpy.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance, err_msg=str(name))


def of(forecast: Forecast, number: int) -> xarray.Dataset:
    """Outputs of one of the scenarios that were drawn together."""
    outputs = forecast.outputs
    return outputs.isel(scenario=number) if "scenario" in outputs.dims else outputs


def test_outputs_are_as_declared(finished: Forecast) -> None:
    """Every output has its unit, title, dims and labels; draws are 4 chains of 1,000."""
    labels = output_coords(finished.plan)
    assert set(finished.outputs) == set(OUTPUTS)
    for name, about in OUTPUTS.items():
        values = finished.outputs[name]
        assert set(values.dims) == {"draw", *about.dims}, name
        assert (values.attrs["unit"], values.attrs["title"]) == (about.unit, about.title)
        assert values.sizes["draw"] == 4000
        for dim in about.dims:
            assert list(values[dim].values) == list(labels[dim])


def test_copies_times_device_time_is_capacity(finished: Forecast) -> None:
    """Along the drawn frontier nothing is gained or lost: copies x device time = capacity."""
    from amplicast.forecast.model import evaluate
    from amplicast.math import NUMPY

    inputs = {name: values.isel(draw=slice(0, 500)) for name, values in finished.inputs().items()}
    outputs = evaluate(NUMPY, finished.plan, inputs)
    frontier, copies = outputs["frontier_copies"], outputs["copies"]
    assert numpy.allclose(frontier.isel(frontier_spend=0), copies, rtol=1e-12)
    spend = xarray.DataArray(list(map(float, FRONTIER_SPEND)), dims=("frontier_spend",))
    some = copies > 0.0
    kappa = (copies / frontier.isel(frontier_spend=1) - 1.0) / 9.0
    ratio = frontier * device_time(NUMPY, spend, kappa=kappa) / copies
    assert bool(some.any())
    assert numpy.allclose(ratio.where(some, 1.0), 1.0, rtol=1e-9)
    # The spend that a regime can afford is the same curve, read from the other side.
    wanted, afforded = outputs["copies_wanted"], outputs["spend"]
    runs = wanted * device_time(NUMPY, afforded, kappa=kappa)
    possible = (outputs["feasible"] > 0.5) & some
    ratio = (runs / copies).where(possible, 1.0)
    assert numpy.allclose(ratio, 1.0, rtol=1e-9)


def test_infeasible_draws_are_undefined_and_counted(finished: Forecast) -> None:
    """Amplification is NaN exactly where the pool cannot run the copies; `feasible` counts it."""
    outputs = finished.outputs
    feasible = outputs["feasible"]
    assert set(numpy.unique(feasible)) <= {0.0, 1.0}
    assert 0.0 < float(feasible.mean()) < 1.0
    undefined = numpy.isnan(outputs["amplification"])
    assert bool((undefined == (feasible < 0.5)).all())
    assert bool(((outputs["copies"] >= outputs["copies_wanted"]) == (feasible > 0.5)).all())
    assert bool(((outputs["unmet_demand"] > 0.0) == (feasible < 0.5)).all())
    assert not numpy.isnan(outputs["gain_total"]).any()


def test_amplification_counts_from_the_deployed_model(finished: Forecast) -> None:
    """It is the total gain less what the deployed model has, never the gain over a bare one."""
    outputs = finished.outputs
    difference = outputs["gain_total"] - outputs["gain_deployed"] - outputs["amplification"]
    assert float(abs(difference).max()) < 1e-12


def test_stock_at_the_end_of_2025(finished: Forecast) -> None:
    """Of about 20 million H100e sold by then most, but not all, are deployed."""
    sold = finished.inputs()["world-chips.sold_end_2025"].sum("maker")
    assert 1.8e7 < float(sold.median()) < 2.3e7
    deployed = finished.outputs["stock"].sel(year=2025, actor="world")
    assert 1.2e7 < float(deployed.median()) < 2.1e7
    lab = finished.outputs["stock"].sel(year=2025, actor="leading-lab")
    assert bool((lab < deployed).all())


def test_same_seed_same_draws(brief: Forecast, varied: Forecast) -> None:
    """A second run, with variants and on one core, repeats every draw of every input."""
    same(of(varied, 0), brief.outputs, tolerance=1e-9)
    for name, values in brief.inputs().items():
        assert (varied.inputs()[name] == values).all(), name


def test_a_variant_that_changes_nothing_changes_nothing(varied: Forecast) -> None:
    """Variants share draws: equal beliefs give equal outputs, draw by draw."""
    assert varied.scenarios[1:] == ("nothing", CAP, "same")
    same(of(varied, 1), of(varied, 0))
    same(of(varied, 3), of(varied, 0))


def test_a_variant_moves_what_it_changes_and_nothing_else(varied: Forecast) -> None:
    """Half the compute for inference: fewer copies in every draw, the same stock and demand."""
    capped, plain = of(varied, 2), of(varied, 0)
    assert bool((capped["copies"] <= plain["copies"]).all())
    assert float(capped["copies"].median()) < float(plain["copies"].median())
    for name in ("stock", "token_demand", "training_compute", "gain_deployed"):
        assert bool((capped[name] == plain[name]).all()), name


def test_reevaluated_is_as_if_run_anew(brief: Forecast, varied: Forecast) -> None:
    """Stored draws under another belief equal a run that had it from the start, to 1e-9."""
    changes = brief.scenario.variants[CAP]
    again = brief.reevaluate(changes)
    same(again.outputs, of(varied, 2), tolerance=1e-9)
    assert again.scenarios == (brief.scenario.name,)
    assert set(again.provenance["changes"]) == set(changes)
    same(brief.reevaluate({}).outputs, brief.outputs, tolerance=1e-9)
    assert "changes" not in brief.provenance


def test_evidence_cannot_be_changed_afterwards(finished: Forecast) -> None:
    """Only beliefs can be re-evaluated; every other name is refused, all in one go."""
    prior = finished.scenario.assumptions["inference_share"].prior
    with pytest.raises(ScenarioError) as caught:
        finished.reevaluate({"resampling.ln_odds_slope": prior, "inference_shar": prior})
    assert [problem.code for problem in caught.value.problems] == ["AMP-S163"] * 2


def test_variants_cannot_change_evidence(installed: Registry, baseline: Scenario) -> None:
    """A variant of a calibrated parameter is refused with its name, before anything is drawn."""
    record = baseline.to_dict()
    slope = {"value": "0.2 to 0.6", "unit": "nat"}
    record["tree"]["variants"] = {"steeper": {"resampling.ln_odds_slope": slope}}
    with pytest.raises(ScenarioError, match=r"AMP-S162.*resampling\.ln_odds_slope"):
        run(Scenario.from_dict(record), installed, variants=("steeper",))


def test_posteriors_keep_chain_and_draw(finished: Forecast) -> None:
    """Calibrated draws are stored by chain, the inputs are the same draws laid end to end."""
    informed = finished.tree["posterior"].children
    assert set(informed) == set(finished.provenance["posteriors"])
    inputs = finished.inputs()
    for id_, group in informed.items():
        for name, values in group.to_dataset().data_vars.items():
            assert values.dims[:2] == ("chain", "draw")
            assert (values.sizes["chain"], values.sizes["draw"]) == (4, 1000)
            if f"{id_}.{name}" in inputs:
                flat = values.values.reshape(4000, *values.shape[2:])
                assert (inputs[f"{id_}.{name}"].values == flat).all()
        assert {"r_hat", "ess_bulk"} <= set(finished.tree["sample_stats"][id_].data_vars)
        assert finished.tree["evidence"][id_].attrs


def test_stored_inputs_reproduce_the_outputs(finished: Forecast) -> None:
    """NumPy alone gives the compiled run's outputs from its stored inputs."""
    again: dict[str, Any] = evaluate_draws(finished.plan, finished.inputs())
    same(xarray.Dataset(again), finished.outputs.drop_vars(list(finished.outputs.coords)),
         tolerance=1e-9)  # fmt: skip


def test_shares_of_variance(finished: Forecast) -> None:
    """Evidence, belief and both together add up to the whole of each headline's variance."""
    shares = finished.tree["diagnostics"].to_dataset()
    for name in HEADLINES:
        values = shares[f"share_{name}"]
        total = values.sum("source", skipna=False)
        assert numpy.allclose(total.values[numpy.isfinite(total)], 1.0)
        for source in ("evidence", "belief"):
            alone = values.sel(source=source)
            assert bool(((alone >= 0.0) & (alone <= 1.0) | numpy.isnan(alone)).all())


def test_run_is_named_after_its_content(brief: Forecast, varied: Forecast) -> None:
    """The card holds scenario, versions, digests and beliefs; another content has another name."""
    record = brief.provenance
    assert json.loads(json.dumps(record)) == record
    assert record["scenario_digest"] == brief.scenario.digest()
    assert record["failed_checks"] == []
    assert set(record["beliefs"]) | set(record["informed"]) <= set(brief.inputs())
    assert brief.id != varied.id


def test_devices_make_up_the_stock(finished: Forecast) -> None:
    """Each type counts by its peak, in the base year as published."""
    held = finished.outputs["devices"].sel(year=2025)
    each = xarray.DataArray([d.h100e for d in finished.plan.hardware], dims=("hardware",))
    numpy.testing.assert_allclose(
        (held * each).sum("hardware"), finished.outputs["stock"].sel(year=2025), rtol=1e-9
    )


def test_what_cannot_serve_is_no_use(finished: Forecast) -> None:
    """Copies are there in a draw exactly where a part of the stock is usable."""
    usable, copies = finished.outputs["usable_share"], finished.outputs["copies"]
    assert ((usable >= 0.0) & (usable <= 1.0 + 1e-9)).all()
    assert ((usable > 0.0) == (copies.sel(actor="world") > 0.0)).all()
    assert float((usable == 0.0).mean()) < 0.1


def test_no_run_outgrows_the_chips_of_its_year(finished: Forecast) -> None:
    """The bound holds in every draw, decides some, and rises with the world's stock."""
    flop, bound = finished.outputs["training_compute"], finished.outputs["training_bound"]
    assert (flop <= bound * (1.0 + 1e-9)).all()
    decided = (flop >= bound * (1.0 - 1e-9)).mean("draw")
    assert 0.2 < float(decided.sel(year=2032)) < 0.8
    assert float(decided.sel(year=2025)) < 0.1
    inputs = finished.inputs()
    longer = {**inputs, "training_run_length": 2.0 * inputs["training_run_length"]}
    again = evaluate_draws(finished.plan, longer)["training_bound"]
    numpy.testing.assert_allclose(again, 2.0 * bound.transpose(*again.dims), rtol=1e-9)


def test_outputs_can_be_asked_for_by_name(finished: Forecast) -> None:
    """The same numbers without the others, and for several scenarios at once."""
    inputs = finished.inputs()
    whole, part = (
        evaluate_draws(finished.plan, inputs, only=names) for names in (tuple(OUTPUTS), HEADLINES)
    )
    assert set(part) == set(HEADLINES)
    for name in HEADLINES:
        numpy.testing.assert_array_equal(part[name], whole[name])
    half = xarray.DataArray([1.0, 0.5], dims=("scenario",))
    varied = {**inputs, "inference_share": inputs["inference_share"] * half}
    copies = evaluate_draws(finished.plan, varied, only=("copies",))["copies"]
    for place, factor in enumerate((1.0, 0.5)):
        one = copies.isel(scenario=place).transpose(*whole["copies"].dims)
        numpy.testing.assert_allclose(one, factor * whole["copies"], rtol=1e-12)
