"""Every quantity of a forecast on its way from inputs to answers, each with unit and expression.

The expression of a formula is arithmetic on quantities of this list and on inputs, in Python's
notation; a test computes each one anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from amplicast.forecast.model import evaluate
from amplicast.forecast.outputs import OUTPUTS
from amplicast.forecast.parameters import parameters
from amplicast.forecast.served import SECONDS_PER_YEAR
from amplicast.math import NUMPY

if TYPE_CHECKING:
    import xarray

    from amplicast.forecast.forecast import Forecast
    from amplicast.forecast.plan import Plan

__all__ = ["STEPS", "Step", "steps_of", "traced", "typical_draw"]

Kind = Literal["formula", "plugin", "search"]


@dataclass(frozen=True)
class Step:
    """One quantity.

    Attributes
    ----------
    unit, about : str
    expression : str
        Arithmetic, or the call of a plugin or of the physics that gives it.
    kind : {"formula", "plugin", "search"}
        Arithmetic that can be done by hand; a plugin's function; the best split of a spend, or
        another function of the physics.
    """

    unit: str
    about: str
    expression: str
    kind: Kind = "formula"


def _output(name: str, expression: str, kind: Kind = "formula") -> Step:
    return Step(OUTPUTS[name].unit, OUTPUTS[name].title, expression, kind)


STEPS: Mapping[str, Step] = {
    "calendar_year": Step("year", "Ends of years", "the scenario's years", "plugin"),
    "years_ahead": Step("years", "Years since the end of 2025", "max(calendar_year - 2025, 0)"),
    "token_demand": _output("token_demand", "demand.rate(year), output", "plugin"),
    "fresh_demand": Step(
        "tokens/s", "Fresh input tokens the world asks for", "demand.rate(year), fresh", "plugin"
    ),
    "training_bound": _output(
        "training_bound",
        "16-bit rate of the world's stock * training_utilisation * training_run_share"
        " * training_run_length",
        "plugin",
    ),
    "run_compute": Step(
        "log10 FLOP",
        "Training compute of the record run, bounded and capped",
        "model.path(year), at most training_bound and training_cap",
        "plugin",
    ),
    "run_active": Step(
        "parameters", "Active parameters of that run", "model.path(year), active", "plugin"
    ),
    "lifetime_tokens": _output(
        "lifetime_tokens",
        "(token_demand + fresh_demand) * lab_demand_share * model_lifetime"
        f" * {SECONDS_PER_YEAR:.0f}",
    ),
    "planned_saving": _output(
        "planned_saving", "scaling policy.planned(lifetime_tokens), saving", "plugin"
    ),
    "planned_cost": _output(
        "planned_cost", "scaling policy.planned(lifetime_tokens), training cost", "plugin"
    ),
    "training_compute": _output("training_compute", "10 ** run_compute"),
    "active_parameters": _output(
        "active_parameters",
        "run_active * served_size * 10 ** (-inference_efficiency_growth * years_ahead)",
    ),
    "base_compute": Step(
        "log10 FLOP",
        "Compute-optimal training compute of equal loss",
        "scaling policy.base_compute(active parameters, tokens)",
        "plugin",
    ),
    "uncapped_base_compute": Step(
        "log10 FLOP",
        "The same for the largest run without a cap",
        "scaling policy.base_compute(uncapped run)",
        "plugin",
    ),
    "stock": _output("stock", "supply.stock(year, world)", "plugin"),
    "fleet_streams": Step(
        "streams",
        "Streams of the device mix, by weight; only its ratio to fleet_compute counts",
        "sum over devices of mix * serving.serve(device, model, task, speed)",
        "plugin",
    ),
    "fleet_compute": Step(
        "H100e",
        "Compute of the device mix, by weight",
        "sum over devices of mix * compute, grown by device_compute_growth",
        "plugin",
    ),
    "devices": _output("devices", "stock * mix of the type / fleet_compute", "search"),
    "usable_share": _output(
        "usable_share", "part of fleet_compute in devices that run a stream", "plugin"
    ),
    "reading_weight": Step(
        "1",
        "Device time of an input token over that of an output token",
        "serving.serve(device, model, task, speed), mean over streams",
        "plugin",
    ),
    "length_share": _output(
        "length_share", "serving.serve(ten times longer answers), mean over streams", "plugin"
    ),
    "compute_per_copy": Step(
        "H100e", "Compute that one copy takes", "fleet_compute / fleet_streams"
    ),
    "copies": _output("copies", "stock * inference_share / compute_per_copy"),
    "copies_wanted": _output(
        "copies_wanted", "the regime's number, or the streams that token_demand takes", "search"
    ),
    "feasible": _output("feasible", "1.0 if copies >= copies_wanted else 0.0"),
    "unmet_demand": _output("unmet_demand", "max(copies_wanted - copies, 0)"),
    "spend": _output("spend", "the spend at which device time is copies / copies_wanted", "search"),
    "gain_deployed": _output(
        "gain_deployed", "combining(technique.exchange) at the deployed position", "plugin"
    ),
    "gain_total": _output(
        "gain_total", "combining(technique.exchange) at the best split of spend", "plugin"
    ),
    "contribution": _output(
        "contribution", "part of gain_total that the technique brings", "search"
    ),
    "mechanism_spend": _output(
        "mechanism_spend", "part of spend that the mechanism gets at the best split", "search"
    ),
    "amplification": _output("amplification", "gain_total - gain_deployed"),
    "effective_compute": _output(
        "effective_compute",
        "base_compute + amplification + training_efficiency_growth * years_ahead",
    ),
    "leverage": _output("leverage", "base_compute + amplification - uncapped_base_compute"),
    "amplified_copies": _output(
        "amplified_copies", "copies over the device time at which the gain is had", "search"
    ),
    "token_capacity": _output("token_capacity", "copies * serial_speed"),
    "person_speed": Step(
        "tokens/s",
        "Output tokens per second of one person",
        "equivalence.tokens_per_second(speed, task)",
        "plugin",
    ),
    "serial_speedup": _output("serial_speedup", "serial_speed / person_speed"),
    "human_equivalents": _output("human_equivalents", "copies * serial_speedup"),
    "effective_labour": _output("effective_labour", "copies ** parallel_returns"),
    "cost_of_compute": Step(
        "USD/hour", "Cost of an hour of one H100e", "cost.hour(year)", "plugin"
    ),
    "cost_per_copy_hour": _output("cost_per_copy_hour", "cost_of_compute * compute_per_copy"),
    "cost_per_person_hour": _output(
        "cost_per_person_hour", "cost_per_copy_hour * person_speed / serial_speed"
    ),
    "cost_over_wage": _output("cost_over_wage", "cost_per_person_hour / wage"),
    "cost_per_mtoken": _output(
        "cost_per_mtoken", "cost_per_copy_hour * 1000000 / 3600 / serial_speed"
    ),
    "list_price": _output("list_price", "cost_per_mtoken * price_over_cost"),
    "price_of_frontier": _output(
        "price_of_frontier",
        "frontier_price * 10 ** (frontier_price_growth * (calendar_year - 2025))",
    ),
    "price_at_fixed_capability": _output(
        "price_at_fixed_capability", "frontier_price, fallen by a fading trend", "search"
    ),
    "watts_per_compute": Step(
        "W/H100e",
        "Power of the device mix with its servers",
        "sum over devices of mix * watts, over fleet_compute",
        "plugin",
    ),
    "power": _output("power", "stock * watts_per_compute * facility_power / 1000000000"),
    "energy_per_copy_hour": _output(
        "energy_per_copy_hour", "compute_per_copy * watts_per_compute * facility_power * power_load"
    ),
    "energy_per_task": _output(
        "energy_per_task", "energy_per_copy_hour * output_tokens / (serial_speed * 3600)"
    ),
    "frontier_copies": _output(
        "frontier_copies", "copies over the device time at that spend", "search"
    ),
    "frontier_gain": _output(
        "frontier_gain", "best combined gain at that spend - gain_deployed", "search"
    ),
}
"""In the order of computing: everything on the right of an expression stands above it or is an
input."""

_PLANNED = {
    "training_compute": "scaling policy.planned(lifetime_tokens)",
    "active_parameters": "scaling policy.planned(lifetime_tokens), lightened by progress",
}
"""Where the served model is planned, these are its plan's."""


