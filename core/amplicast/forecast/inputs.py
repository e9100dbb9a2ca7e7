"""The engine's own inputs: what a scenario must believe besides the plugins' parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from amplicast.scenario.model import Declared

if TYPE_CHECKING:
    from amplicast.registry import Registry

__all__ = ["ENGINE_INPUTS", "declared"]

ENGINE_INPUTS: Mapping[str, tuple[str, str]] = {
    "serial_speed": ("tokens/s", "Serial speed of one copy; part of its definition."),
    "input_tokens": ("tokens", "Input tokens of one unaugmented task."),
    "output_tokens": ("tokens", "Output tokens of one unaugmented task."),
    "inference_share": ("fraction", "Share of a pool's deployed compute that serves inference."),
    "served_size": (
        "fraction",
        "Active parameters of the served model over those of the record run, if not planned.",
    ),
    "model_lifetime": ("years", "How long a model is served; sets the tokens it is planned for."),
    "training_efficiency_growth": (
        "OOM/year",
        "Algorithmic progress: fall of the training FLOP that a capability takes, from 2025 on.",
    ),
    "inference_efficiency_growth": (
        "OOM/year",
        "Algorithmic progress: fall of the parameters that a run is served with, as capable.",
    ),
    "training_cap": ("FLOP", "Largest training run that is allowed."),
    "training_run_length": ("years", "How long the record run takes."),
    "training_run_share": (
        "fraction",
        "Share of the world's deployed compute that the record run takes while it runs.",
    ),
    "training_utilisation": (
        "fraction",
        "Share of the 16-bit peak rate that a training run makes use of.",
    ),
    "device_compute_growth": (
        "OOM/year",
        "Growth of the peak rate of the average device after 2025.",
    ),
    "device_memory_growth": (
        "OOM/year",
        "Growth of memory and bandwidth of the average device after 2025.",
    ),
    "lab_demand_share": ("fraction", "Share of the world's demand that the leading lab serves."),
    "price_change": (
        "OOM",
        "Change of the price of tokens that the demand plugin does not know of, such as a tax.",
    ),
    "price_elasticity": (
        "OOM/OOM",
        "Fall of the tokens that are asked for, per rise of their price.",
    ),
    "task_pass_rate": (
        "fraction",
        "Chance that one unaugmented answer is right on the tasks in question.",
    ),
    "parallel_returns": (
        "fraction",
        "Exponent of effective labour: N copies in parallel do the work of N to this power.",
    ),
    "wage": ("USD/hour", "What a person's hour costs, to compare that of a human-equivalent with."),
    "price_over_cost": ("1", "List price of tokens over their marginal cost."),
    "frontier_price": (
        "USD/Mtoken",
        "List price of the frontier model's output at the end of 2025; a reference series.",
    ),
    "frontier_price_growth": ("OOM/year", "Growth of `frontier_price`."),
    "capability_price_fall": (
        "OOM/year",
        "Fall of the price of a capability that stays the same, at the end of 2025; a reference.",
    ),
    "capability_price_decay": ("years", "Time in which that fall fades to a third."),
    "server_power": (
        "1",
        "Power of a device with its server and network over its own, where it is not published.",
    ),
    "facility_power": ("1", "Power of the site over that of its servers (PUE)."),
    "power_load": ("fraction", "Power that a device at work draws, over its largest."),
    "amplified_gain": ("OOM", "Gain that every copy has in the count of amplified copies."),
    "latency_limit": ("OOM", "Most serial spend that users wait for."),
    "position_serial_spend": ("OOM", "Thinking spend of deployed models where they think."),
    "position_serial_realised": (
        "fraction",
        "Share of deployed tasks on which the model already thinks.",
    ),
    "position_passes_spend": ("OOM", "Sampling spend of deployed models where they sample."),
    "position_passes_realised": (
        "fraction",
        "Share of deployed tasks on which the model already samples several answers.",
    ),
}
"""Name -> unit, description."""


def declared(registry: Registry) -> dict[str, Declared]:
    """Every assumption a scenario may set: engine inputs, device weights, plugin parameters."""
    names = {
        name: Declared(unit=unit, description=text, prior=None)
        for name, (unit, text) in ENGINE_INPUTS.items()
    }
    for id_ in registry.hardware:
        names[f"mix.{id_}"] = Declared(
            unit="1", description=f"Weight of {id_} in the stock, by device count.", prior=None
        )
    for kind in (
        registry.techniques,
        registry.models,
        registry.serving,
        registry.supply,
        registry.costs,
        registry.demand,
        registry.combining,
        registry.equivalences,
    ):
        for plugin in kind.values():
            for parameter, prior in plugin.priors.items():
                names[f"{plugin.id}.{parameter}"] = Declared(
                    unit=prior.unit, description=prior.why, prior=prior
                )
    return names
