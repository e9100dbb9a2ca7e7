"""Registers as LaTeX tables: booktabs and longtable, one file each, and one that holds them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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

GROUPED = ("headline", "thresholds")
"""Registers whose rows stand below the names of their scenarios."""

WIDTH = 124
"""Characters of small print that a line holds."""

GAP = 2
"""Characters that the gap between two columns takes."""

LONG, LEAST, MOST = 26, 20, 160
"""Characters: a longer text wraps, it gets so many at least, and is weighed as so many at most."""

SHORT = 12
"""Characters of a cell that stays on one line."""

NEGATIVE = re.compile(r"(?<![\w.-])-(?=\d)")
"""A hyphen that is a minus sign."""

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
    chosen = set(COLUMNS.get(register.name) or _fitting([one.name for one in register.columns]))
    if register.name in GROUPED:
        chosen.discard("scenario")
    places = [place for place, one in enumerate(register.columns) if one.name in chosen]
    shown = register.shown()
    places = [place for place in places if any(row[place] for row in shown)]
    columns = [register.columns[place] for place in places]
    groups: dict[str, list[list[str]]] = {}
    for row, record in zip(shown, register.records(), strict=True):
        name = str(record["scenario"]) if register.name in GROUPED else ""
        groups.setdefault(name, []).append([row[place] for place in places])
    numeric = [column.kind != "text" for column in columns]
    heads = [_head(column.name) for column in columns]
    rows = [row for group in groups.values() for row in group]
    widths = _widths(heads, rows)
    size = r"\footnotesize" if any(widths) or _natural(heads, rows) <= WIDTH else r"\scriptsize"
    source = f"amplicast, scenario {document.scenario}, run {document.run}."
    stamp = rf"\textbf{{{escaped(document.stamp)}}} " if document.stamp else ""
    note = f"{stamp}{escaped(register.about)} {escaped(source)}"
    lines = [
        f"% {register.name}: run {document.run}"
        + ("; CHECKS FAILED, do not quote" if document.stamp else ""),
        rf"\begingroup{size}\setlength{{\tabcolsep}}{{4pt}}\setlength{{\LTcapwidth}}{{\linewidth}}",
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
        *_body(groups, len(columns)),
        r"\end{longtable}",
        r"\endgroup",
    ]
    return "\n".join(lines) + "\n"


def _fitting(names: Sequence[str]) -> list[str]:
    """Names of columns, without the 66 % interval of a year, and of many years only three."""
    years = [name for name in names if re.fullmatch(r"chance_by_\d{4}", name)]
    kept = {*years[:1], *years[len(years) // 2 : len(years) // 2 + 1], *years[-1:]}
    return [name for name in names if name not in {"year_p17", "year_p83", *years} or name in kept]


def _head(name: str) -> str:
    found = re.fullmatch(r"chance_by_(\d{4})", name)
    if found:
        return f"by {found[1]}"
    found = re.fullmatch(r"year_p(\d\d)", name)
    if found:
        return "median year" if found[1] == "50" else rf"{found[1]} \% year"
    return escaped(HEADS.get(name, name.replace("_", " ")))


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Share of the line for each column of long texts; 0 for one that stands as wide as it is."""
    natural = _lengths(heads, rows)
    wraps = [length > LONG for length in natural]
    if _natural(heads, rows) <= WIDTH or not any(wraps):
        return [0.0] * len(natural)
    short = sum(length for length, long in zip(natural, wraps, strict=True) if not long)
    left = max(WIDTH - short - GAP * len(natural), LEAST * sum(wraps))
    wish = [min(length, MOST) * long for length, long in zip(natural, wraps, strict=True)]
    return [max(left * each / sum(wish), LEAST * (each > 0)) / WIDTH for each in wish]


def _lengths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Characters of the longest cell of each column."""
    return [max(len(head), *(len(row[at]) for row in rows)) for at, head in enumerate(heads)]


def _natural(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Characters of a line on which nothing wraps."""
    return sum(_lengths(heads, rows)) + GAP * len(heads)


def _body(groups: Mapping[str, Sequence[Sequence[str]]], columns: int) -> Iterator[str]:
    """Lines of the rows, below the name of their group where they have one."""
    for name, rows in groups.items():
        if name:
            head = rf"\emph{{{escaped(name)}}}"
            yield rf"\addlinespace\multicolumn{{{columns}}}{{@{{}}l}}{{{head}}} \\"
        yield from (_line([_cell(cell) for cell in row]) for row in rows)


def _column(width: float, numeric: bool) -> str:
    if not width:
        return "r" if numeric else "l"
    side = r"\raggedleft" if numeric else r"\raggedright"
    return rf">{{{side}\arraybackslash}}p{{{width:.4f}\linewidth}}"


def _cell(text: str) -> str:
    """A cell; a long name without spaces may break after its dots and underscores."""
    gap = "~" if len(text) <= SHORT else " "
    return gap.join(_word(word) for word in text.split())


def _word(word: str) -> str:
    if NEGATIVE.search(word):
        return "$-$".join(escaped(part) for part in NEGATIVE.split(word))
    if len(word) <= SHORT:
        return escaped(word)
    parts = [
        part[start : start + LEAST]
        for part in re.split(r"(?<=[._/-])", word)
        for start in range(0, len(part), LEAST)
    ]
    return r"\allowbreak{}".join(escaped(part) for part in parts)


def _line(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"
