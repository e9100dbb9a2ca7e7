"""What a page shows: read from a query string with every slip named, and written back to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, ScenarioError
from amplicast.explorer.sliders import Slider
from amplicast.report.charts.passing import QUANTITIES

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["PREFIX", "State", "default_state", "read_state"]

PREFIX = "set."
"""Before the name of a belief in a query string."""


@dataclass(frozen=True, kw_only=True)
class State:
    """One state of the page.

    Attributes
    ----------
    actor, regime, task_class : str
    year : int
        Of the cursor.
    quantity : {"amplification", "copies"}
        Of the threshold.
    threshold : float
        [OOM] or [copies].
    variant : str
        Variant of the scenario to start from; empty for the reference.
    moved : Mapping[str, float]
        Medians of the beliefs that are moved, by name.
    """

    actor: str
    regime: str
    task_class: str
    year: int
    quantity: str = "amplification"
    threshold: float = 1.0
    variant: str = ""
    moved: Mapping[str, float] = field(default_factory=dict)

    @property
    def reference(self) -> State:
        """The same place with nothing moved."""
        return replace(self, variant="", moved={})

    def query(self) -> list[tuple[str, str]]:
        """Pairs of the query string that `read_state` turns into the same state."""
        pairs = [
            ("actor", self.actor), ("regime", self.regime), ("task_class", self.task_class),
            ("year", str(self.year)), ("quantity", self.quantity),
            ("threshold", repr(self.threshold)), ("variant", self.variant),
        ]  # fmt: skip
        return pairs + [(f"{PREFIX}{name}", repr(self.moved[name])) for name in sorted(self.moved)]


def default_state(forecast: Forecast) -> State:
    """First pool, last regime and year, middle task class; nothing moved."""
    plan = forecast.plan
    return State(
        actor=plan.actors[0],
        regime=list(plan.regimes)[-1],
        task_class=plan.task_classes[len(plan.task_classes) // 2],
        year=plan.years[-1],
    )


def read_state(
    forecast: Forecast, sliders: Mapping[str, Slider], pairs: Iterable[tuple[str, str]]
) -> State:
    """The state that the pairs of a query string ask for; what they leave out has its default.

    Raises
    ------
    ScenarioError
        A key or a label is unknown, or a number is none or out of range; every slip is named.
    """
    usual = default_state(forecast)
    known: dict[str, list[str]] = {
        "actor": list(forecast.plan.actors),
        "regime": list(forecast.plan.regimes),
        "task_class": list(forecast.plan.task_classes),
        "year": [str(year) for year in forecast.plan.years],
        "quantity": list(QUANTITIES),
        "variant": ["", *forecast.scenario.variants],
    }
    given: dict[str, Any] = {}
    moved: dict[str, float] = {}
    problems: list[Problem] = []
    for key, text in pairs:
        name = key.removeprefix(PREFIX)
        if key in given or (key != name and name in moved):
            problems.append(_problem(key, f"{key!r} is stated twice", "Which one counts?", ""))
        elif key in known:
            given[key] = text
            problems += _label(key, text, known[key])
        elif key == "threshold":
            number = _number(text)
            given[key] = number
            if number is None or abs(number) > 1e15:
                problems.append(
                    _problem(key, f"{text[:40]!r} is no number", "A threshold is one.", "1")
                )
        elif key != name and name in sliders:
            number = _number(text)
            slider = sliders[name]
            if number is None or not slider.grid[0] <= number <= slider.grid[-1]:
                problems.append(_out_of_range(key, text, slider))
            else:
                moved[name] = number
        else:
            names = [*known, "threshold", *(PREFIX + name for name in sliders)]
            problems.append(_unknown(key, names))
    if problems:
        raise ScenarioError(*problems)
    given["year"] = int(given.get("year", usual.year))
    if given.get("quantity") == "copies" and "threshold" not in given:
        from amplicast.analysis.copies import MILLION

        given["threshold"] = MILLION
    still = {name: value for name, value in moved.items() if value != sliders[name].default}
    return replace(usual, **given, moved=still)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _label(key: str, text: str, labels: list[str]) -> Iterator[Problem]:
    if text not in labels:
        near = get_close_matches(text, labels, n=1)
        told = ", ".join(label for label in labels if label)
        yield _problem(
            key, f"this run has no {key} {text[:40]!r}", f"It has: {told}.",
            near[0] if near else labels[-1],
        )  # fmt: skip


def _out_of_range(key: str, text: str, slider: Slider) -> Problem:
    low, high = slider.grid[0], slider.grid[-1]
    return _problem(
        key, f"{text[:40]!r} is not on the slider of {slider.name}",
        f"It goes from {low:g} to {high:g} {slider.prior.unit}.", f"{slider.default:g}",
    )  # fmt: skip


def _unknown(key: str, names: list[str]) -> Problem:
    near = get_close_matches(key, names, n=1)
    fix = f"did you mean {near[0]!r}?" if near else "leave it out"
    return Problem(
        code="AMP-E101", what=f"the page knows nothing of {key[:60]!r}",
        why="A link holds labels of the run and moved beliefs only.", fix=fix,
    )  # fmt: skip


def _problem(key: str, what: str, why: str, better: str) -> Problem:
    fix = f"{key}={better}" if better else "keep one of them"
    return Problem(code="AMP-E102", what=what, why=why, fix=fix)
