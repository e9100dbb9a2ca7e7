"""Beliefs that must hold, tested on the draws of a forecast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from amplicast.errors import AmplicastError, Problem, ScenarioError
from amplicast.forecast.outputs import OUTPUTS, output_coords
from amplicast.units import convert

if TYPE_CHECKING:
    import xarray

    from amplicast.forecast.forecast import Forecast
    from amplicast.forecast.plan import Plan
    from amplicast.scenario import MustHold, Scenario

__all__ = [
    "Judged", "judged_beliefs", "judged_by_priors", "judged_on", "must_hold_problems",
    "require_outputs",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A belief with what the draws say of it.

    Attributes
    ----------
    belief : MustHold
    below, above : float
        Share of the draws under its low and over its high bound; a draw in which the quantity is
        not defined counts as below.
    elsewhere : str
        Why it was not tested: its place is not in this forecast. Empty where it was.
    """

    belief: MustHold
    below: float = 0.0
    above: float = 0.0
    elsewhere: str = ""

    @property
    def broken(self) -> float:
        """Share of the draws in which it does not hold."""
        return self.below + self.above

    @property
    def holds(self) -> bool:
        """It was tested, and holds in as many draws as it must."""
        return not self.elsewhere and self.broken <= 1.0 - self.belief.chance + 1e-12

    @property
    def fails(self) -> bool:
        """It does not hold, and the scenario calls that a failure."""
        return not (self.holds or self.elsewhere) and self.belief.severity == "failure"

    def to_dict(self) -> dict[str, Any]:
        """What a run keeps of it."""
        return {
            "name": self.belief.name,
            "below": self.below,
            "above": self.above,
            "holds": self.holds,
            "elsewhere": self.elsewhere,
        }


def must_hold_problems(scenario: Scenario) -> Iterator[Problem]:
    """Every belief whose output, dims or unit do not exist."""
    for belief in scenario.must_hold:
        where = f"[beliefs.{belief.name}]"
        about = OUTPUTS.get(belief.quantity)
        if about is None:
            near = get_close_matches(belief.quantity, OUTPUTS, n=1)
            yield Problem(
                code="AMP-S196",
                what=f"there is no output called {belief.quantity!r}",
                why="A belief that must hold bounds an output of the forecast.",
                fix=f'quantity = "{near[0]}"' if near else "see docs/reference/outputs.md",
                where=where,
            )
            continue
        lacking = [dim for dim in about.dims if dim not in belief.place]
        beyond = [dim for dim in belief.place if dim not in about.dims]
        if lacking or beyond:
            yield Problem(
                code="AMP-S197",
                what=f"{belief.quantity!r} is found by {', '.join(about.dims) or 'no place'}",
                why="A bound holds at one place: "
                + "; ".join(
                    f"{what} {', '.join(dims)}"
                    for what, dims in (("missing is", lacking), ("too much is", beyond))
                    if dims
                )
                + ".",
                fix=f"add  {lacking[0]} = ..." if lacking else f"delete {beyond[0]}",
                where=where,
            )
        try:
            convert(1.0, belief.unit, about.unit)
        except AmplicastError:
            yield Problem(
                code="AMP-S198",
                what=f"{belief.quantity!r} is not measured in {belief.unit!r}",
                why=f"Its unit is {about.unit}.",
                fix=f'unit = "{about.unit}"',
                where=where,
            )


def require_outputs(scenario: Scenario) -> None:
    """Refuse beliefs about outputs that there are not.

    Raises
    ------
    ScenarioError
        With every problem of every belief.
    """
    if problems := tuple(must_hold_problems(scenario)):
        raise ScenarioError(*problems)


def judged_on(plan: Plan, scenario: Scenario, outputs: xarray.Dataset) -> tuple[Judged, ...]:
    """Test every belief of a scenario on its reference draws."""
    return tuple(_judged(belief, plan, outputs) for belief in scenario.must_hold)


def judged_beliefs(forecast: Forecast) -> tuple[Judged, ...]:
    """Test every belief of a forecast on its own draws, also of one that was re-evaluated."""
    return judged_on(forecast.plan, forecast.scenario, forecast.outputs)


def judged_by_priors(forecast: Forecast) -> tuple[Judged, ...]:
    """Test every belief on draws that no evidence has informed: what the priors alone allow."""
    from amplicast.forecast.prior_predictive import prior_outputs

    beliefs = forecast.scenario.must_hold
    if not beliefs:
        return ()
    only = {belief.quantity for belief in beliefs}
    outputs = prior_outputs(forecast.plan, forecast.scenario, only=only)
    return judged_on(forecast.plan, forecast.scenario, outputs)


def _judged(belief: MustHold, plan: Plan, outputs: xarray.Dataset) -> Judged:
    import numpy

    coords = output_coords(plan)
    strange = {dim: at for dim, at in belief.place.items() if at not in coords[dim]}
    if strange:
        dim, at = next(iter(strange.items()))
        return Judged(belief=belief, elsewhere=f"this forecast has no {dim.replace('_', ' ')} {at}")
    values = outputs[belief.quantity]
    if "scenario" in values.dims:
        values = values.isel(scenario=0)
    place = {dim: list(coords[dim]).index(at) for dim, at in belief.place.items()}
    draws = values.isel(place).values
    unit = OUTPUTS[belief.quantity].unit
    low = None if belief.low is None else convert(belief.low, belief.unit, unit)
    high = None if belief.high is None else convert(belief.high, belief.unit, unit)
    with numpy.errstate(invalid="ignore"):
        above = numpy.zeros(draws.shape, dtype=bool) if high is None else draws > high
        below = numpy.isnan(draws) if low is None else ~(draws >= low)
    return Judged(belief=belief, below=float(below.mean()), above=float(above.mean()))
