"""Which beliefs of a run get a slider, over what range, and in what order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from typing import TYPE_CHECKING, Any, Literal

from amplicast.explorer.effects import effects_of, noise, targets_of
from amplicast.explorer.moved import can_move, moved, point, rounded
from amplicast.forecast.inputs import ENGINE_INPUTS, label_of
from amplicast.prior_families import FAMILIES

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior

__all__ = ["POSITIONS", "Kind", "Slider", "sliders_of"]

Kind = Literal["scenario", "belief"]

POSITIONS = 80
"""Steps from one end of a slider to the other; the middle is the run's own belief."""

REACH = 1.5
"""How far a slider goes beyond the middle, in halves of the belief's 90 % interval."""

MOST_BELIEFS = 8
"""Sliders of calibrated parameters; those that move the headlines most."""

WIDE = 30.0
"""Ratio of the ends of a range from which its steps are factors."""


@dataclass(frozen=True, kw_only=True)
class Slider:
    """One belief that the page can move.

    Attributes
    ----------
    name : str
        As in a scenario file.
    kind : {"scenario", "belief"}
        Evaluated exactly on the stored draws; or a calibrated parameter, whose draws are weighted.
    prior : Prior
        The belief of the run.
    label, about : str
        For people.
    grid : tuple of float
        Its positions [unit]; ascending, the default among them.
    default : float
        Median of `prior` [unit].
    interval : tuple of float
        5 % and 95 % points of what the forecast used [unit].
    effect : tuple of float
        Largest rank correlation with a headline of the last year, without sign: where the page
        begins (first pool, last regime), and anywhere.
    """

    name: str
    kind: Kind
    prior: Prior
    label: str
    about: str
    grid: tuple[float, ...]
    default: float
    interval: tuple[float, float]
    effect: tuple[float, float]

    def at(self, value: float) -> Prior:
        """The belief with its median at `value`."""
        return self.prior if value == self.default else moved(self.prior, value)

    def record(self) -> dict[str, Any]:
        """What a page needs to show it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "label": self.label,
            "about": self.about,
            "unit": self.prior.unit,
            "grid": list(self.grid),
            "default": self.default,
            "interval": list(self.interval),
            "fixed": self.prior.is_fixed,
            "source": self.prior.source or "judgement",
            "why": self.prior.why,
        }


def sliders_of(forecast: Forecast) -> tuple[Slider, ...]:
    """Sliders of a run, of each kind those first that move the headlines most.

    Beliefs that the scenario states are moved exactly. Of calibrated parameters, those are moved
    by weights whose belief is one number of its own and tied to no other. Device weights,
    definitions that are plain numbers, and scores of what is not known yet have none.
    """
    inputs, priors = forecast.inputs(), _priors(forecast)
    targets, least = targets_of(forecast), noise(forecast)
    found = [
        *_scenario(forecast, inputs, priors, targets, least),
        *_calibrated(forecast, inputs, priors, targets, least),
    ]

    def order(slider: Slider) -> tuple[bool, float, float]:
        here, anywhere = slider.effect
        return slider.kind != "scenario", -here if here >= least else 0.0, -anywhere

    return tuple(sorted(found, key=order))


def _scenario(
    forecast: Forecast,
    inputs: Mapping[str, Any],
    priors: Mapping[str, Prior],
    targets: tuple[Any, Any],
    least: float,
) -> Iterator[Slider]:
    able = {
        name: inputs[name]
        for name in forecast.provenance["beliefs"]
        if inputs[name].dims == ("draw",)
        and not name.startswith("mix.")
        and can_move(priors[name])
        and not _is_score(name.rpartition(".")[2], priors[name])
    }
    effects = effects_of(able, targets)
    for name, draws in able.items():
        prior = priors[name]
        grid = _grid(prior, _tried(forecast, name))
        if grid and (prior.is_fixed or max(effects[name]) >= least):
            yield _slider(forecast, name, "scenario", prior, grid, draws, effects[name])


def _calibrated(
    forecast: Forecast,
    inputs: Mapping[str, Any],
    priors: Mapping[str, Prior],
    targets: tuple[Any, Any],
    least: float,
) -> Iterator[Slider]:
    beliefs = set(forecast.provenance["beliefs"])
    tied = {
        f"{plugin.id}.{name}"
        for plugin in forecast.plan.plugins
        for pair in plugin.correlations
        for name in (pair.a, pair.b)
    }
    able = {
        name: draws
        for name, draws in inputs.items()
        if name not in beliefs | tied
        and draws.dims == ("draw",)
        and not priors[name].is_fixed
        and can_move(priors[name])
    }
    effects = effects_of(able, targets)
    strongest = sorted(able, key=lambda name: -max(effects[name]))[:MOST_BELIEFS]
    for name in strongest:
        if max(effects[name]) >= least:
            grid = _grid(priors[name], ())
            yield _slider(forecast, name, "belief", priors[name], grid, able[name], effects[name])


def _priors(forecast: Forecast) -> dict[str, Prior]:
    """The belief behind every input: as the scenario states it, else as its plugin does."""
    plugins = {
        f"{plugin.id}.{name}": prior
        for plugin in forecast.plan.plugins
        for name, prior in plugin.priors.items()
    }
    stated = {name: each.prior for name, each in forecast.scenario.assumptions.items()}
    return {**plugins, **stated}


def _is_score(parameter: str, prior: Prior) -> bool:
    """Whether it is the standard normal of a case that is not known yet: nobody's belief."""
    return parameter.startswith("new_") or (
        prior.dist == "normal" and dict(prior.numbers) == {"mean": 0.0, "sd": 1.0}
    )


