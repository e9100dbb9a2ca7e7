"""Beliefs that researchers keep elsewhere, as assumptions of a scenario, with their provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from amplicast.errors import Problem, ScenarioError
from amplicast.scenario.importing.block import block, settled
from amplicast.scenario.importing.found import Found, Refusals
from amplicast.scenario.importing.intervals import read_intervals
from amplicast.scenario.importing.squiggle import read_squiggle
from amplicast.scenario.importing.tables import read_table
from amplicast.scenario.model import Declared

__all__ = ["import_beliefs"]

TABLES = (".csv", ".tsv")
LISTS = (".yaml", ".yml")
LINES = (".squiggle", ".txt", ".py")


def import_beliefs(
    path: Path,
    *,
    declared: Mapping[str, Declared],
    rename: Mapping[str, str] | None = None,
    leave_out: Collection[str] = (),
    where: Mapping[str, str] | None = None,
) -> str:
    """The beliefs of a file as tables ``[assumptions.NAME]`` of a scenario.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.tsv``: a sheet of priors, quantile columns, or three points; ``.yaml``:
        intervals such as ``ci80``; ``.squiggle``, ``.txt`` or ``.py``: lines ``x = 5 to 10``.
    declared : Mapping[str, Declared]
        Assumptions that a scenario may make.
    rename : Mapping[str, str]
        Their names -> ours, where they differ.
    leave_out : collection of str
        Their names of what is not taken.
    where : Mapping[str, str]
        Of a table, rows whose column has this value.

    Raises
    ------
    ScenarioError
        Everything that cannot be read or placed, each with its cell or line.
    """
    text, digest = _text(path)
    refusals = Refusals(path.name)
    found = [one for one in _read(path, text, refusals, where or {}) if one.name not in leave_out]
    beliefs = settled(found, refusals, declared=declared, rename=rename or {})
    refusals.close()
    return block(beliefs, name=path.name, digest=digest)


def _text(path: Path) -> tuple[str, str]:
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n"), hashlib.sha256(data).hexdigest()
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(
            Problem(
                code="AMP-S209",
                what=f"{path} cannot be read: {error}",
                why="It is a text file in UTF-8.",
                fix="correct the path, or save it as UTF-8 (a spreadsheet: as CSV UTF-8)",
            )
        ) from error


def _read(path: Path, text: str, refusals: Refusals, where: Mapping[str, str]) -> list[Found]:
    ending = path.suffix.lower()
    if ending in TABLES:
        return read_table(text, refusals, where=where)
    if ending in LISTS:
        return read_intervals(text, refusals)
    if ending in LINES:
        return read_squiggle(text, refusals)
    refusals.add(
        "AMP-S209",
        "its ending",
        f"files that end in {ending or 'nothing'} are not read",
        why=f"Read are {', '.join((*TABLES, *LISTS, *LINES))}.",
        fix="save a spreadsheet as CSV UTF-8; rename a list of beliefs to .squiggle",
    )
    return []
