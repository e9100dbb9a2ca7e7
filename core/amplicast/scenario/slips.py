"""Slips of spelling that single lines of a scenario have, each with the line as it should be.

Word processors, spreadsheets and habits from other file formats leave marks that TOML refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from amplicast.scenario.document import Document
from amplicast.scenario.places import HIDDEN, mask

__all__ = ["mend_lines"]

_NUMBER = r"[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_COMMA = r"[+-]?\d[\d.]*(?:,\d+)+(?:[eE][+-]?\d+)?"
_ANY = rf"(?:{_COMMA}|{_NUMBER})"
_RANGE = re.compile(rf"(?:{_ANY}\s*%\s*:\s*)?{_ANY}\s*(?:to|-|–|—|\.\.\.?)\s*{_ANY}", re.IGNORECASE)
_CURLY = "“”„‟‘’‚‛«»″"
_SPACES = "\u00a0\u1680\u2000\u2002\u2003\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff"


def mend_lines(lines: list[str], document: Document) -> None:
    """Explain and mend, in place, what single lines get wrong."""
    inside = ""
    for index, line in enumerate(lines):
        masked, after = mask(line, inside)
        if not inside:
            for mended in _slips(line, masked, number=index + 1, document=document):
                lines[index] = mended
            _, after = mask(lines[index], inside)
        inside = after


def _slips(line: str, masked: str, *, number: int, document: Document) -> Iterator[str]:
    """Report each slip of a line and give the line as it should be."""
    steps: tuple[Callable[[str, str], tuple[str, str, str, str] | None], ...] = (
        _curly_quotes,
        _odd_spaces,
        _colon_for_equals,
        _bare_value,
    )
    for step in steps:
        slip = step(line, masked)
        if slip:
            code, what, why, line = slip
            document.fault(code, number, what, why=why, fix=line.strip() or "delete this line")
            masked, _ = mask(line)
            yield line


def _curly_quotes(line: str, masked: str) -> tuple[str, str, str, str] | None:
    if not any(sign in masked for sign in _CURLY):
        return None
    whole = re.match(rf"^(\s*[\w.-]+\s*=\s*)[{_CURLY}](.*)[{_CURLY}\"](\s*(?:#.*)?)$", line)
    if whole:
        content = whole[2].replace('"', "'")
        mended = f'{whole[1]}"{content}"{whole[3]}'
    else:
        mended = re.sub(f"[{_CURLY}]", '"', line)
    return (
        "AMP-S101",
        "curly quotation marks “ ” stand where straight ones are needed",
        "A word processor puts these in; TOML knows only the straight mark.",
        mended,
    )


def _odd_spaces(line: str, masked: str) -> tuple[str, str, str, str] | None:
    if not any(sign in masked for sign in _SPACES):
        return None
    mended = "".join(
        (("" if char in "\u200b\ufeff" else " ") if hidden in _SPACES else char)
        for char, hidden in zip(line, masked, strict=True)
    )
    return (
        "AMP-S105",
        "a non-breaking or invisible space stands outside of quotation marks",
        "Copying from a web page or a word processor brings these in; they look like spaces.",
        mended,
    )


def _colon_for_equals(line: str, masked: str) -> tuple[str, str, str, str] | None:
    found = re.match(r"^(\s*[\w-]+)\s*:(?=\s|$)", masked)
    if not found or "=" in masked:
        return None
    return (
        "AMP-S109",
        "a colon stands where an equals sign is needed",
        "YAML writes  key: value;  a scenario is TOML and writes  key = value.",
        f"{found[1]} ={line[found.end() :]}",
    )


def _bare_value(line: str, masked: str) -> tuple[str, str, str, str] | None:
    found = re.match(r"^\s*[^=\[\]{}]+?=\s*([^\s=][^=]*?)\s*$", masked)
    if not found or HIDDEN in found[1]:
        return None
    start, end = found.span(1)
    value = line[start:end]

    def put(text: str) -> str:
        return f"{line[:start]}{text}{line[end:]}"

    if _RANGE.fullmatch(value):
        return (
            "AMP-S107",
            "a range stands without quotation marks",
            "A bare value must be one number; a range is text.",
            put('"' + re.sub(r"\s*(?:–|—|\.\.\.?|(?<=[\d\s])-(?=[\s\d]))\s*", " to ", value) + '"'),
        )
    if re.fullmatch(_COMMA, value):
        return (
            "AMP-S106",
            "a number is written with a comma",
            "The decimal sign is a point, and thousands are not separated.",
            put(value.replace(",", ".")),
        )
    if value.lower() in {"true", "yes", "on", "false", "no", "off"} - {value} | {"yes", "no"}:
        return (
            "AMP-S109",
            f"{value!r} is not a value that TOML knows",
            "Yes and no are written true and false, in small letters.",
            put("true" if value.lower() in {"true", "yes", "on"} else "false"),
        )
    if re.match(r"[^\W\d]", value) and value not in {"true", "false", "inf", "nan"}:
        return (
            "AMP-S109",
            "text stands without quotation marks",
            "Text stands between straight quotation marks.",
            put('"' + value.replace('"', "'") + '"'),
        )
    return None
