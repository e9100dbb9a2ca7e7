"""Tables of the report: registers, and the numbers that a picture shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from amplicast.report.charts.picture import Values
from amplicast.report.html.markup import Content, Markup, tag, text
from amplicast.report.registers.columns import plain
from amplicast.report.words import count, percent, value

__all__ = ["LONGEST", "details", "shown_values", "table"]

UNIT = re.compile(r"\[(?P<unit>[^]]+)\]$")

LONGEST = 40
"""Rows of a table that is still printed, where it is opened for printing only."""

SHARES = frozenset({"chance", "share", "reached", "Monte Carlo error", "variance removed"})
"""Columns of values that hold fractions."""


def table(
    header: Sequence[Content],
    rows: Sequence[Sequence[Content]],
    *,
    caption: Content,
    numbers: Collection[int] = (),
    class_: str | None = None,
) -> Markup:
    """A table in a frame that scrolls where the page is narrow.

    Parameters
    ----------
    header : sequence
    rows : sequence of sequence
        The first cell of each names its row.
    caption : str or Markup
    numbers : collection of int
        Columns that hold numbers, set flush right.
    class_ : str, optional
    """
    head = tag(
        "tr",
        (
            tag("th", cell, scope="col", class_="number" if i in numbers else None)
            for i, cell in enumerate(header)
        ),
    )
    body = (
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            (
                tag("td", cell, class_="number" if i in numbers else None)
                for i, cell in enumerate(row[1:], start=1)
            ),
        )
        for row in rows
    )
    label = re.sub(r"<[^>]*>", "", caption) if isinstance(caption, str) else None
    return tag(
        "div",
        tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body)),
        class_=" ".join(filter(None, ("frame", class_))),
        tabindex=0,
        role="region",
        aria_label=label,
    )


def shown_values(values: Values) -> tuple[list[str], list[list[str]]]:
    """Header and rows of what a picture shows, as people read them."""
    units = [found["unit"] if (found := UNIT.search(name)) else "" for name in values.header]
    own = values.header.index("unit") if "unit" in values.header else None
    rows = [
        [
            _cell(cell, name, unit or (str(row[own]) if own is not None else ""))
            for cell, name, unit in zip(row, values.header, units, strict=True)
        ]
        for row in values.rows
    ]
    return [name.replace("_", " ") for name in values.header], rows


def _cell(cell: str | int | float | None, name: str, unit: str) -> str:
    if cell is None:
        return "none"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return str(cell) if unit != "copies" else value(cell, unit)
    if name == "R-hat":  # it differs from 1 in its third decimal
        return f"{cell:.3f}"
    if name in SHARES:
        return percent(cell)
    if unit in {"OOM", "copies", "fraction"}:
        return value(cell, unit)
    return plain(cell, unit) if unit else count(cell)


def details(summary: Content, *content: Content, long: bool = False) -> Markup:
    """What stays closed on a screen until it is asked for, and opens for printing unless `long`."""
    class_ = "screen" if long else None
    return tag("details", tag("summary", summary), text(content), class_=class_)
