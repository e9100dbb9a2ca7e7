"""The form in which every format writes a register: named columns with units, and plain cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_type_hints

from amplicast.report.words import percent, significant, value

__all__ = ["Cell", "Column", "Kind", "Register", "column", "columns_of", "plain"]

Cell = str | int | float | None
"""A cell; None where there is nothing to say."""

Kind = Literal["text", "number", "integer"]

Form = Literal["plain", "percent", "value"]
"""How people read a number: to three figures, as a share, or as its unit asks for."""

_KINDS: dict[Any, Kind] = {
    str: "text",
    float: "number",
    float | None: "number",
    int: "integer",
    int | None: "integer",
}


@dataclass(frozen=True)
class Column:
    """One column of a register.

    Attributes
    ----------
    name : str
    kind : {"text", "number", "integer"}
    about : str
        One sentence for data dictionaries.
    unit : str
        Of the numbers; empty for text, and where the column ``unit`` names it.
    form : {"plain", "percent", "value"}
        How people read it.
    missing : str
        What people read where there is no number.
    """

    name: str
    kind: Kind
    about: str
    unit: str = ""
    form: Form = "plain"
    missing: str = ""


@dataclass(frozen=True)
class Register:
    """A table with its data dictionary.

    Attributes
    ----------
    name, title : str
        For file names and labels; for people.
    about : str
        What a reader must know to read it.
    columns : tuple of Column
    rows : tuple of tuple
        Cells in the order of `columns`.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, name: str, title: str, about: str, kind: type, rows: Iterable[Any]) -> Register:
        """Tabulate rows of the dataclass `kind`, whose fields are `column`."""
        columns = columns_of(kind)
        cells = tuple(tuple(getattr(row, each.name) for each in columns) for row in rows)
        return cls(name, title, about, columns, cells)

    def records(self) -> list[dict[str, Cell]]:
        """One mapping from column to cell for each row."""
        names = [each.name for each in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def shown(self) -> list[tuple[str, ...]]:
        """Rows as people read them: rounded, shares in per cent, no number finer than it is."""
        units = [str(record.get("unit") or "") for record in self.records()]
        return [
            tuple(_shown(cell, each, unit) for cell, each in zip(row, self.columns, strict=True))
            for row, unit in zip(self.rows, units, strict=True)
        ]


def _shown(cell: Cell, about: Column, unit: str) -> str:
    if cell is None:
        return about.missing
    if isinstance(cell, str):
        return cell
    if about.form == "percent":
        return percent(float(cell))
    if about.form == "value":
        return value(float(cell), about.unit or unit)
    return str(cell) if about.kind == "integer" else plain(float(cell), about.unit or unit)


def plain(number: float, unit: str = "") -> str:
    """Three significant figures; a power of ten only where it saves a reader zeros."""
    if unit == "year":
        return f"{number:.0f}"
    if number == 0.0 or 1e-4 <= abs(number) < 1e7:
        return f"{significant(number, 3):,.10g}"
    return f"{number:.3g}".replace("e+", "e")


def column(about: str, *, unit: str = "", form: Form = "plain") -> Any:
    """A field of a row, with its line of the data dictionary."""
    return field(metadata={"about": about, "unit": unit, "form": form})


def columns_of(kind: type) -> tuple[Column, ...]:
    """Columns of a dataclass of rows."""
    hints = get_type_hints(kind)
    return tuple(
        Column(each.name, _KINDS[hints[each.name]], **each.metadata)
        for each in fields(kind)
        if "about" in each.metadata
    )
