"""The frontier model by year: training compute from the record runs, then size, tokens, memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, ModelLine, Prior, Source, Table, hookimpl
from amplicast.math import MathNamespace

__all__ = ["FRONTIER"]

Value = Any

ORIGIN = 2024.0
"""Date at which `level` is stated; in the middle of the record runs."""

TODAY = 2026.0
"""End of 2025: the last record in the table, where shocks and the token trend begin."""

FLOP_PER_PARAMETER_TOKEN = 6.0
"""Forward and backward pass: training FLOP = 6 x active parameters x tokens."""

EPOCH = Source(
    key="epoch2026models",
    title="Epoch AI, models database (CSV copies of 2025-08-07 and 2026-04-27)",
    url="https://epoch.ai/data/ai-models",
)
RASCHKA = Source(
    key="raschka2026gallery",
    title="Raschka, LLM architecture gallery, table of active parameters (2026)",
    url="https://sebastianraschka.com",
)
RUN_LENGTH = Source(
    key="epoch2025runlength",
    title="Epoch AI, Frontier training runs will likely stop getting longer by around 2027 (2025)",
    url="https://epoch.ai/gradient-updates",
    grade="C",
)

PRIORS = {
    "level": Prior(
        "24 to 27",
        unit="OOM FLOP",
        source="judgement",
        why="Record run on the trend at the start of 2024; vague, the record runs decide.",
    ),
    "growth": Prior(
        "0.4 to 0.9",
        unit="OOM/year",
        source="judgement",
        why="2.5x to 8x a year; vague around the 4x to 5x a year reported for notable models.",
    ),
    "scatter": Prior(
        "0.15 to 0.5",
        unit="OOM",
        dist="lognormal",
        source="epoch2026models",
        why="Estimates were revised by factors of 1.5 to 2, and records come in steps.",
    ),
    "limit_year": Prior(
        "2025.7 to 2029.7",
        unit="year",
        source="epoch2025runlength",
        why="Date at which runs stop getting longer, as longer than nine months does not pay.",
    ),
    "late_growth": Prior(
        "0.176 to 0.653",
        unit="OOM/year",
        dist="lognormal",
        source="judgement",
        why="1.5x to 4.5x a year after that date: spending and chips alone, under power limits.",
    ),
    "shock": Prior(
        dist="normal",
        mean=0.0,
        sd=0.12,
        unit="OOM",
        source="judgement",
        why="The year's departure from the trend, carried on to later years: about 1.3x.",
    ),
    "log10_tokens_per_parameter": Prior(
        "1.3 to 3.7",
        unit="OOM",
        source="judgement",
        why="From compute-optimal (20) to twice the most overtrained release, at the end of 2025.",
    ),
    "tokens_share": Prior(
        "0.3 to 0.85",
        unit="fraction",
        source="judgement",
        why="Share of compute growth that goes into tokens per parameter: 0 keeps them, as in "
        "optimal training; 1 keeps the size. From 20 in 2022 to hundreds in 2025 is about 0.6.",
    ),
    "tokens_spread": Prior(
        "0.2 to 0.7",
        unit="OOM",
        dist="lognormal",
        source="judgement",
        why="Spread of tokens per parameter between models of one time.",
    ),
    "tokens_place": Prior(
        dist="normal",
        mean=0.0,
        sd=1.0,
        unit="1",
        source="judgement",
        why="The frontier model was not measured: score of its place in that spread.",
    ),
    "total_per_active": Prior(
        "8 to 33",
        unit="1",
        source="raschka2026gallery",
        why="Total over active parameters of mixtures of experts, 2025 to 2026.",
    ),
    "kv_bytes": Prior(
        "35e3 to 260e3",
        unit="byte/token",
        source="epoch2026models",
        why="KV in 8 bits: half of 70 kB (latent attention) to 520 kB (grouped queries) in 16.",
    ),
}


def predict_record(
    m: MathNamespace, columns: Mapping[str, Value], *, level: Value, growth: Value
) -> Value:
    """log10 of the largest run so far on the trend [OOM FLOP]."""
    return level + growth * (columns["year_end"] - ORIGIN)


def predict_tokens(
    m: MathNamespace,
    columns: Mapping[str, Value],
    *,
    log10_tokens_per_parameter: Value,
    tokens_share: Value,
    growth: Value,
) -> Value:
    """log10 of training tokens per active parameter of a model of its date [OOM]."""
    return log10_tokens_per_parameter + tokens_share * growth * (columns["released"] - TODAY)


def path(
    m: MathNamespace,
    *,
    year: Value,
    level: Value,
    growth: Value,
    limit_year: Value,
    late_growth: Value,
    shock: Value,
    log10_tokens_per_parameter: Value,
    tokens_share: Value,
    tokens_spread: Value,
    tokens_place: Value,
    total_per_active: Value,
    kv_bytes: Value,
    **_: Value,
) -> dict[str, Value]:
    """Largest run so far and its model at the end of each `year`.

    Parameters
    ----------
    year : Value
        Calendar years along dim ``year``; each means its last day.
    shock : Value
        One departure per year [OOM]; it and its predecessors since 2026 add up.

    Returns
    -------
    dict
        ``log10_training_flop`` [OOM FLOP], ``active``, ``total`` [parameters], ``tokens``
        [training tokens], ``kv_bytes`` [byte per token of context, 8-bit KV].

    Notes
    -----
    From `limit_year` on, growth is the lesser of `growth` and `late_growth`. With training FLOP
    `F` and tokens per active parameter `q`, active parameters are ``sqrt(F / (6 q))``; of every
    OOM of `F` since the end of 2025, `q` takes `tokens_share`.
    """

    def trend(date: Value) -> Value:
        early = growth * (m.minimum(date, limit_year) - ORIGIN)
        late = m.minimum(growth, late_growth) * m.maximum(date - limit_year, 0.0)
        return level + early + late

    date = year + 1.0
    ahead = m.minimum(m.maximum(date - TODAY, 0.0), 1.0)
    log10_flop = trend(date) + (shock * ahead).cumsum("year")
    log10_q = (
        log10_tokens_per_parameter
        + tokens_spread * tokens_place
        + tokens_share * (log10_flop - trend(TODAY))
    )
    q = 10.0**log10_q
    active = m.sqrt(10.0**log10_flop / (FLOP_PER_PARAMETER_TOKEN * q))
    return {
        "log10_training_flop": log10_flop,
        "active": active,
        "total": active * total_per_active,
        "tokens": active * q,
        "kv_bytes": kv_bytes,
    }


FRONTIER = ModelLine(
    id="frontier",
    summary="Largest run so far: trend of the record runs, slower once runs stop getting longer.",
    path=path,
    bounded=True,
    labels={
        "level": "record training run at the start of 2024",
        "growth": "growth of record training runs",
        "scatter": "scatter of record runs about the trend",
        "limit_year": "date at which runs stop getting longer",
        "late_growth": "growth of training runs after that date",
        "shock": "year's departure from the trend",
        "log10_tokens_per_parameter": "training tokens per parameter, end of 2025",
        "tokens_share": "share of added compute spent on data, not size",
        "tokens_spread": "spread of tokens per parameter",
        "tokens_place": "tokens per parameter, against models of its time",
        "total_per_active": "total over active parameters",
        "kv_bytes": "memory of a token in context",
    },
    priors=PRIORS,
    dims={"shock": ("year",)},
    evidence=(
        Evidence(
            id="record-runs",
            table=Table(Path(__file__).with_name("record_runs.csv")),
            predictor=predict_record,
            family=Family(name="normal", value="log10_flop", scale="scatter"),
            informs="How fast the largest training run of its time has grown, and from where.",
            sources=(EPOCH,),
            series="series",
        ),
        Evidence(
            id="tokens-per-parameter",
            table=Table(Path(__file__).with_name("tokens_per_parameter.csv")),
            predictor=predict_tokens,
            family=Family(name="normal", value="log10_tokens_per_parameter", scale="tokens_spread"),
            informs="How many tokens mixtures of experts are trained on per active parameter.",
            sources=(EPOCH, RASCHKA),
        ),
    ),
    sources=(EPOCH, RASCHKA, RUN_LENGTH),
    limits=(
        "A record is counted at the end of every year in which it stands, so 2023 and 2024 are "
        "one run; taken at their own dates, records lie above the level that holds between them "
        "(three times, at the end of 2025). Estimates carry a factor of 1.5 to 2. The engine "
        "bounds the path by the world's chips, utilisation and run length; nothing here knows "
        "the stock. A run of bad years can lower the path, though a record never falls. Tokens per "
        "parameter are those of open mixtures with up to 5e25 FLOP and of one frontier model "
        "whose active size is derived; other frontier sizes are secret, and compute spent on "
        "reinforcement learning counts as tokens: token-equivalents, not text that exists."
    ),
)


@hookimpl
def amplicast_register_models() -> list[ModelLine]:
    """Contribute the frontier line."""
    return [FRONTIER]
