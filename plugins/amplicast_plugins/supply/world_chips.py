"""The world's AI chips in H100e: sold, deployed, retired.

Flows grow at a rate that fades from today's to a long-run one; stocks are their sums. Beside the
fitted tables lie `cumulative.csv`, the series they come from, and `units.csv`, devices by type.
"""

from __future__ import annotations

import csv
import functools
import math
from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Stock, Supply, Table, hookimpl

Value = Any

BASE_YEAR = 2025
"""Last year with data; labels mean the end of the calendar year."""

MAKERS = ("amd", "google-tpu", "nvidia", "trainium")

SOLD = Table(Path(__file__).with_name("sold.csv"))
FLOWS = Table(Path(__file__).with_name("flows.csv"))
CUMULATIVE = Table(Path(__file__).with_name("cumulative.csv"))

CHIPS = Source(
    key="epoch2026chips",
    title="Epoch AI, AI Chip Sales: quarterly cumulative estimates with 5, 50 and 95 % points",
    url="https://github.com/epoch-research/ai-chip-counts",
    accessed="2026-04-22",
    grade="B",
)
USERS = Source(
    key="epoch2026users",
    title="Epoch AI, AI compute users: summary of the frontier-lab compute model",
    url="https://github.com/epoch-research/ai-compute-users",
    accessed="2026-09-03",
    grade="B",
)


@functools.cache
def share_sold_in_base_year() -> tuple[float, ...]:
    """Share of each maker's cumulative H100e that was sold in 2025 [fraction], as in `MAKERS`."""
    with SOLD.path.open(newline="") as file:
        rows = {row["maker"]: float(row["share_sold_in_2025"]) for row in csv.DictReader(file)}
    return tuple(rows[maker] for maker in MAKERS)


def log_sold(m: Any, columns: Any, *, sold_end_2025: Value) -> Value:
    """Natural log of a maker's cumulative H100e at the end of 2025, along ``point``."""
    return m.interpolate(m.log(sold_end_2025), columns["maker_index"], dim="maker")


def log10_flow(m: Any, columns: Any, *, flow_level: Value, growth: Value) -> Value:
    """log10 of a maker's quarterly flow [H100e per quarter], along ``point``."""
    return flow_level + growth * columns["years_from_end_2025"]


def _path(
    m: Any,
    *,
    year: Value,
    sold_end_2025: Value,
    uncovered: Value,
    growth: Value,
    long_run_growth: Value,
    growth_decay: Value,
    growth_shock: Value,
    growth_shock_sd: Value,
) -> tuple[Value, Value, Value]:
    """Return the stock sold [H100e] at each year's end, its log growth in that year, and in 2025.

    The flow of a year is the flow of the year before times ``10**step``; the first step, from the
    middle of 2025 to the middle of 2026, is `growth` in full; it fades from the end of 2025 on.
    """
    all_makers = (1.0 + uncovered) * sold_end_2025
    base = all_makers.sum("maker")
    base_flow = (all_makers * m.array(share_sold_in_base_year(), dims=("maker",))).sum("maker")
    ahead = year > BASE_YEAR
    fade = m.exp(-(year - BASE_YEAR - 1.0) / growth_decay)
    step = long_run_growth + (growth - long_run_growth) * fade + growth_shock_sd * growth_shock
    flow = base_flow * m.exp(math.log(10.0) * m.where(ahead, step, 0.0).cumsum("year"))
    total = base + m.where(ahead, flow, 0.0).cumsum("year")
    growth_of_year = m.log(total / (total - flow))
    growth_of_base = m.log(base / (base - base_flow))
    # Earlier years have no flows of their own here: go back at the growth of 2025.
    total = total * m.exp(growth_of_base * m.minimum(year - BASE_YEAR, 0.0))
    return total, growth_of_year, growth_of_base


def sold(m: Any, *, year: Value, **growing: Value) -> Value:
    """Return cumulative chips sold in the world at the end of each year [H100e].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
        Consecutive calendar years; when forecasting, from 2025 or 2026 onwards.
    **growing
        The parameters of `WORLD_CHIPS` other than `deployment_lag` and `service_life`.
    """
    return _path(m, year=year, **growing)[0]


def stock(
    m: Any,
    *,
    year: Value,
    world: Value,
    deployment_lag: Value,
    service_life: Value,
    sold_end_2025: Value,
    uncovered: Value,
    growth: Value,
    long_run_growth: Value,
    growth_decay: Value,
    growth_shock: Value,
    growth_shock_sd: Value,
) -> Value:
    """Return chips installed and in service in the world at the end of each year [H100e].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
        Consecutive calendar years; when forecasting, from 2025 or 2026 onwards.
    world : None
        Not used: this is the world.
    deployment_lag : years
        Chips run this long after their sale: the stock is read that much earlier, on a log scale.
    service_life : years
        Chips sold by the end of 2025 leave service at this age.
    sold_end_2025 : H100e, dim ``maker``
    uncovered : fraction
        What other makers add to the four.
    growth, long_run_growth : OOM/year
        Of yearly flows, at the end of 2025 and in the long run.
    growth_decay : years
    growth_shock : dim ``year``
        Standard normal.
    growth_shock_sd : OOM/year
    """
    total, growth_of_year, growth_of_base = _path(
        m,
        year=year,
        sold_end_2025=sold_end_2025,
        uncovered=uncovered,
        growth=growth,
        long_run_growth=long_run_growth,
        growth_decay=growth_decay,
        growth_shock=growth_shock,
        growth_shock_sd=growth_shock_sd,
    )
    # What was sold by `year - service_life`, read off the growth of 2025 backwards.
    age = m.minimum(year - BASE_YEAR - service_life, 0.0)
    retired = (1.0 + uncovered) * sold_end_2025.sum("maker") * m.exp(growth_of_base * age)
    return total * m.exp(-deployment_lag * growth_of_year) - retired


