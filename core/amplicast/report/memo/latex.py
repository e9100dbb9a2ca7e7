"""The memo as LaTeX, with its pictures beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from amplicast.report.memo.structure import Aside, Block, Bullets, Figure, Memo, Paragraph, Table
from amplicast.report.prose import Sentence, Strong, unbroken

__all__ = ["escaped", "latex"]

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}", "'": "'", "[": "{[}", "]": "{]}", "-": "{-}", "×": r"$\times$",
    "·": r"$\cdot$", "≥": r"$\geq$", "≤": r"$\leq$", "±": r"$\pm$", "–": "--", "—": "---",
    "’": "'", "‘": "`", "“": "``", "”": "''", "…": r"\dots{}", "\u00a0": "~", "\u202f": r"\,",
}  # fmt: skip

OPENING = r"""\documentclass[a4paper,10pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\renewcommand{\familydefault}{\sfdefault}
\usepackage[margin=1.8cm,top=1.3cm,bottom=1.3cm]{geometry}
\usepackage[font=footnotesize,labelfont=bf,skip=3pt,justification=raggedright,singlelinecheck=false]%
{caption}
\usepackage{array,booktabs,fancyhdr,float,graphicx,xcolor}
\usepackage[hidelinks]{hyperref}
\definecolor{accent}{HTML}{08306B}
\definecolor{warning}{HTML}{8A1C00}
\definecolor{own}{HTML}{FDF3E9}
\makeatletter
\renewcommand\section{\@startsection{section}{1}{0pt}{5pt}{2pt}{\small\bfseries\color{accent}}}
\makeatother
\newcommand{\tight}{\setlength{\itemsep}{1pt}\setlength{\parskip}{0pt}\setlength{\parsep}{0pt}}
\setlength{\leftmargini}{1.3em}
\setlength{\topsep}{0pt}
\setlength{\partopsep}{0pt}
\setlength{\parindent}{0pt}
\setlength{\parskip}{1pt}
\setlength{\intextsep}{3pt}
\setlength{\tabcolsep}{3pt}
\AtBeginDocument{\raggedright\small}
\pagestyle{fancy}
\fancyhf{}
\renewcommand{\headrulewidth}{0pt}
"""


def latex(memo: Memo, *, stem: str) -> str:
    """One document for pdflatex; pictures are ``stem-NAME.png`` beside it."""
    facts = r" $\cdot$ ".join(rf"\textbf{{{escaped(n)}:}} {escaped(t)}" for n, t in memo.facts)
    stamp = ""
    if memo.stamp:
        words = r"\parbox{\textwidth}{\color{warning}\bfseries\footnotesize "
        stamp = rf"\fancyhead[L]{{{words}{escaped(memo.stamp)}}}}}" + "\n"
        stamp += "\\setlength{\\headheight}{32pt}\n\\addtolength{\\topmargin}{-10pt}\n"
    lines = [
        (
            rf"\hypersetup{{pdftitle={{{escaped(memo.title)}}},pdfauthor={{{escaped(memo.author)}}},"
            "pdflang={en-GB}}"
        ),
        r"\begin{document}",
        rf"{{\Large\bfseries\color{{accent}} {escaped(memo.title)}\par}}",
        rf"{{\footnotesize {facts}\par}}",
    ]
    for section in memo.sections:
        lines.append(rf"\section*{{{escaped(section.title)}}}")
        for block in section.blocks:
            lines += _block(block, stem)
    return OPENING + stamp + "\n".join([*lines, r"\end{document}", ""])


def _block(block: Block, stem: str) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _paragraph(block)
        case Bullets():
            kind = "enumerate" if block.numbered else "itemize"
            items = (rf"\item {_said(item)}" for item in block.items)
            yield "\n".join([rf"\begin{{{kind}}}\tight", *items, rf"\end{{{kind}}}"])
        case Table():
            yield _table(block)
        case Figure():
            yield "\n".join(
                (
                    r"\begin{figure}[H]",
                    (
                        rf"\includegraphics[width={0.9 * block.width:.2f}\textwidth]"
                        rf"{{\detokenize{{{stem}-{block.name}.png}}}}"
                    ),
                    rf"\caption{{{escaped(block.caption)}}}",
                    rf"% In its place: {' '.join(block.alt.split())}",
                    r"\end{figure}",
                )
            )
        case Aside():
            inside = "\n\n".join(_paragraph(one) for one in block.paragraphs)
            yield (
                r"\noindent\colorbox{own}{\parbox{\dimexpr\textwidth-2\fboxsep}{"
                f"\\textbf{{{escaped(block.title)}}}\n\n{inside}}}}}"
            )


def _paragraph(block: Paragraph) -> str:
    said = _said(block.says)
    return rf"{{\footnotesize {said}\par}}" if block.small else rf"{said}\par"


def _table(block: Table) -> str:
    columns = "".join(
        rf">{{\raggedright\arraybackslash}}p{{\dimexpr{share:.4f}\textwidth-2\tabcolsep}}"
        for share in block.widths
    )
    head = " & ".join(rf"\textbf{{{escaped(cell)}}}" for cell in block.header)
    rows = [" & ".join(escaped(cell) for cell in row) + r" \\" for row in block.rows]
    return "\n".join(
        (
            r"\begin{table}[H]\footnotesize", rf"\caption{{{escaped(block.caption)}}}",
            rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}", r"\toprule", rf"{head} \\", r"\midrule",
            *rows, r"\bottomrule", r"\end{tabular}", r"\end{table}",
        )
    )  # fmt: skip


def _said(sentence: Sentence) -> str:
    return "".join(
        rf"\textbf{{{escaped(run.text)}}}" if isinstance(run, Strong) else escaped(run)
        for run in sentence
    )


def escaped(text: str) -> str:
    """Text that LaTeX prints as it is; spaces at its ends stay."""
    head = " " if text[:1].isspace() else ""
    tail = " " if text[1:] and text[-1:].isspace() else ""
    return head + "".join(map(_one, unbroken(" ".join(text.split())))) + tail


def _one(character: str) -> str:
    if character in SPECIAL:
        return SPECIAL[character]
    if character.isascii():
        return character if character.isprintable() else ""
    if character.isalpha() and ord(character) < 256:
        return character
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return "".join(map(_one, plain)) or f"U+{ord(character):04X}"
