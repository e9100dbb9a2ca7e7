"""Agents bottom up: how many are at work, and the tokens of an hour of one."""

from __future__ import annotations

import math
from typing import Any

from amplicast import Demand, Prior, Source, hookimpl

Value = Any

BASE_YEAR = 2025
"""Labels mean the end of the calendar year; the level is that of the end of this one."""

SECONDS_PER_HOUR = 3600.0

REPORTS = Source(
    key="epoch2026usage",
    title="Epoch AI, AI Companies: usage reports (2 trillion tokens a day of GPT-5-Codex, 2025-10)",
    accessed="2026-01",
    grade="B",
)
TRACES = Source(
    key="agenttraces2026",
    title="Coding-agent traces (TraceLab, WEKA): output, fresh and cached input per active hour",
    grade="B",
)
WORKFORCE = Source(
    key="ilo2024workforce",
    title="International Labour Organization, world labour force: 3.60 (2023), 3.64 billion (2024)",
    grade="A",
)


def rate(
    m: Any,
    *,
    year: Value,
    agents_end_2025: Value,
    growth: Value,
    workforce: Value,
    agents_per_worker: Value,
    use_shock: Value,
    use_shock_sd: Value,
    output_per_hour: Value,
    fresh_per_hour: Value,
    cached_per_hour: Value,
) -> dict[str, Value]:
    """Return the world's output, fresh and cached tokens per second at each year's end.

    Agents grow at a steady pace towards a ceiling that the workforce sets: whoever asks has to
    say what for, and to look at what comes back.

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
        Consecutive calendar years; when forecasting, from 2025 or 2026 onwards.
    agents_end_2025 : agents
        At work at one time, mean over the day, world.
    growth : OOM/year
    workforce : people
    agents_per_worker : 1
        Agents at work at one time per worker in the long run, mean over the day.
    use_shock : dim ``year``
        Standard normal.
    use_shock_sd : OOM
    output_per_hour, fresh_per_hour, cached_per_hour : tokens/hour
        Of one agent at work; mean over agents.
    """
    since = year - BASE_YEAR
    wander = m.where(since > 0, use_shock_sd * use_shock, 0.0).cumsum("year")
    asked = agents_end_2025 * m.exp(math.log(10.0) * (growth * since + wander))
    agents = asked / (1.0 + asked / (workforce * agents_per_worker))
    return {
        "output": agents * output_per_hour / SECONDS_PER_HOUR,
        "fresh": agents * fresh_per_hour / SECONDS_PER_HOUR,
        "cached": agents * cached_per_hour / SECONDS_PER_HOUR,
    }


AGENT_HOURS = Demand(
    id="agent-hours",
    summary="Agents at work, and the tokens of an hour of one.",
    rate=rate,
    dims={"use_shock": ("year",)},
    labels={
        "agents_end_2025": "agents at work, end of 2025",
        "growth": "growth of agents",
        "workforce": "workforce",
        "agents_per_worker": "agents per worker at most",
        "use_shock": "year's departure of use",
        "output_per_hour": "output tokens per agent hour",
        "fresh_per_hour": "new input tokens per agent hour",
        "cached_per_hour": "cached input tokens per agent hour",
    },
    priors={
        "agents_end_2025": Prior(
            "1e4 to 2e5",
            unit="agents",
            source="epoch2026usage",
            why=(
                "The tokens of GPT-5-Codex in October 2025 are 3,000 agents around the clock, one "
                "product of several. At the upper end agents take more than half of all tokens "
                "that were served."
            ),
        ),
        "growth": Prior(
            "0.25 to 0.8",
            unit="OOM/year",
            source="judgement",
            why="Twice to six times a year. All tokens grew seven to ten times around 2025.",
        ),
        "workforce": Prior(
            3.64e9, unit="people", source="ilo2024workforce", why="The world's labour force, 2024."
        ),
        "agents_per_worker": Prior(
            "0.02 to 2",
            unit="1",
            source="judgement",
            why=(
                "From one agent, during working hours, for every tenth worker to two, day and "
                "night, for each. Agents that agents send out count by themselves."
            ),
        ),
        "use_shock": Prior(
            dist="normal", mean=0, sd=1, unit="1", source="judgement", why="A score: one each year."
        ),
        "use_shock_sd": Prior(
            "0.05 to 0.25",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="As the tokens of single providers: growth varied by a factor of two and more.",
        ),
        "output_per_hour": Prior(
            "7e4 to 2e5",
            unit="tokens/hour",
            source="agenttraces2026",
            why="1.0e5 and 1.7e5 in two collections of traces.",
        ),
        "fresh_per_hour": Prior(
            "6e5 to 2e6",
            unit="tokens/hour",
            source="agenttraces2026",
            why="1.3e6 and 1.1e6; half of that for the median session.",
        ),
        "cached_per_hour": Prior(
            "1.2e7 to 4.5e7",
            unit="tokens/hour",
            source="agenttraces2026",
            why="2.6e7 and 3.4e7; half of that for the median session.",
        ),
    },
    sources=(REPORTS, TRACES, WORKFORCE),
    limits=(
        "Coding agents of 2026 stand for all agents; their hour is the same in all years. Chat and "
        "programming interfaces are not in it, so it is no total. The ceiling binds people, not "
        "agents that work for nobody in particular. Nothing is fitted."
    ),
)


@hookimpl
def amplicast_register_demand() -> list[Demand]:
    """Contribute agent hours."""
    return [AGENT_HOURS]
