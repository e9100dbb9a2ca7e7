"""A picture: panels of one Altair grammar, the words that go with them, and the numbers drawn.

A panel is drawn for a width in pixels (files) or for ``"container"`` (a page, where it takes the
width that is there). Everything else about a picture is text made from the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amplicast.files import write_whole
from amplicast.report.charts.style import svg, themed

__all__ = ["ALT_LIMIT", "DPI", "Frame", "Panel", "Picture", "Values"]

ALT_LIMIT = 300
"""Longest text in place of a picture [characters]; screen readers cannot skip in it."""

DPI = 200
"""Resolution of a PNG [pixels/inch]; 72 of the chart's pixels are an inch."""


@dataclass(frozen=True)
class Frame:
    """The place that a panel is drawn in.

    Attributes
    ----------
    width : float or None
        Pixels; None takes the width of the container.
    height : float
        Pixels.
    first : bool
        Leftmost of its row: it carries the titles of axes that its row shares.
    """

    width: float | None
    height: float
    first: bool = True

    @property
    def limit(self) -> Any:
        """Longest text from the left edge [px]; what is longer ends in an ellipsis."""
        import altair

        return altair.ExprRef("width") if self.width is None else self.width

    def within(self, left: float, right: float) -> list[Any]:
        """Range of an x scale that leaves room on both sides [px]."""
        import altair

        if self.width is None:
            return [left, altair.expr(f"max(width - {right:g}, {left + 60:g})")]
        return [left, self.width - right]


@dataclass(frozen=True)
class Panel:
    """One part of a picture.

    Attributes
    ----------
    draw : callable
        ``draw(frame) -> chart``: a single or layered Altair chart without size, title or theme.
    title : tuple of str
        First line bold, then plainer ones; empty for a picture of one panel.
    height : float or None
        Of its own [px]; None takes that of the picture.
    """

    draw: Callable[[Frame], Any]
    title: tuple[str, ...] = ()
    height: float | None = None


@dataclass(frozen=True)
class Values:
    """The numbers that a picture shows, as a small table.

    Attributes
    ----------
    header : tuple of str
    rows : tuple of tuple
        Text and plain numbers; None where there is none.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A drawn answer with its words.

    Attributes
    ----------
    name : str
        As in the catalogue: ``copies``, ``frontier``, ...
    title : str
        What it shows.
    subtitle : tuple of str
        Where, and in what unit; one line each.
    panels : tuple of Panel
    columns : int
        Panels in a row of a file.
    width, height : float
        Of one panel in a file [px].
    caption : str
        What; scenario; what line and bands mean; what they leave out; source and run.
    alt : str
        Text in its place, at most `ALT_LIMIT` characters.
    values : Values
    """

    name: str
    title: str
    subtitle: tuple[str, ...]
    panels: tuple[Panel, ...]
    columns: int
    width: float
    height: float
    caption: str
    alt: str
    values: Values

    def chart(self, *, width: float | None = None, columns: int | None = None) -> Any:
        """The whole picture as one Altair chart of fixed size, for a file.

        Parameters
        ----------
        width : float, optional
            Of one panel [px].
        columns : int, optional
            Panels in a row.
        """
        import altair

        wide, across = width or self.width, columns or self.columns
        drawn = [
            self._sized(panel, Frame(wide, panel.height or self.height, place % across == 0))
            for place, panel in enumerate(self.panels)
        ]
        title = altair.TitleParams(self.title, subtitle=list(self.subtitle))
        if len(drawn) == 1:
            return themed(drawn[0].properties(title=title))
        whole = altair.concat(*drawn, columns=across, spacing=20, align="each")
        return themed(whole.properties(title=title))

    def responsive(self) -> tuple[Any, ...]:
        """One Altair chart per panel, each as wide as its container; titles are the panels' own."""
        return tuple(
            themed(
                self._sized(panel, Frame(None, panel.height or self.height)).properties(
                    autosize={"type": "fit-x", "contains": "padding"}
                )
            )
            for panel in self.panels
        )

    def specifications(self) -> tuple[dict[str, Any], ...]:
        """The panels as Vega-Lite specifications for a page."""
        return tuple(chart.to_dict() for chart in self.responsive())

    @staticmethod
    def _sized(panel: Panel, frame: Frame) -> Any:
        import altair

        chart = panel.draw(frame).properties(
            width="container" if frame.width is None else frame.width, height=frame.height
        )
        if not panel.title:
            return chart
        head, *rest = panel.title
        title = altair.TitleParams(head, fontSize=12, frame="group")
        if frame.width is not None:
            title.limit = frame.width
        if rest:
            title.subtitle, title.subtitleFontSize = rest, 11
        return chart.properties(title=title)

    def svg(self) -> str:
        """SVG text; the same numbers give the same bytes."""
        return _described(svg(self.chart()), self.title, self.alt)

    def png(self, dpi: int = DPI) -> bytes:
        """PNG at `dpi` pixels per inch."""
        import vl_convert

        data: bytes = vl_convert.vegalite_to_png(
            self.chart().to_json(indent=None), ppi=dpi, allowed_base_urls=[]
        )
        return data

    def pdf(self) -> bytes:
        """PDF of one page."""
        import vl_convert

        data: bytes = vl_convert.vegalite_to_pdf(
            self.chart().to_json(indent=None), allowed_base_urls=[]
        )
        return data

    def record(self) -> dict[str, Any]:
        """Words, numbers and Vega-Lite specifications as plain data."""
        return {
            "name": self.name,
            "title": self.title,
            "subtitle": list(self.subtitle),
            "caption": self.caption,
            "alt": self.alt,
            "columns": list(self.values.header),
            "rows": [list(row) for row in self.values.rows],
            "specifications": list(self.specifications()),
        }

    def save(self, path: Path) -> tuple[Path, ...]:
        """Write the picture in the format of the file's ending; beside a PNG its text.

        Parameters
        ----------
        path : Path
            Ends in ``.svg``, ``.png`` or ``.pdf``; its folder exists. What was there is replaced.

        Returns
        -------
        tuple of Path
            The files written.
        """
        kind = path.suffix.lower()
        if kind == ".png":
            beside = path.with_suffix(".txt")
            files = [(beside, f"{self.alt}\n\n{self.caption}\n".encode()), (path, self.png())]
        elif kind == ".pdf":
            files = [(path, self.pdf())]
        elif kind == ".svg":
            files = [(path, self.svg().encode())]
        else:
            raise ValueError(f"{path}: a picture ends in .svg, .png or .pdf")
        write_whole(dict(files))
        return tuple(name for name, _ in reversed(files))

    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """What a notebook shows: the SVG, and its words where there is no screen for it."""
        return {"image/svg+xml": self.svg(), "text/plain": f"{self.alt}\n\n{self.caption}"}


def _described(text: str, title: str, alt: str) -> str:
    """SVG with a name and a description that screen readers speak."""
    from html import escape

    head, _, rest = text.partition(">")
    label = f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
    return f'{head} role="img">{label}{rest}'
