"""Names of plugins and kinds as a user types them: checked before anything is written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from amplicast.errors import PluginError, Problem
from amplicast.fields import did_you_mean
from amplicast.validate import ID

__all__ = ["LONGEST", "checked_kind", "checked_name", "distribution_of", "refused"]

LONGEST = 40
"""Characters of a name: it is typed in files and in shells, and heads columns."""

PREFIX = "amplicast-"


def refused(code: str, what: str, why: str, fix: str) -> PluginError:
    """The error of a name or a place that will not do."""
    return PluginError(Problem(code=code, what=what, why=why, fix=fix))


def distribution_of(name: str) -> str:
    """Name of the distribution, and of its folder."""
    return f"{PREFIX}{name}"


def checked_kind(kind: str, kinds: Mapping[str, str]) -> str:
    """The kind as one plugin of it is called; the plural will do.

    Raises
    ------
    PluginError
        There is no such kind.
    """
    folded = kind.strip().lower()
    by_plural = {plural: single for single, plural in kinds.items()}
    found = folded if folded in kinds else by_plural.get(folded)
    if found is None:
        raise refused(
            "AMP-P140",
            f"there is no kind of plugin called {kind!r}.{did_you_mean(folded, kinds)}",
            f"Kinds are {', '.join(kinds)}.",
            "amplicast plugins new technique NAME",
        )
    return found


def checked_name(name: str, taken: Collection[str] = ()) -> str:
    """The name, if it can be an id, a module and a distribution, and nobody has it.

    Raises
    ------
    PluginError
        Says what is wrong with it, and proposes one that will do.
    """
    near = re.sub("[^a-z0-9]+", "-", name.lower().removeprefix(PREFIX)).strip("-")
    if not near or not near[0].isalpha():
        near = f"my-{near}".rstrip("-")
    near = near[:LONGEST].rstrip("-")
    why = "It is typed in scenario files and shells, and is the name of a Python module as well."
    if not ID.fullmatch(name) or not name[0].isalpha():
        what = f"{name!r} is no name for a plugin"
        why = (
            "A name has lower-case ASCII letters and digits, words joined by single hyphens, "
            "and begins with a letter."
        )
    elif len(name) > LONGEST:
        what = f"the name {name!r} has {len(name)} characters, and {LONGEST} is the limit"
    elif name.startswith(PREFIX):
        what = f"the name {name!r} begins with {PREFIX}"
        why = "The distribution gets this beginning by itself; the plugin's name is without it."
    elif name in taken:
        what, near = f"an installed plugin is called {name!r} already", f"my-{name}"
        why = "Of two plugins of one name neither is used: which one won would be chance."
    else:
        return name
    raise refused("AMP-P141", what, why, f"take another one, for example {near}")
