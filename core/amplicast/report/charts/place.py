"""Where a picture looks: scenario, pool, regime, task class and year, with what stands for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, ScenarioError
from amplicast.report.words import count

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior

__all__ = ["LEVELS", "Place", "opening", "place_of", "quantiles", "scenario_title", "spoken"]

LEVELS: Mapping[str, float] = {"p05": 0.05, "p17": 0.17, "p50": 0.5, "p83": 0.83, "p95": 0.95}
"""Median and the ends of both intervals."""


@dataclass(frozen=True)
class Place:
    """One place of a forecast.

    Attributes
    ----------
    forecast : Forecast
    scenario, actor, regime, task_class : str
    year : int
    """

    forecast: Forecast
    scenario: str
    actor: str
    regime: str
    task_class: str
    year: int

    @property
    def years(self) -> tuple[int, ...]:
        """Every year of the forecast."""
        return self.forecast.plan.years

    @property
    def pool(self) -> str:
        """The pool of compute, as it is told to people."""
        return spoken(self.actor)

    @property
    def story(self) -> str:
        """The scenario, as it is told to people; the reference has a name of its own."""
        reference = self.scenario == self.forecast.scenarios[0]
        return self.scenario if reference else spoken(self.scenario)

    @property
    def speed(self) -> float:
        """Serial speed of one copy, median [tokens/s]."""
        place = self.forecast.scenarios.index(self.scenario)
        return float(self.forecast.inputs(place)["serial_speed"].median())

    @property
    def copy(self) -> str:
        """What one copy is."""
        return f"one copy: an unaugmented stream of {self.speed:.3g} tokens/s"

    @property
    def wanted(self) -> str:
        """What the regime asks for, in words."""
        number = self.forecast.plan.regimes[self.regime]
        return "as many copies as users ask for" if number is None else f"{count(number)} copies"

    def draws(self, output: str, **also: Any) -> Any:
        """Draws of an output here, along ``year`` where it has that dim."""
        values = self.forecast.output(output, self.scenario)
        here = {"actor": self.actor, "regime": self.regime, "task_class": self.task_class, **also}
        return values.sel({dim: label for dim, label in here.items() if dim in values.dims})


def place_of(
    forecast: Forecast,
    *,
    scenario: str | None = None,
    actor: str | None = None,
    regime: str | None = None,
    task_class: str | None = None,
    year: int | None = None,
) -> Place:
    """The named place; first scenario and pool, last regime and year, middle class by default.

    Raises
    ------
    ScenarioError
        The run has no such label; every slip is named.
    """
    plan = forecast.plan
    classes: Sequence[str] = plan.task_classes
    known: dict[str, tuple[Sequence[Any], Any, Any]] = {
        "scenario": (forecast.scenarios, scenario, forecast.scenarios[0]),
        "actor": (plan.actors, actor, plan.actors[0]),
        "regime": (tuple(plan.regimes), regime, list(plan.regimes)[-1]),
        "task class": (classes, task_class, classes[len(classes) // 2]),
        "year": (plan.years, year, plan.years[-1]),
    }
    wrong = [
        _unknown(what, labels, asked)
        for what, (labels, asked, _) in known.items()
        if asked is not None and asked not in labels
    ]
    if wrong:
        raise ScenarioError(*wrong)
    chosen = [usual if asked is None else asked for _, asked, usual in known.values()]
    return Place(forecast, *chosen)


def _unknown(what: str, labels: Sequence[Any], asked: Any) -> Problem:
    texts = [str(each) for each in labels]
    near = get_close_matches(str(asked), texts, n=1)
    return Problem(
        code="AMP-P101",
        what=f"this run has no {what} {str(asked)!r}",
        why=f"It has: {', '.join(texts)}.",
        fix=f"--{what.replace(' ', '-')} {near[0] if near else texts[0]}",
    )


def spoken(id_: str) -> str:
    """An id as people say it: without hyphens."""
    return id_.replace("-", " ")


def opening(text: str) -> str:
    """Text as it begins a sentence; the case of the rest is kept."""
    return text[:1].upper() + text[1:]


def quantiles(draws: Any) -> Any:
    """Quantiles over the draws in which a quantity is defined, along ``quantile``, then the rest.

    Parameters
    ----------
    draws : xarray.DataArray
        Along ``draw``.
    """
    import warnings

    import numpy
    import xarray

    values = draws.transpose("draw", ...)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # nowhere defined: nan
        found = numpy.nanquantile(values.values, list(LEVELS.values()), axis=0)
    rest = [dim for dim in values.dims if dim != "draw"]
    coords = {dim: values[dim].values for dim in rest if dim in values.coords}
    return xarray.DataArray(
        found, dims=("quantile", *rest), coords={"quantile": list(LEVELS), **coords}
    )


def scenario_title(forecast: Forecast, scenario: str) -> tuple[str, str]:
    """Name of a scenario, and what it changes against the first."""
    if scenario == forecast.scenarios[0]:
        return scenario, "the reference"
    changed = forecast.scenario.variants[scenario]
    told = [f"{spoken(name).replace('_', ' ')} {_stated(prior)}" for name, prior in changed.items()]
    first = told[0] if told else ""
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    return opening(spoken(scenario)), f"{first}{more}"


def _stated(prior: Prior) -> str:
    """A belief as its file states it, with its unit."""
    unit = "" if prior.unit in {"1", "fraction"} else f" {prior.unit}"
    return f"{prior.statement}{unit}".replace("e+", "e")
