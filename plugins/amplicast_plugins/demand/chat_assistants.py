"""Chat assistants bottom up: users, messages per user, tokens per message."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from amplicast import Demand, Evidence, Family, Prior, Source, Table, hookimpl

Value = Any

BASE_YEAR = 2025
"""Labels mean the end of the calendar year; times are in years from the end of this one."""

SECONDS_PER_DAY = 86_400.0

USERS = Table(Path(__file__).with_name("users.csv"))
MESSAGES = Table(Path(__file__).with_name("messages.csv"))

REPORTS = Source(
    key="epoch2026usage",
    title="Epoch AI, AI Companies: usage reports (OpenAI disclosures of users and messages)",
    accessed="2026-01",
    grade="A",
)
ENERGY = Source(
    key="epoch2025energy",
    title="Epoch AI, How much energy does ChatGPT use? (500 output tokens per typical query)",
    accessed="2025-02-07",
    grade="C",
)
DEEPSEEK = Source(
    key="deepseek2025day6",
    title="DeepSeek open-infra-index, day 6: 608 billion in (56.3 % cached) and 168 billion out",
    url="https://github.com/deepseek-ai/open-infra-index",
    accessed="2025-02-28",
    grade="A",
)
CHAT_SHARES = Source(
    key="semianalysis2025chat",
    title="SemiAnalysis, messages per day of five chat applications, 2025-03-28",
    url="https://semianalysis.com/2025/07/11/meta-superintelligence-leadership-compute-talent-and-data/",
    accessed="2025-07-11",
    grade="B",
)


def log10_users(
    m: Any, columns: Any, *, users_ceiling: Value, adoption_rate: Value, midpoint: Value
) -> Value:
    """log10 of the leading assistant's weekly users, along ``point``."""
    score = adoption_rate * (columns["years_from_end_2025"] + BASE_YEAR - midpoint)
    return m.log10(users_ceiling) + m.log10(m.expit(score))


def log10_messages(
    m: Any,
    columns: Any,
    *,
    users_ceiling: Value,
    adoption_rate: Value,
    midpoint: Value,
    messages_per_user: Value,
    messages_growth: Value,
) -> Value:
    """log10 of the leading assistant's messages per day, along ``point``."""
    users = log10_users(
        m,
        columns,
        users_ceiling=users_ceiling,
        adoption_rate=adoption_rate,
        midpoint=midpoint,
    )
    per_user = m.log10(messages_per_user) + messages_growth * columns["years_from_end_2025"]
    return users + per_user


def rate(
    m: Any,
    *,
    year: Value,
    users_ceiling: Value,
    adoption_rate: Value,
    midpoint: Value,
    messages_per_user: Value,
    messages_growth: Value,
    messages_decay: Value,
    leader_share: Value,
    usage_shock: Value,
    usage_shock_sd: Value,
    output_per_message: Value,
    input_per_message: Value,
    cached_share: Value,
) -> dict[str, Value]:
    """Return the world's output, fresh and cached tokens per second at each year's end.

    Users follow a logistic curve to a ceiling; messages per user level off `messages_decay`
    years after 2025; the leading assistant's messages over its share make the world's.

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
        Consecutive calendar years; when forecasting, from 2025 or 2026 onwards.
    users_ceiling : users
        Weekly users of the leading assistant in the long run.
    adoption_rate : 1/year
    midpoint : year
        When half of the ceiling is reached; like labels, 2025 is the end of that year.
    messages_per_user : messages/day
        Per weekly user, at the end of 2025.
    messages_growth : OOM/year
    messages_decay : years
    leader_share : fraction
        Share of the world's messages that goes to the leading assistant.
    usage_shock : dim ``year``
        Standard normal.
    usage_shock_sd : OOM
    output_per_message, input_per_message : tokens/message
        Output includes thinking; input includes instructions and the conversation so far.
    cached_share : fraction
        Input read from a cache, over all input.
    """
    since = year - BASE_YEAR
    users = users_ceiling * m.expit(adoption_rate * (year - midpoint))
    levelled = messages_decay * -m.expm1(-m.maximum(since, 0.0) / messages_decay)
    rise = messages_growth * (levelled + m.minimum(since, 0.0))
    wander = m.where(since > 0, usage_shock_sd * usage_shock, 0.0).cumsum("year")
    per_user = messages_per_user * m.exp(math.log(10.0) * (rise + wander))
    messages = users * per_user / leader_share / SECONDS_PER_DAY
    entered = messages * input_per_message
    return {
        "output": messages * output_per_message,
        "fresh": entered * (1.0 - cached_share),
        "cached": entered * cached_share,
    }