def _slider(
    forecast: Forecast,
    name: str,
    kind: Kind,
    prior: Prior,
    grid: Sequence[float],
    draws: Any,
    effect: tuple[float, float],
) -> Slider:
    import numpy

    low, high = (rounded(float(q), 3) for q in numpy.quantile(draws.values, (0.05, 0.95)))
    label = label_of(name, forecast.plan.plugins)
    return Slider(
        name=name,
        kind=kind,
        prior=prior,
        label=f"{label[0].upper()}{label[1:]}",
        about=ENGINE_INPUTS[name].about if name in ENGINE_INPUTS else prior.why,
        grid=tuple(grid),
        default=_middle(prior),
        interval=(low, high),
        effect=effect,
    )


def _middle(prior: Prior) -> float:
    return rounded(point(prior, 0.5), 4)


def _tried(forecast: Forecast, name: str) -> tuple[float, ...]:
    """Points of the belief in the variants that change it."""
    changed = (v[name] for v in forecast.scenario.variants.values() if name in v)
    return tuple(point(prior, p) for prior in changed for p in (0.05, 0.5, 0.95))


def _grid(prior: Prior, tried: Sequence[float]) -> list[float]:
    """Positions: about the median, or from a plain number over what the variants try.

    A plain number without variants is a definition, and has none.
    """
    if prior.is_fixed:
        return _between(point(prior, 0.5), tried) if tried else []
    rule = FAMILIES[prior.dist]
    assert rule.unlink is not None
    low, middle, high = (rule.unlink(point(prior, p)) for p in (0.05, 0.5, 0.95))
    half = POSITIONS // 2
    steps = [i / half for i in range(-half, half + 1)]
    links = [middle + REACH * s * ((high - middle) if s > 0 else (middle - low)) for s in steps]
    values = [rounded(moved_value(prior.dist, link), 3) for link in links]
    values[half] = _middle(prior)
    return sorted(dict.fromkeys(values))


def moved_value(dist: str, link: float) -> float:
    """Value of a point on the normal scale of a family."""
    from math import exp

    kind = FAMILIES[dist].link
    if kind == "exp":
        return exp(link)
    return 1.0 / (1.0 + exp(-link)) if kind == "expit" else link


def _between(default: float, tried: Sequence[float]) -> list[float]:
    """From a plain number over what was tried; in factors where that is far."""
    low, high = min(default, *tried), max(default, *tried)
    middle = max(tried, key=lambda each: abs(each - default))
    if low > 0.0 and high / low > WIDE:
        # A default that stands for "no limit" is a step of its own beyond what was tried.
        first, last = sorted((log10(middle) - 1.0, log10(middle) + 2.0))
        values = [10.0 ** (first + (last - first) * i / POSITIONS) for i in range(POSITIONS + 1)]
    else:
        step = (high - low) / POSITIONS
        values = [low + i * step for i in range(POSITIONS + 1)]
    return sorted({*(rounded(value, 3) for value in values), rounded(default, 4)})
