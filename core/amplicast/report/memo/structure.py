"""Parts of a memo as plain data; what a writer must know to write one in its format."""

from __future__ import annotations

from dataclasses import dataclass

from amplicast.report.charts.picture import Picture
from amplicast.report.prose import Sentence

__all__ = ["Aside", "Block", "Bullets", "Figure", "Memo", "Paragraph", "Section", "Table"]


@dataclass(frozen=True)
class Paragraph:
    """Sentences in a row.

    Attributes
    ----------
    says : Sentence
    small : bool
        Whether it may be set smaller: how to read, how to cite.
    """

    says: Sentence
    small: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list.

    Attributes
    ----------
    items : tuple of Sentence
    numbered : bool
    """

    items: tuple[Sentence, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a caption above it.

    Attributes
    ----------
    caption : str
        Without its number.
    header : tuple of str
    rows : tuple of tuple of str
    widths : tuple of float
        Share of the width of the page that each column gets; they add up to 1.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Figure:
    """A picture with a caption below it.

    Attributes
    ----------
    name : str
        For a file beside the memo.
    picture : Picture
        Without title: the caption says it.
    caption, alt : str
    width : float
        Share of the width of the page.
    """

    name: str
    picture: Picture
    caption: str
    alt: str
    width: float = 1.0


@dataclass(frozen=True)
class Aside:
    """What the model did not make, set apart.

    Attributes
    ----------
    title : str
    paragraphs : tuple of Paragraph
    """

    title: str
    paragraphs: tuple[Paragraph, ...]


Block = Paragraph | Bullets | Table | Figure | Aside


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Memo:
    """A memo.

    Attributes
    ----------
    title : str
    facts : tuple of tuple of str
        For, from, date, run, model, checks: name and value.
    stamp : str
        On every page of a memo whose run failed its checks; empty otherwise.
    author : str
    created : str
        ISO 8601; of the run, so that the same run gives the same memo.
    sections : tuple of Section
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    stamp: str
    author: str
    created: str
    sections: tuple[Section, ...]
