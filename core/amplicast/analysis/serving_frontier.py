"""The serving frontier: streams and tokens per second of one device against speed per stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from amplicast.forecast.fleet import PRECISIONS, make_fleet
from amplicast.forecast.parameters import parameters
from amplicast.math import NUMPY
from amplicast.physics.offload import devices_to_hold
from amplicast.physics.serving import USABLE_MEMORY

if TYPE_CHECKING:
    import xarray

    from amplicast.concepts import Hardware, Serving
    from amplicast.engine.progress import Progress
    from amplicast.forecast.plan import Plan
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = [
    "PROBABILITIES",
    "Believed",
    "ServingFrontier",
    "believe",
    "serving_frontier",
    "streams",
    "streams_by_block",
]

Value = Any

PROBABILITIES = (0.05, 0.5, 0.95)

BLOCK = 2_000_000
"""Numbers of one kind that are held at a time."""


@dataclass(frozen=True, kw_only=True)
class Believed:
    """A calibrated serving plugin and the model line of a scenario, as joint draws.

    Attributes
    ----------
    plan : Plan
    inputs : Mapping[str, xarray.DataArray]
        Labelled values along ``draw``.
    """

    plan: Plan
    inputs: Mapping[str, xarray.DataArray]

    def model(self, year: int) -> dict[str, Value]:
        """What the scenario serves in a year: parameters, and KV per token in 8 bits [byte]."""
        line, years = self.plan.line, self.plan.years
        path = line.path(
            NUMPY,
            year=NUMPY.array([float(each) for each in years], dims=("year",)),
            **parameters(line, line.path, self.inputs),
        )
        size = self.inputs["served_size"]
        found = {name: path[name].isel(year=years.index(year)) for name in ("active", "total")}
        kv = path["kv_bytes"]
        kv = kv.isel(year=years.index(year)) if "year" in getattr(kv, "dims", ()) else kv
        return {**{name: size * value for name, value in found.items()}, "kv_bytes": kv}


@dataclass(frozen=True, kw_only=True)
class ServingFrontier:
    """One device and one model over a range of speeds.

    Attributes
    ----------
    hardware : Hardware
    precision : str
    speeds : tuple of float
        Of one stream [tokens/s].
    streams : xarray.DataArray
        Per device of a fleet that does its own prefill, along ``draw`` and ``speed``.
    devices : xarray.DataArray
        That hold the weights, not rounded, along ``draw``.
    """

    hardware: Hardware
    precision: str
    speeds: tuple[float, ...]
    streams: xarray.DataArray
    devices: xarray.DataArray

    @property
    def tokens(self) -> xarray.DataArray:
        """Output tokens per second and device, along ``draw`` and ``speed``."""
        found: xarray.DataArray = self.streams * NUMPY.array(list(self.speeds), dims=("speed",))
        return found

    @property
    def power_w(self) -> float:
        """Of a device with its share of the server where that is published [W]."""
        return self.hardware.it_power_w or self.hardware.power_w


def believe(
    scenario: Scenario,
    registry: Registry,
    *,
    model: str | None = None,
    progress: Progress | None = None,
) -> Believed:
    """Calibrate the scenario's serving plugin and model line, or the line called `model`."""
    from amplicast.engine.calibrate import SamplerSettings, calibrate
    from amplicast.engine.latents import calibrated_parameters
    from amplicast.forecast.draws import draw_inputs
    from amplicast.forecast.plan import make_plan

    if model is not None:
        scenario = replace(scenario, plugins=replace(scenario.plugins, model=model))
    plan = make_plan(replace(scenario, techniques=()), registry)
    compute = scenario.compute
    settings = SamplerSettings(draws=compute.draws, chains=compute.chains, seed=compute.seed)
    posteriors = calibrate((plan.serving, plan.line), settings=settings, progress=progress)
    calibrated = {plugin.id: calibrated_parameters(plugin) for plugin in plan.plugins}
    return Believed(
        plan=plan, inputs=draw_inputs(plan, scenario, posteriors, calibrated=calibrated)
    )


