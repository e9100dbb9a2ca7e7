"""The engine's own inputs: what a scenario must believe besides the plugins' parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from amplicast.scenario.model import Declared

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.registry import Registry

__all__ = ["ENGINE_INPUTS", "EngineInput", "declared", "label_of"]


class EngineInput(NamedTuple):
    """What the engine itself asks of a scenario.

    Attributes
    ----------
    unit, about : str
    label : str
        What people call it, where its name with spaces would not do.
    """

    unit: str
    about: str
    label: str = ""


ENGINE_INPUTS: Mapping[str, EngineInput] = {
    "serial_speed": EngineInput("tokens/s", "Serial speed of one copy; part of its definition."),
    "input_tokens": EngineInput("tokens", "Input tokens of one unaugmented task."),
    "output_tokens": EngineInput("tokens", "Output tokens of one unaugmented task."),
    "inference_share": EngineInput(
        "fraction", "Share of a pool's deployed compute that serves inference."
    ),
    "served_size": EngineInput(
        "fraction",
        "Active parameters of the served model over those of the record run, if not planned.",
        "size of the served model, over the record run",
    ),
    "model_lifetime": EngineInput(
        "years", "How long a model is served; sets the tokens it is planned for."
    ),
    "training_efficiency_growth": EngineInput(
        "OOM/year",
        "Algorithmic progress: fall of the training FLOP that a capability takes, from 2025 on.",
        "progress of training algorithms",
    ),
    "inference_efficiency_growth": EngineInput(
        "OOM/year",
        "Algorithmic progress: fall of the parameters that a run is served with, as capable.",
        "progress of inference algorithms",
    ),
    "training_cap": EngineInput(
        "FLOP", "Largest training run that is allowed.", "largest training run allowed"
    ),
    "training_run_length": EngineInput(
        "years", "How long the record run takes.", "length of the record run"
    ),
    "training_run_share": EngineInput(
        "fraction",
        "Share of the world's deployed compute that the record run takes while it runs.",
        "record run's share of the world's chips",
    ),
    "training_utilisation": EngineInput(
        "fraction",
        "Share of the 16-bit peak rate that a training run makes use of.",
        "utilisation in training",
    ),
    "device_compute_growth": EngineInput(
        "OOM/year",
        "Growth of the peak rate of the average device after 2025.",
        "growth of devices' compute",
    ),
    "device_memory_growth": EngineInput(
        "OOM/year",
        "Growth of memory and bandwidth of the average device after 2025.",
        "growth of devices' memory",
    ),
    "lab_demand_share": EngineInput(
        "fraction",
        "Share of the world's demand that the leading lab serves.",
        "leading lab's share of demand",
    ),
    "price_change": EngineInput(
        "OOM",
        "Change of the price of tokens that the demand plugin does not know of, such as a tax.",
    ),
    "price_elasticity": EngineInput(
        "OOM/OOM", "Fall of the tokens that are asked for, per rise of their price."
    ),
    "task_pass_rate": EngineInput(
        "fraction",
        "Chance that one unaugmented answer is right on the tasks in question.",
        "pass rate of one answer",
    ),
    "parallel_returns": EngineInput(
        "fraction",
        "Exponent of effective labour: N copies in parallel do the work of N to this power.",
        "returns to parallel copies",
    ),
    "wage": EngineInput(
        "USD/hour", "What a person's hour costs, to compare that of a human-equivalent with."
    ),
    "price_over_cost": EngineInput("1", "List price of tokens over their marginal cost."),
    "frontier_price": EngineInput(
        "USD/Mtoken",
        "List price of the frontier model's output at the end of 2025; a reference series.",
    ),
    "frontier_price_growth": EngineInput("OOM/year", "Growth of `frontier_price`."),
    "capability_price_fall": EngineInput(
        "OOM/year",
        "Fall of the price of a capability that stays the same, at the end of 2025; a reference.",
        "fall of the price of a capability",
    ),
    "capability_price_decay": EngineInput(
        "years", "Time in which that fall fades to a third.", "time in which that fall fades"
    ),
    "server_power": EngineInput(
        "1",
        "Power of a device with its server and network over its own, where it is not published.",
        "power of a server over its devices",
    ),
    "facility_power": EngineInput(
        "1", "Power of the site over that of its servers (PUE).", "power of a site over its servers"
    ),
    "power_load": EngineInput(
        "fraction", "Power that a device at work draws, over its largest.", "load of devices"
    ),
    "amplified_gain": EngineInput(
        "OOM",
        "Gain that every copy has in the count of amplified copies.",
        "gain of every amplified copy",
    ),
    "latency_limit": EngineInput(
        "OOM", "Most serial spend that users wait for.", "longest wait that users accept"
    ),
    "position_serial_spend": EngineInput(
        "OOM",
        "Thinking spend of deployed models where they think.",
        "thinking that deployed models do",
    ),
    "position_serial_realised": EngineInput(
        "fraction",
        "Share of deployed tasks on which the model already thinks.",
        "share of tasks on which models already think",
    ),
    "position_passes_spend": EngineInput(
        "OOM",
        "Sampling spend of deployed models where they sample.",
        "sampling that deployed models do",
    ),
    "position_passes_realised": EngineInput(
        "fraction",
        "Share of deployed tasks on which the model already samples several answers.",
        "share of tasks on which models already sample",
    ),
}
"""By the name that scenarios use."""


def label_of(name: str, plugins: Iterable[Plugin]) -> str:
    """What people call an input, or an element of one, by its name.

    Parameters
    ----------
    name : str
        ``inference_share``, ``frontier.growth`` or ``frontier.shock[2027]``.
    plugins : iterable of Plugin
        Those of the forecast.
    """
    whole, _, element = name.partition("[")
    id_, _, parameter = whole.rpartition(".")
    plugin = next((each for each in plugins if each.id == id_), None)
    if whole in ENGINE_INPUTS:
        said = ENGINE_INPUTS[whole].label or whole.replace("_", " ")
    elif id_ == "mix":
        said = f"weight of {parameter} in the stock"
    elif plugin and parameter in plugin.labels:
        said = f"{plugin.labels[parameter]} ({id_.replace('-', ' ')})"
    else:
        said = f"{id_}: {parameter}".replace("-", " ").replace("_", " ")
    return f"{said}, {element.rstrip(']')}" if element else said


def declared(registry: Registry) -> dict[str, Declared]:
    """Every assumption a scenario may set: engine inputs, device weights, plugin parameters."""
    names = {
        name: Declared(unit=each.unit, description=each.about, prior=None)
        for name, each in ENGINE_INPUTS.items()
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
                name = f"{plugin.id}.{parameter}"
                names[name] = Declared(
                    unit=prior.unit, description=label_of(name, [plugin]), prior=prior
                )
    return names
