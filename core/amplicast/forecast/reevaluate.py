"""Stored draws under changed beliefs: the same scores, other beliefs, NumPy only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.draws import changed_inputs

if TYPE_CHECKING:
    from amplicast.forecast.forecast import Forecast
    from amplicast.priors import Prior

__all__ = ["reevaluate"]


def reevaluate(forecast: Forecast, changes: Mapping[str, Prior]) -> Forecast:
    """Re-evaluate a forecast under other beliefs; see `Forecast.reevaluate`.

    Raises
    ------
    ScenarioError
        A name is unknown, or evidence calibrates it.
    """
    import xarray

    from amplicast.forecast.forecast import Forecast, evaluate_draws, label

    inputs = forecast.inputs()
    beliefs = set(forecast.provenance["beliefs"])
    wrong = sorted(set(changes) - beliefs)
    if wrong:
        raise ScenarioError(
            *(
                Problem(
                    code="AMP-S163",
                    what=f"{name!r} is not a belief of this run",
                    why="A saved run is re-evaluated on its own draws, so only its beliefs can "
                    "change; what evidence calibrates needs a new run.",
                    fix="amplicast run SCENARIO --set " + f'"{name}=..."',
                )
                for name in wrong
            )
        )
    draws = next(iter(inputs.values())).sizes["draw"]
    inputs.update(changed_inputs(forecast.plan, forecast.scenario, changes, draws=draws))
    outputs = label(evaluate_draws(forecast.plan, inputs), forecast.plan)
    tree = xarray.DataTree.from_dict({"/inputs": xarray.Dataset(inputs), "/forecast": outputs})
    record = dict(forecast.provenance)
    record["scenarios"] = [record["scenarios"][0]]
    record["changes"] = {name: prior.to_dict() for name, prior in sorted(changes.items())}
    tree.attrs["provenance"] = json.dumps(record, sort_keys=True)
    return Forecast(tree=tree, plan=forecast.plan, scenario=forecast.scenario)
