"""The memo as Markdown, with its pictures beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from amplicast.report.memo.structure import Aside, Block, Bullets, Figure, Memo, Paragraph, Table
from amplicast.report.prose import Sentence, Strong

__all__ = ["figure_file", "markdown"]

SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$^])")

FIGURES = ".svg"


def figure_file(figure: Figure, stem: str, suffix: str) -> str:
    """Name of the file of a picture beside a memo."""
    return f"{stem}-{figure.name}{suffix}"


def markdown(memo: Memo, *, stem: str) -> str:
    """GitHub-flavoured Markdown; pictures are named after `stem`."""
    facts = " · ".join(f"**{_text(name)}** {_text(told)}" for name, told in memo.facts)
    parts = [f"# {_text(memo.title)}", facts]
    if memo.stamp:
        parts.insert(0, f"> **{_text(memo.stamp)}**")
    number = {"figure": 0, "table": 0}
    for section in memo.sections:
        parts.append(f"## {_text(section.title)}")
        for block in section.blocks:
            parts += _block(block, stem, number)
    return "\n\n".join(parts) + "\n"


def _block(block: Block, stem: str, number: dict[str, int]) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _said(block.says)
        case Bullets():
            yield "\n".join(
                f"{f'{i}.' if block.numbered else '-'} {_said(item)}"
                for i, item in enumerate(block.items, start=1)
            )
        case Table():
            number["table"] += 1
            yield f"*Table {number['table']}. {_text(block.caption)}*"
            head, *rows = [
                _row([_text(cell) for cell in row]) for row in (block.header, *block.rows)
            ]
            yield "\n".join([head, _row(["---"] * len(block.header)), *rows])
        case Figure():
            number["figure"] += 1
            yield f"![{_text(block.alt)}]({figure_file(block, stem, FIGURES)})"
            yield f"*Figure {number['figure']}. {_text(block.caption)}*"
        case Aside():
            lines = [f"**{_text(block.title)}**", *(_said(one.says) for one in block.paragraphs)]
            yield "\n>\n".join(f"> {line}" for line in lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _said(sentence: Sentence) -> str:
    return "".join(
        f"**{_text(run.text.strip())}**{' ' if run.text.endswith(' ') else ''}"
        if isinstance(run, Strong)
        else _text(run)
        for run in sentence
    )


def _text(words: str) -> str:
    """Words that Markdown shows as they are, on one line."""
    plain = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return SPECIAL.sub(r"\\\1", " ".join(plain.splitlines()))
