"""What people read: numbers in words, and one table from which every format is written.

Names are looked up on first use: who says one number in words needs no register.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument
    from amplicast.report.registers.columns import Column, Register
    from amplicast.report.table import ForecastTable, Row

__all__ = ["Column", "ForecastDocument", "ForecastTable", "Register", "Row"]

_ROOMS = {
    "Column": "registers.columns",
    "ForecastDocument": "document",
    "ForecastTable": "table",
    "Register": "registers.columns",
    "Row": "table",
}
"""Room of each name."""


if not TYPE_CHECKING:  # a checker that saw this would believe in every misspelt name

    def __getattr__(name: str) -> object:
        if name not in _ROOMS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return __all__
