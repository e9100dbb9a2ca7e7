"""Any text as LaTeX that prints it and does nothing else."""

from __future__ import annotations

import unicodedata

__all__ = ["escaped", "key"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, also those after a backslash
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "[": "{[}",  # after the end of a row it would be an option
    "*": "{*}",
    "-": "-",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "±": r"$\pm$",
    "–": "--",
    "—": "---",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "…": r"\dots{}",
    "\u00a0": "~",
    "\u202f": r"\,",
}


def escaped(text: str) -> str:
    """Text with every character that LaTeX would act upon made harmless, on one line.

    Letters of Latin-1 stay, others lose their accents; what is left stands as its code point.
    """
    return "".join(_one(character) for character in " ".join(text.split()))


def _one(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character.isascii():
        return character if character.isprintable() else ""
    if character.isalpha() and ord(character) < 256:
        return character
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return "".join(map(_one, plain)) or f"U+{ord(character):04X}"


def key(text: str) -> str:
    """A name that is safe in labels and citations: ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(c if c.isalnum() else "-" for c in plain).strip("-") or "unnamed"
