"""What a page says under one state: quantiles, chances, and sentences made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from amplicast.forecast.quantiles import quantiles_of
from amplicast.report.charts.passing import Threshold
from amplicast.report.charts.place import spoken
from amplicast.report.likelihood import Chance, chance_of, sentence
from amplicast.report.table import LEVELS
from amplicast.report.words import count, gain, interval, oom, percent, shown_factor

if TYPE_CHECKING:
    from amplicast.explorer.session import Answer
    from amplicast.explorer.state import State

__all__ = ["Numbers"]

Quantiles = Mapping[str, float]


@dataclass(frozen=True)
class Numbers:
    """Everything that is said in numbers at one state.

    Attributes
    ----------
    state : State
    answer : Answer
    """

    state: State
    answer: Answer

    @property
    def years(self) -> tuple[int, ...]:
        """Every year of the forecast."""
        return self.answer.plan.years

    @cached_property
    def copies(self) -> Any:
        """Quantiles of copies (quantile, year)."""
        draws = self.answer.draws["copies"].isel(actor=0)
        return quantiles_of(draws, tuple(LEVELS.values())).values

    @cached_property
    def amplification(self) -> dict[str, Any]:
        """Quantiles by task class (quantile, year) [OOM]; nan where the copies cannot be run."""
        draws = self.answer.draws["amplification"].isel(actor=0, regime=0)
        found = quantiles_of(draws, tuple(LEVELS.values())).transpose("task_class", ...).values
        return dict(zip(self.answer.plan.task_classes, found, strict=True))

    @cached_property
    def feasible(self) -> list[float]:
        """Share of draws in which the pool can run the copies, by year."""
        draws = self.answer.draws["feasible"].isel(actor=0, regime=0)
        return [float(share) for share in draws.mean("draw").values]

    @cached_property
    def threshold(self) -> Threshold:
        """What the page asks the chance of."""
        return Threshold(self.state.quantity, self.state.threshold)

    @cached_property
    def chances(self) -> dict[str, list[Chance]]:
        """Chance of the threshold by year; by task class, or for copies alone."""
        if self.state.quantity == "copies":
            reached = self.answer.draws["copies"].isel(actor=0) >= self.state.threshold
            return {
                "copies": [chance_of(each) for each in reached.transpose("year", "draw").values]
            }
        draws = self.answer.draws["amplification"].isel(actor=0, regime=0)
        reached = (draws >= self.state.threshold).transpose("task_class", "year", "draw").values
        return {
            task_class: [chance_of(each) for each in by_year]
            for task_class, by_year in zip(self.answer.plan.task_classes, reached, strict=True)
        }

    def headline(self) -> list[str]:
        """Three sentences on the year of the cursor."""
        state, place = self.state, self.years.index(self.state.year)
        pool, year = spoken(state.actor), state.year
        copies = _at(self.copies, place)
        found = _at(self.amplification[state.task_class], place)
        wanted = self.answer.plan.regimes[state.regime]
        task = f"{state.task_class} tasks"
        goal = "as many copies as users ask for" if wanted is None else f"{count(wanted)} copies"
        first = (
            f"In {year}, the pool {pool} runs a median of {count(copies['p50'])} AI copies at the "
            f"same time; very likely (90 %) {interval(copies['p05'], copies['p95'], 'copies')}."
        )
        if found["p50"] != found["p50"]:
            second = f"It cannot run {goal} in any of the draws, so there is no amplification."
        else:
            share = self.feasible[place]
            often = "" if share >= 0.95 else f" where it can run them ({percent(share)})"
            second = (
                f"With {goal}{often}, each is amplified on {task} by a median of "
                f"{gain(found['p50'])}; very likely (90 %) "
                f"{interval(found['p05'], found['p95'], 'OOM')} OOM "
                f"({shown_factor(found['p05'])} to {shown_factor(found['p95'])})."
            )
        return [first, second, self._chance(place)]

    def _chance(self, place: int) -> str:
        chance, text, year = (
            self.chances[self._named][place],
            self.threshold.text,
            self.years[place],
        )
        return sentence(
            chance,
            f"at least {text} can be had at the end of {year}",
            f"{text} cannot be had at the end of {year}",
        )

    def readout(self, place: int) -> str:
        """One year, for the cursor."""
        copies = _told(_at(self.copies, place), "copies")
        q = _at(self.amplification[self.state.task_class], place)
        gained = f"{_told(q, 'OOM')} OOM" if q["p50"] == q["p50"] else "cannot be run"
        return (
            f"{self.years[place]}: copies: {copies}. Amplification on {self.state.task_class} "
            f"tasks: {gained}. Chance of the threshold: {self.chances[self._named][place].text}."
        )

    @property
    def _named(self) -> str:
        """Which of `chances` the sentences speak of."""
        return "copies" if self.state.quantity == "copies" else self.state.task_class

    def short(self) -> str:
        """The year of the cursor in a line."""
        place = self.years.index(self.state.year)
        copies, found = self.copies[2][place], self.amplification[self.state.task_class][2][place]
        told = gain(float(found)) if found == found else "none"
        return f"{self.state.year}: {count(float(copies))} copies; amplification {told}"

    def rows(self) -> list[list[str]]:
        """The numbers in words: a header, then a row per year."""
        header = ["Year", "Copies"]
        header += [f"Amplification, {name} [OOM]" for name in self.amplification]
        least = self.threshold.text.partition(" (")[0]
        header += [
            f"Chance of {least}" + ("" if name == "copies" else f", {name}")
            for name in self.chances
        ]
        header.append("Copies can be run")
        return [header, *(self._row(place) for place in range(len(self.years)))]

    def _row(self, place: int) -> list[str]:
        return [
            str(self.years[place]),
            _cell(_at(self.copies, place), "copies"),
            *(_cell(_at(found, place), "OOM") for found in self.amplification.values()),
            *(chances[place].text for chances in self.chances.values()),
            percent(self.feasible[place]),
        ]

    def record(self) -> dict[str, Any]:
        """All of it as plain data; None where a number is not defined."""
        lamp = self.answer.lamp
        return {
            "years": list(self.years),
            "headline": self.headline(),
            "short": self.short(),
            "copies": _by_name(self.copies),
            "amplification": {name: _by_name(q) for name, q in self.amplification.items()},
            "feasible": self.feasible,
            "chances": {name: [c.share for c in each] for name, each in self.chances.items()},
            "readouts": [self.readout(place) for place in range(len(self.years))],
            "rows": self.rows(),
            "reliable": self.answer.reliable,
            "lamp": None
            if lamp is None
            else {
                "k": lamp.k if abs(lamp.k) != float("inf") else None,
                "effective": lamp.effective,
                "colour": lamp.colour,
                "text": lamp.text,
            },
        }


def _at(found: Any, place: int) -> dict[str, float]:
    return {name: float(q[place]) for name, q in zip(LEVELS, found, strict=True)}


def _told(q: Quantiles, unit: str) -> str:
    return f"median {_value(q['p50'], unit)}, likely (66 %) {interval(q['p17'], q['p83'], unit)}"


def _cell(q: Quantiles, unit: str) -> str:
    if q["p50"] != q["p50"]:
        return "cannot be run"
    return f"{_value(q['p50'], unit)} ({interval(q['p05'], q['p95'], unit)})"


def _value(number: float, unit: str) -> str:
    return oom(number) if unit == "OOM" else count(number)


def _by_name(found: Sequence[Any]) -> dict[str, list[float | None]]:
    return {
        name: [float(x) if x == x else None for x in q]
        for name, q in zip(LEVELS, found, strict=True)
    }
