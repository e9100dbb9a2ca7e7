"""The two pictures of a memo, drawn for paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from amplicast.report.charts.catalogue import draw
from amplicast.report.charts.picture import Picture
from amplicast.report.findings import Findings
from amplicast.report.memo.structure import Figure

__all__ = ["DPI", "copies_figure", "drawing", "frontier_figure", "grammar"]

DPI = 220
"""Resolution of a picture in a document [pixels/inch]; 72 of the chart's pixels are an inch."""

BANDS = {
    "numbers": "Line: median; dark band: 66 % interval; light band: 90 % interval.",
    "": "Line: median; dark band: 66 % interval (likely); light band: 90 % (very likely).",
}


def copies_figure(findings: Findings) -> Figure:
    """F2."""
    picture = draw(findings.forecast, "copies")
    place = findings.place
    return _figure(
        findings, replace(picture, width=430.0, height=118.0), width=0.72,
        told=f"AI copies that the {place.pool} can run, ends of years; {place.story} scenario.",
    )  # fmt: skip


def frontier_figure(findings: Findings) -> Figure:
    """F9."""
    picture = draw(findings.forecast, "frontier")
    place = findings.place
    return _figure(
        findings, replace(picture, width=240.0, height=168.0), width=1.0,
        told=f"Copies that the compute of the {place.pool} runs at the end of {place.year} if each "
        "is amplified so far over the deployed model. Every point uses all of the compute: heavy "
        "amplification and many copies cannot both be had.",
    )  # fmt: skip


def _figure(findings: Findings, picture: Picture, *, width: float, told: str) -> Figure:
    bands = BANDS.get(findings.scale, BANDS[""])
    bare = replace(picture, title="", subtitle=())
    return Figure(picture.name, bare, f"{told} {bands}", picture.alt, width)


def grammar(picture: Picture, scale: str) -> str:
    """The picture's Vega-Lite specification; without words for chances on the scale `numbers`."""
    text: str = _untitled(picture).to_json(indent=None, validate=False)
    if scale == "numbers":
        text = text.replace(" (very likely)", "").replace(" (likely)", "")
    return text


def _untitled(picture: Picture) -> Any:
    import altair

    chart = picture.chart()
    chart.title = altair.Undefined
    return chart


def drawing(picture: Picture, kind: str, scale: str) -> bytes:
    """The picture as ``svg`` or ``png``, whose bytes are the same each time, unlike a PDF's."""
    import vl_convert

    text = grammar(picture, scale)
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(text, allowed_base_urls=[])).encode()
    return bytes(vl_convert.vegalite_to_png(text, ppi=DPI, allowed_base_urls=[]))
