"""What of a plugin is calibrated, and how standard-normal scores become values and means.

Written against the math namespace: inside a PyMC model it makes the graph, on NumPy it turns
stored scores into values, so a fit samples the scores alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.families import parameters_of
from amplicast.engine.rows import Rows, read_rows
from amplicast.errors import PluginError, Problem

if TYPE_CHECKING:
    from amplicast.concepts import Evidence, Plugin
    from amplicast.math import MathNamespace

__all__ = [
    "Latent",
    "blocks",
    "calibrated_parameters",
    "coords",
    "latents",
    "level_value",
    "look_up",
    "mean",
    "parameter_values",
    "place",
    "reads",
    "rows_of",
    "values",
]

Value = Any


@dataclass(frozen=True)
class Latent:
    """One free random variable: the score of a parameter, or of its levels in a group.

    Attributes
    ----------
    name : str
        ``parameter``, or ``parameter.evidence`` for the levels of a group.
    dims : tuple of str
        The parameter's own dims, led by ``evidence.column`` for the levels of a group.
    parameter, scale : str
        A level's value is `parameter` plus `scale` times its score; `scale` is else empty.
    centred : bool
        The value of a level is sampled, and its score follows.
    """

    name: str
    dims: tuple[str, ...]
    parameter: str
    scale: str = ""
    centred: bool = False


def place(plugin: Plugin, evidence: Evidence) -> str:
    """Return ``plugin:evidence``: the name of its observed variable, and its place in messages."""
    return f"{plugin.id}:{evidence.id}"


def rows_of(plugin: Plugin) -> dict[str, Rows]:
    """Return the rows of every evidence of `plugin`, by evidence id.

    Raises
    ------
    PluginError
        A table cannot be read or is not as declared.
    """
    return {
        evidence.id: read_rows(evidence, place(plugin, evidence)) for evidence in plugin.evidence
    }


def reads(plugin: Plugin, evidence: Evidence, rows: Rows) -> tuple[str, ...]:
    """Return the parameters of `plugin` that `evidence` informs, sorted.

    Raises
    ------
    PluginError
        The predictor, its family or a group names a parameter without a prior.
    """
    names = set(parameters_of(evidence.family, rows, place(plugin, evidence)))
    for parameter in list(inspect.signature(evidence.predictor).parameters.values())[2:]:
        named = parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}
        optional = parameter.default is not parameter.empty
        if named and (parameter.name in plugin.priors or not optional):
            names.add(parameter.name)
    names.update(evidence.groups)
    names.update(group.scale for group in evidence.groups.values())
    if unknown := sorted(names - set(plugin.priors)):
        raise PluginError(
            Problem(
                code="AMP-E521",
                what=f"no prior for {', '.join(unknown)}",
                why="The predictor, the family or a group of this evidence takes it.",
                fix="add it to `priors`, or take it out of the signature",
                where=place(plugin, evidence),
            )
        )
    return tuple(sorted(names))


def calibrated_parameters(plugin: Plugin) -> tuple[str, ...]:
    """Return the parameters that some evidence of `plugin` informs, sorted; beliefs are the rest.

    Those are the ones a predictor's signature names, and those named as a family's `scale` or
    `scatter` or as a group's `scale`.

    Raises
    ------
    PluginError
        An evidence table cannot be read, or a named parameter has no prior.
    """
    rows = rows_of(plugin)
    return tuple(sorted({n for e in plugin.evidence for n in reads(plugin, e, rows[e.id])}))


def blocks(plugin: Plugin) -> tuple[tuple[str, ...], ...]:
    """Return the calibrated parameters in blocks that no evidence links, each sorted.

    Parameters of different blocks are independent in the posterior.
    """
    rows = rows_of(plugin)
    found: list[set[str]] = []
    for evidence in plugin.evidence:
        together = set(reads(plugin, evidence, rows[evidence.id]))
        linked = [block for block in found if block & together]
        found = [block for block in found if not block & together]
        found.append(together.union(*linked))
    return tuple(sorted(tuple(sorted(block)) for block in found if block))


def _levels(evidence: Evidence, rows: Rows, by: str, where: str) -> tuple[str, ...]:
    return tuple(sorted(set(rows.text(by, where))))


def latents(plugin: Plugin, rows: Mapping[str, Rows]) -> tuple[Latent, ...]:
    """Return the free random variables of `plugin`, sorted by name.

    A parameter whose prior is a single number is not one of them.
    """
    used = sorted({n for e in plugin.evidence for n in reads(plugin, e, rows[e.id])})
    found = [
        Latent(name, tuple(plugin.dims.get(name, ())), name)
        for name in used
        if not plugin.priors[name].is_fixed
    ]
    for evidence in plugin.evidence:
        for parameter, group in evidence.groups.items():
            dims = (f"{evidence.id}.{group.by}", *plugin.dims.get(parameter, ()))
            name = f"{parameter}.{evidence.id}"
            found.append(Latent(name, dims, parameter, group.scale, group.centred))
    return tuple(sorted(found, key=lambda latent: latent.name))


def coords(plugin: Plugin, rows: Mapping[str, Rows]) -> dict[str, tuple[str, ...]]:
    """Return the labels of every dim of `latents`.

    Raises
    ------
    PluginError
        A calibrated parameter has a dim without labels; ``year`` has none before a forecast.
    """
    labels = {dim: tuple(names) for dim, names in plugin.coords.items()}
    for evidence in plugin.evidence:
        for group in evidence.groups.values():
            labels[f"{evidence.id}.{group.by}"] = _levels(
                evidence, rows[evidence.id], group.by, place(plugin, evidence)
            )
    needed = {dim: latent.name for latent in latents(plugin, rows) for dim in latent.dims}
    if unknown := sorted(set(needed) - set(labels)):
        raise PluginError(
            Problem(
                code="AMP-E522",
                what=f"{needed[unknown[0]]!r} is calibrated along {unknown[0]!r}, without labels",
                why="Evidence informs numbered things; forecast years come later.",
                fix=f"give `coords` labels for {unknown[0]!r}, or split the parameter",
                where=plugin.id,
            )
        )
    return {dim: labels[dim] for dim in sorted(needed)}


def values(
    m: MathNamespace, plugin: Plugin, rows: Mapping[str, Rows], scores: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the value of every calibrated parameter and group level from its scores.

    Parameters
    ----------
    m : MathNamespace
    plugin : Plugin
    rows : Mapping[str, Rows]
    scores : Mapping[str, labelled value]
        Standard-normal scores by `Latent.name`.
    """
    found = parameter_values(m, plugin, rows, scores)
    for latent in latents(plugin, rows):
        if latent.scale:
            found[latent.name] = level_value(latent, found, scores[latent.name])
    return found


