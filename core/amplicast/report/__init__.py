"""What people read: numbers in words, and one table from which every format is written."""

from __future__ import annotations

from amplicast.report.document import ForecastDocument
from amplicast.report.registers.columns import Column, Register
from amplicast.report.table import ForecastTable, Row

__all__ = ["Column", "ForecastDocument", "ForecastTable", "Register", "Row"]
