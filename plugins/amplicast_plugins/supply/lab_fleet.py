"""The fleet of the leading lab, as a share of the world's deployed chips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Prior, Source, Supply, Table, hookimpl

Value = Any

BASE_YEAR = 2025
"""Last year with data; labels mean the end of the calendar year."""

SHARES = Table(Path(__file__).with_name("lab_share.csv"))

LABS = Source(
    key="epoch2026users",
    title="Epoch AI, AI compute users: year-end compute by lab with 5, 50 and 95 % points",
    url="https://github.com/epoch-research/ai-compute-users",
    accessed="2026-09-03",
    grade="B",
)
CHIPS = Source(
    key="epoch2026chips",
    title="Epoch AI, AI Chip Sales: quarterly cumulative estimates with 5, 50 and 95 % points",
    url="https://github.com/epoch-research/ai-chip-counts",
    accessed="2026-04-22",
    grade="B",
)
AI_2027 = Source(
    key="ai2027compute",
    title="AI 2027 compute forecast: the leading lab goes from 5-10 % to 15-20 % of the world",
    grade="D",
)


def log_share(
    m: Any, columns: Any, *, position: Value, past_trend: Value, share_ceiling: Value
) -> Value:
    """Natural log of a frontier lab's share of the deployed world, along ``point``."""
    score = position + past_trend * columns["years_from_end_2025"]
    return m.log(share_ceiling) + m.log(m.expit(score))


def stock(
    m: Any,
    *,
    year: Value,
    world: Value,
    position: Value,
    past_trend: Value,
    share_ceiling: Value,
    long_run_filling: Value,
    drift_time: Value,
    share_shock: Value,
    share_shock_sd: Value,
) -> Value:
    """Return the leading lab's chips in service at the end of each year [H100e].

    On the log-odds of ``share / share_ceiling`` the lab moves from today's position to a long-run
    one in `drift_time`, and wanders by one shock a year; its share stays below `share_ceiling`.

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
        Consecutive calendar years; when forecasting, from 2025 or 2026 onwards.
    world : H100e
        Deployed chips in the world, same years.
    position, past_trend : nat
        Log-odds at the end of 2025, and their change in each year before it.
    share_ceiling, long_run_filling : fraction
        Largest share of the world; part of it that is reached in the long run.
    drift_time : years
    share_shock : dim ``year``
        Standard normal.
    share_shock_sd : nat
    """
    ahead = year - BASE_YEAR
    target = m.logit(long_run_filling)
    drift = target + (position - target) * m.exp(-m.maximum(ahead, 0.0) / drift_time)
    wander = m.where(ahead > 0, share_shock_sd * share_shock, 0.0).cumsum("year")
    score = drift + past_trend * m.minimum(ahead, 0.0) + wander
    return world * share_ceiling * m.expit(score)


LAB_FLEET = Supply(
    id="lab-fleet",
    summary="The leading lab's chips in service, a share of the world's.",
    actor="leading-lab",
    stock=stock,
    dims={"share_shock": ("year",)},
    labels={
        "position": "the lab's share of the world, end of 2025",
        "past_trend": "past trend of that share",
        "share_ceiling": "ceiling of one lab's share",
        "long_run_filling": "long-run share, of the ceiling",
        "drift_time": "time in which the share gets there",
        "share_shock": "year's departure of the share",
        "share_shock_sd": "size of yearly departures",
    },
    priors={
        "position": Prior(
            dist="normal",
            mean=-1.0,
            sd=1.0,
            unit="nat",
            source="judgement",
            why="Weak: 3 % to 26 % of the world.",
        ),
        "past_trend": Prior(
            dist="normal",
            mean=0.0,
            sd=0.4,
            unit="nat",
            source="judgement",
            why="Weak; in a year, no direction assumed.",
        ),
        "share_ceiling": Prior(
            0.4,
            unit="fraction",
            source="judgement",
            why="Several labs and all other uses compete; five labs together hold under half.",
        ),
        "long_run_filling": Prior(
            "0.2 to 0.65",
            unit="fraction",
            source="ai2027compute",
            why="8 % to 26 % of the world, around the forecast of 15 to 20 % by 2027.",
        ),
        "drift_time": Prior(
            "1 to 4",
            unit="years",
            source="judgement",
            why="The forecast has most of the rise done in two to three years.",
        ),
        "share_shock": Prior(
            dist="normal", mean=0, sd=1, unit="1", source="judgement", why="A score: one each year."
        ),
        "share_shock_sd": Prior(
            "0.05 to 0.3",
            dist="lognormal",
            unit="nat",
            source="judgement",
            why="Published shares moved by a tenth to a third from year to year.",
        ),
    },
    evidence=(
        Evidence(
            id="share",
            table=SHARES,
            predictor=log_share,
            family=Family(name="interval", log=True),
            informs=(
                "What share of the deployed world the two largest labs use. Lab compute over the "
                "cumulative sales of one quarter earlier plus 5 %; the published range is widened "
                "in quadrature by the world's own (log sd 0.155: a lag of zero to two quarters)."
            ),
            sources=(LABS, CHIPS),
            series="lab",
        ),
    ),
    sources=(LABS, CHIPS, AI_2027),
    limits=(
        "The leading lab is a position, not a company: OpenAI and Google DeepMind stand in for it. "
        "Errors of the share and of the world's deployment lag are drawn independently, which "
        "widens the fleet a little. Compute for all purposes: research, training and inference."
    ),
)


@hookimpl
def amplicast_register_supply() -> list[Supply]:
    """Contribute the leading lab's fleet."""
    return [LAB_FLEET]
