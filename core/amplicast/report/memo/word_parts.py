"""What python-docx has no door for: alternative texts, repeated header rows, grids, language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Layout", "describe", "fonts", "language", "shade", "size_table", "warn"]

SIZES = {
    "Normal": 9.5, "Body Text": 9.5, "List Bullet": 9.5, "List Number": 9.5, "Caption": 8.0,
    "Title": 16.0, "Subtitle": 8.5, "Heading 1": 11.5,
}  # fmt: skip
"""Sizes of type that let a memo fit on two pages [pt]."""

SPACE = {"Title": (0, 2), "Subtitle": (0, 4), "Heading 1": (7, 2), "Caption": (1, 4)}
"""Space before and after a paragraph [pt]; others have a little after."""

INK, ACCENT, RED = "222222", "08306B", "8A1C00"

SMALL = 8.0
"""Size of tables and notes [pt]."""


@dataclass(frozen=True)
class Layout:
    """What the page allows.

    Attributes
    ----------
    width : int
        Between the margins [EMU].
    small : float
        Size of small print [pt]; 0 where a template's own sizes are kept.
    """

    width: int
    small: float

    @classmethod
    def of(cls, document: Any, *, own: bool) -> Layout:
        """Layout of a document; without a template, A4 with narrow margins."""
        from docx.shared import Cm

        section = document.sections[0]
        if own:
            section.page_width, section.page_height = Cm(21.0), Cm(29.7)
            section.left_margin = section.right_margin = Cm(1.9)
            section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.4)
            section.header_distance = section.footer_distance = Cm(0.7)
        width = section.page_width - section.left_margin - section.right_margin
        return cls(int(width), SMALL if own else 0.0)

    @staticmethod
    def style(document: Any, name: str) -> Any:
        """The named style; the normal one where a template lacks it."""
        names = {each.name for each in document.styles}
        return document.styles[name if name in names else "Normal"]


def fonts(document: Any) -> None:
    """The house style on top of python-docx's own template."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.size, style.font.name = Pt(size), "Arial"
        style.font.italic = False
        style.font.bold = name in {"Title", "Heading 1"}
        colour = ACCENT if name in {"Title", "Heading 1"} else INK
        style.font.color.rgb = RGBColor.from_string(colour)
        own = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in [key for key in own.attrib if "Theme" in key]:
            del own.attrib[key]
        for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            own.set(qn(key), "Arial")
        for spread in style.element.rPr.findall(qn("w:spacing")):  # letters apart
            style.element.rPr.remove(spread)
        before, after = SPACE.get(name, (0, 2))
        form = style.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), 1.0
        form.keep_with_next = name in {"Title", "Heading 1"}
    for border in document.styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def language(document: Any, code: str) -> None:
    """Language of all text, for spelling and for reading aloud."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}")
    if defaults is None:
        return
    own = defaults.find(qn("w:rPr"))
    found = own.find(qn("w:lang")) if own is not None else None
    if found is None:
        if own is None:
            own = OxmlElement("w:rPr")
            defaults.append(own)
        found = OxmlElement("w:lang")
        own.append(found)
    found.set(qn("w:val"), code)


def describe(shape: Any, *, title: str, alt: str) -> None:
    """Text in place of a picture."""
    properties = shape._inline.docPr
    properties.set("descr", alt)
    properties.set("title", title)


def size_table(table: Any, widths: Sequence[float], whole: int) -> None:
    """Lines, header row, whole rows, and widths in the grid and in every cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table.autofit = False
    for column, share in zip(table.columns, widths, strict=True):
        column.width = int(share * whole)
    for i, row in enumerate(table.rows):
        for cell, share in zip(row.cells, widths, strict=True):
            cell.width = int(share * whole)
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if i == 0:
            properties.append(OxmlElement("w:tblHeader"))
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", 8), ("bottom", 8), ("insideH", 2)):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", str(size)), ("color", "808080")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side, size in (("top", 15), ("left", 0), ("bottom", 15), ("right", 100)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(size))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def shade(paragraph: Any) -> None:
    """A line at the left and a tint behind: text that the model did not make."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    properties = paragraph._p.get_or_add_pPr()
    line = '<w:left w:val="single" w:sz="24" w:space="6" w:color="C8742B"/>'
    properties.insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{line}</w:pBdr>"),
        "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr",
    )  # fmt: skip
    properties.insert_element_before(
        parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="FDF3E9"/>'),
        "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr",
    )  # fmt: skip


def warn(document: Any, stamp: str) -> None:
    """The stamp in the header of every page."""
    from docx.shared import Pt, RGBColor

    for section in document.sections:
        section.different_first_page_header_footer = False
        header = section.header
        header.is_linked_to_previous = False
        run = header.add_paragraph().add_run(stamp)
        run.bold, run.font.size = True, Pt(9)
        run.font.color.rgb = RGBColor.from_string(RED)
