"""Pictures in the page: static SVG of each panel, its words, and a table of what it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from html import escape
from typing import Any

from amplicast.report.charts.picture import Frame, Picture
from amplicast.report.charts.style import drawing, specification
from amplicast.report.html.markup import Markup, tag
from amplicast.report.html.tables import LONGEST, details, shown_values, table
from amplicast.report.prose import unbroken

__all__ = ["NARROW", "Figures", "figure", "inlined"]

NARROW = 300.0
"""Width of a panel on a telephone [px]; wider ones are drawn a second time for it."""

SPOKEN = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
"""What a drawing says to screen readers part by part; the page says it as a whole."""

MOST = 20
"""Inputs in the table of a tornado, which draws seven of some hundred."""


@dataclass(frozen=True)
class Figures:
    """Pictures by name, and their panels, drawn while the rest of the page is written.

    Attributes
    ----------
    pictures : Mapping[str, Picture]
    drawn : Mapping[tuple, Future of str]
        SVG by name of the picture, number of the panel, and whether it is for a narrow page.
    """

    pictures: Mapping[str, Picture]
    drawn: Mapping[tuple[str, int, bool], Future[str]]

    @classmethod
    def of(cls, pictures: Iterable[tuple[str, Picture]]) -> Figures:
        """Begin to draw every panel of every picture."""
        from concurrent.futures import ThreadPoolExecutor

        from altair.utils.schemapi import debug_mode

        known: dict[str, Picture] = {}
        drawn: dict[tuple[str, int, bool], Future[str]] = {}
        # The library works outside of Python's lock, one drawing at a time.
        pool = ThreadPoolExecutor(1)
        with debug_mode(False):  # each part would be held to the grammar as it is made
            for name, picture in pictures:
                known[name] = picture
                for place, grammar in _jobs(picture):
                    drawn[name, *place] = pool.submit(drawing, grammar)
        pool.shutdown(wait=False)
        return cls(known, drawn)


def _jobs(picture: Picture) -> Iterator[tuple[tuple[int, bool], dict[str, Any]]]:
    for number, panel in enumerate(picture.panels):
        widths = [picture.width]
        if picture.width > 1.2 * NARROW:
            widths.append(NARROW)
        for width in widths:
            # The page says the titles; every panel has its own axis, for they may stack.
            height = panel.height or picture.height
            chart = panel.draw(Frame(width, height))
            grammar = specification(chart, width=width, height=height)
            yield (number, width != picture.width), grammar


def figure(figures: Figures, name: str, number: int) -> Markup:
    """The named picture as figure `number` of the page."""
    picture = figures.pictures[name]
    panels = [_panel(figures, name, i) for i in range(len(picture.panels))]
    header, rows = shown_values(picture.values)
    left = len(rows) - MOST if picture.name == "tornado" else 0
    rows = rows[:MOST] if left > 0 else rows
    more = f": the first {MOST} of {MOST + left}" if left > 0 else ""
    words = {i for i, row in enumerate(zip(*picture.values.rows, strict=True)) if _numbers(row)}
    return tag(
        "figure",
        tag(
            "div",
            tag("h3", picture.title, id=f"figure-{number}"),
            (tag("p", unbroken(line), class_="subtitle") for line in picture.subtitle),
            tag("div", panels, class_=f"panels {'one' if picture.columns == 1 else 'several'}"),
            class_="drawing",
        ),
        tag("figcaption", tag("b", f"Figure {number}."), " ", unbroken(picture.caption)),
        details(
            f"Numbers of figure {number}",
            table(header, rows, caption=f"Numbers of figure {number}{more}", numbers=words),
            long=len(rows) > LONGEST,
        ),
        aria_labelledby=f"figure-{number}",
    )


def _numbers(cells: Sequence[object]) -> bool:
    return all(cell is None or isinstance(cell, int | float) for cell in cells)


def _panel(figures: Figures, name: str, number: int) -> Markup:
    """One panel, once or in two widths of which the page shows one."""
    picture = figures.pictures[name]
    panel = picture.panels[number]
    alt = picture.alt
    if number:
        alt = f"{', '.join(panel.title)}: part {number + 1} of the picture that is told before"
    shown = [
        inlined(figures.drawn[name, number, narrow].result(), alt, kind)
        for narrow, kind in ((False, "wide"), (True, "narrow"))
        if (name, number, narrow) in figures.drawn
    ]
    if len(shown) == 1:
        shown = [inlined(figures.drawn[name, number, False].result(), alt, "any")]
    head, *rest = panel.title or ("",)
    title = tag("p", tag("b", head), (tag("span", line) for line in rest), class_="panel-title")
    return tag("div", title if head else None, shown, class_="panel")


def inlined(drawing: str, alt: str, kind: str) -> Markup:
    """A drawing with one name for screen readers; it is our own library's, so it is HTML."""
    head, _, rest = drawing.partition(">")
    label = f' class="{kind}" role="img" aria-label="{escape(alt)}"'
    kept = re.sub(r' (?:class|version|xmlns(?::xlink)?)="[^"]*"', "", head)
    return Markup(f"{kept}{label}>{SPOKEN.sub('', rest)}")
