"""The model that is served: the record run under a cap, made smaller as given or as planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amplicast.concepts.compute import H100_FLOP_PER_S
from amplicast.forecast.parameters import parameters
from amplicast.forecast.plan import Plan
from amplicast.math import MathNamespace

__all__ = [
    "SECONDS_PER_YEAR",
    "base_compute",
    "capped",
    "demanded",
    "lifetime_tokens",
    "lightened",
    "planned",
    "resized",
    "served",
    "training_bound",
]

Value = Any
Inputs = Mapping[str, Value]
Model = Mapping[str, Value]

_LN10 = 2.302585092994046

SECONDS_PER_YEAR = 365.25 * 86400.0


def training_bound(inputs: Inputs, *, world: Value) -> Value:
    """Largest run that the world's compute of the year allows [FLOP].

    Parameters
    ----------
    world : Value
        Deployed compute at the end of the year [H100e].
    """
    rate = world * H100_FLOP_PER_S["bf16"] * inputs["training_utilisation"]
    taken = inputs["training_run_share"] * inputs["training_run_length"]
    return rate * taken * SECONDS_PER_YEAR


def capped(m: MathNamespace, record: Model, *, cap: Value) -> dict[str, Value]:
    """The record run, or the largest one of the same tokens per parameter under the cap [FLOP]."""
    over = m.maximum(record["log10_training_flop"] - m.log10(cap), 0.0)
    shrink = 10.0 ** (-0.5 * over)
    return {
        **record,
        "log10_training_flop": record["log10_training_flop"] - over,
        "active": record["active"] * shrink,
        "total": record["total"] * shrink,
        "tokens": record["tokens"] * shrink,
    }


def demanded(m: MathNamespace, rate: Mapping[str, Value], inputs: Inputs) -> dict[str, Value]:
    """Tokens per second that are asked for when their price changes [tokens/s], by kind."""
    response = m.exp(-_LN10 * inputs["price_elasticity"] * inputs["price_change"])
    return {kind: tokens * response for kind, tokens in rate.items()}


def lifetime_tokens(rate: Mapping[str, Value], inputs: Inputs) -> Value:
    """Tokens that pass through the leading lab's model while it is served [tokens].

    Output and fresh input: each is one forward pass. Cached input costs next to nothing.
    """
    per_second = (rate["output"] + rate["fresh"]) * inputs["lab_demand_share"]
    return per_second * SECONDS_PER_YEAR * inputs["model_lifetime"]


def planned(
    m: MathNamespace, plan: Plan, inputs: Inputs, *, model: Model, tokens: Value
) -> dict[str, Value]:
    """The model of equal loss that costs least to train and to serve `tokens` with.

    Keys ``params``, ``tokens``, ``saving`` and ``training_cost`` [OOM]; without a scaling policy
    among the techniques, the model as it is.
    """
    for technique in plan.techniques:
        function = technique.planned
        if function is not None:
            own = parameters(technique, function, inputs)
            equivalent = base_compute(m, plan, inputs, model=model)
            return dict(
                function(m, log10_equivalent_flop=equivalent, lifetime_tokens=tokens, **own)
            )
    nothing = 0.0 * model["log10_training_flop"]
    return {
        "params": model["active"],
        "tokens": model["tokens"],
        "saving": nothing,
        "training_cost": nothing,
    }


def served(
    m: MathNamespace, plan: Plan, model: Model, cheapest: Mapping[str, Value], *, size: Value
) -> dict[str, Value]:
    """What is served: `size` times the run at equal FLOP, or the plan that costs least."""
    if plan.decision != "planned":
        return resized(model, size=size)
    active, tokens = cheapest["params"], cheapest["tokens"]
    return {
        **model,
        "log10_training_flop": m.log10(6.0 * active * tokens),
        "active": active,
        "total": model["total"] * (active / model["active"]),
        "tokens": tokens,
    }


def lightened(m: MathNamespace, model: Model, *, saving: Value) -> dict[str, Value]:
    """The model of the same capability with `saving` OOM less parameters [OOM]."""
    kept = m.exp(-_LN10 * saving)
    return {**model, "active": model["active"] * kept, "total": model["total"] * kept}


def resized(model: Model, *, size: Value) -> dict[str, Value]:
    """A model `size` times as large, trained at the same FLOP."""
    return {
        **model,
        "active": model["active"] * size,
        "total": model["total"] * size,
        "tokens": model["tokens"] / size,
    }


def base_compute(m: MathNamespace, plan: Plan, inputs: Inputs, *, model: Model) -> Value:
    """Compute-optimal training compute of equal loss [log10 FLOP], by the first scaling policy."""
    for technique in plan.techniques:
        function = technique.base_compute
        if function is not None:
            own = parameters(technique, function, inputs)
            return function(m, params=model["active"], tokens=model["tokens"], **own)
    return model["log10_training_flop"]
