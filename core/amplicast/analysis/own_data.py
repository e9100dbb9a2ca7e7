"""A technique informed by a user's own measurements, beside the one that ships."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.latents import latents, mean, place, rows_of, values
from amplicast.errors import PluginError, Problem
from amplicast.math import NUMPY

if TYPE_CHECKING:
    from pathlib import Path

    import xarray

    from amplicast.analysis.huber import LossLaw
    from amplicast.concepts import Plugin
    from amplicast.engine.posterior import Posterior

__all__ = ["NARROW", "Comparison", "compare", "loss_law_of", "with_data"]

NARROW = 0.8
"""Ratio of posterior to shipped standard deviation below which the shipped one is used."""

_LOSS_COLUMNS = frozenset({"params", "tokens", "loss_nats_per_token"})


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One parameter by a user's data, and as it ships.

    Attributes
    ----------
    name, unit : str
    data, shipped : tuple of float
        Posterior mean and standard deviation.
    """

    name: str
    unit: str
    data: tuple[float, float]
    shipped: tuple[float, float]

    @property
    def apart(self) -> float:
        """Distance of the means in shipped standard deviations."""
        return abs(self.data[0] - self.shipped[0]) / self.shipped[1]

    @property
    def ratio(self) -> float:
        """Standard deviation by the data over the shipped one."""
        return self.data[1] / self.shipped[1]

    @property
    def used(self) -> str:
        """Whose spread is to be used: the wider, where the data's is below `NARROW` of it."""
        return "shipped" if self.ratio < NARROW else "data"


def with_data(plugin: Plugin, path: Path) -> Plugin:
    """Return the plugin informed by a user's table.

    Raises
    ------
    PluginError
        It takes no table, or the table lacks a column that it needs.
    """
    offered = getattr(plugin, "with_data", None)
    if offered is None:
        raise PluginError(
            Problem(
                code="AMP-C130",
                what=f"{plugin.id!r} takes no data file",
                why="Its evidence is already single measurements, or none are public.",
                fix="leave --data out, or change the plugin's own table",
                where=plugin.id,
            )
        )
    if not path.is_file():
        raise PluginError(
            Problem(
                code="AMP-C131",
                what=f"there is no file {path}",
                why="The measurements are read from it.",
                fix="give the path of a CSV file",
                where=plugin.id,
            )
        )
    informed: Plugin = offered(path)
    rows = rows_of(informed)
    scores = {latent.name: 0.0 for latent in latents(informed, rows) if not latent.dims}
    for evidence in informed.evidence:
        lacking = _lacking(informed, evidence, rows, scores)
        if lacking:
            raise PluginError(
                Problem(
                    code="AMP-C132",
                    what=f"{path.name} has no numeric column {lacking!r}",
                    why="Missing columns, or cells that are no numbers, cannot be predicted.",
                    fix=f"add the column; there are: {', '.join(rows[evidence.id].records[0])}",
                    where=place(informed, evidence),
                )
            )
    return informed


def _lacking(informed: Any, evidence: Any, rows: Any, scores: Mapping[str, float]) -> str:
    """Return the first column that the predictor reads and the table has not."""
    if any(latent.dims for latent in latents(informed, rows)):
        return ""
    try:
        mean(NUMPY, informed, evidence, rows[evidence.id], values(NUMPY, informed, rows, scores))
    except KeyError as error:
        return str(error.args[0])
    return ""


def compare(
    data: Posterior, shipped: Posterior, *, shared: Sequence[str] = ()
) -> tuple[Comparison, ...]:
    """Compare the parameters that both posteriors have, and the levels of their groups.

    Parameters
    ----------
    data, shipped : Posterior
    shared : sequence of str
        Evidence that both rest on: the levels of its groups are left out.
    """
    pair = [_flat(each, shared) for each in (data, shipped)]
    found = []
    for name in sorted(set(pair[0]) & set(pair[1])):
        one, other = (each[name] for each in pair)
        found.append(
            Comparison(
                name=name,
                unit=str(one.attrs.get("unit", "1")),
                data=(float(one.mean()), float(one.std())),
                shipped=(float(other.mean()), float(other.std())),
            )
        )
    return tuple(found)


def _flat(posterior: Posterior, shared: Sequence[str]) -> dict[str, xarray.DataArray]:
    """Return draws by ``parameter``, or ``parameter[label]`` for a level of a group."""
    found = {}
    for name in map(str, posterior.scores.data_vars):
        draws = posterior.values[name]
        parameter, _, evidence = name.partition(".")
        if evidence in shared and evidence:
            continue
        others = [dim for dim in draws.dims if dim not in {"chain", "draw"}]
        if not others:
            found[parameter] = draws
        elif len(others) == 1:
            for label in draws[others[0]].values:
                found[f"{parameter}[{label}]"] = draws.sel({others[0]: label})
    return found


def loss_law_of(plugin: Plugin) -> LossLaw | None:
    """Least-Huber fit of a table of training runs; None where there is no such table."""
    from amplicast.analysis.huber import fit_loss_law

    for rows in rows_of(plugin).values():
        if set(rows.numbers) >= _LOSS_COLUMNS:
            numbers = rows.numbers
            return fit_loss_law(
                numbers["params"], numbers["tokens"], numbers["loss_nats_per_token"]
            )
    return None
