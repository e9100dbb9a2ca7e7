"""Tokens processed in the world, from what providers report per day.

`tokens_context.csv` lists the reports that are not fitted: older than 2025, of one date only, or
overlapping others.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from amplicast import Demand, Evidence, Family, Group, Prior, Source, Table, hookimpl

Value = Any

BASE_YEAR = 2025
"""Labels mean the end of the calendar year; growth is measured around the end of this one."""

SECONDS_PER_DAY = 86_400.0

PROVIDERS = ("bytedance", "google", "openai-api")

TOKENS = Table(Path(__file__).with_name("tokens.csv"))

REPORTS = Source(
    key="epoch2026usage",
    title="Epoch AI, AI Companies: usage reports",
    accessed="2026-01",
    grade="A",
)
VOLCANO = Source(
    key="volcano2026doubao",
    title="Volcano Engine, tokens per day of the Doubao models, via SCMP and wallstreetcn.com",
    accessed="2026-04",
    grade="A",
)
HEADLINE = Source(
    key="kindig2026tokens",
    title="Beth Kindig (I/O Fund): about 370 trillion tokens a day industry-wide in 2026",
    grade="C",
)
DEEPSEEK = Source(
    key="deepseek2025day6",
    title="DeepSeek open-infra-index, day 6: 608 billion in (56.3 % cached) and 168 billion out",
    url="https://github.com/deepseek-ai/open-infra-index",
    accessed="2025-02-28",
    grade="A",
)
TRACES = Source(
    key="agenttraces2026",
    title="Coding-agent traces (TraceLab, WEKA): output, fresh and cached input about 1 : 10 : 250",
    grade="B",
)


def log10_tokens_per_day(m: Any, columns: Any, *, tokens_end_2025: Value, growth: Value) -> Value:
    """log10 of a provider's tokens per day, along ``point``."""
    level = m.interpolate(m.log10(tokens_end_2025), columns["provider_index"], dim="provider")
    return level + growth * columns["years_from_end_2025"]


def rate(
    m: Any,
    *,
    year: Value,
    tokens_end_2025: Value,
    coverage: Value,
    growth: Value,
    long_run_growth: Value,
    growth_decay: Value,
    growth_shock: Value,
    growth_shock_sd: Value,
    output_share: Value,
    cached_share: Value,
) -> dict[str, Value]:
    """Return the world's output, fresh and cached tokens per second at each year's end.

    Growth fades from `growth` to `long_run_growth` with time constant `growth_decay`; the sum of
    the fading part is closed, so today's pace adds at most ``growth * growth_decay`` OOM.

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
        Consecutive calendar years; when forecasting, from 2025 or 2026 onwards.
    tokens_end_2025 : tokens/day, dim ``provider``
    coverage : fraction
        Share of the world's tokens that these providers process.
    growth, long_run_growth : OOM/year
    growth_decay : years
    growth_shock : dim ``year``
        Standard normal.
    growth_shock_sd : OOM
    output_share : fraction
        Output over all tokens processed.
    cached_share : fraction
        Input read from a cache, over all input.
    """
    since = year - BASE_YEAR
    faded = growth_decay * -m.expm1(-m.maximum(since, 0.0) / growth_decay)
    rise = long_run_growth * m.maximum(since, 0.0) + (growth - long_run_growth) * faded
    past = growth * m.minimum(since, 0.0)
    wander = m.where(since > 0, growth_shock_sd * growth_shock, 0.0).cumsum("year")
    base = tokens_end_2025.sum("provider") / coverage / SECONDS_PER_DAY
    total = base * m.exp(math.log(10.0) * (rise + past + wander))
    entered = total * (1.0 - output_share)
    return {
        "output": total * output_share,
        "fresh": entered * (1.0 - cached_share),
        "cached": entered * cached_share,
    }


TOKENS_SERVED = Demand(
    id="tokens-served",
    summary="Tokens processed by all providers, from their reports.",
    rate=rate,
    coords={"provider": PROVIDERS},
    dims={"tokens_end_2025": ("provider",), "growth_shock": ("year",)},
    labels={
        "tokens_end_2025": "providers' tokens, end of 2025",
        "growth": "growth of tokens around 2025",
        "coverage": "share of tokens that is reported",
        "long_run_growth": "long-run growth of tokens",
        "growth_decay": "time in which today's growth fades",
        "growth_shock": "year's departure in growth",
        "output_share": "share of tokens that is output",
        "cached_share": "share of input from the cache",
    },
    priors={
        "tokens_end_2025": Prior(
            "1e12 to 1e15",
            unit="tokens/day",
            source="judgement",
            why="Weak, the same for every provider; the reports decide.",
        ),
        "growth": Prior(
            "0.2 to 1.5",
            unit="OOM/year",
            source="judgement",
            why="Weak: 1.6x to 30x a year around the end of 2025.",
        ),
        "growth_spread": Prior(
            "0.03 to 0.3",
            dist="lognormal",
            unit="OOM/year",
            source="judgement",
            why="Providers grow at similar, not equal rates.",
        ),
        "report_noise": Prior(
            "0.02 to 0.2",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Rounded figures, and months reported as days.",
        ),
        "coverage": Prior(
            "0.55 to 0.85",
            unit="fraction",
            source="kindig2026tokens",
            why=(
                "About 0.84 by the 2026 headline; lower when ChatGPT, Foundry, Anthropic, xAI and "
                "the other two fifths of China's tokens are counted."
            ),
        ),
        "long_run_growth": Prior(
            "0.04 to 0.34",
            unit="OOM/year",
            source="judgement",
            why="1.1x to 2.2x a year: no faster than compute and its efficiency for long.",
        ),
        "growth_decay": Prior(
            "0.5 to 1.8",
            unit="years",
            source="judgement",
            why="Today's seven to ten times a year cannot outlast 2028.",
        ),
        "growth_shock": Prior(
            dist="normal", mean=0, sd=1, unit="1", source="judgement", why="A score: one each year."
        ),
        "growth_shock_sd": Prior(
            "0.05 to 0.25",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Providers' yearly growth has varied by a factor of two and more.",
        ),
        "output_share": Prior(
            "0.02 to 0.2",
            unit="fraction",
            source="deepseek2025day6",
            why="0.22 on DeepSeek's day, 0.004 in coding agents; the mix is not published.",
        ),
        "cached_share": Prior(
            "0.4 to 0.93",
            unit="fraction",
            source="deepseek2025day6",
            why="0.56 on DeepSeek's day, above 0.9 in agents; some providers cache nothing.",
        ),
    },
    evidence=(
        Evidence(
            id="tokens",
            table=TOKENS,
            predictor=log10_tokens_per_day,
            family=Family(name="student-t", value="log10_tokens_per_day", scale="report_noise"),
            groups={"growth": Group(by="provider", scale="growth_spread")},
            informs=(
                "Level at the end of 2025 and current growth of the three providers that report "
                "more than once since 2025. Earlier growth was several times faster, so a line "
                "through it would overstate today's."
            ),
            sources=(REPORTS, VOLCANO),
            series="provider",
        ),
    ),
    sources=(REPORTS, VOLCANO, HEADLINE, DEEPSEEK, TRACES),
    limits=(
        "Reported tokens are mostly input and definitions differ; some include images and video. "
        "OpenAI counts its API only. The split into output, fresh and cached input is one belief "
        "for all years, while agents move it towards cached input."
    ),
)


@hookimpl
def amplicast_register_demand() -> list[Demand]:
    """Contribute tokens served."""
    return [TOKENS_SERVED]
