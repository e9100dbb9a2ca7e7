"""The bottom line: a few sentences made from the draws, the same in the report and in the memo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import floor, log10
from typing import TYPE_CHECKING, Any

from amplicast.analysis.tornado import Driver, drivers
from amplicast.report.charts.passing import Threshold, threshold_of
from amplicast.report.charts.place import Place, place_of, quantiles, spoken
from amplicast.report.charts.tornado import amount, answer_of
from amplicast.report.confidence import Confidence, confidence_of
from amplicast.report.left_out import left_out
from amplicast.report.likelihood import SCALES, Chance, chance_of, sentence, term
from amplicast.report.prose import Point, Sentence, Strong, listed
from amplicast.report.words import count, interval, oom, percent, shown_factor

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["ASKED_GAIN", "Findings"]

ASKED_GAIN = 2.0
"""Amplification whose chance is told where nobody asks for another [OOM]."""

DIFFERS = 0.05
"""Difference of chances from which a variant is worth a sentence [fraction]."""

OFTEN = 0.95
"""Chance that copies can be run below which sentences say so [fraction]."""


@dataclass(frozen=True)
class Findings:
    """Sentences about one forecast: first pool, last regime, last year, reference scenario.

    Attributes
    ----------
    forecast : Forecast
    scale : {"ipcc", "icd203", "numbers"}
        One scale of likelihood for all sentences.
    asked : float
        Amplification whose chance is told [OOM].
    by : int or None
        Year of that chance; the forecast's last multiple of five when None.
    """

    forecast: Forecast
    scale: str = "ipcc"
    asked: float = ASKED_GAIN
    by: int | None = None

    @cached_property
    def place(self) -> Place:
        """Where the sentences look."""
        return place_of(self.forecast)

    @property
    def year(self) -> int:
        """Year of the chance."""
        years = self.forecast.plan.years
        return self.by or max((year for year in years if year % 5 == 0), default=years[-1])

    @property
    def points(self) -> tuple[Point, ...]:
        """The bottom line in order."""
        unless = self.threshold.text.removesuffix(" of amplification")
        return (
            Point("AI copies", self.copies),
            Point("Amplification", self.amplification),
            Point(f"Chance of {unless} by {self.year}, at {self.place.wanted}", self.chances),
            Point("What drives it", self.drives),
            Point("What it rests on", (self.confidence.sentence,)),
            Point("Not counted", (self.missing,)),
        )

    @property
    def copies(self) -> tuple[Sentence, ...]:
        """How many, with the chance of a round number in the upper tail."""
        place, q = self.place, self._quantiles("copies")
        mass = self._mass("between", interval(q["p05"], q["p95"], "copies"))
        told: Sentence = (
            (
                f"In the {place.story} scenario, the AI copies that the {place.pool} can run at "
                f"the end of {place.year} are "
            ),
            mass,
            (
                f"; the median is {count(q['p50'])} (66 %: "
                f"{interval(q['p17'], q['p83'], 'copies')}). One copy is "
                f"an unaugmented stream of {place.speed:.3g} tokens per second."
            ),
        )
        many, here = self.tail, place.draws("copies").sel(year=place.year)
        more, fewer = (
            f"{side} {count(many)} can be run then" for side in ("at least", "fewer than")
        )
        return told, (sentence(chance_of(here >= many), more, fewer, scale=self.scale),)

    @cached_property
    def tail(self) -> float:
        """A power of ten in the upper part of the range of copies."""
        most = self._quantiles("copies")["p83"]
        return 10.0 ** floor(log10(most)) if most > 1.0 else 1.0

    @property
    def amplification(self) -> tuple[Sentence, ...]:
        """How much on each task class, where the copies can be run."""
        place = self.place
        runs: list[str | Strong] = [
            (
                f"If {place.wanted} are run at the end of {place.year}, each can be amplified over "
                "the deployed model, in orders of magnitude (OOM) of training compute: "
            )
        ]
        for task_class in self.forecast.plan.task_classes:
            q = self._quantiles("amplification", task_class)
            runs += [
                f"on {task_class} tasks ",
                self._mass("by", f"{interval(q['p05'], q['p95'], 'OOM')} OOM"),
                f" ({shown_factor(q['p05'])} to {shown_factor(q['p95'])}), ",
                f"median {oom(q['p50'])}; ",
            ]
        runs[-1] = str(runs[-1]).removesuffix("; ") + "."
        told: list[Sentence] = [tuple(runs), *self._elsewhere()]
        able = chance_of(place.draws("feasible").sel(year=place.year) > 0.0)
        if able.share < OFTEN:
            told.append((f"The {place.pool} can run them in {able.text} of the draws.",))
        return tuple(told)

    def _elsewhere(self) -> Iterator[Sentence]:
        """The same medians in the first year, and at the end for other numbers of copies."""
        place, first = self.place, self.forecast.plan.years[0]
        before = place_of(self.forecast, year=first)
        others = [
            place_of(self.forecast, regime=name)
            for name in self.forecast.plan.regimes
            if name != place.regime
        ]
        yield (f"In {first} these medians are {self._medians(before)} OOM.",)
        if others:
            told = "; ".join(f"{self._medians(one)} with {one.wanted}" for one in others)
            yield (f"In {place.year} they are {told}.",)

    def _medians(self, place: Place) -> str:
        """Of amplification on each task class, where the copies can be run."""
        told = []
        for name in self.forecast.plan.task_classes:
            own = place_of(self.forecast, regime=place.regime, year=place.year, task_class=name)
            draws = quantiles(own.draws("amplification").sel(year=place.year))
            told.append(oom(float(draws.sel(quantile="p50"))))
        return listed(told)

    @cached_property
    def threshold(self) -> Threshold:
        """The amplification whose chance is told."""
        return threshold_of("amplification", self.asked)

    def chance(self, scenario: str, task_class: str) -> Chance:
        """That the threshold is reached by the end of `year`, or of an earlier one."""
        place = place_of(self.forecast, scenario=scenario, task_class=task_class)
        return chance_of(self.threshold.first_year(place) <= self.year)

    @property
    def chances(self) -> tuple[Sentence, ...]:
        """On each task class, and the variant that changes it most."""
        classes: tuple[str, ...] = tuple(self.forecast.plan.task_classes)
        first, *variants = self.forecast.scenarios
        base = {name: self.chance(first, name) for name in classes}
        told = [(self._told(base[name], name),) for name in classes]
        others = [
            (abs(chance.share - base[name].share), variant, name, chance)
            for variant in variants
            for name in classes
            for chance in [self.chance(variant, name)]
        ]
        apart, variant, name, chance = max(
            others, key=lambda one: one[0], default=(0.0, "", "", None)
        )
        if chance is not None and apart >= DIFFERS:
            word = term(chance, scale=self.scale)
            word = f" ({word})" if word else ""
            told.append(
                (
                    (
                        f"The variant that changes this most is {spoken(variant)}: reaching it on "
                        f"{name} tasks then has a chance of {chance.text}{word}, from "
                        f"{base[name].text}."
                    ),
                )
            )
        return tuple(told)

    def _told(self, chance: Chance, task_class: str) -> str:
        what = self.threshold.text.removesuffix(" of amplification")
        return sentence(
            chance,
            f"{what} is reached on {task_class} tasks by the end of {self.year}",
            f"amplification stays below {what} on {task_class} tasks to the end of {self.year}",
            scale=self.scale,
        )

    def drivers(self, quantity: str, task_class: str | None = None) -> tuple[Driver, ...]:
        """Inputs that move the median of a headline by more than chance, the first the most."""
        place = place_of(self.forecast, task_class=task_class)
        found = drivers(self.forecast, answer_of(place, quantity), scenario=place.scenario)
        return tuple(each for each in found if each.certain)

    @property
    def drives(self) -> tuple[Sentence, ...]:
        """What moves each headline most."""
        place, told = self.place, list[Sentence]()
        for quantity, what, unit in (
            ("copies", "AI copies", "copies"),
            ("amplification", f"amplification on {place.task_class} tasks", "OOM"),
        ):
            found = self.drivers(quantity)
            if not found:
                told.append((f"No single input moves the median of {what} by more than chance.",))
                continue
            one = found[0]
            at_low, at_high = (self._answer(v, unit) for v in (one.at_low, one.at_high))
            low, high = self._input(one)
            others = [each.label for each in found[1:3]]
            then = f"; then come {listed(others)}" if others else ""
            told.append(
                (
                    f"The median of {what} in {place.year} moves most with ",
                    Strong(one.label),
                    f": {at_low} where it is {low}, {at_high} where it is {high}{then}.",
                )
            )
        return tuple(told)

    @staticmethod
    def _answer(height: float, unit: str) -> str:
        return count(10.0**height) if unit == "copies" else f"{oom(height)} OOM"

    @staticmethod
    def _input(one: Driver) -> tuple[str, str]:
        """Ends of an input with their unit."""
        unit = "" if one.unit in {"1", "fraction"} else f" {one.unit}"
        return f"{amount(one.low, one.unit)}{unit}", f"{amount(one.high, one.unit)}{unit}"

    @cached_property
    def confidence(self) -> Confidence:
        """Confidence in the evidence."""
        return confidence_of(self.forecast)

    @property
    def missing(self) -> Sentence:
        """What no interval covers."""
        return (
            f"The ranges leave out {listed(left_out(self.forecast))}; the true ones are wider.",
        )

    def _quantiles(self, output: str, task_class: str | None = None) -> dict[str, float]:
        place = place_of(self.forecast, task_class=task_class)
        found: Any = quantiles(place.draws(output).sel(year=place.year))
        return {str(name): float(found.sel(quantile=name)) for name in found["quantile"].values}

    def _mass(self, joint: str, text: str) -> Strong:
        """A 90 % interval with the scale's word for 90 %."""
        terms = SCALES[self.scale]
        word = next((each.text for each in reversed(terms) if each.least <= 0.9), "")
        head = f"{word} ({percent(0.9)})" if word else f"with {percent(0.9)} probability"
        if joint == "between":
            text = text.replace(" to ", " and ", 1)
        return Strong(f"{head} {joint} {text}")
