"""The pooled answer of a calibration: how much gain the technique brings by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplicast.concepts import Technique
from amplicast.report.charts.place import LEVELS, Place, quantiles

if TYPE_CHECKING:
    from amplicast.concepts import Plugin

__all__ = ["pooled"]


def pooled(place: Place, plugin: Plugin) -> dict[str, dict[str, float]]:
    """Largest gain of a technique alone, by task class of the forecast [OOM]; else empty.

    Parameters
    ----------
    place : Place
        Its scenario gives the draws, its year the model.
    plugin : Plugin
    """
    if not isinstance(plugin, Technique) or plugin.role == "accelerator":
        return {}
    from amplicast.analysis.curves import Curves
    from amplicast.analysis.spans import curve

    forecast = place.forecast
    at = forecast.scenarios.index(place.scenario)
    base, curves = Curves(plan=forecast.plan, inputs=forecast.inputs(at)).model(place.year)
    found = {}
    for task_class in forecast.plan.task_classes:
        if task_class not in plugin.task_classes:
            continue
        _, gain = curve(curves, plugin.id, task_class=task_class, log10_training_flop=base)
        told = quantiles(gain.max("spend") - gain.min("spend"))
        found[str(task_class)] = {name: float(told.sel(quantile=name)) for name in LEVELS}
    return found
