"""A picture's file: refused before any work where it cannot be written."""

from __future__ import annotations

from pathlib import Path

from amplicast.cli.common import require_folder
from amplicast.errors import CheckError, Problem, ScenarioError

__all__ = ["require_picture"]

KINDS = (".svg", ".png", ".pdf")


def require_picture(path: Path, *, force: bool) -> None:
    """Stop where the picture cannot be written.

    Raises
    ------
    ScenarioError
        Its ending names no kind of picture, or its folder is not there.
    CheckError
        It exists, and nobody said to overwrite it.
    """
    if path.suffix.lower() not in KINDS:
        raise ScenarioError(
            Problem(
                code="AMP-P107",
                what=f"{path} is no picture file",
                why=f"Its ending says what is written: {', '.join(KINDS)}.",
                fix=f"--out {path.with_suffix('.svg')}",
            )
        )
    require_folder(path)
    beside = [path.with_suffix(".txt")] if path.suffix.lower() == ".png" else []
    there = [each for each in (path, *beside) if each.exists()]
    if there and not force:
        raise CheckError(
            *(
                Problem(
                    code="AMP-P108",
                    what=f"{each} exists",
                    why="Nothing is overwritten unasked.",
                    fix="choose another name with --out, or add --force",
                )
                for each in there
            )
        )
