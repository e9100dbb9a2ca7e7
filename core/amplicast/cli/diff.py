"""``amplicast diff``: why two runs differ, as ``compare --attribute`` tells it."""

from __future__ import annotations

from copy import copy
from typing import Any

import click

from amplicast.cli.compare import command as compare


def _attributed(**given: Any) -> Any:
    """Share the difference between two runs out among what changed (compare --attribute).

    \b
    amplicast diff
    amplicast diff 7f3a9c2 b21e004 --years 2030 --quantity copies
    amplicast diff latest --variant inference-cap
    """
    return click.get_current_context().invoke(compare, **given, attribute=True)


command = click.Command(
    "diff",
    callback=_attributed,
    params=[copy(each) for each in compare.params if each.name != "attribute"],
    help=_attributed.__doc__,
)
