"""Forecasts of capability amplification and of the number of AI copies, with honest uncertainty.

Everything public is here, in `amplicast.math`, in `amplicast.physics` and, for tests of plugins, in
`amplicast.testing`; whatever else can be imported may change. Names are looked up on first use, so
``import amplicast`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amplicast import math, physics
    from amplicast.beliefs import Correlation, draw
    from amplicast.concepts import (
        API_OLDEST,
        API_VERSION,
        Combining,
        Context,
        Cost,
        Demand,
        Equivalence,
        Evidence,
        Exporter,
        Family,
        Fleet,
        ForecastSpec,
        Group,
        Hardware,
        Mechanism,
        ModelLine,
        Plugin,
        PublishedAnswers,
        Role,
        Serving,
        Source,
        Stock,
        Supply,
        Table,
        TaskClass,
        Technique,
    )
    from amplicast.engine.propagate import propagate
    from amplicast.errors import (
        AmplicastError,
        CheckError,
        ExtraError,
        PluginError,
        Problem,
        RunError,
        ScenarioError,
        UnitError,
    )
    from amplicast.forecast.forecast import Forecast
    from amplicast.forecast.run import run
    from amplicast.forecast.store import load
    from amplicast.hardware_table import hardware_from_table
    from amplicast.hookspecs import hookimpl
    from amplicast.priors import Prior
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario
    from amplicast.serving_table import ServingTable, serving_from_tables

    __version__: str

__all__ = [
    "API_OLDEST",
    "API_VERSION",
    "AmplicastError",
    "CheckError",
    "Combining",
    "Context",
    "Correlation",
    "Cost",
    "Demand",
    "Equivalence",
    "Evidence",
    "Exporter",
    "ExtraError",
    "Family",
    "Fleet",
    "Forecast",
    "ForecastSpec",
    "Group",
    "Hardware",
    "Mechanism",
    "ModelLine",
    "Plugin",
    "PluginError",
    "Prior",
    "Problem",
    "PublishedAnswers",
    "Registry",
    "Role",
    "RunError",
    "Scenario",
    "ScenarioError",
    "Serving",
    "ServingTable",
    "Source",
    "Stock",
    "Supply",
    "Table",
    "TaskClass",
    "Technique",
    "UnitError",
    "__version__",
    "draw",
    "hardware_from_table",
    "hookimpl",
    "load",
    "math",
    "physics",
    "propagate",
    "run",
    "serving_from_tables",
]

_ELSEWHERE = {
    "Correlation": "beliefs",
    "Forecast": "forecast.forecast",
    "Prior": "priors",
    "hardware_from_table": "hardware_table",
    "Registry": "registry",
    "Scenario": "scenario",
    "ServingTable": "serving_table",
    "draw": "beliefs",
    "hookimpl": "hookspecs",
    "load": "forecast.store",
    "propagate": "engine.propagate",
    "run": "forecast.run",
    "serving_from_tables": "serving_table",
}
"""Room of each public name that is neither an error nor a concept."""

_RENAMED: dict[str, str] = {}
"""Former public name -> today's; it warns as long as the contract that had it is understood."""


if not TYPE_CHECKING:  # a checker that saw this would believe in every misspelt name

    def __getattr__(name: str) -> object:
        if name in _RENAMED:
            import warnings

            told = f"amplicast.{name} is amplicast.{_RENAMED[name]} now"
            warnings.warn(told, DeprecationWarning, stacklevel=2)
            name = _RENAMED[name]
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name in {"math", "physics"}:
            value = import_module(f"{__name__}.{name}")
        elif name == "__version__":
            from importlib.metadata import version

            value = version(__name__)
        else:
            errors = name.endswith("Error") or name == "Problem"
            room = _ELSEWHERE.get(name, "errors" if errors else "concepts")
            value = getattr(import_module(f"{__name__}.{room}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
