"""The forecast itself: one function of named inputs, written once for NumPy and for PyMC.

`evaluate` joins the plugins by the physics. On NumPy/xarray it re-evaluates stored draws; inside
a PyMC model it makes the graph that is calibrated, conditioned and compiled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amplicast.forecast.fleet import BASE_YEAR, grown, make_fleet, mean_kappa
from amplicast.forecast.gains import Gains
from amplicast.forecast.outputs import FRONTIER_SPEND
from amplicast.forecast.parameters import parameters
from amplicast.forecast.plan import Plan
from amplicast.math import MathNamespace
from amplicast.physics.frontier import affordable_spend, demanded_copies, device_time

__all__ = ["evaluate"]

Value = Any
Inputs = Mapping[str, Value]


def evaluate(m: MathNamespace, plan: Plan, inputs: Inputs) -> dict[str, Value]:
    """Every output of the forecast from its inputs.

    Parameters
    ----------
    m : MathNamespace
        `amplicast.math.NUMPY`, or its PyTensor twin.
    plan : Plan
        Structure: plugins, years, actors, regimes, task classes.
    inputs : Mapping[str, Value]
        Labelled values of the engine inputs and of ``<plugin>.<parameter>``.

    Returns
    -------
    dict[str, Value]
        Keys and units as in `amplicast.forecast.outputs.OUTPUTS`.
    """
    year = m.array([float(y) for y in plan.years], dims=("year",))
    record = plan.line.path(m, year=year, **parameters(plan.line, plan.line.path, inputs))
    model = _served(record, size=inputs["served_size"])
    pools = _pools(m, plan, inputs, year=year)
    capacity, kappa = _capacity(m, plan, inputs, year=year, model=model, pools=pools)
    wanted, demand = _copies_wanted(m, plan, inputs, year=year, capacity=capacity, kappa=kappa)

    ratio = capacity / wanted
    spend = affordable_spend(m, capacity=capacity, copies=wanted, kappa=kappa)
    feasible = m.where(ratio >= 1.0, 1.0, 0.0)

    gains = Gains(m, plan, inputs, log10_training_flop=model["log10_training_flop"])
    total, deployed, lost, frontier, amplified = gains.outputs(
        spend=spend, capacity=capacity, kappa=kappa
    )
    amplification = m.where(feasible > 0.5, total - deployed, float("nan"))
    speed = inputs["serial_speed"]
    reach = m.array([float(x) for x in FRONTIER_SPEND], dims=("frontier_spend",))
    return {
        "training_compute": 10.0 ** model["log10_training_flop"],
        "effective_compute": _base_compute(m, plan, inputs, model=model) + amplification,
        "active_parameters": model["active"],
        "stock": pools,
        "copies": capacity,
        "amplification": amplification,
        "gain_total": total,
        "gain_deployed": deployed,
        "spend": spend,
        "copies_wanted": wanted,
        "feasible": feasible,
        "unmet_demand": m.maximum(wanted - capacity, 0.0),
        "amplified_copies": amplified,
        "human_equivalents": capacity * speed / inputs["human_tokens_per_second"],
        "token_capacity": capacity * speed,
        "token_demand": demand,
        "contribution": lost,
        "frontier_copies": capacity / device_time(m, reach, kappa=kappa),
        "frontier_gain": frontier,
    }


def _served(record: Mapping[str, Value], *, size: Value) -> dict[str, Value]:
    """The model that is served: `size` times as large as the record run, equal training compute."""
    return {
        **record,
        "active": record["active"] * size,
        "total": record["total"] * size,
        "tokens": record["tokens"] / size,
    }


def _pools(m: MathNamespace, plan: Plan, inputs: Inputs, *, year: Value) -> Value:
    """Deployed compute by actor [H100e]."""

    def stock(actor: str, world: Value | None) -> Value:
        pool = plan.pools[actor]
        return pool.stock(m, year=year, world=world, **parameters(pool, pool.stock, inputs))

    world = stock("world", None)
    stocks = [world if actor == "world" else stock(actor, world) for actor in plan.actors]
    return m.stack(stocks, dim="actor")


def _capacity(
    m: MathNamespace,
    plan: Plan,
    inputs: Inputs,
    *,
    year: Value,
    model: Mapping[str, Value],
    pools: Value,
) -> tuple[Value, Value]:
    """Copies at zero spend by actor [copies], and the marginal device time kappa [1]."""
    task = {name: inputs[name] for name in ("input_tokens", "output_tokens")}
    server = plan.serving
    fleet = grown(
        m,
        make_fleet(m, plan.hardware),
        years=m.maximum(year - BASE_YEAR, 0.0),
        compute=inputs["device_compute_growth"],
        memory=inputs["device_memory_growth"],
    )
    streams, kappa = server.serve(
        m,
        fleet=fleet,
        model=model,
        task=task,
        speed=inputs["serial_speed"],
        **parameters(server, server.serve, inputs),
    )
    mix = m.stack([inputs[f"mix.{id_}"] for id_ in fleet.ids], dim="hardware")
    served = (mix * streams).sum("hardware")
    h100e = (mix * fleet.h100e).sum("hardware")
    copies = pools * inputs["inference_share"] * served / h100e
    return copies, mean_kappa(m, kappa, mix=mix, streams=streams)


def _copies_wanted(
    m: MathNamespace,
    plan: Plan,
    inputs: Inputs,
    *,
    year: Value,
    capacity: Value,
    kappa: Value,
) -> tuple[Value, Value]:
    """Copies that each regime needs, by actor [copies], and the world's demand [tokens/s]."""
    asked = plan.demand
    rate = asked.rate(m, year=year, **parameters(asked, asked.rate, inputs))
    thinking = 1.0 + inputs["position_serial_realised"] * (
        10.0 ** inputs["position_serial_spend"] - 1.0
    )
    demanded = demanded_copies(
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
            demanded * (1.0 if actor == "world" else inputs["lab_demand_share"])
            for actor in plan.actors
        ],
        dim="actor",
    )
    zero = 0.0 * capacity
    regimes = [zero + (by_actor if copies is None else copies) for copies in plan.regimes.values()]
    return m.stack(regimes, dim="regime"), rate["output"]


def _base_compute(
    m: MathNamespace, plan: Plan, inputs: Inputs, *, model: Mapping[str, Value]
) -> Value:
    """Compute-optimal training compute of equal loss [log10 FLOP], by the first scaling policy."""
    for technique in plan.techniques:
        function = technique.base_compute
        if function is not None:
            own = parameters(technique, function, inputs)
            return function(m, params=model["active"], tokens=model["tokens"], **own)
    return model["log10_training_flop"]
