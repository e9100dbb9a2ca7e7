"""From a run and a format to the files of a memo."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from amplicast.report.export import MAIN, require_modules
from amplicast.report.memo.content import Asked, build_memo
from amplicast.report.memo.figures import drawing
from amplicast.report.memo.structure import Figure, Memo

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument

__all__ = ["FORMATS", "memo_files"]

FORMATS: Mapping[str, str] = {"docx": "png", "html": "svg", "md": "svg", "tex": "png"}
"""Format of a memo -> format of the pictures in it or beside it."""


def memo_files(
    document: ForecastDocument,
    kind: str,
    *,
    stem: str,
    asked: Asked | None = None,
    template: Path | None = None,
) -> dict[str, str | bytes]:
    """Files of a memo: `MAIN`, and pictures that stand beside it under its name.

    Parameters
    ----------
    document : ForecastDocument
    kind : str
        One of `FORMATS`.
    stem : str
        Name of the main file without its ending; pictures are found by it.
    asked : Asked, optional
    template : Path, optional
        Word document whose styles, headers and footers a ``docx`` takes.

    Raises
    ------
    CheckError, ScenarioError
        See `build_memo`; or the template is no Word document.
    ExtraError
        A ``docx`` without python-docx.
    """
    if kind == "docx":
        require_modules(("docx",), extra="amplicast[docx]", what="a memo as docx")
    asked = asked or Asked()
    memo = build_memo(document, asked)
    drawn = {
        figure.name: drawing(figure.picture, FORMATS[kind], asked.language)
        for figure in _figures(memo)
    }
    if kind == "docx":
        from amplicast.report.memo.word import word

        return {MAIN: word(memo, drawn, template=template)}
    if kind == "html":
        from amplicast.report.memo.page import page

        return {MAIN: page(memo, {name: data.decode() for name, data in drawn.items()})}
    beside: dict[str, str | bytes] = {
        f"-{name}.{FORMATS[kind]}": data for name, data in drawn.items()
    }
    if kind == "tex":
        from amplicast.report.memo.latex import latex

        return {MAIN: latex(memo, stem=stem), **beside}
    from amplicast.report.memo.markdown import markdown

    return {MAIN: markdown(memo, stem=stem), **beside}


def _figures(memo: Memo) -> list[Figure]:
    return [
        block for section in memo.sections for block in section.blocks if isinstance(block, Figure)
    ]
