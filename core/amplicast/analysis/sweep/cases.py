"""Cases of a sweep: every combination of a grid, tables of their own, or the rows of a CSV file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.design import Case
from amplicast.analysis.sweep.reading import Choice, Reader, flat
from amplicast.scenario.document import Document

if TYPE_CHECKING:
    from amplicast.priors import Prior

__all__ = ["crossed", "listed", "tabled"]


def listed(reader: Reader, rows: Sequence[Mapping[str, Any]]) -> list[Case]:
    """Cases from ``[[case]]`` tables."""
    cases = [
        reader.case(place + 1, flat(row), path=f"case.{place}") for place, row in enumerate(rows)
    ]
    _names_once(reader, cases, [f"case.{place}.name" for place in range(len(rows))])
    return cases


def tabled(reader: Reader, path: Path) -> list[Case]:
    """Cases from the rows of a CSV file; an empty cell leaves the base as it is."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file)
            head = next(table, [])
            rows = [(table.line_num, row) for row in table if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError) as error:
        reader.fault("design", f"{path} cannot be read", f"{error}.", 'design = "FILE.csv"')
        return []
    # Lines in what follows are those of the table, so its mistakes are told under its name.
    own = Document(path.name)
    inner = replace(reader, document=own)
    heads = [name.strip() for name in head]
    if not rows or len(set(heads)) < len(heads) or "" in heads:
        inner.fault(
            1, "the head needs a name for every column, each once, and a row below",
            "Columns are assumptions, parts of the structure, name, seed.", "name,inference_share",
        )  # fmt: skip
        rows = []
    cases: list[Case] = []
    for line, row in rows:
        if len(row) != len(heads):
            inner.fault(line, f"{len(row)} cells stand under {len(heads)} heads", fix="fill it up")
            continue
        cells = {key: _number(cell.strip()) for key, cell in zip(heads, row, strict=True)}
        stated = {key: cell for key, cell in cells.items() if cell != ""}
        cases.append(inner.case(len(cases) + 1, stated, path=None, line=line))
    _names_once(inner, cases, [line for line, _ in rows])
    reader.document.problems += _by_name(own)
    return cases


def _by_name(document: Document) -> list[Any]:
    """Problems of a table, an unknown head told once and not in every row."""
    seen: dict[str, Any] = {}
    for problem in document.problems:
        seen.setdefault(problem.what if problem.code == "AMP-G102" else str(problem), problem)
    return list(seen.values())


def _number(cell: str) -> Any:
    """A cell as a number where it is one."""
    try:
        return int(cell) if cell.isdigit() else float(cell)
    except ValueError:
        return cell


def _names_once(reader: Reader, cases: Sequence[Case], paths: Sequence[Any]) -> None:
    seen: set[str] = set()
    for case, path in zip(cases, paths, strict=False):
        if case.name in seen:
            reader.fault(path, f"two cases are called {case.name!r}", fix="give one another name")
        seen.add(case.name)


def crossed(
    cases: Sequence[Case],
    axes: Mapping[str, Sequence[tuple[str, Prior]]],
    structure: Mapping[str, Sequence[tuple[str, Choice]]],
    seeds: Iterable[int],
) -> tuple[Case, ...]:
    """Every case with every combination of the axes, of the structure and of the seeds."""
    starts = list(cases) or [Case(name="")]
    chosen: list[int | None] = [*seeds] or [None]
    found = [
        replace(
            start,
            beliefs={**start.beliefs, **dict(beliefs)},
            structure={**start.structure, **dict(parts)},
            seed=start.seed if seed is None else seed,
        )
        for start in starts
        for seed in chosen
        for parts in product(*structure.values())
        for beliefs in product(*axes.values())
    ]
    if len(found) == len(cases):
        return tuple(found)
    return tuple(
        replace(case, name=f"{case.name} {place}".strip())
        for place, case in enumerate(found, start=1)
    )
