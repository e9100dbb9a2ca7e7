"""T9: the run card, which says how a forecast came about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amplicast.report.registers.columns import Register, column

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["CardRow", "card_register", "card_rows"]


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """One line of the run card."""

    item: str = column("What is told.")
    value: str = column("What it is.")


def card_rows(forecast: Forecast) -> tuple[CardRow, ...]:
    """The run card as lines of text."""
    return tuple(CardRow(item=item, value=value) for item, value in _lines(forecast))


def _lines(forecast: Forecast) -> Iterator[tuple[str, str]]:
    record, scenario = forecast.provenance, forecast.scenario
    failed = record.get("failed_checks", [])
    yield "run", forecast.id
    yield "made", record["created"]
    yield "scenario", scenario.name
    yield "based on", scenario.based_on or "nothing"
    yield "author", scenario.author
    yield "question", scenario.question
    yield "scenarios drawn", ", ".join(forecast.scenarios)
    yield "years", f"{forecast.plan.years[0]} to {forecast.plan.years[-1]}"
    yield "pools of compute", ", ".join(forecast.plan.actors)
    if changes := record.get("changes"):
        yield "re-evaluated with", ", ".join(sorted(changes))
    yield "checks", f"FAILED: {'; '.join(failed)}" if failed else "no failure detected"
    yield "draws", f"{forecast.outputs.sizes['draw']} ({scenario.compute.chains} chains)"
    yield "seed", str(scenario.compute.seed)
    yield "scenario sha256", record["scenario_digest"]
    for name, version in sorted(record["versions"].items()):
        yield f"version of {name}", version
    for id_, about in sorted(record["plugins"].items()):
        yield f"plugin {id_}", f"{about['kind']}, version {about['version']}"
    for id_, digest in sorted(record["posteriors"].items()):
        yield f"calibration of {id_}", digest


def card_register(rows: Sequence[CardRow]) -> Register:
    """The rows as a table."""
    about = "How the run came about. Its id is a digest of all that, without the date."
    return Register.of("run", "Run card", about, CardRow, rows)