CHAT_ASSISTANTS = Demand(
    id="chat-assistants",
    summary="Chat assistants: weekly users, messages per user, tokens per message.",
    rate=rate,
    dims={"usage_shock": ("year",)},
    labels={
        "users_ceiling": "most weekly users",
        "adoption_rate": "speed of adoption",
        "midpoint": "date of half the ceiling",
        "messages_per_user": "messages per user",
        "messages_growth": "growth of messages per user",
        "messages_decay": "time in which that growth fades",
        "leader_share": "share of the leading assistant",
        "usage_shock": "year's departure of use",
        "output_per_message": "output tokens per message",
        "input_per_message": "input tokens per message",
        "cached_share": "share of input from the cache",
    },
    priors={
        "users_ceiling": Prior(
            "9e8 to 4e9",
            unit="users",
            source="judgement",
            why="From today's weekly users to half of the world's 8.2 billion people.",
        ),
        "adoption_rate": Prior(
            "0.5 to 3",
            unit="1/year",
            source="judgement",
            why="Weak: from a tenth to nine tenths of the ceiling in 1.5 to 9 years.",
        ),
        "midpoint": Prior(
            "2023.4 to 2026.6",
            unit="year",
            source="judgement",
            why="Weak: within about two years of the end of 2025.",
        ),
        "users_noise": Prior(
            "0.01 to 0.1",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Rounded milestones, announced after they were passed.",
        ),
        "messages_per_user": Prior(
            "1 to 15", unit="messages/day", source="judgement", why="Weak; per weekly user."
        ),
        "messages_growth": Prior(
            dist="normal",
            mean=0.1,
            sd=0.2,
            unit="OOM/year",
            source="judgement",
            why="Weak; more tasks per user, more casual users.",
        ),
        "messages_noise": Prior(
            "0.01 to 0.15",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Rounded figures; weeks and single days.",
        ),
        "messages_decay": Prior(
            "0.5 to 3",
            unit="years",
            source="judgement",
            why="Waking hours bound typed messages; growth at 1.6x a year cannot last.",
        ),
        "leader_share": Prior(
            "0.4 to 0.75",
            unit="fraction",
            source="semianalysis2025chat",
            why="72 % of five applications in March 2025, before the rest and Gemini's rise.",
        ),
        "usage_shock": Prior(
            dist="normal", mean=0, sd=1, unit="1", source="judgement", why="A score: one each year."
        ),
        "usage_shock_sd": Prior(
            "0.02 to 0.1",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Yearly use moves by five to twenty-five per cent about such a curve.",
        ),
        "output_per_message": Prior(
            "250 to 1500",
            unit="tokens/message",
            source="epoch2025energy",
            why="500 for GPT-4o; thinking adds a part that is not published.",
        ),
        "input_per_message": Prior(
            "600 to 5400",
            unit="tokens/message",
            source="deepseek2025day6",
            why="3.6 input tokens per output token on DeepSeek's day, times 500.",
        ),
        "cached_share": Prior(
            "0.3 to 0.8", unit="fraction", source="deepseek2025day6", why="0.56 on DeepSeek's day."
        ),
    },
    evidence=(
        Evidence(
            id="users",
            table=USERS,
            predictor=log10_users,
            family=Family(name="student-t", value="log10_users", scale="users_noise"),
            where={"era": "current"},
            informs=(
                "Adoption of ChatGPT since 2024: ceiling, speed and middle of its logistic curve. "
                "The slow year 2023 is shown but not fitted: one logistic through both eras would "
                "miss the slowing of 2026."
            ),
            sources=(REPORTS,),
            series="assistant",
        ),
        Evidence(
            id="messages",
            table=MESSAGES,
            predictor=log10_messages,
            family=Family(name="student-t", value="log10_messages_per_day", scale="messages_noise"),
            informs=(
                "Messages per weekly user and their growth. A third party's count of March 2025 "
                "is left out, because it informs the leading assistant's share."
            ),
            sources=(REPORTS,),
            series="assistant",
        ),
    ),
    sources=(REPORTS, ENERGY, DEEPSEEK, CHAT_SHARES),
    limits=(
        "Typed chat only: no coding agents, no search summaries, no programming interfaces, so it "
        "is a floor under all tokens served. Tokens per message and the leader's share are one "
        "belief for all years."
    ),
)


@hookimpl
def amplicast_register_demand() -> list[Demand]:
    """Contribute chat assistants."""
    return [CHAT_ASSISTANTS]
