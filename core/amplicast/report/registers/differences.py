"""T7: what each variant assumes otherwise than the reference scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amplicast.report.registers.columns import Register, column

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior

__all__ = ["DifferenceRow", "difference_register", "difference_rows"]


@dataclass(frozen=True, kw_only=True)
class DifferenceRow:
    """One assumption that differs.

    Attributes
    ----------
    id, scenario : str
        The assumption; the variant that changes it.
    reference, variant : str
        What each believes, as stated; two numbers are the 5 % and 95 % points.
    unit : str
    """

    id: str = column("Assumption that differs.")
    scenario: str = column("Variant that changes it.")
    reference: str = column("What the reference scenario assumes.")
    variant: str = column("What the variant assumes.")
    unit: str = column("Unit of the numbers.")


def difference_rows(forecast: Forecast) -> tuple[DifferenceRow, ...]:
    """Differences of the variants that were drawn, by variant and name."""
    defaults = {
        f"{plugin.id}.{name}": prior
        for plugin in forecast.plan.plugins
        for name, prior in plugin.priors.items()
    }
    stated = {name: one.prior for name, one in forecast.scenario.assumptions.items()}
    reference: dict[str, Prior] = {**defaults, **stated}
    return tuple(
        DifferenceRow(
            id=name,
            scenario=scenario,
            reference=reference[name].statement if name in reference else "",
            variant=prior.statement,
            unit=prior.unit,
        )
        for scenario in forecast.scenarios[1:]
        for name, prior in sorted(forecast.scenario.variants[scenario].items())
    )


def difference_register(rows: Sequence[DifferenceRow]) -> Register:
    """The rows as a table."""
    about = "What is not listed is the same in every scenario. Two numbers: 5 % and 95 % points."
    return Register.of("differences", "Differences between scenarios", about, DifferenceRow, rows)