WORLD_CHIPS = Supply(
    id="world-chips",
    summary="The world's AI chips in service, from sales by maker.",
    actor="world",
    stock=stock,
    coords={"maker": MAKERS},
    dims={"sold_end_2025": ("maker",), "growth_shock": ("year",)},
    labels={"growth": "growth of sales now", "long_run_growth": "long-run growth of sales"},
    priors={
        "sold_end_2025": Prior(
            "1e5 to 1e8",
            unit="H100e",
            source="judgement",
            why="Weak, the same for every maker; the published intervals decide.",
        ),
        "flow_level": Prior(
            "3 to 8",
            unit="OOM",
            source="judgement",
            why="Weak; log10 of a typical maker's H100e per quarter at the end of 2025.",
        ),
        "flow_level_spread": Prior(
            "0.1 to 2.0",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Makers differ in size by up to two orders of magnitude.",
        ),
        "growth": Prior(
            "0 to 0.8",
            unit="OOM/year",
            source="judgement",
            why="Weak: flat to six times a year.",
        ),
        "growth_spread": Prior(
            "0.03 to 0.3",
            dist="lognormal",
            unit="OOM/year",
            source="judgement",
            why="Makers' growth rates differ, by less than growth itself.",
        ),
        "flow_noise": Prior(
            "0.02 to 0.3",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Quarterly sales move by a few to some tens of per cent about a trend.",
        ),
        "uncovered": Prior(
            "0.03 to 0.08",
            unit="fraction",
            source="epoch2026chips",
            why="Huawei and other Chinese makers add about 5 %.",
        ),
        "long_run_growth": Prior(
            "0.02 to 0.27",
            unit="OOM/year",
            source="judgement",
            why="Of flows. The stock then grows 1.6x a year (1.2 to 2.2) by 2030.",
        ),
        "growth_decay": Prior(
            "1.0 to 2.5",
            unit="years",
            source="judgement",
            why="High-bandwidth memory allows about 2.2x more stock in 2027, power less after.",
        ),
        "growth_shock": Prior(
            dist="normal", mean=0, sd=1, unit="1", source="judgement", why="A score: one each year."
        ),
        "growth_shock_sd": Prior(
            "0.04 to 0.16",
            dist="lognormal",
            unit="OOM/year",
            source="judgement",
            why="Flows grew 3.8x in 2024 and 2.7x in 2025.",
        ),
        "deployment_lag": Prior(
            dist="uniform",
            min=0.0,
            max=0.5,
            unit="years",
            source="epoch2026users",
            why="Zero to two quarters from sale to service, one by default.",
        ),
        "service_life": Prior(
            "4 to 10",
            unit="years",
            source="judgement",
            why="Published counts retire nothing; old chips fall below half after four years.",
        ),
    },
    evidence=(
        Evidence(
            id="sold",
            table=SOLD,
            predictor=log_sold,
            family=Family(name="interval", log=True),
            informs=(
                "Each maker's cumulative sales at the end of 2025. Only the last point of each "
                "series is used, because a series shares one error: it moves the level and "
                "leaves the growth."
            ),
            sources=(CHIPS,),
            series="maker",
        ),
        Evidence(
            id="flows",
            table=FLOWS,
            predictor=log10_flow,
            family=Family(name="student-t", value="log10_flow", scale="flow_noise"),
            groups={
                "flow_level": Group(by="maker", scale="flow_level_spread"),
                "growth": Group(by="maker", scale="growth_spread"),
            },
            informs=(
                "How fast quarterly sales grow, maker by maker: differences of consecutive "
                "medians, so that a maker's common error drops out of the slope."
            ),
            sources=(CHIPS,),
            series="maker",
            stock=Stock(table=CUMULATIVE, value="p50_h100e"),
        ),
    ),
    sources=(CHIPS, USERS),
    limits=(
        "AI accelerators sold since 2022 by four makers plus a share for the rest; consumer GPUs "
        "and older chips are left out. Growth is that of an average maker. Power, memory and "
        "packaging limits enter only through the long-run growth belief. Only chips sold by the "
        "end of 2025 retire. Years before 2025 go back at the growth of 2025."
    ),
)


@hookimpl
def amplicast_register_supply() -> list[Supply]:
    """Contribute the world's chips."""
    return [WORLD_CHIPS]
