"""What a run would do: fits, draws, time and files, without doing any of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amplicast.engine.fit import SamplerSettings
from amplicast.engine.outlook import Outlook, outlook
from amplicast.forecast.plan import make_plan
from amplicast.forecast.runs import run_folders
from amplicast.forecast.store import CARD, DRAWS, SCENARIO

if TYPE_CHECKING:
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = ["Outline", "outline"]


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A run that was not made.

    Attributes
    ----------
    scenarios : tuple of str
        The reference and the variants that would be drawn.
    fits : Outlook
    chains, draws, tune, seed : int
        Per chain: draws that are kept, and steps of adaptation before them.
    stated : tuple of str
        Assumptions that the scenario states otherwise than what it is based on.
    files : tuple of str
    seconds : float or None
        From the end of the fits on, as the newest run took; None where no run tells.
    size : int or None
        Bytes of the run folder, scaled from the newest run that has the same years.
    """

    scenarios: tuple[str, ...]
    fits: Outlook
    chains: int
    draws: int
    tune: int
    seed: int
    stated: tuple[str, ...]
    files: tuple[str, ...]
    seconds: float | None
    size: int | None


def outline(
    scenario: Scenario,
    registry: Registry,
    *,
    variants: Sequence[str] = (),
    cores: int | None = None,
    runs: Path,
) -> Outline:
    """What `run` would do; nothing is fitted, drawn or written."""
    compute = scenario.compute
    settings = SamplerSettings(
        draws=compute.draws, chains=compute.chains, seed=compute.seed, cores=cores
    )
    plan = make_plan(scenario, registry)
    names = (scenario.name, *variants)
    before = [each for each in run_folders(runs) if not each.problem]
    timed = [each for each in before if each.seconds is not None]
    alike = [each for each in before if each.years == scenario.years]
    size = None
    if alike:
        last = alike[-1]
        size = round(last.size * compute.draws * compute.chains / last.draws)
        size = round(size * len(names) / len(last.scenarios))
    origins = {each.origin for each in scenario.assumptions.values()}
    bases = {origin for origin in origins if origin.startswith("builtin:")}
    return Outline(
        scenarios=names,
        fits=outlook(plan.plugins, settings=settings),
        chains=compute.chains,
        draws=compute.draws,
        tune=settings.tune,
        seed=compute.seed,
        stated=tuple(
            name for name, each in scenario.assumptions.items() if each.origin not in bases
        ),
        files=(DRAWS, CARD, SCENARIO),
        seconds=timed[-1].seconds if timed else None,
        size=size,
    )
