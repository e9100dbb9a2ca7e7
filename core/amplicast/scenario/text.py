"""From the bytes of a file to a table of keys, with everything that hinders it explained.

Reading goes on with the mended text, so that one look at the file finds all of its problems.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from amplicast.errors import Problem
from amplicast.scenario.document import UNREADABLE, Document
from amplicast.scenario.places import Places, find_places
from amplicast.scenario.slips import mend_lines

__all__ = ["decode", "mend", "read_text"]


_PARSE_PLACE = re.compile(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$")
_TRIES = 40


def decode(data: bytes, document: Document) -> str | None:
    """Text of a file; None where it cannot be read as text at all."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4096]:
        document.fault(
            "AMP-S104",
            0,
            "the file is not UTF-8 text (it looks like UTF-16, or is not text at all)",
            why="Some editors call UTF-16 'Unicode'; TOML is always UTF-8.",
            fix="save the file again with the encoding UTF-8",
        )
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        document.fault(
            "AMP-S102",
            1,
            "line 1 starts with a byte-order mark (three invisible bytes)",
            why="Some editors add it as 'UTF-8 with BOM'; TOML does not allow it.",
            fix="save the file again as UTF-8 without BOM",
        )
        data = data[3:]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        shown = data.splitlines()[line - 1].decode("cp1252", errors="replace").strip()
        document.fault(
            "AMP-S104",
            line,
            f"the byte 0x{data[error.start]:02x} is not UTF-8\n    {shown}",
            why="The file was probably saved in an older encoding such as Latin-1.",
            fix="save the file again with the encoding UTF-8",
        )
        return data.decode("cp1252", errors="replace")


def read_text(text: str, document: Document) -> None:
    """Fill `tree`, `places` and `problems` of a document from its text."""
    lines = text.replace("\r\n", "\n").split("\n")
    document.places = Places(tuple(lines))
    mend_lines(lines, document)
    mended = find_places("\n".join(lines))
    document.places = Places(document.places.lines, mended.first, mended.again)
    for path, number, last in mended.again:
        first = mended.first[path]
        document.fault(
            "AMP-S111",
            number,
            f"{path!r} is given twice; the first time on line {first}",
            why="Only one of the two could count, and nobody could see which.",
            fix=f"delete line {first} or line {number}",
        )
        lines[number - 1 : last] = [""] * (last - number + 1)
    document.tree = _parse(lines, document)
    if not document.tree and not document.problems:
        document.fault(
            "AMP-S108",
            0,
            "the file is empty",
            why="A scenario needs at least format, name and based_on.",
            fix="amplicast scenario new NAME writes a file that explains itself",
        )


def mend(data: bytes, *, name: str) -> tuple[str, tuple[Problem, ...]]:
    """Mend the slips of spelling that have one certain remedy.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        How messages call it.

    Returns
    -------
    text : str
        The mended text; empty where the file is not text at all.
    problems : tuple of Problem
        What was mended, each with its line.
    """
    document = Document(name)
    text = decode(data, document)
    lines = (text or "").replace("\r\n", "\n").split("\n")
    document.places = Places(tuple(lines))
    mend_lines(lines, document)
    return "\n".join(lines), tuple(document.problems)


def _parse(lines: list[str], document: Document) -> dict[str, Any]:
    """Parse, setting each value aside that TOML refuses, until the rest can be read."""
    for _ in range(_TRIES):
        try:
            return tomllib.loads("\n".join(lines) + "\n")
        except tomllib.TOMLDecodeError as error:
            found = _PARSE_PLACE.match(str(error))
            reason = found[1] if found else str(error)
            number = int(found[2]) if found and found[2] else len(lines)
            document.fault(
                "AMP-S109",
                number,
                f"this is not valid TOML: {reason[:1].lower()}{reason[1:]}",
                why="A line is a note (#), a [table], or key = value; text stands in quotes.",
                fix=_syntax_fix(document.places.quote(number)),
            )
            key = re.match(r"^\s*[\w.\"'-]+\s*=", lines[number - 1]) if lines else None
            blank = f'{key[0]} "{UNREADABLE}"' if key else ""
            if not lines or lines[number - 1] == blank:
                return {}
            lines[number - 1] = blank
    return {}


def _syntax_fix(quoted: str) -> str:
    if quoted.startswith("["):
        return "close the table's name:  [assumptions.overlap]"
    if quoted.count('"') % 2:
        return f'close the quotation mark:  {quoted}"'
    if quoted.endswith("="):
        return f'write a value after the equals sign:  {quoted} "2 to 5"'
    return 'write  key = "text"  or  key = 5,  one to a line'
