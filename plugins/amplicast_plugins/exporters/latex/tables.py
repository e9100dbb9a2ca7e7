"""Registers as LaTeX tables: booktabs and longtable, one file each, and one that holds them all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from amplicast_plugins.exporters.latex.escape import escaped, key

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument, Register

__all__ = ["write"]

COLUMNS = {
    "assumptions": ("id", "low", "median", "high", "unit", "basis", "source", "why"),
    "evidence": ("key", "plugin", "informs", "points", "share", "grade"),
    "sources": ("key", "title", "url", "grade"),
}
"""Columns that fit on a page, where a register has more."""

LEFT_OUT = re.compile(r"year_p(17|83)|chance_by_\d{3}[1346789]")
"""Columns of thresholds for which a page has no room: the 66 % interval, and some of the years."""

WIDTH = 88
"""Characters that a line of small print holds beside the gaps between columns."""

HEADS = {"at_least": "at least", "task_class": "task class"}

WHOLE = r"""\documentclass[a4paper,10pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[margin=2cm]{geometry}
\usepackage{array,booktabs,longtable}
\begin{document}
%s
\end{document}
"""


def write(document: ForecastDocument) -> dict[str, str]:
    """One file per register, for a document to input, and ``all.tex`` to look at them.

    They need the packages array, booktabs and longtable, and fontenc with the option T1.
    """
    filled = [register for register in document.registers.values() if register.rows]
    files = {f"{one.name}.tex": table(one, document) for one in filled}
    inputs = "\n".join(rf"\input{{{name}}}" for name in files)
    return {**files, "all.tex": WHOLE % inputs}


def table(register: Register, document: ForecastDocument) -> str:
    """One register as a ``longtable`` with caption, label and note."""
    chosen = COLUMNS.get(register.name)
    places = [
        place
        for place, column in enumerate(register.columns)
        if (column.name in chosen if chosen else not LEFT_OUT.fullmatch(column.name))
    ]
    columns = [register.columns[place] for place in places]
    rows = [[row[place] for place in places] for row in register.shown()]
    numeric = [column.kind != "text" for column in columns]
    heads = [_head(column.name) for column in columns]
    widths = _widths(heads, rows)
    source = f"amplicast, scenario {document.scenario}, run {document.run}."
    stamp = rf"\textbf{{{escaped(document.stamp)}}} " if document.stamp else ""
    note = f"{stamp}{escaped(register.about)} {escaped(source)}"
    lines = [
        f"% {register.name}: run {document.run}"
        + ("; CHECKS FAILED, do not quote" if document.stamp else ""),
        r"\begingroup\footnotesize\setlength{\tabcolsep}{4pt}",
        rf"\begin{{longtable}}{{@{{}}{''.join(map(_column, widths, numeric))}@{{}}}}",
        rf"\caption{{{escaped(register.title)}. {note}}}",
        rf"\label{{tab:amplicast-{key(register.name)}}}\\",
        r"\toprule",
        _line(heads),
        r"\midrule",
        r"\endfirsthead",
        r"\toprule",
        _line(heads),
        r"\midrule",
        r"\endhead",
        r"\bottomrule",
        r"\endfoot",
        *(_line([_cell(cell) for cell in row]) for row in rows),
        r"\end{longtable}",
        r"\endgroup",
    ]
    return "\n".join(lines) + "\n"


def _head(name: str) -> str:
    found = re.fullmatch(r"chance_by_(\d{4})", name)
    if found:
        return f"by {found[1]}"
    found = re.fullmatch(r"year_p(\d\d)", name)
    if found:
        return "median year" if found[1] == "50" else rf"{found[1]} \% year"
    return escaped(HEADS.get(name, name.replace("_", " ")))


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Share of the line for each column; 0 where all fit as they are."""
    natural = [
        max(len(head), *(len(row[place]) for row in rows)) for place, head in enumerate(heads)
    ]
    if sum(natural) <= WIDTH:
        return [0.0] * len(natural)
    # A long text gets what the short columns leave; its words wrap.
    needed = [min(length, 22) if length > 22 else length for length in natural]
    spare = max(WIDTH - sum(needed), 0)
    wish = [length - least for length, least in zip(natural, needed, strict=True)]
    whole = sum(wish) or 1
    given = [least + spare * more / whole for least, more in zip(needed, wish, strict=True)]
    gaps = 0.015 * len(given)
    return [(1.0 - gaps) * each / sum(given) for each in given]


def _column(width: float, numeric: bool) -> str:
    if not width:
        return "r" if numeric else "l"
    side = r"\raggedleft" if numeric else r"\raggedright"
    return rf">{{{side}\arraybackslash}}p{{{width:.4f}\linewidth}}"


def _cell(text: str) -> str:
    """A cell; a long name without spaces may break after its dots and underscores."""
    return " ".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    if len(word) <= 12:
        return escaped(word)
    parts = re.split(r"(?<=[._/-])", word)
    return r"\allowbreak{}".join(escaped(part) for part in parts if part)


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"
