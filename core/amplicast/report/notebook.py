"""What a notebook shows of a forecast: both headlines as a small table, complete in itself."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from amplicast.report.left_out import left_out
from amplicast.report.registers.headline import headline_rows
from amplicast.report.table import ForecastTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amplicast.forecast import Forecast
    from amplicast.report.registers.headline import HeadlineRow

__all__ = ["forecast_html"]

CELL = "text-align:left;padding:2px 12px 2px 0;vertical-align:top;white-space:nowrap"

MEANING = "Amplification in OOM of training compute, over the draws in which the copies can be run."

_WHAT = ("", "regime", "task class")

WARNING = "border-left:4px solid #D55E00;padding-left:8px"


def forecast_html(forecast: Forecast) -> str:
    """A table of the headlines of the first pool, with run, checks and what is left out.

    No script, no style sheet, nothing from elsewhere: it looks the same in every notebook, and
    in one that is read without running it.
    """
    actor = forecast.plan.actors[0]
    years = forecast.plan.years
    shown = tuple(dict.fromkeys((years[0], years[len(years) // 2], years[-1])))
    table = ForecastTable.of(forecast, ("copies", "amplification"), shown)
    rows = [row for row in headline_rows(table, shown) if row.actor == actor]
    rows.sort(key=lambda row: row.quantity == "amplification")
    several = len(forecast.scenarios) > 1
    others = len(forecast.plan.actors) - 1
    more = "" if not others else f" {others} more pool{'s' if others > 1 else ''} in the run."
    record = forecast.provenance
    changes = ", ".join(sorted(record.get("changes", {})))
    notes = [
        f"Pool {actor}, ends of years: median (66 %; 90 %). {MEANING}{more}",
        f"Re-evaluated with: {changes}." if changes else "",
        f"Not covered: {', '.join(left_out(forecast))}. True ranges are wider.",
        "Next: .plot, .to_dataframe(), .reevaluate({...}), .save(folder).",
    ]
    title = f"{forecast.scenario.name}, run {forecast.id}"
    return "".join(
        (
            "<div>",
            f"<p><strong>{escape(title)}</strong></p>",
            _checks(record.get("failed_checks", [])),
            "<table>",
            _row("th", [*(["scenario"] if several else []), *_WHAT, *map(str, shown)]),
            *(
                _row("td", [*([row.scenario] if several else []), *_what(row), *_told(row, shown)])
                for row in rows
            ),
            "</table>",
            *(f"<p>{escape(note)}</p>" for note in notes if note),
            "</div>",
        )
    )


def _what(row: HeadlineRow) -> list[str]:
    return ["AI copies" if row.quantity == "copies" else row.quantity, row.regime, row.task_class]


def _told(row: HeadlineRow, years: Iterable[int]) -> list[str]:
    return [row.told[year] for year in years]


def _row(kind: str, cells: Iterable[str]) -> str:
    told = "".join(f'<{kind} style="{CELL}">{escape(cell)}</{kind}>' for cell in cells)
    return f"<tr>{told}</tr>"


def _checks(failed: Iterable[str]) -> str:
    told = "; ".join(failed)
    if not told:
        return "<p>Checks: no failure detected.</p>"
    return f'<p style="{WARNING}"><strong>Checks FAILED; do not quote:</strong> {escape(told)}</p>'
