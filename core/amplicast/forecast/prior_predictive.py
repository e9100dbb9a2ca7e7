"""What the priors alone foretell: outputs from draws that no evidence has informed."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from amplicast.forecast.draws import draw_inputs
from amplicast.forecast.forecast import evaluate_draws, label

if TYPE_CHECKING:
    import xarray

    from amplicast.forecast.plan import Plan
    from amplicast.scenario import Scenario

__all__ = ["prior_outputs"]


def prior_outputs(plan: Plan, scenario: Scenario, *, only: Collection[str]) -> xarray.Dataset:
    """The outputs `only` names, with every parameter drawn from its prior.

    As many draws as the scenario asks for, by its seed; beliefs that no evidence informs have the
    same draws as in a forecast without evidence.
    """
    inputs = draw_inputs(plan, scenario, {}, calibrated={})
    return label(evaluate_draws(plan, inputs, only=only), plan)
