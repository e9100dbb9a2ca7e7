"""The one object from which every format is written: quantiles, registers, sources, joint draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from amplicast.report.registers.assumptions import (
    AssumptionRow,
    assumption_register,
    assumption_rows,
)
from amplicast.report.registers.card import CardRow, card_register, card_rows
from amplicast.report.registers.checks import CheckRow, check_register, check_rows
from amplicast.report.registers.columns import Register
from amplicast.report.registers.differences import (
    DifferenceRow,
    difference_register,
    difference_rows,
)
from amplicast.report.registers.evidence import EvidenceRow, evidence_register, evidence_rows
from amplicast.report.registers.headline import HeadlineRow, headline_register, headline_rows
from amplicast.report.registers.sources import (
    Software,
    SourceRow,
    software,
    source_register,
    source_rows,
)
from amplicast.report.registers.thresholds import ThresholdRow, threshold_register, threshold_rows
from amplicast.report.registers.trace import TraceRow, trace_register, trace_rows
from amplicast.report.table import ForecastTable

if TYPE_CHECKING:
    import xarray

    from amplicast.forecast import Forecast
    from amplicast.registry import Registry

__all__ = ["ForecastDocument"]


@dataclass(frozen=True)
class ForecastDocument:
    """A forecast, ready to be written; each part is made when it is first asked for.

    Attributes
    ----------
    forecast : Forecast
    registry : Registry
        Tells who ships the plugins, and knows the sources that a scenario cites.
    """

    forecast: Forecast
    registry: Registry

    @cached_property
    def table(self) -> ForecastTable:
        """Quantiles of every output."""
        return ForecastTable.of(self.forecast)

    @property
    def run(self) -> str:
        """Id of the run."""
        return self.forecast.id

    @property
    def scenario(self) -> str:
        """Name of the reference scenario."""
        return self.forecast.scenario.name

    @property
    def created(self) -> str:
        """When the run was made, ISO 8601."""
        return str(self.forecast.provenance["created"])

    @property
    def failed(self) -> tuple[str, ...]:
        """Checks that failed; every format says so."""
        return tuple(self.forecast.provenance.get("failed_checks", ()))

    @property
    def stamp(self) -> str:
        """What stands on every page of a run whose checks failed; else empty."""
        told = "; ".join(self.failed)
        return f"CHECKS FAILED; do not quote this run: {told}" if self.failed else ""

    @property
    def draws(self) -> xarray.Dataset:
        """Joint draws of every output, labelled, along ``draw``; scenarios by name."""
        return self.forecast.outputs

    @cached_property
    def headlines(self) -> tuple[HeadlineRow, ...]:
        """T1."""
        return headline_rows(self.table)

    @cached_property
    def thresholds(self) -> tuple[ThresholdRow, ...]:
        """T2."""
        return threshold_rows(self.forecast)

    @cached_property
    def assumptions(self) -> tuple[AssumptionRow, ...]:
        """T3."""
        return assumption_rows(self.forecast)

    @cached_property
    def evidence(self) -> tuple[EvidenceRow, ...]:
        """T4."""
        return evidence_rows(self.forecast)

    @cached_property
    def checks(self) -> tuple[CheckRow, ...]:
        """T6."""
        return check_rows(self.forecast)

    @cached_property
    def differences(self) -> tuple[DifferenceRow, ...]:
        """T7."""
        return difference_rows(self.forecast)

    @cached_property
    def card(self) -> tuple[CardRow, ...]:
        """T9."""
        return card_rows(self.forecast)

    @cached_property
    def sources(self) -> tuple[SourceRow, ...]:
        """Every source that the forecast names."""
        return source_rows(self.forecast, self.registry)

    @cached_property
    def software(self) -> tuple[Software, ...]:
        """Distributions that it was made with."""
        return software(self.forecast, self.registry)

    @cached_property
    def trace(self) -> tuple[TraceRow, ...]:
        """Every quantity in one draw."""
        return trace_rows(self.forecast)

    @cached_property
    def registers(self) -> dict[str, Register]:
        """The registers as tables, by name; the trace is apart, for its length."""
        tables = (
            headline_register(self.headlines),
            threshold_register(self.thresholds),
            assumption_register(self.assumptions),
            evidence_register(self.evidence),
            check_register(self.checks),
            difference_register(self.differences),
            source_register(self.sources),
            card_register(self.card),
        )
        return {table.name: table for table in tables}

    @property
    def trace_register(self) -> Register:
        """The trace as a table."""
        return trace_register(self.trace)
