"""What a forecast computes, with units: read by the model, the tables and the docs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amplicast.forecast.plan import Plan

__all__ = [
    "FRONTIER_SPEND",
    "HEADLINES",
    "OUTPUTS",
    "Output",
    "mechanisms_of",
    "output_coords",
]

FRONTIER_SPEND = tuple(range(9))
"""Whole-OOM spends at which the copies-amplification frontier is kept [OOM]."""


@dataclass(frozen=True)
class Output:
    """One named output of the forecast.

    Attributes
    ----------
    unit : str
    title : str
        For tables and axes.
    dims : tuple of str
        Besides ``draw``.
    log : bool
        Positive and wide: summarised and compared on a log scale.
    """

    unit: str
    title: str
    dims: tuple[str, ...]
    log: bool = False


OUTPUTS: Mapping[str, Output] = {
    "training_compute": Output("FLOP", "Training compute of the frontier model", ("year",), True),
    "effective_compute": Output(
        "OOM FLOP",
        "Effective training compute, amplified: compute-optimal, by the algorithms of 2025",
        ("year", "actor", "regime", "task_class"),
    ),
    "leverage": Output(
        "OOM",
        "Effective compute, amplified, over that of the largest run without a cap",
        ("year", "actor", "regime", "task_class"),
    ),
    "lifetime_tokens": Output(
        "tokens", "Tokens that the leading lab's model serves in its lifetime", ("year",), True
    ),
    "planned_saving": Output(
        "OOM", "Inference saved by the overtraining that costs least over the lifetime", ("year",)
    ),
    "planned_cost": Output(
        "OOM", "Training compute added by the overtraining that costs least", ("year",)
    ),
    "active_parameters": Output("parameters", "Active parameters", ("year",), True),
    "training_bound": Output(
        "FLOP", "Largest run that the world's compute of the year allows", ("year",), True
    ),
    "stock": Output("H100e", "Deployed compute of the pool", ("year", "actor"), True),
    "devices": Output(
        "devices",
        "Devices of the pool, counted as if today's types made it up in every year",
        ("year", "actor", "hardware"),
        True,
    ),
    "usable_share": Output(
        "fraction",
        "Share of the compute whose devices run the served model at the stated speed",
        ("year",),
    ),
    "copies": Output("copies", "AI copies at the stated serial speed", ("year", "actor"), True),
    "amplification": Output(
        "OOM",
        "Capability amplification over the deployed model",
        ("year", "actor", "regime", "task_class"),
    ),
    "gain_total": Output(
        "OOM", "Gain over one unaugmented answer", ("year", "actor", "regime", "task_class")
    ),
    "gain_deployed": Output("OOM", "Gain the deployed model already has", ("year", "task_class")),
    "length_share": Output(
        "fraction", "Part of writing time that grows with the answer's length", ("year",)
    ),
    "spend": Output(
        "OOM", "Inference spend that each copy can afford", ("year", "actor", "regime")
    ),
    "copies_wanted": Output(
        "copies", "Copies that the regime needs", ("year", "actor", "regime"), True
    ),
    "feasible": Output("fraction", "The pool can run the copies", ("year", "actor", "regime")),
    "unmet_demand": Output("copies", "Copies wanted beyond capacity", ("year", "actor", "regime")),
    "amplified_copies": Output(
        "copies",
        "Copies if each has the stated gain",
        ("year", "actor", "task_class"),
    ),
    "human_equivalents": Output(
        "people", "People at work whom the pool's copies equal", ("year", "actor"), True
    ),
    "serial_speedup": Output("x", "Serial speed of a copy over that of a person", (), True),
    "effective_labour": Output(
        "copies",
        "Copies in sequence whose work equals that of all copies in parallel",
        ("year", "actor"),
        True,
    ),
    "cost_per_copy_hour": Output("USD/hour", "Cost of running one copy", ("year",), True),
    "cost_per_person_hour": Output("USD/hour", "Cost of a human-equivalent hour", ("year",), True),
    "cost_over_wage": Output(
        "x", "Cost of a human-equivalent hour over a person's wage", ("year",), True
    ),
    "cost_per_mtoken": Output(
        "USD/Mtoken", "Marginal cost of output with its input", ("year",), True
    ),
    "list_price": Output("USD/Mtoken", "List price of output at that cost", ("year",), True),
    "price_of_frontier": Output(
        "USD/Mtoken", "List price of the frontier model's output, by trend", ("year",), True
    ),
    "price_at_fixed_capability": Output(
        "USD/Mtoken", "Price of what the frontier model of 2025 can do, by trend", ("year",), True
    ),
    "power": Output("GW", "Power of the pool's sites at full load", ("year", "actor"), True),
    "energy_per_copy_hour": Output("Wh", "Energy of one copy in an hour", ("year",), True),
    "energy_per_task": Output("Wh", "Energy of one unaugmented task", ("year",), True),
    "token_capacity": Output(
        "tokens/s", "Output tokens the pool can serve", ("year", "actor"), True
    ),
    "token_demand": Output("tokens/s", "Output tokens the world asks for", ("year",), True),
    "contribution": Output(
        "OOM",
        "Part of the gain that the technique brings at the best split",
        ("year", "actor", "regime", "task_class", "technique"),
    ),
    "mechanism_spend": Output(
        "OOM",
        "Part of the spend that the mechanism gets at the best split",
        ("year", "actor", "regime", "task_class", "mechanism"),
    ),
    "frontier_copies": Output(
        "copies", "Copies when each spends x", ("year", "actor", "frontier_spend"), True
    ),
    "frontier_gain": Output(
        "OOM", "Gain when each copy spends x", ("year", "task_class", "frontier_spend")
    ),
}

HEADLINES = ("amplification", "copies")
"""The two quantities amplicast exists for."""


def output_coords(plan: Plan) -> dict[str, Sequence[Any]]:
    """Labels of the dims of the outputs."""
    return {
        "year": list(plan.years),
        "actor": list(plan.actors),
        "regime": list(plan.regimes),
        "task_class": list(plan.task_classes),
        "hardware": [device.id for device in plan.hardware],
        "technique": [technique.id for technique in plan.amplifiers],
        "mechanism": mechanisms_of(plan),
        "frontier_spend": list(FRONTIER_SPEND),
    }


def mechanisms_of(plan: Plan) -> list[str]:
    """Mechanisms of the amplifiers in use, sorted."""
    return sorted({technique.mechanism for technique in plan.amplifiers})
