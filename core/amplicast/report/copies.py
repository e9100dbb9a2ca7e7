"""What copies take, leave and pass, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from amplicast.analysis.copies import Pool
from amplicast.report.layout import Grid, Text, grid, note, text_of
from amplicast.report.words import count, interval, percent, value

if TYPE_CHECKING:
    import xarray

__all__ = ["copies_record", "copies_text"]

LEVELS = (0.05, 0.17, 0.5, 0.83, 0.95)

SPENDS = (0, 1, 2, 4)
"""Spends at which the frontier is told [OOM]."""

ABOUT = note("""\
share: of the pool's inference compute, for one million copies; above 100 % it cannot run them.
sessions: copies per H100e that does inference. left: beside all that users ask for.
Medians with 66 % and 90 % intervals, from the same joint draws; infeasible draws count as none.""")


def copies_text(pools: Sequence[Pool], *, title: str, years: Sequence[int]) -> Text:
    """Tables for every pool."""
    parts: list[str | Grid] = [title]
    for pool in pools:
        parts += [_by_year(pool, years), _frontier(pool, years[-1]), _passes(pool)]
    return text_of([*parts, ABOUT])


def copies_record(pools: Sequence[Pool], *, years: Sequence[int]) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [
        {
            "actor": pool.actor,
            "rows": [
                {"quantity": name, "unit": unit, "year": year, **_quantiles(values.sel(year=year))}
                for name, unit, values in _quantities(pool)
                for year in years
            ],
            "frontier": [
                {
                    "spend_oom": spend,
                    "year": years[-1],
                    **_quantiles(pool.at_spend.sel(year=years[-1], frontier_spend=spend)),
                }
                for spend in SPENDS
            ],
            "reached": [
                {
                    "copies": number,
                    "chance_by_year": {
                        str(int(year)): float(chance.sel(year=year))
                        for year in chance["year"].values
                    },
                    "first_year": {
                        f"p{round(100 * level):02d}": pool.first_year(number, level)
                        for level in LEVELS
                    },
                }
                for number, chance in pool.reached.items()
            ],
        }
        for pool in pools
    ]


def _quantities(pool: Pool) -> list[tuple[str, str, xarray.DataArray]]:
    found = [
        ("copies", "copies", pool.copies),
        ("share_per_million", "share", pool.per_million),
        ("sessions", "copies/H100e", pool.sessions),
    ]
    if pool.left is not None:
        found.append(("left", "copies", pool.left))
    return found


def _by_year(pool: Pool, years: Sequence[int]) -> Grid:
    titles = {
        "copies": "copies",
        "share_per_million": "share per million",
        "sessions": "sessions per H100e",
        "left": "left after demand",
    }
    rows = [["", *(str(year) for year in years)]]
    for name, unit, values in _quantities(pool):
        rows.append([titles[name], *(_cell(values.sel(year=year), unit) for year in years)])
    return grid(f"{pool.actor}: copies and what they take, ends of years", rows)


def _frontier(pool: Pool, year: int) -> Grid:
    rows = [
        [
            f"{spend} OOM of spend each",
            _cell(pool.at_spend.sel(year=year, frontier_spend=spend), "copies"),
        ]
        for spend in SPENDS
    ]
    return grid(f"{pool.actor}: fewer copies that each spend more, {year}", rows, head=0)


def _passes(pool: Pool) -> Grid:
    rows = [["number", "chance by the end of", "", "first year: median (66 %; 90 %)"]]
    for number, chance in pool.reached.items():
        years = [int(year) for year in chance["year"].values]
        told = [(years[0], chance.isel(year=0)), (years[-1], chance.isel(year=-1))]
        first = _first_year({p: _year(pool.first_year(number, p), years) for p in LEVELS})
        rows.append(
            [
                count(number),
                *(f"{year}: {percent(float(share))}" for year, share in told),
                first,
            ]
        )
    return grid(f"{pool.actor}: when copies pass a number", rows)


def _first_year(years: Mapping[float, str]) -> str:
    """Median with both intervals, or one word where they are all the same."""
    if len(set(years.values())) == 1:
        return years[0.5]
    return f"{years[0.5]} ({years[0.17]} to {years[0.83]}; {years[0.05]} to {years[0.95]})"


def _year(year: int | None, years: Sequence[int]) -> str:
    if year is None:
        return f"after {years[-1]}"
    return f"by {year}" if year == years[0] else str(year)


def _cell(values: xarray.DataArray, unit: str) -> str:
    q = _quantiles(values)
    if unit == "share":
        return (
            f"{_share(q['p50'])} ({_share(q['p17'])} to {_share(q['p83'])}; "
            f"{_share(q['p05'])} to {_share(q['p95'])})"
        )
    low, first, median, last, high = (
        0.0 if each is None else each for each in (q[f"p{round(100 * p):02d}"] for p in LEVELS)
    )
    return f"{value(median, unit)} ({interval(first, last, unit)}; {interval(low, high, unit)})"


def _share(share: float | None) -> str:
    """A share of a pool: it may be tiny, or more than there is."""
    if share is None or not isfinite(share):
        return "none can run"
    if share > 1.0:
        return "> 100 %"
    return f"{100.0 * share:.1g} %" if share < 0.1 else f"{100.0 * share:.0f} %"


def _quantiles(values: xarray.DataArray) -> dict[str, float | None]:
    """Quantiles over all draws; None where they are infinite."""
    found: dict[str, float | None] = {}
    for level in LEVELS:
        each = float(values.quantile(level, method="lower" if level < 0.5 else "higher"))
        found[f"p{round(100 * level):02d}"] = each if isfinite(each) else None
    return found


def title_of(name: str, *, scenario: str, speed: float) -> str:
    """Heading of the tables: the forecast, its scenario, and what a copy is."""
    told = name if scenario == name else f"{name}, {scenario}"
    return f"{told}. One copy: an unaugmented stream of {speed:g} output tokens/s."
