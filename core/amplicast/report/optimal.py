"""The best use of an inference budget, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isfinite
from typing import TYPE_CHECKING, Any

from amplicast.analysis.optimal import LEVELS, QUANTILES, SEARCHED, Optimum
from amplicast.report.layout import Grid, Text, grid, note, text_of
from amplicast.report.words import interval, oom, percent, value

if TYPE_CHECKING:
    import xarray

__all__ = ["optimal_record", "optimal_text"]

SEEN = 0.05
"""Chance of being the best at some budget from which a pair is named."""

ABOUT = note("""\
spend: inference over one plain answer of the model, OOM. best: chance that this pair is the best
of all. any: accuracy of the best pair, whichever it is; no one knows which beforehand. Each
strategy is one technique alone; combined ones can do better.""")


def optimal_text(found: Optimum) -> Text:
    """Tables of the best pairs, of the front and of who overtakes whom."""
    return text_of(
        (
            _best(found),
            ABOUT,
            _ever(found),
            _overtaking(found),
            _oracles(found),
            _undisclosed(found),
        )
    )


def optimal_record(found: Optimum) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "benchmark": found.benchmark,
        "task_class": found.task_class,
        "rows": found.to_rows(),
        "front": [
            {
                "budget_flop": float(each["budget"]),
                "accuracy": None if bool(each.isnull().any()) else _quantiles(each),
            }
            for each in found.front
        ],
        "ever_best": [
            {"model": model, "strategy": strategy} for model, strategy in found.ever_best(SEEN)
        ],
        "overtaking": list(_overtakings(found)),
        "training_tokens_not_disclosed": [
            each.model for each in found.candidates if each.tokens is None
        ],
    }


def _best(found: Optimum) -> Grid:
    head = ["budget", "model", "strategy", "spend", "accuracy", "66 %", "90 %", "best", "any"]
    rows = [head]
    for budget in found.accuracy["budget"].values:
        told = value(float(budget), "FLOP")
        pair = found.chosen(budget)
        if pair is None:
            rows.append([told, "no model can answer once"])
            continue
        model, strategy = pair
        place = {"budget": budget, "model": model, "strategy": strategy}
        q = _quantiles(found.accuracy.sel(place))
        rows.append(
            [
                told,
                model,
                strategy,
                oom(found.spend(model, float(budget))),
                percent(q["p50"]),
                interval(q["p17"], q["p83"], "fraction"),
                interval(q["p05"], q["p95"], "fraction"),
                percent(float(found.best_chance.sel(place))),
                percent(float(found.front.sel(budget=budget).median())),
            ]
        )
    on = f" on {found.benchmark}" if found.benchmark else ""
    title = (
        f"Most likely the best{on} by FLOP per question ({found.task_class} tasks): median "
        "accuracy, 66 % and 90 %"
    )
    return grid(title, rows)


def _ever(found: Optimum) -> Grid:
    rows = [["model", "strategy", "most", "at budget"]]
    for model, strategy in found.ever_best(SEEN):
        chances = found.best_chance.sel(model=model, strategy=strategy)
        most = chances.isel(budget=int(chances.values.argmax()))
        rows.append([model, strategy, percent(float(most)), value(float(most["budget"]), "FLOP")])
    return grid(f"Best with a chance of {percent(SEEN)} or more at some budget", rows)


def _overtaking(found: Optimum) -> Grid | str:
    rows = [
        ["model", "strategy", "larger model", "its answer"]
        + [f"from, {percent(level)}" for level in LEVELS]
    ]
    soonest: dict[tuple[str, str], dict[str, Any]] = {}
    for each in sorted(_overtakings(found), key=_late):
        soonest.setdefault((each["large"], each["small"]), each)
    for _, each in sorted(soonest.items()):
        flop = (each["budget_flop"][f"{level:g}"] for level in LEVELS)
        rows.append(
            [
                each["small"],
                each["strategy"],
                each["large"],
                value(each["large_answer_flop"], "FLOP"),
                *("never" if number is None else value(number, "FLOP") for number in flop),
            ]
        )
    if len(rows) == 1:
        return ""
    return grid(
        "Smaller models that beat one plain answer of a larger one at equal FLOP, with the "
        "strategy that does so soonest: least budget at which the chance exceeds the stated one, "
        f"up to {SEARCHED:g} OOM above that answer",
        rows,
    )


def _overtakings(found: Optimum) -> Iterator[dict[str, Any]]:
    """Models and strategies that overtake a larger model with at least the lowest chance."""
    flop = {each.model: each.answer_flop for each in found.candidates}
    table = found.overtaking
    for large in table["large"].values:
        for small in table["small"].values:
            for strategy in table["strategy"].values:
                levels = table.sel(small=small, large=large, strategy=strategy).values.tolist()
                if any(isfinite(number) for number in levels):
                    yield {
                        "small": str(small),
                        "strategy": str(strategy),
                        "large": str(large),
                        "large_answer_flop": flop[str(large)],
                        "budget_flop": {
                            f"{level:g}": number if isfinite(number) else None
                            for level, number in zip(LEVELS, levels, strict=True)
                        },
                    }


def _late(each: dict[str, Any]) -> tuple[float, ...]:
    """How late a model overtakes, the surest level first."""
    flop = [each["budget_flop"][f"{level:g}"] for level in reversed(LEVELS)]
    return tuple(inf if number is None else number for number in flop)


def _oracles(found: Optimum) -> str:
    if not found.oracles:
        return ""
    return f"Needs an oracle or a cheap check of answers: {', '.join(found.oracles)}."


def _undisclosed(found: Optimum) -> str:
    names = [each.model for each in found.candidates if each.tokens is None]
    if not names:
        return ""
    return (
        f"Training tokens are not disclosed and taken as compute-optimal, so that training compute "
        f"is a lower bound: {', '.join(names)}."
    )


def _quantiles(draws: xarray.DataArray) -> dict[str, float]:
    found = draws.quantile(list(QUANTILES.values()), dim="draw").values
    return dict(zip(QUANTILES, (float(each) for each in found), strict=True))
