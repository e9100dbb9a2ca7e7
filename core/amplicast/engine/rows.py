"""Evidence tables as the engine reads them: text, numbers and a covariance, checked."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.errors import PluginError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    import numpy

    from amplicast.concepts import Evidence

__all__ = ["Rows", "read_rows"]


@dataclass(frozen=True)
class Rows:
    """The rows of one piece of evidence, after its filter.

    Attributes
    ----------
    labels : tuple of str
        First column: the name of each row.
    records : tuple of Mapping[str, str]
        The rows as written.
    numbers : Mapping[str, numpy.ndarray]
        Columns that hold numbers only, float64 along ``point``; an empty cell is NaN.
    covariance : numpy.ndarray or None
        Of the rows, (point, point), in the unit of the family's value squared.
    """

    labels: tuple[str, ...]
    records: tuple[Mapping[str, str], ...]
    numbers: Mapping[str, numpy.ndarray[Any, Any]]
    covariance: numpy.ndarray[Any, Any] | None = None

    def column(self, name: str, where: str) -> numpy.ndarray[Any, Any]:
        """Return a numeric column without gaps.

        Raises
        ------
        PluginError
            The column is missing, holds text, or has an empty cell.
        """
        import numpy

        values = self.numbers.get(name)
        if values is None or not numpy.isfinite(values).all():
            raise _error(
                "AMP-E501",
                f"column {name!r} is missing, holds text, or has an empty cell",
                f"give every row of {name!r} a finite number",
                where,
            )
        return values

    def text(self, name: str, where: str) -> tuple[str, ...]:
        """Return a column as written.

        Raises
        ------
        PluginError
            The column is missing.
        """
        if name not in self.records[0]:
            raise _error(
                "AMP-E502",
                f"there is no column {name!r}",
                f"name one of: {', '.join(self.records[0])}",
                where,
            )
        return tuple(record[name] for record in self.records)


def _error(code: str, what: str, fix: str, where: str) -> PluginError:
    return PluginError(
        Problem(
            code=code,
            what=what,
            why="The evidence of a plugin cannot be read.",
            fix=fix,
            where=where,
        )
    )


def _numbers(values: list[str]) -> list[float] | None:
    try:
        found = [float(value) if value.strip() else float("nan") for value in values]
    except ValueError:
        return None
    return found if any(value.strip() for value in values) else None


def _read(path: Path, where: str) -> list[list[str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            return [row for row in csv.reader(file) if row]
    except (OSError, UnicodeDecodeError) as error:
        raise _error(
            "AMP-E503", f"cannot read {path.name}: {error}", "ship the file with the plugin", where
        ) from error


def _covariance(path: Path, size: int, where: str) -> numpy.ndarray[Any, Any]:
    """Return the square matrix of a CSV, with or without a header and a first column of names."""
    import numpy

    table = _read(path, where)
    named = _numbers(table[-1][:1]) is None
    body = table[1:] if _numbers(table[0][1:]) is None else table
    rows = [_numbers(row[1:] if named else row) for row in body]
    square = len(rows) == size and all(row is not None and len(row) == size for row in rows)
    matrix = numpy.array(rows, dtype=float) if square else numpy.zeros((0, 0))
    usable = square and bool(numpy.isfinite(matrix).all()) and numpy.allclose(matrix, matrix.T)
    if not usable or numpy.linalg.eigvalsh(matrix).min() <= 0:
        raise _error(
            "AMP-E504",
            f"{path.name} is not a covariance matrix of {size} rows",
            "give a symmetric, positive definite square matrix in the order of the table",
            where,
        )
    return matrix


def read_rows(evidence: Evidence, where: str) -> Rows:
    """Read the table of `evidence`, keep the rows its filter names, and check it.

    Parameters
    ----------
    evidence : Evidence
    where : str
        Place for messages, ``plugin:evidence``.

    Raises
    ------
    PluginError
        A file is missing or not as declared, or no row is left.
    """
    import numpy

    table = _read(evidence.table.path, where)
    header, body = (table[0], table[1:]) if table else ([], [])
    unknown = sorted(set(evidence.where) - set(header))
    ragged = [row[0] for row in body if len(row) != len(header)]
    everything = [dict(zip(header, row, strict=False)) for row in body]
    kept = [
        index
        for index, record in enumerate(everything)
        if all(record.get(key) == value for key, value in evidence.where.items())
    ]
    if ragged or unknown or not kept:
        what = (
            f"row {ragged[0]!r} has not as many cells as the header"
            if ragged
            else f"the filter names unknown columns: {', '.join(unknown)}"
            if unknown
            else "no row is left after the filter"
        )
        raise _error("AMP-E505", what, "mend the table or the filter", where)
    records = tuple(everything[index] for index in kept)
    columns = {name: _numbers([record[name] for record in records]) for name in header}
    matrix = None
    if evidence.family.covariance is not None:
        matrix = _covariance(evidence.family.covariance.path, len(everything), where)
        matrix = matrix[numpy.ix_(kept, kept)]
    return Rows(
        labels=tuple(record[header[0]] for record in records),
        records=records,
        numbers={
            name: numpy.array(values) for name, values in columns.items() if values is not None
        },
        covariance=matrix,
    )
