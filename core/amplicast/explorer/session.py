"""A run under moved beliefs: the scenario's exactly, those that evidence fitted by weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal

from amplicast.engine.incremental import LIVE, Graph, Node
from amplicast.explorer.moved import log_ratio
from amplicast.explorer.sliders import Slider, sliders_of
from amplicast.explorer.weights import Lamp, Weights, smoothed
from amplicast.forecast.draws import changed_inputs
from amplicast.forecast.model import evaluate
from amplicast.forecast.outputs import OUTPUTS

if TYPE_CHECKING:
    from amplicast.explorer.state import State
    from amplicast.forecast import Forecast
    from amplicast.forecast.plan import Plan
    from amplicast.priors import Prior

__all__ = ["GROUPS", "HEADLINE", "SHOWN", "Answer", "Session"]

HEADLINE = ("amplification", "copies", "feasible")
"""Outputs that every move of a slider works out."""

SHOWN = (*HEADLINE, "frontier_copies", "frontier_gain")
"""Outputs that the pictures of the page are drawn from."""

GROUPS = ("inputs", "forecast", "evidence")
"""Groups of a run's tree that sliders, headlines and fans are worked out from."""

Place = tuple[str, str]

Pace = Literal["live", "slow", "weighed", "none"]
"""While it is dragged; in about a second; by weights, while it is dragged; it changes nothing."""


@dataclass(frozen=True)
class Answer:
    """Outputs at one pool and regime under one state.

    Attributes
    ----------
    plan : Plan
        With that pool and that regime alone.
    draws : Mapping[str, xarray.DataArray]
        By output, dims ``draw`` and those of the output, without labels.
    lamp : Lamp or None
        None where no calibrated parameter is moved.
    reliable : bool
        False: the draws are those without the moves of calibrated parameters.
    seconds : float
        That it took.
    """

    plan: Plan
    draws: Mapping[str, Any]
    lamp: Lamp | None
    reliable: bool
    seconds: float


