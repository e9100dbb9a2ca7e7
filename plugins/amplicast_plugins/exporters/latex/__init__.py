"""What a LaTeX paper needs: tables, and references as BibTeX."""

from __future__ import annotations

from collections.abc import Iterable

from amplicast import Exporter, Source, hookimpl
from amplicast_plugins.exporters.latex import bibtex, tables

LATEX = Exporter(
    id="tex",
    summary="A folder of LaTeX tables (booktabs), one per register, each with a label.",
    write=tables.write,
    suffix="",
    reads="document",
    sources=(
        Source(
            key="fear2020",
            title="Fear, Publication quality tables in LaTeX: the package booktabs (2020)",
            url="https://ctan.org/pkg/booktabs",
            grade="A",
        ),
    ),
    limits="Numbers as people read them; for every digit use csv or json.",
)

BIBTEX = Exporter(
    id="bib",
    summary="BibTeX of every source, of the software and of the run.",
    write=bibtex.write,
    cite=bibtex.cite,
    suffix=".bib",
    reads="document",
    sources=(
        Source(
            key="patashnik1988",
            title="Patashnik, BibTeXing (1988)",
            url="https://ctan.org/pkg/bibtex",
            grade="A",
        ),
    ),
    limits="Authors stand in the titles, as the sources are recorded.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute LaTeX tables and BibTeX."""
    return [BIBTEX, LATEX]
