"""From a file to a `Scenario`, or to an error that names every mistake in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from amplicast.errors import ScenarioError
from amplicast.scenario.check import check
from amplicast.scenario.model import Declared, Scenario
from amplicast.scenario.names import Known

__all__ = ["load"]


def load(
    source: str | Path,
    *,
    declared: Mapping[str, Declared],
    builtin: Callable[[str], Path],
    known: Known | None = None,
) -> Scenario:
    """Load a scenario with everything it is based on.

    Parameters
    ----------
    source, declared, builtin, known
        As for `amplicast.scenario.check`.

    Raises
    ------
    ScenarioError
        With all problems of the file and of those that it is based on.
    """
    report = check(source, declared=declared, builtin=builtin, known=known)
    if report.scenario is None:
        raise ScenarioError(*report.problems)
    return report.scenario