class Session:
    """One run, with the graph of its forecast, which works for one caller at a time.

    Parameters
    ----------
    forecast : Forecast
        With the groups `GROUPS` of its tree at least.
    whole : callable, optional
        Reads the forecast with every group; where `forecast` has them all, None.
    """

    def __init__(self, forecast: Forecast, whole: Callable[[], Forecast] | None = None) -> None:
        self.forecast = forecast
        self._read = whole
        self._lock = RLock()
        self._plans: dict[Place, Plan] = {}
        self._nodes: dict[Place, dict[str, Node]] = {}

    @cached_property
    def whole(self) -> Forecast:
        """The run with its fits, which no slider needs."""
        return self._read() if self._read else self.forecast

    @cached_property
    def sliders(self) -> dict[str, Slider]:
        """Sliders by name, in the order of the page."""
        return {slider.name: slider for slider in sliders_of(self.forecast)}

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """Joint draws of the inputs, without labels."""
        found = self.forecast.inputs()
        return {name: values.drop_vars(list(values.coords)) for name, values in found.items()}

    @cached_property
    def _graph(self) -> Graph:
        return Graph(self.inputs)

    def plan(self, state: State) -> Plan:
        """The plan with the pool and the regime of the state alone."""
        place = (state.actor, state.regime)
        if place not in self._plans:
            whole = self.forecast.plan
            regimes = {state.regime: whole.regimes[state.regime]}
            self._plans[place] = replace(whole, actors=(state.actor,), regimes=regimes)
        return self._plans[place]

    def nodes(self, state: State) -> dict[str, Node]:
        """Outputs of the state's place in the graph; places share what is the same."""
        place = (state.actor, state.regime)
        with self._lock:
            if place not in self._nodes:
                graph = self._graph
                found = evaluate(graph.math, self.plan(state), graph.symbols(), only=SHOWN)
                names = [s.name for s in self.sliders.values() if s.kind == "scenario"]
                graph.watch(list(found.values()), names)
                self._nodes[place] = found
            return self._nodes[place]

    def pace(self, state: State) -> dict[str, Pace]:
        """By slider, how fast a move of it is answered at the state's pool and regime."""
        nodes = self.nodes(state)
        wanted = [nodes[name] for name in HEADLINE]
        return {
            name: _pace(slider, self._graph.work(wanted, name))
            for name, slider in self.sliders.items()
        }

    def priors(self, state: State, kind: str) -> dict[str, Prior]:
        """Beliefs of one kind of slider that the state holds instead of the run's."""
        changes: dict[str, Prior] = {}
        if kind == "scenario" and state.variant:
            changes.update(self.forecast.scenario.variants[state.variant])
        for name, median in state.moved.items():
            if self.sliders[name].kind == kind:
                changes[name] = self.sliders[name].at(median)
        return changes

    def weights(self, state: State) -> Weights | None:
        """Weights of the draws where calibrated parameters are moved."""
        ratios: Any = 0.0
        changes = self.priors(state, "belief")
        for name, prior in sorted(changes.items()):
            draws = self.inputs[name].values
            ratios = ratios + log_ratio(self.sliders[name].prior, prior, draws)
        return smoothed(ratios) if changes else None

    def used(self, state: State) -> dict[str, Any]:
        """Every input as the state has it: moved, and as often as the weights say (draw)."""
        found = {**self.inputs, **self._moved(state)}
        weights = self.weights(state)
        if weights is None or weights.lamp.colour == "red":
            return found
        places = weights.places()
        return {name: values.isel(draw=places) for name, values in found.items()}

    def _moved(self, state: State) -> dict[str, Any]:
        """New draws of the inputs whose beliefs the scenario states and the state moves."""
        changes = self.priors(state, "scenario")
        draws = next(iter(self.inputs.values())).sizes["draw"]
        plan, scenario = self.forecast.plan, self.forecast.scenario
        return changed_inputs(plan, scenario, changes, draws=draws) if changes else {}

    def answer(self, state: State, only: tuple[str, ...] = HEADLINE) -> Answer:
        """The outputs `only` names under a state."""
        started = time.perf_counter()
        draws, weights = self._evaluated(state, only), self.weights(state)
        reliable = weights is None or weights.lamp.colour != "red"
        if weights is not None and reliable:
            places = weights.places()
            draws = {name: values.isel(draw=places) for name, values in draws.items()}
        return Answer(
            plan=self.plan(state),
            draws=draws,
            lamp=weights.lamp if weights else None,
            reliable=reliable,
            seconds=time.perf_counter() - started,
        )

    def _evaluated(self, state: State, only: tuple[str, ...]) -> dict[str, Any]:
        changes = self.priors(state, "scenario")
        if not changes:
            return {name: self._stored(name, state) for name in only}
        moved = self._moved(state)
        told = {name: (_told(changes[name]), values) for name, values in moved.items()}
        with self._lock:
            nodes = self.nodes(state)
            values = self._graph.evaluate([nodes[name] for name in only], told)
        return {name: _ordered(name, value) for name, value in zip(only, values, strict=True)}

    def _stored(self, name: str, state: State) -> Any:
        """The run's own draws of an output at the place."""
        values = self.forecast.output(name, self.forecast.scenarios[0])
        place = {"actor": [state.actor], "regime": [state.regime]}
        here = values.sel({dim: labels for dim, labels in place.items() if dim in values.dims})
        return _ordered(name, here.drop_vars(list(here.coords)))

    def warm(self, state: State) -> None:
        """Do beforehand what the first moves of sliders would wait for."""
        nodes = self.nodes(state)
        with self._lock:
            self._graph.evaluate(list(nodes.values()))
        import arviz_stats.base  # noqa: F401 - takes a second, and weights need it


def _ordered(name: str, values: Any) -> Any:
    return values.transpose("draw", *OUTPUTS[name].dims)


def _told(prior: Prior) -> tuple[Any, ...]:
    return (prior.dist, prior.numbers)


def _pace(slider: Slider, work: int) -> Pace:
    if slider.kind == "belief":
        return "weighed"
    if not work:
        return "none"
    return "live" if work <= LIVE else "slow"
