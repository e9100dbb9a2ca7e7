"""A plugin's beliefs and evidence as random variables of a PyMC model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amplicast.engine.families import add_likelihood
from amplicast.engine.latents import (
    Latent,
    coords,
    latents,
    level_value,
    look_up,
    mean,
    parameter_values,
    place,
    rows_of,
)
from amplicast.engine.tensors import XTENSOR

if TYPE_CHECKING:
    from amplicast.concepts import Plugin

__all__ = ["add_to_model"]

Value = Any


def add_to_model(plugin: Plugin) -> dict[str, Value]:
    """Add a plugin's calibrated parameters and evidence to the current PyMC model.

    Creates, in sorted order, ``<plugin>.<parameter>.z`` (standard normal), the deterministic
    ``<plugin>.<parameter>``, the same for group levels with ``<plugin>.<parameter>.<evidence>``,
    and one observed variable ``<plugin>:<evidence>`` per piece of evidence. Of the levels of a
    centred group the value is the random variable and the score is deterministic. Dims get the
    plugin's id as a prefix, so that plugins do not share labels by accident.

    Parameters
    ----------
    plugin : Plugin

    Returns
    -------
    dict of str to XTensorVariable
        Values by plain parameter name and with plain dims, ready for the plugin's functions.

    Raises
    ------
    PluginError
        An evidence table or a declaration is broken.

    Examples
    --------
    Call it inside ``with pymc.Model():``, once per plugin.
    """
    import pymc
    import pymc.dims

    rows = rows_of(plugin)
    variables = latents(plugin, rows)
    labels = coords(plugin, rows)
    model = pymc.modelcontext(None)
    model.add_coords({f"{plugin.id}.{dim}": list(names) for dim, names in labels.items()})
    plain = {f"{plugin.id}.{dim}": dim for dim in labels}
    full = {dim: name for name, dim in plain.items()}

    def rename(value: Value, names: Mapping[str, str]) -> Value:
        known = getattr(value.type, "dims", ())
        return value.rename({old: new for old, new in names.items() if old in known})

    def normal(latent: Latent, name: str, centre: Value, scale: Value) -> Value:
        dims = tuple(f"{plugin.id}.{dim}" for dim in latent.dims)
        return rename(pymc.dims.Normal(f"{plugin.id}.{name}", centre, scale, dims=dims), plain)

    def deterministic(name: str, value: Value) -> None:
        pymc.dims.Deterministic(f"{plugin.id}.{name}", rename(value, full))

    free = {one.name: one for one in variables if not one.centred}
    scores = {name: normal(one, f"{name}.z", 0.0, 1.0) for name, one in free.items()}
    found = parameter_values(XTENSOR, plugin, rows, scores)
    for one in variables:
        if one.scale:
            if one.centred:
                centre, scale = found[one.parameter], found[one.scale]
                found[one.name] = normal(one, one.name, centre, scale)
                deterministic(f"{one.name}.z", (found[one.name] - centre) / scale)
            else:
                found[one.name] = level_value(one, found, scores[one.name])
    for name in sorted(found.keys() - {one.name for one in variables if one.centred}):
        # What is fixed gets a variable of its own, which can be named.
        value = found[name] if name in scores else XTENSOR.where(True, found[name], 0.0)
        deterministic(name, value)
    for evidence in sorted(plugin.evidence, key=lambda one: one.id):
        table = rows[evidence.id]
        seen = look_up(XTENSOR, plugin, evidence, table, found)
        expected = mean(XTENSOR, plugin, evidence, table, found)
        add_likelihood(place(plugin, evidence), evidence.family, table, expected, seen)
    return found
