"""The answer on a terminal: both headlines by year, with what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amplicast.forecast.must_hold import judged_beliefs
from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.fan_text import fans
from amplicast.report.layout import Block, Grid, Text, grid, text_of
from amplicast.report.left_out import improving, left_out
from amplicast.report.must_hold import must_hold_lines
from amplicast.report.table import ForecastTable, Row
from amplicast.report.words import interval, oom, percent, value

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["forecast_text"]

UNCAPPED = 1e35
"""A cap on training above this is no cap [FLOP]."""


def forecast_text(
    forecast: Forecast,
    years: Sequence[int],
    quantities: Sequence[str],
    at_least: float | None,
    *,
    fan: bool = True,
    ascii_only: bool = False,
) -> Text:
    """Fans and tables of the named headline quantities at `years`.

    Parameters
    ----------
    forecast : Forecast
    years : sequence of int
    quantities : sequence of str
        ``copies``, ``amplification`` or both.
    at_least : float or None
        Amplification whose chance is told [OOM].
    fan : bool
        Begin with a small fan of each quantity, over every year.
    ascii_only : bool
        Draw it without block characters.
    """
    table = ForecastTable.of(forecast, quantities, years)
    parts: list[Block] = [_header(forecast)]
    for scenario in forecast.scenarios:
        if len(forecast.scenarios) > 1:
            parts.append(f"== {scenario} ==")
        if fan:
            parts += fans(forecast, scenario, quantities, ascii_only=ascii_only)
        if "copies" in quantities:
            parts.append(_copies(forecast, table, scenario, years))
            parts.append(_worth(forecast, scenario, years))
        if "amplification" in quantities:
            parts += [
                _amplification(forecast, table, scenario, years, actor)
                for actor in forecast.plan.actors
            ]
            parts.append(_brings(forecast, scenario, years[-1]))
            parts.append(_order(forecast, scenario, years[-1]))
            parts.append(_leverage(forecast, scenario, years[-1]))
    if at_least is not None:
        parts.append(_at_least(forecast, at_least, years))
    wider = f"Not covered: {', '.join(left_out(forecast))}. True ranges are wider."
    parts += [_rests_on(forecast, quantities, years), _checks(forecast)]
    parts += [must_hold_lines(judged_beliefs(forecast)), wider]
    return text_of(parts)


def _header(forecast: Forecast) -> str:
    speed = forecast.scenario.assumptions["serial_speed"].prior
    changes = forecast.provenance.get("changes")
    lines = [
        f"{forecast.scenario.name}, run {forecast.id}: ends of years, median (66 %; 90 %).",
        f"One copy: an unaugmented stream of {speed.quantile(0.5):g} output tokens/s.",
        f"OOM: order of magnitude of training compute; {_kind_of_compute(forecast)}.",
    ]
    if changes:
        lines.append("Re-evaluated on the run's own draws with: " + ", ".join(sorted(changes)))
    return "\n".join(lines)


def _kind_of_compute(forecast: Forecast) -> str:
    better = improving(forecast)
    if not better:
        return "physical, without algorithmic progress"
    if len(better) == len(forecast.scenarios):
        return "effective, by the algorithms of 2025, with algorithmic progress"
    return f"physical; effective, with algorithmic progress, in {', '.join(better)}"


def _copies(forecast: Forecast, table: ForecastTable, scenario: str, years: Sequence[int]) -> Grid:
    rows = []
    for actor in forecast.plan.actors:
        by_year = table.select("copies", scenario=scenario, actor=actor)
        for year, row in zip(years, by_year, strict=True):
            q = {key: 0.0 if number is None else number for key, number in row.quantiles.items()}
            rows.append(
                [
                    actor,
                    str(year),
                    value(q["p50"], row.unit),
                    interval(q["p17"], q["p83"], row.unit),
                    interval(q["p05"], q["p95"], row.unit),
                ]
            )
    title = "AI copies that the pool's inference compute runs, unaugmented"
    return grid(title, [["pool", "year", "median", "66 %", "90 %"], *rows], keys=2)


def _worth(forecast: Forecast, scenario: str, years: Sequence[int]) -> Grid:
    """People and money: what the copies of the first pool amount to, and what one costs."""
    actor, person = forecast.plan.actors[0], forecast.plan.equivalence.id
    names = ("human_equivalents", "cost_per_person_hour")
    table = ForecastTable.of(forecast, names, years)
    people = table.select("human_equivalents", scenario=scenario, actor=actor)
    cost = table.select("cost_per_person_hour", scenario=scenario)
    rows = [
        [str(year), _cell(many), _cell(dear)]
        for year, many, dear in zip(years, people, cost, strict=True)
    ]
    title = f"What the copies of {actor} amount to, a person counted by `{person}`"
    return grid(title, [["year", "people at work", "USD for an hour of one"], *rows])


def _amplification(
    forecast: Forecast, table: ForecastTable, scenario: str, years: Sequence[int], actor: str
) -> Grid:
    rows: list[list[str]] = [["regime and task class", *(str(year) for year in years)]]
    for regime, wanted in forecast.plan.regimes.items():
        aim = "as many as demand asks" if wanted is None else f"{value(wanted, 'copies')} copies"
        shares = _feasible(forecast, scenario, actor, regime, years)
        rows.append([f"{regime}: {aim}", *(f"can be run: {percent(share)}" for share in shares)])
        for task_class in forecast.plan.task_classes:
            place = {"actor": actor, "regime": regime, "task_class": task_class}
            found = table.select("amplification", scenario=scenario, **place)
            rows.append([f"  {task_class}", *(_cell(row) for row in found)])
    title = f"Amplification over the deployed model where the copies can be run, OOM: {actor}"
    return grid(title, rows)


def _feasible(
    forecast: Forecast, scenario: str, actor: str, regime: str, years: Sequence[int]
) -> list[float]:
    values = forecast.output("feasible", scenario).sel(actor=actor, regime=regime)
    return [float(values.sel(year=year).mean()) for year in years]


def _order(forecast: Forecast, scenario: str, year: int) -> str:
    """Chance that gains are ordered general < sequential < verifiable."""
    classes = ("general", "sequential", "verifiable")
    if not set(classes) <= set(forecast.plan.task_classes):
        return ""
    values = forecast.output("amplification", scenario).sel(
        actor=forecast.plan.actors[0], regime=list(forecast.plan.regimes)[-1], year=year
    )
    general, sequential, verifiable = (values.sel(task_class=name) for name in classes)
    chance = float(((general < sequential) & (sequential < verifiable)).mean())
    return (
        f"Amplification is ordered general < sequential < verifiable in {year} with probability "
        f"{percent(chance)} ({forecast.plan.actors[0]}, {list(forecast.plan.regimes)[-1]}). No "
        "prior of a technique encodes that order; the wider cap for cheap checks does in part."
    )


def _brings(forecast: Forecast, scenario: str, year: int) -> Grid:
    """Mean part of the gain that each technique brings, where it brings a twentieth of it."""
    actor, regime = forecast.plan.actors[0], list(forecast.plan.regimes)[-1]
    parts = forecast.output("contribution", scenario).sel(actor=actor, regime=regime, year=year)
    means = parts.mean("draw")
    lines = []
    for task_class in forecast.plan.task_classes:
        each = means.sel(task_class=task_class)
        whole = float(each.sum())
        ranked = sorted(((float(v), str(v.technique.values)) for v in each), reverse=True)
        told = [f"{name} {oom(part)}" for part, name in ranked if part >= 0.05 * whole > 0.0]
        lines.append([task_class, f"{oom(whole)}:", ", ".join(told) or "nothing"])
    return grid(
        f"What brings the gain over an unaugmented answer, mean OOM: {actor}, {regime}, {year}",
        lines,
        head=0,
    )


def _leverage(forecast: Forecast, scenario: str, year: int) -> str:
    """Where training is capped: chance that amplification makes up for the cap."""
    inputs = forecast.inputs(forecast.scenarios.index(scenario))
    if float(inputs["training_cap"].median()) >= UNCAPPED:
        return ""
    actor, regime = forecast.plan.actors[0], list(forecast.plan.regimes)[-1]
    values = forecast.output("leverage", scenario).sel(actor=actor, regime=regime, year=year)
    told = ", ".join(
        f"{name} {percent(float((values.sel(task_class=name) >= 0.0).mean()))}"
        for name in forecast.plan.task_classes
    )
    return (
        f"Under the cap on training, an amplified model matches the largest uncapped one without "
        f"amplification in {year} with probability: {told} ({actor}, {regime})."
    )


def _at_least(forecast: Forecast, threshold: float, years: Sequence[int]) -> str:
    lines = []
    for scenario in forecast.scenarios:
        values = forecast.output("amplification", scenario).sel(year=years[-1])
        for actor in forecast.plan.actors:
            for regime in forecast.plan.regimes:
                chances = ", ".join(
                    f"{task_class} "
                    + percent(
                        float(
                            (
                                values.sel(actor=actor, regime=regime, task_class=task_class)
                                >= threshold
                            ).mean()
                        )
                    )
                    for task_class in forecast.plan.task_classes
                )
                lines.append(f"  {scenario}, {actor}, {regime}: {chances}")
    title = f"Chance of {oom(threshold)} OOM or more by the end of {years[-1]}"
    return "\n".join([title, *lines])


def _rests_on(forecast: Forecast, quantities: Sequence[str], years: Sequence[int]) -> str:
    """Share of each headline's variance that is calibrated evidence and that is belief."""
    shares = forecast.tree.get("diagnostics")
    if shares is None:
        return ""
    lines = ["What the spread rests on, share of variance (evidence / belief / both together)"]
    year = years[-1]
    actor = forecast.plan.actors[0]
    for name in quantities:
        values = shares[f"share_{name}"].sel(year=year, actor=actor)
        if "regime" not in values.dims:
            lines.append(f"  {OUTPUTS[name].title}, {actor}, {year}: {_split(values)}")
            continue
        regime = list(forecast.plan.regimes)[-1]
        for task_class in forecast.plan.task_classes:
            here = values.sel(regime=regime, task_class=task_class)
            lines.append(
                f"  Amplification, {task_class}, {actor}, {regime}, {year}: {_split(here)}"
            )
    return "\n".join(lines)


def _split(values: Any) -> str:
    return " / ".join(
        percent(max(0.0, float(values.sel(source=s)))) for s in values["source"].values
    )


def _checks(forecast: Forecast) -> str:
    failed = forecast.provenance.get("failed_checks", [])
    if not failed:
        return "Checks: no failure detected in any calibration."
    return "\n".join(["Checks FAILED; do not quote this run:", *(f"  {line}" for line in failed)])


def _cell(row: Row) -> str:
    low, median, high = (row.quantiles[key] for key in ("p05", "p50", "p95"))
    inner_low, inner_high = row.quantiles["p17"], row.quantiles["p83"]
    if low is None or median is None or high is None or inner_low is None or inner_high is None:
        return "not feasible"
    return (
        f"{value(median, row.unit)} ({interval(inner_low, inner_high, row.unit)}; "
        f"{interval(low, high, row.unit)})"
    )
