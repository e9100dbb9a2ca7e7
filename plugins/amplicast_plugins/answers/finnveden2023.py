"""Finnveden 2023 and a sheet made with his help: copies on the cluster that trained them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import PublishedAnswers, Source, Table, hookimpl
from amplicast.math import NUMPY
from amplicast.physics import copies

Value = Any

YEAR = 365.25 * 86_400.0
"""Seconds of a year; a quarter of them are its 3 months."""

CHINCHILLA = 20.0
"""Training tokens per parameter."""

HOUR_OF_TOKENS = 3600.0
"""Horizon of an hour at a token a second [tokens]."""

WORLD = {
    "flop_per_s": 1e21,
    "training_seconds": 3e7,
    "flop_per_parameter": 4.0,
    "tokens_per_parameter": CHINCHILLA,
}
"""A quarter of the compute of the world, as believed there, for a year."""

SLIPPED = 1.6e13
"""Parameters that the page divides by."""

STREAM = 50.0
"""Speed of a stream [tokens/s]."""

QUARTER = 0.25

H100_BF16 = 989e12
"""Dense 16-bit peak [FLOP/s]; epoch2026hardware."""

STOCK = {"2023": 1.60e6, "2024": 6.53e6, "2025": 19.7e6, "100m": 100e6}
"""AI chips sold by the end of a year [H100e]; epoch2026chipcounts. The last is a forecast."""

DENSE = 100e9
"""Active parameters of a model of 2025, rounded; epoch2025energy."""

RESEARCHERS = 7.8e6
"""People at research, full-time equivalent, in 2013; unesco2015. Every second of theirs counts."""

THOUGHT = {"words_per_minute": 380.0, "tokens_per_word": 4.0 / 3.0}
"""A person's inner speech; steinhardt2023."""

SHEET = {
    "flop_per_s": 1e29 / 1e7,
    "training_seconds": 1e7,
    "flop_per_parameter": 1.5,
    "tokens_per_parameter": CHINCHILLA,
    "horizon": 3.0,
}
"""The largest run believed possible by 2035, made in 1e7 seconds."""


def on_cluster(params: float, *, training_seconds: float = YEAR, horizon: float = 1.0) -> Value:
    """What the cluster that trained a model runs of it [tokens/s]."""
    return copies.cluster_rate(
        params=params,
        tokens_per_parameter=CHINCHILLA,
        training_seconds=training_seconds,
        horizon=horizon,
    )


def size(**changes: float) -> Value:
    """Parameters of a run on a quarter of the world's compute [parameters]."""
    return copies.trained_parameters(NUMPY, **(WORLD | changes))


def rate(**changes: float) -> Value:
    """What that quarter runs of the model that it trained [tokens/s]."""
    return copies.cluster_rate_of_compute(NUMPY, **(WORLD | changes))


def divided(params: float, *, flop_per_s: float = WORLD["flop_per_s"]) -> float:
    """What a cluster runs of a model of any size, at 4 FLOP a parameter [tokens/s]."""
    return flop_per_s / (WORLD["flop_per_parameter"] * params)


def quarter(stock: str) -> float:
    """16-bit peak of a quarter of a stock [FLOP/s]."""
    return QUARTER * STOCK[stock] * H100_BF16