def steps_of(plan: Plan) -> dict[str, Step]:
    """`STEPS` as they are for one forecast."""
    if plan.decision != "planned":
        return dict(STEPS)
    planned = {
        name: replace(STEPS[name], expression=text, kind="plugin")
        for name, text in _PLANNED.items()
    }
    return {**STEPS, **planned}


def traced(forecast: Forecast, scenario: str, draw: int) -> dict[str, xarray.DataArray]:
    """Every quantity of `STEPS` in one draw of one scenario, by NumPy alone."""
    place = forecast.scenarios.index(scenario)
    inputs = {name: one.isel(draw=[draw]) for name, one in forecast.inputs(place).items()}
    plan, found = forecast.plan, dict[str, Any]()
    found.update(evaluate(NUMPY, plan, inputs, steps=found))
    found["cost_of_compute"] = plan.cost.hour(
        NUMPY, year=found["calendar_year"], **parameters(plan.cost, plan.cost.hour, inputs)
    )
    return {
        name: one.isel(draw=0) if "draw" in one.dims else one
        for name, one in ((name, found[name]) for name in STEPS)
    }


def typical_draw(forecast: Forecast, scenario: str) -> int:
    """The draw that ends nearest to the median of copies, of those that can run every regime."""
    import numpy

    copies = forecast.output("copies", scenario).isel(year=-1, actor=0)
    able = forecast.output("feasible", scenario).min(
        [dim for dim in ("year", "actor", "regime") if dim in forecast.outputs["feasible"].dims]
    )
    with numpy.errstate(divide="ignore"):
        distance = numpy.abs(numpy.log(copies.values / float(copies.median())))
    if bool((able > 0.5).any()):
        distance = numpy.where(able.values > 0.5, distance, numpy.inf)
    return int(numpy.argmin(numpy.nan_to_num(distance, nan=numpy.inf)))
