"""The forecast itself: one function of named inputs, written once for NumPy and for PyMC.

`evaluate` joins the plugins by the physics. On NumPy/xarray it re-evaluates stored draws; inside
a PyMC model it makes the graph that is calibrated, conditioned and compiled.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from amplicast.concepts import Fleet
from amplicast.forecast.accounts import energy, money, watts_per_h100e
from amplicast.forecast.fleet import BASE_YEAR, fleet_mean, grown, make_fleet
from amplicast.forecast.gains import Gains
from amplicast.forecast.labour import labour, person_speed
from amplicast.forecast.outputs import FRONTIER_SPEND, OUTPUTS
from amplicast.forecast.parameters import parameters
from amplicast.forecast.plan import Plan
from amplicast.forecast.served import (
    base_compute,
    capped,
    demanded,
    lifetime_tokens,
    lightened,
    planned,
    resized,
    served,
    training_bound,
)
from amplicast.math import MathNamespace
from amplicast.physics.accounts import compute_per_copy
from amplicast.physics.frontier import (
    affordable_spend,
    demanded_copies,
    device_time,
    length_share,
    reading_price,
)

__all__ = ["evaluate", "pools"]

Value = Any
Inputs = Mapping[str, Value]

GAINS = ("gain_total", "gain_deployed")
"""What amplification is the difference of."""

LONGER = 10.0
"""Lengthening of an answer at which the price of long answers is asked of the serving plugin."""


def evaluate(
    m: MathNamespace,
    plan: Plan,
    inputs: Inputs,
    *,
    only: Collection[str] = tuple(OUTPUTS),
    steps: dict[str, Value] | None = None,
) -> dict[str, Value]:
    """Every output of the forecast from its inputs.

    Parameters
    ----------
    m : MathNamespace
        `amplicast.math.NUMPY`, or its PyTensor twin.
    plan : Plan
        Structure: plugins, years, actors, regimes, task classes.
    inputs : Mapping[str, Value]
        Labelled values of the engine inputs and of ``<plugin>.<parameter>``.
    only : collection of str
        Outputs that are wanted; without those that credit techniques it takes half the time.
    steps : dict, optional
        Is filled with what is computed on the way; keys as in `amplicast.forecast.trace.STEPS`.

    Returns
    -------
    dict[str, Value]
        Keys and units as in `amplicast.forecast.outputs.OUTPUTS`.
    """
    year = m.array([float(y) for y in plan.years], dims=("year",))
    path = plan.line.path(m, year=year, **parameters(plan.line, plan.line.path, inputs))
    # A named model may know what it already spends; a line of models leaves that to the scenario.
    inputs = {**inputs, **{key: path[key] for key in path if key.startswith("position_")}}
    rate = plan.demand.rate(m, year=year, **parameters(plan.demand, plan.demand.rate, inputs))
    rate = demanded(m, rate, inputs)
    stocks = pools(m, plan, inputs, year=year)
    bound = training_bound(inputs, world=stocks["world"])
    if plan.line.bounded:
        path = capped(m, path, cap=bound)
    record = capped(m, path, cap=inputs["training_cap"])
    tokens = lifetime_tokens(rate, inputs)
    cheapest = planned(m, plan, inputs, model=record, tokens=tokens)
    model = served(m, plan, record, cheapest, size=inputs["served_size"])
    base = base_compute(m, plan, inputs, model=model)
    # Planning leaves the loss, and with it the base compute, as it was.
    free = path if plan.decision == "planned" else resized(path, size=inputs["served_size"])
    largest = base_compute(m, plan, inputs, model=free)
    ahead = m.maximum(year - BASE_YEAR, 0.0)
    lean = lightened(m, model, saving=inputs["inference_efficiency_growth"] * ahead)

    stock = m.stack([stocks[actor] for actor in plan.actors], dim="actor")
    fleet = grown(
        m,
        make_fleet(m, plan.hardware),
        years=ahead,
        compute=inputs["device_compute_growth"],
        memory=inputs["device_memory_growth"],
    )
    mix = m.stack([inputs[f"mix.{id_}"] for id_ in fleet.ids], dim="hardware")
    each, price, longer = _served(m, plan, inputs, fleet=fleet, model=lean)
    streams, h100e = (mix * each).sum("hardware"), (mix * fleet.h100e).sum("hardware")
    usable = (mix * fleet.h100e * m.where(each > 0.0, 1.0, 0.0)).sum("hardware")
    kappa, share = (fleet_mean(m, one, mix=mix, streams=each) for one in (price, longer))
    capacity = stock * inputs["inference_share"] * streams / h100e
    wanted = _copies_wanted(m, plan, inputs, rate=rate, capacity=capacity, kappa=kappa)
    ratio = capacity / wanted
    spend = affordable_spend(m, capacity=capacity, copies=wanted, kappa=kappa)
    feasible = m.where(ratio >= 1.0, 1.0, 0.0)
    asked = inputs["input_tokens"] / inputs["output_tokens"]
    gains = Gains(
        m,
        plan,
        inputs,
        base,
        length_share=share,
        reading_price=reading_price(m, kappa=kappa, input_per_output=asked),
    ).outputs(spend=spend, capacity=capacity, kappa=kappa, only={*GAINS, *only})
    over = gains["gain_total"] - gains["gain_deployed"]
    amplification = m.where(feasible > 0.5, over, float("nan"))
    speed = inputs["serial_speed"]
    person = person_speed(m, plan, inputs)
    per_copy = compute_per_copy(m, streams=streams, h100e=h100e)
    watts = watts_per_h100e(m, plan, inputs, h100e=h100e)
    reach = m.array([float(x) for x in FRONTIER_SPEND], dims=("frontier_spend",))
    if steps is not None:
        steps.update(
            calendar_year=year,
            years_ahead=ahead,
            fresh_demand=rate["fresh"],
            run_compute=record["log10_training_flop"],
            run_active=record["active"],
            base_compute=base,
            uncapped_base_compute=largest,
            fleet_streams=streams,
            fleet_compute=h100e,
            reading_weight=kappa,
            compute_per_copy=per_copy,
            watts_per_compute=watts,
            person_speed=person,
        )
    found = {
        "training_compute": 10.0 ** model["log10_training_flop"],
        "effective_compute": base + amplification + inputs["training_efficiency_growth"] * ahead,
        "leverage": base + amplification - largest,
        "lifetime_tokens": tokens,
        "planned_saving": cheapest["saving"],
        "planned_cost": cheapest["training_cost"],
        "active_parameters": lean["active"],
        "training_bound": bound,
        "stock": stock,
        "devices": stock * mix / h100e,
        "usable_share": usable / h100e,
        "copies": capacity,
        "amplification": amplification,
        "length_share": share,
        "spend": spend,
        "copies_wanted": wanted,
        "feasible": feasible,
        "unmet_demand": m.maximum(wanted - capacity, 0.0),
        "token_capacity": capacity * speed,
        "token_demand": rate["output"],
        "frontier_copies": capacity / device_time(m, reach, kappa=kappa),
        **labour(inputs, copies=capacity, person=person),
        **money(m, plan, inputs, year=year, per_copy=per_copy, person=person),
        **energy(inputs, pools=stock, per_copy=per_copy, watts=watts),
        **gains,
    }
    return {name: value for name, value in found.items() if name in only}


def pools(m: MathNamespace, plan: Plan, inputs: Inputs, *, year: Value) -> dict[str, Value]:
    """Deployed compute of the world and of every actor at the end of each year [H100e]."""

    def stock(actor: str, world: Value | None) -> Value:
        pool = plan.pools[actor]
        return pool.stock(m, year=year, world=world, **parameters(pool, pool.stock, inputs))

    world = stock("world", None)
    others = {actor: stock(actor, world) for actor in plan.actors if actor != "world"}
    return {"world": world, **others}


def _served(
    m: MathNamespace, plan: Plan, inputs: Inputs, *, fleet: Fleet, model: Mapping[str, Value]
) -> tuple[Value, Value, Value]:
    """Streams of each device, kappa [1] and the share of its time that grows with length."""
    read, written = inputs["input_tokens"], inputs["output_tokens"]
    server = plan.serving

    def serve(output_tokens: Value) -> tuple[Value, Value]:
        return server.serve(
            m,
            fleet=fleet,
            model=model,
            task={"input_tokens": read, "output_tokens": output_tokens},
            speed=inputs["serial_speed"],
            **parameters(server, server.serve, inputs),
        )

    streams, kappa = serve(written)
    share = length_share(
        m,
        kappa=kappa,
        streams=streams,
        longer=serve(LONGER * written)[0],
        length=LONGER,
        output=written / (read + written),
    )
    return streams, kappa, share


def _copies_wanted(
    m: MathNamespace,
    plan: Plan,
    inputs: Inputs,
    *,
    rate: Mapping[str, Value],
    capacity: Value,
    kappa: Value,
) -> Value:
    """Copies that each regime needs, by actor [copies]."""
    thinking = 1.0 + inputs["position_serial_realised"] * (
        10.0 ** inputs["position_serial_spend"] - 1.0
    )
    copies_asked = demanded_copies(
        m,
        output=rate["output"],
        fresh=rate["fresh"],
        speed=inputs["serial_speed"],
        input_per_output=inputs["input_tokens"] / inputs["output_tokens"],
        kappa=kappa,
        thinking=thinking,
    )
    by_actor = m.stack(
        [
            copies_asked * (1.0 if actor == "world" else inputs["lab_demand_share"])
            for actor in plan.actors
        ],
        dim="actor",
    )
    zero = 0.0 * capacity
    regimes = [zero + (by_actor if copies is None else copies) for copies in plan.regimes.values()]
    return m.stack(regimes, dim="regime")