def level_value(latent: Latent, found: Mapping[str, Value], score: Value) -> Value:
    """Return the levels of a group from their scores and the values of its two parameters."""
    return found[latent.parameter] + found[latent.scale] * score


def parameter_values(
    m: MathNamespace, plugin: Plugin, rows: Mapping[str, Rows], scores: Mapping[str, Value]
) -> dict[str, Value]:
    """Return the value of every calibrated parameter, without the levels of groups."""
    import numpy

    used = sorted({n for e in plugin.evidence for n in reads(plugin, e, rows[e.id])})
    found = {}
    for name in used:
        score = scores.get(name)
        if score is None:
            dims = plugin.dims.get(name, ())
            # A fixed value takes its dims from its score, like any other.
            shape = [len(plugin.coords[dim]) for dim in dims]
            score = m.array(numpy.zeros(shape), dims=dims)
        found[name] = plugin.priors[name].transform(m, score)
    return found


def look_up(
    m: MathNamespace, plugin: Plugin, evidence: Evidence, rows: Rows, found: Mapping[str, Value]
) -> dict[str, Value]:
    """Return what the evidence sees of the parameters: groups looked up for each row."""
    seen = {name: found[name] for name in reads(plugin, evidence, rows)}
    for parameter, group in evidence.groups.items():
        where = place(plugin, evidence)
        levels = _levels(evidence, rows, group.by, where)
        index = [levels.index(level) for level in rows.text(group.by, where)]
        rowwise = m.array(index, dims=("point",))
        by_level = found[f"{parameter}.{evidence.id}"]
        seen[parameter] = by_level.isel({f"{evidence.id}.{group.by}": rowwise})
    return seen


def mean(
    m: MathNamespace,
    plugin: Plugin,
    evidence: Evidence,
    rows: Rows,
    found: Mapping[str, Value],
) -> Value:
    """Return what the predictor says each row should be.

    Parameters
    ----------
    m : MathNamespace
    plugin : Plugin
    evidence : Evidence
    rows : Rows
        Of this evidence.
    found : Mapping[str, labelled value]
        From `values`.
    """
    columns = {name: m.array(numbers, dims=("point",)) for name, numbers in rows.numbers.items()}
    accepted = inspect.signature(evidence.predictor).parameters
    seen = look_up(m, plugin, evidence, rows, found)
    taken = {name: value for name, value in seen.items() if name in accepted}
    return evidence.predictor(m, columns, **taken)
