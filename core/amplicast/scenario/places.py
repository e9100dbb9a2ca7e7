"""On which line of a TOML text each key stands; the parser of the standard library does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["HIDDEN", "Places", "find_places", "mask"]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(rf"^\s*({_DOTTED})\s*=")
_PART = re.compile(_KEY)

HIDDEN = "\x01"
"""Stands for each character of a quoted string in a masked line."""


def mask(line: str, inside: str = "") -> tuple[str, str]:
    """Hide strings and comments of one line, so that only TOML's own signs are left.

    Parameters
    ----------
    line : str
    inside : str
        The triple quotation mark of a string that began on an earlier line, else empty.

    Returns
    -------
    masked : str
        Same length; string characters become `HIDDEN`, comments become spaces.
    inside : str
        The triple quotation mark that is still open at the end of the line, else empty.
    """
    out: list[str] = []
    i = 0
    quote = inside
    while i < len(line):
        if quote:
            if quote[0] == '"' and line[i] == "\\":
                out.append(HIDDEN * len(line[i : i + 2]))
                i += 2
            elif line.startswith(quote, i):
                out.append(HIDDEN * len(quote))
                i += len(quote)
                quote = ""
            else:
                out.append(HIDDEN)
                i += 1
        elif line[i] == "#":
            out.append(" " * (len(line) - i))
            break
        elif line[i] in "\"'":
            quote = line[i] * 3 if line.startswith(line[i] * 3, i) else line[i]
            out.append(HIDDEN * len(quote))
            i += len(quote)
        else:
            out.append(line[i])
            i += 1
    return "".join(out), quote if len(quote) == 3 else ""


@dataclass(frozen=True)
class Places:
    """Lines of a text and the keys that stand on them.

    Attributes
    ----------
    lines : tuple of str
    first : Mapping[str, int]
        Dotted path (``assumptions.overlap.value``; ``correlations.0.rank``) -> line, from 1.
    again : tuple of (str, int, int)
        Keys and tables given twice: path, line, and the last line that belongs to it.
    """

    lines: tuple[str, ...]
    first: dict[str, int] = field(default_factory=dict)
    again: tuple[tuple[str, int, int], ...] = ()

    def line(self, path: str, *, containing: str = "") -> int:
        """Line of a key, or of the nearest table around it; 0 where nothing fits.

        `containing` moves on to the first later line that holds this text, which finds an item
        of a list that spans lines.
        """
        parts = path.split(".")
        number = 0
        while parts and not number:
            number = self.first.get(".".join(parts), 0)
            parts.pop()
        if containing and number:
            for later in range(number, len(self.lines) + 1):
                if containing in self.lines[later - 1]:
                    return later
        return number

    def quote(self, number: int) -> str:
        """The line itself, without the spaces around it."""
        return self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""


def find_places(text: str) -> Places:
    """Scan a TOML text for tables and keys; never fails, whatever the text holds."""
    # Not splitlines: TOML ends a line at a line feed and nowhere else.
    lines = tuple(text.split("\n"))
    places = Places(lines)
    again: list[tuple[str, int, int]] = []
    tables: dict[str, int] = {}
    table = ""
    doubled = False
    for number, line in _visible(lines):
        header = _HEADER.match(line)
        if header:
            table = _join(header[2])
            doubled = header[1] == "[" and table in tables
            if header[1] == "[[":
                count = tables.get(table, 0)
                tables[table] = count + 1
                places.first.setdefault(table, number)
                table = f"{table}.{count}"
            elif doubled:
                again.append((table, number, _end_of_table(lines, number)))
            else:
                tables[table] = 1
            places.first.setdefault(table, number)
            continue
        pair = _PAIR.match(line)
        if pair and not doubled:
            path = ".".join(filter(None, (table, _join(pair[1]))))
            if path in places.first:
                again.append((path, number, number))
            places.first.setdefault(path, number)
    return Places(lines, places.first, tuple(again))


def _visible(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Lines that do not lie inside a string of several lines."""
    inside = ""
    for number, line in enumerate(lines, start=1):
        if not inside:
            yield number, line
        _, inside = mask(line, inside)


def _end_of_table(lines: tuple[str, ...], number: int) -> int:
    for later, line in _visible(lines):
        if later > number and _HEADER.match(line):
            return later - 1
    return len(lines)


def _join(dotted: str) -> str:
    return ".".join(part.strip("\"'") for part in _PART.findall(dotted))
