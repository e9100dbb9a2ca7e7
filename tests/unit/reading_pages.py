"""Reads a page as a browser's parser would, and refuses what is not balanced."""

from __future__ import annotations

import re
from functools import cached_property
from html.parser import HTMLParser

from amplicast.report.html.markup import VOID

__all__ = ["Reader", "read"]


class Reader(HTMLParser):
    """Elements in order, with their text; refuses what is not balanced."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.captions: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} names an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag in VOID:
            return
        self.open.append(tag)
        if tag == "table":
            self.tables.append([])
            self.captions.append("")
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self.open
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"style", "script"} & set(self.open):
            return
        self.words.append(data)
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data
        elif "caption" in self.open:
            self.captions[-1] += data

    @cached_property
    def text(self) -> str:
        """All words, single spaces; asked for once all is read."""
        return " ".join("".join(self.words).split())

    def table(self, start: str) -> list[list[str]]:
        """The first table whose caption starts with these words."""
        pairs = zip(self.tables, self.captions, strict=True)
        return next(table for table, name in pairs if re.match(rf"{re.escape(start)}\b", name))


def read(page: str) -> Reader:
    """A page, read to its end."""
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader
