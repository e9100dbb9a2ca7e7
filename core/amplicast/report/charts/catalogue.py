"""Every picture of a forecast by name, with what it answers and what may be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.report.charts.picture import Picture

__all__ = ["PICTURES", "Entry", "draw"]


@dataclass(frozen=True)
class Entry:
    """One picture.

    Attributes
    ----------
    room : str
        Module that draws it, by a function of the picture's name.
    answers : str
        The question, in a line.
    """

    room: str
    answers: str


PICTURES: Mapping[str, Entry] = {
    "copies": Entry("headline", "How many AI copies could run, by year?"),
    "amplification": Entry("headline", "How much amplification, by year?"),
    "frontier": Entry("frontier", "Amplified or many: can we have both?"),
    "threshold": Entry("threshold", "What is the chance to pass a threshold, by year?"),
    "dots": Entry("dots", "When is a threshold passed?"),
    "scenarios": Entry("scenarios", "How do the scenarios of the run differ?"),
    "tornado": Entry("tornado", "What moves the number most?"),
    "contributions": Entry("contributions", "Which techniques bring the gain?"),
    "tradeoff": Entry("tradeoff", "How much inference buys how much training?"),
    "futures": Entry("futures", "What do twenty possible futures look like?"),
    "learned": Entry("learned", "What did the evidence teach, and what is belief?"),
    "forest": Entry("forest", "Which studies drive a calibration?"),
    "heldout": Entry("heldout", "Can a calibration foresee what it did not see?"),
    "diagnostics": Entry("diagnostics", "Did the chains of the calibrations agree?"),
}
"""Name -> picture, the most asked for first."""


def draw(forecast: Forecast, name: str, **asked: Any) -> Picture:
    """The named picture of a forecast.

    Parameters
    ----------
    forecast : Forecast
    name : str
        One of `PICTURES`.
    **asked
        What the picture's function takes; None stands for its default.

    Raises
    ------
    ScenarioError
        There is no such picture, it cannot be asked for that, or the run has no such place.
    """
    if name not in PICTURES:
        near = get_close_matches(name, PICTURES, n=1)
        raise ScenarioError(
            Problem(
                code="AMP-P104",
                what=f"there is no picture {name!r}",
                why=f"There are: {', '.join(PICTURES)}.",
                fix=f"amplicast picture latest {near[0] if near else next(iter(PICTURES))}",
            )
        )
    function: Callable[..., Picture] = getattr(
        import_module(f"amplicast.report.charts.{PICTURES[name].room}"), name
    )
    given = {key: value for key, value in asked.items() if value is not None}
    known = [key for key in signature(function).parameters if key != "forecast"]
    wrong = [key for key in given if key not in known]
    if wrong:
        options = ", ".join(f"--{key.replace('_', '-')}" for key in known)
        raise ScenarioError(
            *(
                Problem(
                    code="AMP-P105",
                    what=f"the picture {name!r} takes no --{key.replace('_', '-')}",
                    why=f"It takes: {options}.",
                    fix="leave it out",
                )
                for key in wrong
            )
        )
    return function(forecast, **given)
