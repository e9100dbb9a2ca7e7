"""A finished forecast: joint draws with provenance, and what can be asked of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from amplicast.forecast.model import evaluate
from amplicast.forecast.outputs import OUTPUTS, output_coords
from amplicast.forecast.quantiles import QUANTILES
from amplicast.math import NUMPY

if TYPE_CHECKING:
    from pathlib import Path

    import pandas
    import pymc
    import xarray

    from amplicast.forecast.plan import Plan
    from amplicast.registry import Registry
    from amplicast.report.charts.accessor import Plot
    from amplicast.scenario import Scenario

__all__ = ["Forecast", "label"]

PLOT, NOTEBOOK = "amplicast.report.charts.accessor", "amplicast.report.notebook"
"""Rooms of pictures and notebooks; they lie above this one, so they are known by name only."""


def label(outputs: Mapping[str, xarray.DataArray], plan: Plan) -> xarray.Dataset:
    """Outputs with coordinates, units and titles, dims in a fixed order."""
    import xarray

    coords = output_coords(plan)
    labelled = {}
    for name, values in outputs.items():
        about = OUTPUTS[name]
        order = [d for d in ("scenario", "draw", *about.dims) if d in values.dims]
        labelled[name] = (
            values.transpose(*order)
            .assign_coords({d: coords[d] for d in order if d in coords})
            .assign_attrs(unit=about.unit, title=about.title)
        )
    return xarray.Dataset(labelled)


@dataclass(frozen=True)
class Forecast:
    """Joint draws of inputs and outputs, with how they came about.

    Attributes
    ----------
    tree : xarray.DataTree
        Groups ``inputs`` (stacked draws), ``forecast``, ``posterior``, ``sample_stats``,
        ``prior``, ``evidence`` and ``diagnostics``.
    plan : Plan
    scenario : Scenario
    memory : dict
        Answers that took long, for those who ask again; never saved.
    """

    tree: xarray.DataTree
    plan: Plan
    scenario: Scenario
    memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def provenance(self) -> dict[str, Any]:
        """Resolved scenario, digests, versions, seed and checks."""
        record: dict[str, Any] = json.loads(self.tree.attrs["provenance"])
        return record

    @property
    def id(self) -> str:
        """Short name of the run, from its content."""
        return str(self.provenance["run"])

    @property
    def outputs(self) -> xarray.Dataset:
        """Every output along ``draw``, with units in the attributes."""
        return self.tree["forecast"].to_dataset()

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The reference and the variants that were drawn with it."""
        return tuple(self.provenance["scenarios"])

    def inputs(self, scenario: int = 0) -> dict[str, xarray.DataArray]:
        """Joint input draws of one of `scenarios`."""
        if ("inputs", scenario) not in self.memory:
            group = self.tree["inputs"].to_dataset()
            self.memory["inputs", scenario] = {
                str(name): values.isel(scenario=scenario) if "scenario" in values.dims else values
                for name, values in group.data_vars.items()
            }
        return dict(self.memory["inputs", scenario])

    def output(self, name: str, scenario: str) -> xarray.DataArray:
        """One output of one of `scenarios`, along ``draw``."""
        values = self.outputs[name]
        if "scenario" in values.dims:
            return values.isel(scenario=self.scenarios.index(scenario))
        return values

    @property
    def plot(self) -> Plot:
        """Pictures of this forecast: ``forecast.plot.copies()``."""
        plot: Plot = import_module(PLOT).Plot(self)
        return plot

    def _repr_html_(self) -> str:
        """What a notebook shows: both headlines in a small table."""
        html: str = import_module(NOTEBOOK).forecast_html(self)
        return html

    def reevaluate(self, changes: Mapping[str, Any]) -> Forecast:
        """The same draws under changed beliefs, by NumPy alone, in about a second.

        Parameters
        ----------
        changes : Mapping[str, Prior]
            New beliefs by assumption name; a calibrated parameter cannot be changed this way.
        """
        from amplicast.forecast.reevaluate import reevaluate

        return reevaluate(self, changes)

    def to_dataframe(self, *names: str, quantiles: Sequence[float] = QUANTILES) -> pandas.DataFrame:
        """A tidy table of outputs: a row for each place, with its unit and quantiles.

        Parameters
        ----------
        *names : str
            Outputs, as in `amplicast.forecast.outputs.OUTPUTS`; all when none are named.
        quantiles : sequence of float
            Each becomes a column (``p05`` for 0.05), over the draws in which the output is
            defined. When empty, every joint draw is a row of its own.
        """
        from amplicast.forecast.quantiles import to_dataframe

        return to_dataframe(self, names, quantiles=quantiles)

    def to_pymc(self) -> pymc.Model:
        """The whole forecast as one PyMC model, evidence included, to condition further."""
        from amplicast.forecast.joint import joint_model

        return joint_model(self.plan, self.scenario)

    def save(self, folder: Path) -> Path:
        """Write the run folder; see `amplicast.forecast.store.save`."""
        from amplicast.forecast.store import save

        return save(self, folder)

    @classmethod
    def load(
        cls, folder: Path, registry: Registry | None = None, groups: Collection[str] | None = None
    ) -> Forecast:
        """Open a run folder without sampling anything.

        Parameters
        ----------
        folder : Path
        registry : Registry, optional
        groups : collection of str, optional
            Of the tree, for who has no time to read all of it; everything when None.

        Raises
        ------
        RunError
            The folder is missing or incomplete, or its content is not what its digest names.
        """
        from amplicast.forecast.store import load

        return load(folder, registry, groups)


def evaluate_draws(
    plan: Plan, inputs: Mapping[str, xarray.DataArray], *, only: Collection[str] = tuple(OUTPUTS)
) -> dict[str, xarray.DataArray]:
    """The outputs `only` names, for stored draws, on NumPy/xarray and without PyMC.

    Inputs may have a dim ``scenario``: what does not depend on it is worked out once for all.
    """
    # Labels would be compared in every sum; dims alone say which axes belong together.
    bare = {name: values.drop_vars(list(values.coords)) for name, values in inputs.items()}
    return evaluate(NUMPY, plan, bare, only=only)
