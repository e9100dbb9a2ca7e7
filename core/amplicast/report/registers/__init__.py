"""Registers: the tables beside the quantiles that a report, a memo and a spreadsheet need.

Each file makes one of them from a `Forecast`, as frozen dataclasses; `columns.Register` is the form
in which every format writes them.
"""

from __future__ import annotations

from amplicast.report.registers.assumptions import AssumptionRow, assumption_rows
from amplicast.report.registers.card import CardRow, card_rows
from amplicast.report.registers.checks import CheckRow, check_rows
from amplicast.report.registers.columns import Column, Register
from amplicast.report.registers.differences import DifferenceRow, difference_rows
from amplicast.report.registers.evidence import EvidenceRow, evidence_rows
from amplicast.report.registers.headline import HeadlineRow, headline_rows
from amplicast.report.registers.sources import Software, SourceRow, software, source_rows
from amplicast.report.registers.thresholds import ThresholdRow, threshold_rows
from amplicast.report.registers.trace import TraceRow, trace_rows

__all__ = [
    "AssumptionRow",
    "CardRow",
    "CheckRow",
    "Column",
    "DifferenceRow",
    "EvidenceRow",
    "HeadlineRow",
    "Register",
    "Software",
    "SourceRow",
    "ThresholdRow",
    "TraceRow",
    "assumption_rows",
    "card_rows",
    "check_rows",
    "difference_rows",
    "evidence_rows",
    "headline_rows",
    "software",
    "source_rows",
    "threshold_rows",
    "trace_rows",
]
