"""The reference, as it was before anything was moved, as an outline in another state's picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import ceil, log10
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amplicast.explorer.numbers import Numbers

__all__ = ["OUTLINED", "outlined"]

DASHES = {"p05": [2, 3], "p50": [6, 3], "p95": [2, 3]}
"""Lines of the outline of a band."""

GREY = "#444444"

BAND = "Dashed: median and 90 % interval of the reference."

OUTLINED = {
    "copies": BAND,
    "amplification": BAND,
    "frontier": BAND,
    "threshold": "Thin and dashed: the reference.",
    "dots": "Dashed: tops of the reference's stacks.",
}
"""Pictures that have an outline, and what their captions say of it."""

Record = dict[str, Any]
Layer = dict[str, Any]


def outlined(record: Record, reference: Numbers, before: Callable[[], Record]) -> None:
    """Add the reference to a picture's record; a picture without outline stays as it is.

    Parameters
    ----------
    record : dict
        As `Picture.record` gives it.
    reference : Numbers
    before : callable
        Gives the reference's own record of the picture.
    """
    name = record["name"]
    if name not in OUTLINED:
        return
    (panel,) = record["specifications"]
    if name == "frontier":
        added = _frontier(panel, before()["specifications"][0])
    elif name == "threshold":
        added = _threshold(panel, before()["specifications"][0])
    elif name == "dots":
        added = _dots(panel, before())
    else:
        told = reference.record()[name]
        fan = told if name == "copies" else told[reference.state.task_class]
        added = _fan(panel, reference.years, fan, log=name == "copies")
    # The names of bands stand above the outline, each in a halo.
    names = [layer for layer in panel["layer"] if _is_name(layer)]
    panel["layer"] += [*added, *(_haloed(layer) for layer in names), *names]
    record["caption"] += f" {OUTLINED[name]}"


def _fan(
    panel: Layer, years: tuple[int, ...], fan: Mapping[str, list[float | None]], *, log: bool
) -> Iterator[Layer]:
    encoding = next(_lines(panel, "p50"))["encoding"]
    for name, dash in DASHES.items():
        rows = [
            {"x": year, "r": log10(max(value, 1e-9)) if log else value}
            for year, value in zip(years, fan[name], strict=True)
            if value is not None
        ]
        yield _line(rows, encoding, dash)


def _frontier(panel: Layer, before: Layer) -> Iterator[Layer]:
    """Ends of the 90 % interval and the median, which are the first, the last but one, the last."""
    encoding = next(_lines(panel, "m"))["encoding"]
    low, _, _, high, median = (layer["data"]["values"] for layer in _lines(before, "m"))
    for rows, dash in zip((low, median, high), DASHES.values(), strict=True):
        yield _line([{"x": row["x"], "r": row["m"]} for row in rows], encoding, dash)


def _threshold(panel: Layer, before: Layer) -> Iterator[Layer]:
    """A line beside each, in its colour."""
    for line, old in zip(_lines(panel, "p"), _lines(before, "p"), strict=True):
        rows = [{"x": row["x"], "r": row["p"]} for row in old["data"]["values"]]
        yield _line(rows, line["encoding"], [3, 3], colour=line["mark"]["color"])


def _dots(panel: Layer, before: Record) -> Iterator[Layer]:
    """Dashes at each year, as high as the reference's dots would stand here."""
    points = [layer for layer in panel["layer"] if layer["mark"]["type"] == "point"]
    encoding = points[0]["encoding"]
    lowest = [row["x"] for each in points for row in each["data"]["values"] if row["y"] == 0.5]
    years = [int(label) for _, _, label in before["rows"][:-1]]
    places = [*years, years[-1] + 1.6]
    off = [abs(x - at) for x in lowest for at in places if abs(x - at) < 0.5]
    wide = max(sum(abs(x - at) < 0.5 for x in lowest) for at in places)
    top = encoding["y"]["scale"]["domain"][1]
    # Beside the stack, where no number stands; across it where it leaves no room.
    inner = max(off) + 0.18 if max(off) < 0.2 else 0.0
    rows = [
        {"a": at + sign * inner, "b": at + sign * 0.44, "r": min(ceil(many / wide), top)}
        for at, (_, many, _) in zip(places, before["rows"], strict=True)
        for sign in (-1.0, 1.0)
        if many
    ]
    yield {
        "data": {"values": rows},
        "mark": {"type": "rule", "color": GREY, "strokeWidth": 1.6, "strokeDash": [4, 2]},
        "encoding": {
            "x": {**encoding["x"], "field": "a"},
            "x2": {"field": "b"},
            "y": {**encoding["y"], "field": "r"},
        },
    }


def _is_name(layer: Layer) -> bool:
    """Whether a layer writes ``66 %`` or ``90 %`` into a band."""
    rows = layer.get("data", {}).get("values", [])
    return layer["mark"]["type"] == "text" and all(
        str(row.get("text", "")).startswith(("66 %", "90 %")) for row in rows
    )


def _haloed(layer: Layer) -> Layer:
    mark = {**layer["mark"], "stroke": "white", "strokeWidth": 4, "strokeOpacity": 0.75}
    return {**layer, "mark": mark}


def _lines(panel: Layer, field: str) -> Iterator[Layer]:
    """Lines of a panel that are drawn from a field, in their order."""
    for layer in panel["layer"]:
        drawn = layer.get("encoding", {}).get("y", {}).get("field")
        if drawn == field and layer["mark"]["type"] == "line":
            yield layer


def _line(
    rows: list[dict[str, Any]], encoding: Layer, dash: list[int], *, colour: str = GREY
) -> Layer:
    return {
        "data": {"values": rows},
        "mark": {
            "type": "line", "clip": True, "color": colour, "strokeWidth": 1.4, "strokeDash": dash,
        },
        "encoding": {"x": encoding["x"], "y": {**encoding["y"], "field": "r"}},
    }  # fmt: skip