def streams(
    server: Serving,
    inputs: Mapping[str, Value],
    hardware: Sequence[Hardware],
    *,
    model: Mapping[str, Value],
    task: Mapping[str, Value],
    precision: str,
    speeds: Sequence[float],
) -> xarray.DataArray:
    """Streams per device along ``hardware``, ``speed`` and the dims of the inputs.

    Parameters
    ----------
    server : Serving
    inputs : Mapping[str, Value]
        Labelled values of ``<server>.<parameter>``.
    hardware : sequence of Hardware
    model : Mapping[str, Value]
        ``active``, ``total`` [parameters] and ``kv_bytes`` in 8 bits [byte/token], perhaps
        ``layers`` [1].
    task : Mapping[str, Value]
        ``input_tokens``, ``output_tokens`` [tokens].
    precision : str
        One of `amplicast.forecast.fleet.PRECISIONS`.
    speeds : sequence of float
        Of one stream [tokens/s].
    """
    kept = PRECISIONS[precision]
    stated = {
        **model,
        "kv_bytes": model["kv_bytes"] * kept.kv,
        "bytes_per_parameter": kept.weights,
    }
    found, _ = server.serve(
        NUMPY,
        fleet=make_fleet(NUMPY, hardware, precision=precision),
        model=stated,
        task=task,
        speed=NUMPY.array([float(each) for each in speeds], dims=("speed",)),
        **parameters(server, server.serve, inputs),
    )
    # A device that states no rate at this precision cannot serve in it.
    served: xarray.DataArray = found.fillna(0.0)
    return served


def streams_by_block(
    server: Serving,
    inputs: Mapping[str, Value],
    hardware: Sequence[Hardware],
    models: Mapping[str, Mapping[str, Value]],
    *,
    task: Mapping[str, Value],
    precisions: Sequence[str],
    speeds: Sequence[float],
    probabilities: Sequence[float] = PROBABILITIES,
) -> Iterator[tuple[str, str, xarray.DataArray]]:
    """Quantiles of `streams`, model by model and precision by precision.

    The draws of one block of models are reduced before the next is evaluated, so memory does not
    grow with the number of models. All models state the same figures. Yields model, precision and
    the quantiles along ``quantile``, ``hardware`` and ``speed``.
    """
    import numpy
    import xarray

    draws = max((value.sizes.get("draw", 1) for value in inputs.values()), default=1)
    together = max(BLOCK // (draws * len(hardware) * len(speeds)), 1)
    names = list(models)
    for start in range(0, len(names), together):
        block = names[start : start + together]
        stacked = {
            key: NUMPY.stack([models[name][key] for name in block], dim="model")
            for key in models[block[0]]
        }
        for precision in precisions:
            found = streams(
                server,
                inputs,
                hardware,
                model=stacked,
                task=task,
                precision=precision,
                speeds=speeds,
            )
            if "draw" not in found.dims:
                found = found.expand_dims("draw")
            found = found.transpose("model", "draw", "hardware", "speed")
            for name, draw in zip(block, found.values, strict=True):
                values = numpy.quantile(draw, list(probabilities), axis=0, overwrite_input=True)
                dims = ("quantile", "hardware", "speed")
                yield name, precision, xarray.DataArray(values, dims=dims)


def serving_frontier(
    believed: Believed,
    hardware: Hardware,
    *,
    model: Mapping[str, Value],
    task: Mapping[str, float],
    precision: str,
    speeds: Sequence[float],
) -> ServingFrontier:
    """One device and one model over a range of speeds; parameters as in `streams`."""
    import xarray

    server = believed.plan.serving
    inputs = believed.inputs
    found = streams(
        server, inputs, [hardware], model=model, task=task, precision=precision, speeds=speeds
    )
    along = 0.0 * inputs["serial_speed"]
    devices = along + devices_to_hold(
        weight_bytes=model["total"] * PRECISIONS[precision].weights,
        memory_bytes=hardware.memory_bytes,
        usable=USABLE_MEMORY,
    )
    return ServingFrontier(
        hardware=hardware,
        precision=precision,
        speeds=tuple(float(each) for each in speeds),
        streams=(found.isel(hardware=0, drop=True) + along).transpose("draw", "speed"),
        devices=xarray.DataArray(devices),
    )
