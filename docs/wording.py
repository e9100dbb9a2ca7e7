"""Markdown for the reference: pages, tables, and docstrings turned into it."""

from __future__ import annotations

import re
from collections.abc import Iterable

NOTE = "<!-- Written by docs/generate.py from the code; edit the code, then run it again. -->"


def page(title: str, *parts: str) -> str:
    """One page: title, note, parts with an empty line between."""
    return "\n\n".join([f"# {title}", NOTE, *(part.strip("\n") for part in parts if part)]) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = [list(head), *([str(cell) for cell in row] for row in rows)]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    cells.insert(1, ["---"] * len(cells[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def markdown(docstring: str | None) -> str:
    """Numpydoc as Markdown: sections in bold, entries as a list, literal blocks fenced."""
    out: list[str] = []
    lines = (docstring or "").splitlines()
    section = literal = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if literal and line and not line.startswith(" "):
            while out[-1] == "":
                out.pop()
            out += ["```", ""]
            literal = False
        if literal:
            if out[-1] != "```python" or line:
                out.append(line.removeprefix("    "))
        elif set(following) == {"-"}:
            out += [f"**{line}**", ""]
            section = True
        elif set(line) == {"-"}:
            continue
        elif section and line and not line.startswith(" "):
            names, _, type_ = line.partition(" : ")
            marked = ", ".join(f"`{name}`" for name in names.split(", "))
            out.append(f"- {marked}" + (f" ({type_})" if type_ else ""))
        elif line.endswith("::"):
            out += [line.removesuffix(":"), "", "```python"]
            literal = True
        else:
            out.append(line.replace("    ", "  ", 1) if section else line)
    if literal:
        out.append("```")
    return re.sub(r"(?<!`)``(?!`)", "`", "\n".join(out)).strip()