FINNVEDEN = PublishedAnswers(
    id="finnveden2023",
    summary="Before smart AI, there will be many: copies on one's own training cluster.",
    table=Table(Path(__file__).with_name("finnveden2023.csv")),
    work={
        "year": lambda tools: on_cluster(1e14),
        "tenfold": lambda tools: on_cluster(1e15),
        "hour-horizon": lambda tools: NUMPY.log10(
            on_cluster(1e14, training_seconds=YEAR / 4.0, horizon=HOUR_OF_TOKENS)
        ),
        "parameters": lambda tools: size(),
        "rate": lambda tools: rate(),
        "parameters-of-division": lambda tools: size(),
        "rate-of-division": lambda tools: divided(SLIPPED),
        "parameters-at-2": lambda tools: size(flop_per_parameter=2.0),
        "streams": lambda tools: copies.streams(rate(), speed=STREAM),
        "least": lambda tools: rate(),
        "researchers": lambda tools: rate() / RESEARCHERS,
        "token-time": lambda tools: 1.0 / 0.029,
        "depth": lambda tools: 118.0 / 80.0,
        "root-two": lambda tools: rate(flop_per_parameter=2.0) / rate(),
        "stock": lambda tools: STOCK["2023"] * H100_BF16,
        "inference-alone": lambda tools: divided(size(flop_per_parameter=2.0)),
        "rate-2023": lambda tools: rate(flop_per_s=quarter("2023")),
        "rate-2024": lambda tools: rate(flop_per_s=quarter("2024")),
        "rate-2025": lambda tools: rate(flop_per_s=quarter("2025")),
        "rate-100m": lambda tools: rate(flop_per_s=quarter("100m")),
        "run-2025": lambda tools: quarter("2025") * WORLD["training_seconds"],
        "dense-2025": lambda tools: divided(DENSE, flop_per_s=quarter("2025")),
        "thinkers": lambda tools: STREAM / copies.human_rate(**THOUGHT),
    },
    sources=(
        Source(
            key="finnveden2023",
            title="Finnveden, Before smart AI, there will be many mediocre or specialized AIs "
            "(2023)",
            url="https://lw2.issarice.com/posts/5sWNnbHRkExfLaS49/"
            "before-smart-ai-there-will-be-many-mediocre-or-specialized",
            grade="C",
        ),
        Source(
            key="epoch2026chipcounts",
            title="Epoch AI, ai-chip-counts (2026-04-22)",
            url="https://github.com/epoch-research/ai-chip-counts",
        ),
        Source(
            key="epoch2026hardware",
            title="Epoch AI, Machine Learning Hardware (CSV copy of 2026-04-27)",
            url="https://epoch.ai/data/machine-learning-hardware",
            grade="A",
        ),
        Source(
            key="unesco2015",
            title="UNESCO Science Report (2015), as University World News reports it",
            url="https://www.universityworldnews.com/post.php?story=20151114025241252",
        ),
        Source(
            key="epoch2025energy",
            title="Epoch AI, How much energy does ChatGPT use? (2025-02)",
            grade="D",
        ),
        Source(
            key="steinhardt2023",
            title="Steinhardt, What will GPT-2030 look like? (2023), appendix A",
            url="https://bounded-regret.ghost.io/what-will-gpt-2030-look-like/",
            grade="C",
        ),
    ),
    limits=(
        "Dense models at 20 tokens a parameter, trained and run on one cluster. No real run is of "
        "that kind: models since are far smaller than a quarter of the world's compute would "
        "train, so that the bound is far below what the stock can run."
    ),
)

SHEET_2035 = PublishedAnswers(
    id="finnveden2023-sheet",
    summary="A sheet made with Finnveden's help: AIs on the largest cluster of 2035.",
    table=Table(Path(__file__).with_name("finnveden2023-sheet.csv")),
    work={
        "parameters": lambda tools: copies.trained_parameters(NUMPY, **SHEET),
        "runtime": lambda tools: copies.copy_flop_per_s(
            flop_per_token=SHEET["flop_per_parameter"] * copies.trained_parameters(NUMPY, **SHEET),
            speed=1.0,
        ),
        "copies": lambda tools: copies.streams(
            copies.cluster_rate_of_compute(NUMPY, **SHEET), speed=1.0
        ),
    },
    sources=(
        Source(
            key="finnveden2023-sheet",
            title="Sheet on the number of AIs from reallocated training compute",
            url="https://docs.google.com/spreadsheets/d/1aZg-ccL3Al3d1YItu--12QHWvSJCQ0YdfoMUmiHKGGk",
            grade="D",
        ),
    ),
    limits="The author is not named in the sheet; its inputs are guesses, and say so.",
)


@hookimpl
def amplicast_register_answers() -> list[PublishedAnswers]:
    """Offer what was published of copies on the training cluster."""
    return [FINNVEDEN, SHEET_2035]
