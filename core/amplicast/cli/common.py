"""What several commands share: the registry, messages, runs and JSON answers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amplicast.cli.terminal import complain, say
from amplicast.errors import CheckError, Problem, ScenarioError

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = [
    "RUNS",
    "answer",
    "builtin_path",
    "chosen_variants",
    "known_ids",
    "load_scenario",
    "opened",
    "parse_years",
    "registry_of",
    "require_folder",
    "require_passed",
    "with_compute",
]

RUNS = Path("runs")
"""Folder of run folders, below the working directory."""


def registry_of(ctx: click.Context) -> Registry:
    """The registry, loaded once; every plugin that was left out is named on stderr."""
    if "registry" in ctx.obj:
        known: Registry = ctx.obj["registry"]
        return known
    from amplicast.registry import Registry

    registry = Registry.load(
        plugin_files=[Path(name) for name in ctx.obj["plugin_files"]], block=ctx.obj["block"]
    )
    for problem in registry.problems:
        complain(str(problem))
    ctx.obj["registry"] = registry
    return registry


def opened(
    ctx: click.Context, run: str, *, variant: str | None = None, sets: tuple[str, ...] = ()
) -> Forecast:
    """A saved run, re-evaluated where a variant or ``--set`` asks for it; PyMC stays out.

    Raises
    ------
    RunError, ScenarioError
        There is no such run or variant, or a belief cannot be read.
    """
    from amplicast.forecast import Forecast
    from amplicast.forecast.inputs import declared
    from amplicast.forecast.store import find_run

    registry = registry_of(ctx)
    forecast = Forecast.load(find_run(run, RUNS), registry)
    changes: dict[str, Prior] = {}
    if variant is not None:
        chosen_variants(forecast.scenario, (variant,), every=False)
        changes.update(forecast.scenario.variants[variant])
    changed = forecast.scenario.apply_sets(sets, declared=declared(registry))
    changes.update(
        {
            name: assumption.prior
            for name, assumption in changed.assumptions.items()
            if forecast.scenario.assumptions.get(name) != assumption
        }
    )
    return forecast.reevaluate(changes) if changes else forecast


def require_passed(
    forecast: Forecast, *, allowed: bool, code: str, refused: str, otherwise: str
) -> None:
    """Refuse a run whose checks failed, unless it was asked for.

    Parameters
    ----------
    code : str
        Of the refusal.
    refused, otherwise : str
        What is not done now, and how the failures show where it is done after all.

    Raises
    ------
    CheckError
        The checks failed, and nothing allows it.
    """
    failed = forecast.provenance.get("failed_checks", [])
    if failed and not allowed:
        raise CheckError(
            Problem(
                code=code,
                what=f"this run failed its checks, so {refused}",
                why="; ".join(failed),
                fix=f"mend the run, or add --allow-failed-checks ({otherwise})",
            )
        )


def require_folder(path: Path) -> None:
    """Refuse a file that is to be written where no folder is.

    Raises
    ------
    ScenarioError
        Its folder does not exist, or is none.
    """
    if not path.parent.is_dir():
        raise ScenarioError(
            Problem(
                code="AMP-C104",
                what=f"{path} cannot be written: there is no folder {path.parent}",
                why="Folders are not made unasked.",
                fix=f"mkdir -p {path.parent}",
            )
        )


def builtin_path(registry: Registry) -> Callable[[str], Path]:
    """Look-up of ``builtin:NAME`` scenarios among the installed forecasts."""
    return lambda name: registry.get("forecasts", name).scenario


def load_scenario(
    ctx: click.Context, source: str, registry: Registry, sets: tuple[str, ...] = ()
) -> Scenario:
    """A scenario by file, or by the name of a built-in one, with ``--set`` applied."""
    from amplicast.forecast.inputs import declared
    from amplicast.forecast.must_hold import require_outputs
    from amplicast.scenario import check

    find = builtin_path(registry)
    path = f"builtin:{source}" if source in registry.forecasts else source
    names = declared(registry)
    report = check(path, declared=names, builtin=find, known=known_ids(registry))
    if report.scenario is None:
        raise ScenarioError(*report.problems)
    require_outputs(report.scenario)
    for warning in report.warnings:
        say(ctx, str(warning).replace("Error", "Warning", 1))
    return report.scenario.apply_sets(sets, declared=names)


def known_ids(registry: Registry) -> dict[str, list[str]]:
    """Ids of the loaded plugins by kind, for the checks of a scenario."""
    from amplicast.registry import KINDS

    return {kind: list(getattr(registry, kind)) for kind in KINDS}


def with_compute(scenario: Scenario, **numbers: int | None) -> Scenario:
    """The scenario with other draws, chains or seed, where they are given."""
    from amplicast.scenario import Scenario

    given = {name: number for name, number in numbers.items() if number is not None}
    record = scenario.to_dict()
    record["tree"]["compute"].update(given)
    return Scenario.from_dict(record)


def chosen_variants(scenario: Scenario, names: tuple[str, ...], *, every: bool) -> tuple[str, ...]:
    """The named variants, or all of them.

    Raises
    ------
    ScenarioError
        The scenario has no variant of that name.
    """
    unknown = [name for name in names if name not in scenario.variants]
    if unknown:
        raise ScenarioError(
            *(
                Problem(
                    code="AMP-C102",
                    what=f"the scenario has no variant {name!r}",
                    why=f"It has: {', '.join(scenario.variants) or 'none'}.",
                    fix="choose one of these, or use --set NAME=VALUE",
                )
                for name in unknown
            )
        )
    return tuple(scenario.variants) if every else tuple(dict.fromkeys(names))


def parse_years(text: str | None, known: tuple[int, ...]) -> tuple[int, ...]:
    """Years of ``--years 2026,2030``; some of the known ones when none are named.

    Raises
    ------
    ScenarioError
        A year is no number, or not forecast.
    """
    if text is None:
        wanted = (known[0], known[len(known) // 2], known[-1])
        return tuple(dict.fromkeys(wanted))
    years = []
    for part in text.split(","):
        if not part.strip().isdigit() or int(part) not in known:
            raise ScenarioError(
                Problem(
                    code="AMP-C101",
                    what=f"{part.strip()!r} is not a year of this run",
                    why=f"It runs from {known[0]} to {known[-1]}.",
                    fix=f"--years {known[0]},{known[-1]}",
                )
            )
        years.append(int(part))
    return tuple(years)


def positive_numbers(text: str, refused: Callable[[str], Exception]) -> tuple[float, ...]:
    """Numbers of an option such as ``--speeds 10,50``, rising, each once.

    Parameters
    ----------
    text : str
    refused : callable
        Makes the error for a part that is no positive number.
    """
    found = set()
    for part in text.split(","):
        try:
            number = float(part)
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and number > 0.0):
            raise refused(part.strip())
        found.add(number)
    return tuple(sorted(found))


def answer(schema: str, data: Any, warnings: list[str] | None = None) -> None:
    """Print the answer as one JSON object on stdout."""
    document = {
        "schema": f"amplicast.{schema}",
        "schema_version": 1,
        "data": data,
        "warnings": warnings or [],
    }
    click.echo(json.dumps(document, indent=1, sort_keys=True, allow_nan=False))
