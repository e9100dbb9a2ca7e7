"""What two runs assume otherwise, and whether their draws are the same but for that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior

__all__ = ["Changed", "apart", "changed_inputs", "changed_settings"]

SHOWN = 5
"""Names that a reason tells before it counts the rest."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One thing that differs; a side that lacks it is empty."""

    name: str
    before: str
    after: str


def changed_inputs(before: Forecast, after: Forecast) -> tuple[Changed, ...]:
    """Assumptions that differ, by name; a plugin's own belief where a scenario states none."""
    left, right = _beliefs(before), _beliefs(after)
    return tuple(
        Changed(name=name, before=_told(left.get(name)), after=_told(right.get(name)))
        for name in sorted(left.keys() | right.keys())
        if _told(left.get(name)) != _told(right.get(name))
    )


def changed_settings(before: Forecast, after: Forecast) -> tuple[Changed, ...]:
    """Whatever else differs; variants are left out, since reference scenarios are compared."""
    from amplicast.scenario.diff import diff

    apart = ("assumptions.", "variants.")
    found = [
        Changed(name=change.path, before=change.a, after=change.b)
        for change in diff(before.scenario, after.scenario)
        if not change.path.startswith(apart)
    ]
    for kind in ("plugins", "versions"):
        left, right = (_versions(each.provenance[kind]) for each in (before, after))
        label = "plugin" if kind == "plugins" else "version of"
        found += [
            Changed(name=f"{label} {name}", before=left.get(name, ""), after=right.get(name, ""))
            for name in sorted(left.keys() | right.keys())
            if left.get(name) != right.get(name)
        ]
    return tuple(found)


def apart(before: Forecast, after: Forecast) -> tuple[str, ...]:
    """Why the draws of two runs are not common; empty where only what was changed differs.

    The same seed gives an input the same draw wherever it is used, so a difference draw by draw
    shows what the changes do, without sampling noise of its own.
    """
    return tuple(_reasons(before, after))


def _reasons(before: Forecast, after: Forecast) -> Iterator[str]:
    seeds = before.scenario.compute.seed, after.scenario.compute.seed
    if seeds[0] != seeds[1]:
        yield f"the seeds differ ({seeds[0]} and {seeds[1]})"
    sizes = before.outputs.sizes["draw"], after.outputs.sizes["draw"]
    if sizes[0] != sizes[1]:
        yield f"the numbers of draws differ ({sizes[0]:,} and {sizes[1]:,})"
    left, right = before.provenance, after.provenance
    other = _unlike(_versions(left["plugins"]), _versions(right["plugins"]))
    if other:
        yield f"versions of plugins differ: {_some(other)}"
    fits = _unlike(left["posteriors"], right["posteriors"])
    if fits:
        yield f"calibrations differ: {_some(fits)}"
    if seeds[0] == seeds[1] and sizes[0] == sizes[1] and not other and not fits:
        drawn = list(_drawn_otherwise(before, after))
        if drawn:
            yield f"inputs that are stated alike are drawn otherwise: {_some(drawn)}"


def _drawn_otherwise(before: Forecast, after: Forecast) -> Iterator[str]:
    import numpy

    left, right = before.inputs(), after.inputs()
    meant = {change.name for change in changed_inputs(before, after)}
    for name in sorted((left.keys() & right.keys()) - meant):
        one, two = left[name].values, right[name].values
        if one.shape == two.shape and not numpy.array_equal(one, two):
            yield name


def _beliefs(forecast: Forecast) -> dict[str, Prior]:
    """Every belief that the run used, by full name, with what re-evaluation changed."""
    from amplicast.priors import Prior

    used = set(forecast.inputs())
    own = {
        f"{plugin.id}.{name}": prior
        for plugin in forecast.plan.plugins
        for name, prior in plugin.priors.items()
    }
    stated = {name: one.prior for name, one in forecast.scenario.assumptions.items()}
    changed = {
        name: Prior.from_dict(record)
        for name, record in forecast.provenance.get("changes", {}).items()
    }
    return {name: prior for name, prior in {**own, **stated, **changed}.items() if name in used}


def _told(prior: Prior | None) -> str:
    return "" if prior is None else f"{prior.statement} {prior.unit}"


def _versions(record: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(about["version"] if isinstance(about, dict) else about)
        for name, about in record.items()
    }


def _unlike(left: Mapping[str, str], right: Mapping[str, str]) -> list[str]:
    return [name for name in sorted(left.keys() & right.keys()) if left[name] != right[name]]


def _some(names: Iterable[str]) -> str:
    told = list(names)
    more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return ", ".join(told[:SHOWN]) + more
