"""Pools of compute side by side, on joint draws: stock, power and capital by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amplicast.analysis.costing import Costing, costing
from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.model import pools as stocks_of
from amplicast.forecast.plan import Plan
from amplicast.math import NUMPY

if TYPE_CHECKING:
    import xarray

    from amplicast.engine.progress import Progress
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = ["TOTAL", "Pools", "pools", "with_total"]

TOTAL = "total"
"""Name of the sum of pools."""

NOT_BESIDE = ("leading-lab", "world")
"""Actors that hold or stand for others, so that adding them would count twice."""


@dataclass(frozen=True, kw_only=True)
class Pools:
    """Joint draws of several pools.

    Attributes
    ----------
    plan : Plan
        Its actors are the ids of the supplies.
    inputs : Mapping[str, xarray.DataArray]
    stock : xarray.DataArray
        Along ``draw``, ``year`` and ``pool`` [H100e]; the same draw is the same world for all.
    costing : Costing
    """

    plan: Plan
    inputs: Mapping[str, xarray.DataArray]
    stock: xarray.DataArray
    costing: Costing

    @property
    def power(self) -> xarray.DataArray:
        """Power of the sites [W]."""
        return self.stock * self.costing.site_power

    @property
    def capital(self) -> xarray.DataArray:
        """Capital to build the pool anew in that year [USD]."""
        return self.stock * self.costing.capital


def pools(
    scenario: Scenario,
    registry: Registry,
    ids: Sequence[str] = (),
    *,
    progress: Progress | None = None,
) -> Pools:
    """Calibrate and draw pools of compute together.

    Parameters
    ----------
    scenario : Scenario
        Gives the world, the years, beliefs, the mix of devices, the size of the computation and
        its seed.
    ids : sequence of str
        Supplies; every installed one where none is named.
    progress : Progress, optional
        Shows the calibrations; silent by default.

    Raises
    ------
    PluginError
        A supply is not installed.
    ScenarioError
        A supply needs an earlier year than the scenario's first.
    """
    from amplicast.engine.calibrate import SamplerSettings, calibrate
    from amplicast.engine.latents import calibrated_parameters
    from amplicast.forecast.draws import draw_inputs
    from amplicast.forecast.plan import make_plan

    chosen = tuple(dict.fromkeys(ids)) or tuple(registry.supply)
    supply = {**{id_: id_ for id_ in chosen}, "world": scenario.plugins.supply["world"]}
    plan = make_plan(
        replace(scenario, actors=chosen, plugins=replace(scenario.plugins, supply=supply)), registry
    )
    compute = scenario.compute
    settings = SamplerSettings(draws=compute.draws, chains=compute.chains, seed=compute.seed)
    posteriors = calibrate(plan.pools.values(), settings=settings, progress=progress)
    calibrated = {plugin.id: calibrated_parameters(plugin) for plugin in plan.plugins}
    inputs = draw_inputs(plan, scenario, posteriors, calibrated=calibrated)
    year = NUMPY.array([float(y) for y in plan.years], dims=("year",))
    stocks = stocks_of(NUMPY, plan, inputs, year=year)
    stock = NUMPY.stack([stocks[actor] for actor in plan.actors], dim="pool")
    labelled = stock.assign_coords(pool=list(chosen), year=list(plan.years))
    return Pools(
        plan=plan,
        inputs=inputs,
        stock=labelled.transpose("draw", "year", "pool"),
        costing=costing(plan, inputs, seed=compute.seed),
    )


def with_total(found: Pools) -> Pools:
    """The same pools and their sum, draw by draw.

    Raises
    ------
    ScenarioError
        There are fewer than two, or one of them is the world or stands for another.
    """
    import xarray

    wide = {id_ for id_, pool in found.plan.pools.items() if pool.actor in NOT_BESIDE}
    wrong = sorted({str(name) for name in found.stock["pool"].values} & wide)
    if wrong or found.stock.sizes["pool"] < 2:
        raise ScenarioError(
            Problem(
                code="AMP-A120",
                what=f"{', '.join(wrong)} cannot be added to other pools"
                if wrong
                else "a total needs two pools or more",
                why="The world holds every other pool, and the leading lab is a position, not one "
                "lab beside others."
                if wrong
                else "One pool is its own total.",
                fix="amplicast supply anthropic-fleet openai-fleet --total",
            )
        )
    total = found.stock.sum("pool").expand_dims(pool=[TOTAL])
    stock = xarray.concat([found.stock, total], dim="pool").transpose("draw", "year", "pool")
    return replace(found, stock=stock)
