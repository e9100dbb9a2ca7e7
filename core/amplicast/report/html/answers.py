"""The answers: copies, amplification, scenarios, thresholds, and copies against amplification."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from amplicast.forecast.evidence import keeps_rows
from amplicast.forecast.outputs import HEADLINES, OUTPUTS
from amplicast.report.charts.catalogue import draw
from amplicast.report.charts.passing import threshold_of
from amplicast.report.charts.picture import Picture
from amplicast.report.charts.place import spoken
from amplicast.report.findings import Findings
from amplicast.report.html.markup import Markup, name_of, tag
from amplicast.report.html.tables import details, table
from amplicast.report.registers.headline import HeadlineRow, headline_rows
from amplicast.report.registers.thresholds import ThresholdRow
from amplicast.report.table import ForecastTable
from amplicast.report.words import percent, value

if TYPE_CHECKING:
    from amplicast.report.document import ForecastDocument

__all__ = ["headline_section", "how_many", "pictures", "scenarios", "when", "which"]

Drawn = Callable[[str], Markup]
"""A figure by the name under which `pictures` has it."""


def pictures(findings: Findings) -> Iterator[tuple[str, Picture]]:
    """Every picture of the report, with a name of its own."""
    forecast = findings.forecast
    tail = findings.tail
    asked: dict[str, tuple[str, dict[str, object]]] = {
        "copies": ("copies", {}),
        "amplification": ("amplification", {}),
        "futures": ("futures", {}),
        "scenarios of copies": ("scenarios", {"quantity": "copies"}),
        "scenarios of amplification": ("scenarios", {"quantity": "amplification"}),
        "threshold": ("threshold", {"threshold": findings.asked}),
        "dots": ("dots", {"threshold": findings.asked}),
        "threshold of copies": ("threshold", {"quantity": "copies", "threshold": tail}),
        "tornado of copies": ("tornado", {"quantity": "copies"}),
        "tornado of amplification": ("tornado", {"quantity": "amplification"}),
        "frontier": ("frontier", {}),
        "contributions": ("contributions", {}),
        "tradeoff": ("tradeoff", {}),
        "learned": ("learned", {}),
    }
    if keeps_rows(forecast):
        asked |= {name: (name, {}) for name in ("forest", "heldout", "diagnostics")}
    if len(forecast.scenarios) == 1:
        del asked["scenarios of copies"], asked["scenarios of amplification"]
    for name, (kind, how) in asked.items():
        yield name, draw(forecast, kind, **how)


def how_many(drawn: Drawn) -> Markup:
    """Both headlines by year, and twenty futures."""
    return Markup(drawn("copies") + drawn("amplification") + drawn("futures"))


def scenarios(document: ForecastDocument, drawn: Drawn) -> Markup:
    """How the scenarios differ, in assumptions and in answers."""
    if not document.differences:
        return tag(
            "p",
            "This run has one scenario. Variants that its file holds are added by ",
            tag("code", "amplicast run SCENARIO --all-variants"),
            ".",
        )
    return Markup(
        drawn("scenarios of copies")
        + drawn("scenarios of amplification")
        + table(
            ["scenario", "assumption", "in the reference", "in the scenario", "unit"],
            [
                [spoken(row.scenario), name_of(row.id), *map(_stated, (row.reference, row.variant)),
                 row.unit]
                for row in document.differences
            ],
            caption="What each scenario assumes otherwise than the reference; two numbers are the "
            "5 % and 95 % points",
        )
    )  # fmt: skip


def _stated(belief: str) -> str:
    return belief.replace("e+", "e")


def headline_section(document: ForecastDocument, findings: Findings) -> Markup:
    """T1: both headlines at three years."""
    years = document.forecast.plan.years
    wanted = tuple(dict.fromkeys((years[0], findings.year, years[-1])))
    rows = headline_rows(ForecastTable.of(document.forecast, HEADLINES, wanted), wanted)
    place = findings.place
    main = [
        row
        for row in rows
        if row.scenario == place.scenario and (row.quantity == "copies" or row.actor == place.actor)
    ]
    about = "Median (66 % interval; 90 % interval) at the end of the year, where copies can be run"
    return Markup(
        _headlines(main, f"{about}: {place.story} scenario", document)
        + details(
            "The same for every scenario and pool",
            _headlines(rows, f"{about}: every scenario and pool", document),
            long=True,
        )
    )


def _headlines(rows: Sequence[HeadlineRow], caption: str, document: ForecastDocument) -> Markup:
    several = len({row.scenario for row in rows}) > 1
    years = sorted(rows[0].told)
    ordered = sorted(rows, key=lambda row: HEADLINES[::-1].index(row.quantity))
    body = [
        [
            _what(row.quantity, row.task_class),
            *([spoken(row.scenario)] if several else []),
            spoken(row.actor),
            _aim(row.regime, document),
            *(row.told[year] for year in years),
        ]
        for row in ordered
    ]
    head = ["quantity", *(["scenario"] if several else []), "pool", "copies wanted"]
    return table([*head, *map(str, years)], body, caption=caption)


def _what(quantity: str, task_class: str) -> str:
    unit = OUTPUTS[quantity].unit
    return f"{quantity}, {task_class} tasks [{unit}]" if task_class else f"AI {quantity}"


def _aim(regime: str, document: ForecastDocument) -> str:
    if not regime:
        return ""
    number = document.forecast.plan.regimes[regime]
    return f"{regime}: {'as demand asks' if number is None else value(number, 'copies')}"


def when(document: ForecastDocument, findings: Findings, drawn: Drawn) -> Markup:
    """T2 with the pictures of thresholds."""
    place = findings.place
    main = [
        row
        for row in document.thresholds
        if row.scenario == place.scenario
        and row.actor == place.actor
        and row.regime in {"", place.regime}
    ]
    about = (
        "Chance that the threshold was reached by the end of the year, and the year by whose end "
        "it is: median (90 % interval). Once reached it counts, unlike in the pictures, which tell "
        "the end of each year"
    )
    rest = details(
        "The same for every scenario, pool and number of copies",
        _thresholds(document.thresholds, f"{about}: everything", document),
        long=True,
    )
    told = f"{place.story} scenario, {place.pool}, {place.wanted}"
    return Markup(
        drawn("threshold")
        + drawn("dots")
        + drawn("threshold of copies")
        + _thresholds(main, f"{about}: {told}", document)
        + rest
    )


def _thresholds(rows: Sequence[ThresholdRow], caption: str, document: ForecastDocument) -> Markup:
    several = len({(row.scenario, row.actor, row.regime) for row in rows}) > 2
    years = sorted(rows[0].chance)
    body = [
        [
            f"at least {threshold_of(row.quantity, row.at_least).text}"
            + (f", {row.task_class} tasks" if row.task_class else ""),
            *(
                [spoken(row.scenario), spoken(row.actor), _aim(row.regime, document)]
                if several
                else []
            ),
            *(percent(row.chance[year]) for year in years),
            _year(row),
        ]
        for row in sorted(rows, key=lambda row: HEADLINES[::-1].index(row.quantity))
    ]
    first = 4 if several else 1
    head = ["threshold", *(["scenario", "pool", "copies wanted"] if several else [])]
    return table(
        [*head, *(f"by {year}" for year in years), "year reached"],
        body,
        caption=caption,
        numbers=range(first, first + len(years)),
    )


def _year(row: ThresholdRow) -> str:
    """Median and 90 % interval of the year; one year where they are all the same."""
    low, median, high = (row.told(level) for level in ("p05", "p50", "p95"))
    return median if low == median == high else f"{median} ({low} to {high})"


def which(drawn: Drawn) -> Markup:
    """Copies against amplification, what brings the gain, and at what price each technique."""
    return Markup(drawn("frontier") + drawn("contributions") + drawn("tradeoff"))
