"""Sentences as plain data, so that every format may say the same words its own way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "Point",
    "Run",
    "Sentence",
    "Strong",
    "counted",
    "joined",
    "listed",
    "spoken_sentence",
    "unbroken",
]


@dataclass(frozen=True)
class Strong:
    """Words that carry the message."""

    text: str


Run = str | Strong
Sentence = tuple[Run, ...]
"""Runs of text in order, without marks of any format."""


@dataclass(frozen=True)
class Point:
    """What is told about one thing.

    Attributes
    ----------
    lead : str
        What it is about, in a word or two.
    says : tuple of Sentence
    """

    lead: str
    says: tuple[Sentence, ...]


def spoken_sentence(sentence: Sentence) -> str:
    """The words alone."""
    return "".join(run.text if isinstance(run, Strong) else run for run in sentence)


def joined(sentences: Sequence[Sentence]) -> Sentence:
    """Sentences one after the other, a space between them."""
    runs: list[Run] = []
    for sentence in sentences:
        runs += [" ", *sentence] if runs else sentence
    return tuple(runs)


def unbroken(text: str) -> str:
    """Text whose numbers stay on one line with their per cent sign."""
    return re.sub(r"(?<=\d) %", "\u00a0%", text)


def listed(texts: Sequence[str]) -> str:
    """``a, b and c``."""
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last


def counted(number: int, what: str) -> str:
    """So many of something: ``1 row``, ``2 rows``."""
    return f"{number} {what}" + ("" if number == 1 else "s")
