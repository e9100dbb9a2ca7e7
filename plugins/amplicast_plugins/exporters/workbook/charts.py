"""Native line charts of the headlines: median, 66 % and 90 % interval by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplicast_plugins.exporters.workbook.quantiles import PER_YEAR, Wide
from amplicast_plugins.exporters.workbook.sheet import COUNT

if TYPE_CHECKING:
    from amplicast.report import ForecastDocument

__all__ = ["insert"]

LINES = {
    "p95": ("90 %", "#4A90C2", 1.0, "dash"),
    "p83": ("66 %", "#3182BD", 1.5, "solid"),
    "p50": ("median", "#08306B", 2.75, "solid"),
    "p17": ("66 %", "#3182BD", 1.5, "solid"),
    "p05": ("90 %", "#4A90C2", 1.0, "dash"),
}
"""Quantile -> label, colour, width in points, dash."""

WIDTH, HEIGHT = 600, 360


def insert(book: Any, sheet: Any, wide: Wide, document: ForecastDocument, *, below: int) -> None:
    """Copies, and amplification of every task class, of the first pool."""
    plan, scenario = document.forecast.plan, document.forecast.scenarios[0]
    actor, regime = plan.actors[0], list(plan.regimes)[-1]
    pictures = [("copies", "", "", f"AI copies that {actor} can run", "copies (log scale)")]
    pictures += [
        ("amplification", regime, task, f"Amplification, {task} tasks: {actor}, {regime}", "OOM")
        for task in plan.task_classes[:3]
    ]
    for number, (quantity, where, task, title, unit) in enumerate(pictures):
        place = (quantity, scenario, actor, where, task)
        chart = _chart(book, wide, place, document, title, unit)
        options = {
            "description": _described(document, place, title, unit),
            "x_offset": 10 + (WIDTH + 20) * (number % 2),
            "y_offset": (HEIGHT + 20) * (number // 2),
        }
        sheet.insert_chart(below, 0, chart, options)


def _chart(
    book: Any,
    wide: Wide,
    place: tuple[str, ...],
    document: ForecastDocument,
    title: str,
    unit: str,
) -> Any:
    years = document.forecast.plan.years
    first, last = 3 + len(PER_YEAR), 2 + len(PER_YEAR) + len(years)
    chart = book.add_chart({"type": "line"})
    for level, (label, colour, width, dash) in LINES.items():
        row = wide[*place, level]
        labels: list[dict[str, Any]] = [{"delete": True} for _ in years]
        labels[-1] = {"value": label, "font": {"color": colour, "bold": level == "p50"}}
        chart.add_series(
            {
                "name": f"{label} ({level})",
                "categories": ["Wide", 0, first, 0, last],
                "values": ["Wide", row, first, row, last],
                "line": {"color": colour, "width": width, "dash_type": dash},
                "data_labels": {"value": True, "custom": labels, "position": "right"},
            }
        )
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_plotarea({"layout": {"x": 0.13, "y": 0.13, "width": 0.75, "height": 0.76}})
    chart.set_x_axis({"num_font": {"size": 9}, "label_position": "low"})
    y_axis: dict[str, Any] = {
        "name": unit,
        "name_font": {"size": 9, "bold": False},
        "num_font": {"size": 9},
        "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
        "crossing": "min",
    }
    if place[0] == "copies":
        y_axis |= {"log_base": 10, "num_format": COUNT.replace("#,##0.0", "#,##0")}
    else:
        y_axis["num_format"] = "0.0"
    chart.set_y_axis(y_axis)
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    chart.show_blanks_as("gap")
    return chart


def _described(document: ForecastDocument, place: tuple[str, ...], title: str, unit: str) -> str:
    """Text for who cannot see it: range of years, medians at both ends, 90 % at the last."""
    told = next(
        row.told
        for row in document.headlines
        if (row.quantity, row.scenario, row.actor, row.regime, row.task_class) == place
    )
    first, last = min(told), max(told)
    return (
        f"Line chart, {first} to {last}. {title}. Median (66 %; 90 %) in {first}: {told[first]}; "
        f"in {last}: {told[last]} {unit.split(' (')[0]}. Scenario {place[1]}."
    )
