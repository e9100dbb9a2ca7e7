"""Single beliefs changed on the command line: ``--set NAME=VALUE``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from amplicast.errors import ScenarioError
from amplicast.scenario.belief import read_belief, to_table
from amplicast.scenario.document import Document
from amplicast.scenario.model import Declared, Scenario
from amplicast.scenario.names import find_assumption

if TYPE_CHECKING:
    from amplicast.priors import Prior

__all__ = ["apply_sets"]

_ORIGIN = "--set"


def apply_sets(
    scenario: Scenario, sets: Sequence[str], *, declared: Mapping[str, Declared]
) -> Scenario:
    """Give a scenario with single beliefs changed; the unit is always the declared one.

    Parameters
    ----------
    sets : sequence of str
        Each ``name=value``, for example ``"inference_share=0.2 to 0.4"``; the last one wins.

    Raises
    ------
    ScenarioError
        With every mistake of every setting.
    """
    problems = []
    changed: dict[str, Prior] = {}
    for text in sets:
        name, sign, value = (part.strip() for part in text.partition("="))
        document = Document(f"--set {name}={value}" if sign else f"--set {text}")
        if not sign or not name or not value:
            document.fault(
                "AMP-S185",
                0,
                f"{text!r} is not NAME=VALUE",
                why="A setting is the name of an assumption, an equals sign, and its value.",
                fix='--set inference_share="0.2 to 0.4"',
            )
        elif full := find_assumption(document, name, declared, path=""):
            about = declared[full]
            stated = scenario.assumptions.get(full)
            prior, found = read_belief(
                {
                    "value": value.strip("\"'"),
                    "unit": about.unit,
                    "why": "Set on the command line.",
                    "source": "command line",
                },
                name=name,
                unit=about.unit,
                prior=stated.prior if stated else about.prior,
            )
            for problem in found:
                fix = problem.fix.replace("value = ", f"--set {name}=", 1)
                document.fault(problem.code, 0, problem.what, why=problem.why, fix=fix)
            if prior is not None:
                changed[full] = prior
        problems += document.problems
    if problems:
        raise ScenarioError(*problems)
    record = scenario.to_dict()
    record["tree"]["assumptions"].update({n: to_table(prior) for n, prior in changed.items()})
    record["origins"].update(dict.fromkeys(changed, _ORIGIN))
    return Scenario.from_dict(record)
