"""Plugins of others, held to the laws before a run relies on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from amplicast.errors import PluginError, Problem

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = ["require_lawful"]


def require_lawful(scenario: Scenario, registry: Registry) -> None:
    """Refuse a scenario whose plugins give what no forecast can use, before anything is fitted.

    Every plugin that amplicast does not ship itself is asked once at drawn inputs; those that it
    ships are held to the laws wherever they change.

    Raises
    ------
    PluginError
        Names each breach with its plugin and function: an answer that is no number, not finite, of
        another shape, sign or unit, or no answer at all.
    """
    broken: dict[str, tuple[Problem, ...]] = {}
    for each in _strangers(scenario, registry):
        from amplicast.testing import check

        if problems := check(each, quick=True).problems:
            broken[each.id] = problems
    if broken:
        names = sorted(broken)
        raise PluginError(
            *(problem for name in names for problem in broken[name]),
            Problem(
                code="AMP-P151",
                what=f"the run is refused: {', '.join(names)} cannot be relied on",
                why="One answer that is no number, or in another unit, spoils every draw.",
                fix="mend what is said above, and hold it to all laws: amplicast plugins check "
                f"{names[0]}; or leave it out of the scenario",
            ),
        )


def _strangers(scenario: Scenario, registry: Registry) -> Iterator[Plugin]:
    """Plugins in use that amplicast does not ship, as their authors wrote them."""
    from amplicast.forecast.plan import make_plan
    from amplicast.registry import KINDS

    plan = make_plan(scenario, registry)
    used = (*plan.plugins, *plan.hardware)
    for row in registry.rows():
        if row.trust != "built in":
            for kind, ids in sorted(row.adds.items()):
                known = {each.id for each in used if isinstance(each, KINDS[kind])}
                yield from (getattr(registry, kind)[id_] for id_ in ids if id_ in known)
