"""The memo as a Word document: real styles, so that it can be restyled, read aloud and edited."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from amplicast.errors import Problem, ScenarioError
from amplicast.report.memo.structure import Aside, Block, Bullets, Figure, Memo, Paragraph, Table
from amplicast.report.memo.word_parts import (
    Layout,
    describe,
    fonts,
    language,
    shade,
    size_table,
    warn,
)
from amplicast.report.prose import Sentence, Strong, unbroken

__all__ = ["word"]

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every part of the file: the first that a zip can tell."""


def word(memo: Memo, drawn: Mapping[str, bytes], *, template: Path | None = None) -> bytes:
    """A ``.docx``; the same memo gives the same bytes.

    Parameters
    ----------
    memo : Memo
    drawn : Mapping[str, bytes]
        PNG by name of the figure.
    template : Path, optional
        Its styles, page size, headers and footers are kept; what it says is not.

    Raises
    ------
    ScenarioError
        The template is no Word document.
    """
    import docx

    document = _opened(template) if template else docx.Document()
    writer = Writer(document, drawn, Layout.of(document, own=template is None))
    if template is None:
        fonts(document)
    language(document, "en-GB")
    _properties(document, memo)
    if memo.stamp:
        warn(document, memo.stamp)
    writer.memo(memo)
    held = io.BytesIO()
    document.save(held)
    return _repacked(held.getvalue())


def _opened(template: Path) -> Any:
    """The template without its content."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(template))
    except (PackageNotFoundError, ValueError, KeyError, OSError) as error:
        raise ScenarioError(
            Problem(
                code="AMP-M104",
                what=f"{template} is no Word document",
                why=f"It cannot be opened: {error}.",
                fix="save the template as .docx in your word processor",
            )
        ) from error
    body = document.element.body
    for part in list(body):
        if not part.tag.endswith("}sectPr"):
            body.remove(part)
    return document


def _properties(document: Any, memo: Memo) -> None:
    made = datetime.fromisoformat(memo.created)
    core = document.core_properties
    core.title, core.author, core.language = memo.title, memo.author, "en-GB"
    core.subject, core.keywords, core.comments = "AI forecast", "amplicast", memo.stamp[:255]
    core.created = core.modified = made.replace(tzinfo=None)
    core.last_modified_by, core.revision = "amplicast", 1


def _repacked(data: bytes) -> bytes:
    """The same parts with one time for all, so that bytes do not depend on the clock."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(held, "w") as written:
        for name in given.namelist():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            written.writestr(info, given.read(name))
    return held.getvalue()


@dataclass
class Writer:
    """Walks the structure and appends to a document.

    Attributes
    ----------
    document : docx.document.Document
    drawn : Mapping[str, bytes]
    layout : Layout
    number : dict of int
        Figures and tables so far.
    """

    document: Any
    drawn: Mapping[str, bytes]
    layout: Layout
    number: dict[str, int] = field(default_factory=lambda: {"Figure": 0, "Table": 0})

    def memo(self, memo: Memo) -> None:
        """Everything."""
        self.paragraph((memo.title,), "Title")
        facts: list[str | Strong] = []
        for name, told in memo.facts:
            facts += ["  ·  " if facts else "", Strong(f"{name}: "), told]
        self.paragraph(tuple(facts), "Subtitle")
        for section in memo.sections:
            self.paragraph((section.title,), "Heading 1")
            for block in section.blocks:
                self.block(block)

    def block(self, block: Block) -> None:
        """One block, by its kind."""
        match block:
            case Paragraph():
                self.paragraph(block.says, "Body Text", small=block.small)
            case Bullets():
                style = "List Number" if block.numbered else "List Bullet"
                for item in block.items:
                    self.paragraph(item, style)
            case Table():
                self.caption("Table", block.caption).paragraph_format.keep_with_next = True
                self.table(block)
            case Figure():
                self.figure(block)
            case Aside():
                first = self.paragraph((Strong(block.title),), "Body Text")
                parts = [
                    self.paragraph(one.says, "Body Text", small=one.small)
                    for one in block.paragraphs
                ]
                for each in (first, *parts):
                    shade(each)

    def paragraph(self, says: Sentence, style: str, *, small: bool = False) -> Any:
        """Sentences in a named style; strong words bold."""
        found = self.document.add_paragraph(style=self.layout.style(self.document, style))
        self.runs(found, says, small=small)
        return found

    def runs(self, paragraph: Any, says: Sentence, *, small: bool = False) -> None:
        """Append runs of text."""
        from docx.shared import Pt

        for part in says:
            run = paragraph.add_run(_clean(part.text if isinstance(part, Strong) else part))
            if isinstance(part, Strong):
                run.bold = True
            if small and self.layout.small:
                run.font.size = Pt(self.layout.small)

    def caption(self, kind: str, text: str) -> Any:
        """A numbered caption."""
        self.number[kind] += 1
        return self.paragraph((Strong(f"{kind} {self.number[kind]}. "), text), "Caption")

    def figure(self, block: Figure) -> None:
        """Picture with its text for those who cannot see it, and its caption below."""
        from docx.shared import Emu

        holder = self.document.add_paragraph(style=self.layout.style(self.document, "Body Text"))
        holder.paragraph_format.keep_with_next = True
        width = Emu(int(self.layout.width * block.width))
        shape = holder.add_run().add_picture(io.BytesIO(self.drawn[block.name]), width=width)
        describe(shape, title=block.name, alt=_clean(block.alt))
        self.caption("Figure", block.caption)

    def table(self, block: Table) -> None:
        """Header row that repeats, rows that stay whole, columns of fixed width."""
        table = self.document.add_table(rows=0, cols=len(block.header))
        for i, row in enumerate((block.header, *block.rows)):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                paragraph = cell.paragraphs[0]
                paragraph.style = self.layout.style(self.document, "Body Text")
                if self.layout.small:
                    paragraph.paragraph_format.space_after = 0
                self.runs(paragraph, (text if i else Strong(text),), small=True)
        size_table(table, block.widths, self.layout.width)


def _clean(text: str) -> str:
    """Text without what XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\t\n\u00a0" else " " for c in unbroken(text))
