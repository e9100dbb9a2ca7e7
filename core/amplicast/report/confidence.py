"""How far the evidence of a forecast can be trusted: low, medium or high, apart from likelihood.

Confidence is about the evidence, as the guidance of the IPCC and ICD 203 ask: how much there is, of
what grade, and how much of the spread no measurement speaks to. It is never folded into a
probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from amplicast.report.charts.place import place_of
from amplicast.report.prose import Sentence, Strong
from amplicast.report.registers.evidence import evidence_rows
from amplicast.report.words import percent

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["Confidence", "Spread", "confidence_of"]

MUCH_BELIEF, LITTLE_BELIEF = 0.5, 0.2
"""Share of a headline's variance: from here on confidence is low; up to here it may be high."""

FEW_POINTS, MANY_POINTS = 30, 100
"""Measurements."""

FEW_SOURCES, MANY_SOURCES = 5, 10

MOSTLY = 0.5
"""Share of the measurements that must be direct or derived (grades A and B)."""


@dataclass(frozen=True)
class Spread:
    """What the spread of one headline rests on, as shares of its variance [fraction].

    Attributes
    ----------
    what : str
    evidence, belief, together : float
        Calibrated evidence alone, beliefs alone, and what neither explains alone.
    """

    what: str
    evidence: float
    belief: float
    together: float


@dataclass(frozen=True)
class Confidence:
    """Level and what it is made of.

    Attributes
    ----------
    level : {"low", "medium", "high"}
    points, sources : int
        Measurements that were fitted, and the sources that they come from.
    direct : float
        Share of them of grade A or B [fraction].
    spreads : tuple of Spread
        A headline each; empty where the run keeps no shares.
    """

    level: Literal["low", "medium", "high"]
    points: int
    sources: int
    direct: float
    spreads: tuple[Spread, ...]

    @property
    def sentence(self) -> Sentence:
        """The level with its reasons, without a word of likelihood."""
        measured = (
            f"it rests on {self.points:,} measurements from {self.sources} sources, "
            f"{'all' if self.direct == 1.0 else percent(self.direct)} of them direct or derived "
            "(grades A and B)"
            if self.points
            else "it rests on no measurement that the run keeps"
        )
        shares = [each.belief for each in self.spreads]
        belief = "how much of the spread is judgement is not known for this run"
        if shares:
            low, high = percent(min(shares)), percent(max(shares))
            told = low if low == high else f"{low.removesuffix(' %')} to {high}"
            belief = f"judgement without measurement alone explains {told} of the spread"
        return (
            "Our confidence in these ranges is ",
            Strong(self.level),
            f": {measured}, and {belief}. That judges the evidence; no range contains it.",
        )


def confidence_of(forecast: Forecast) -> Confidence:
    """Confidence in the headlines of the reference scenario at the end of the forecast."""
    rows = evidence_rows(forecast)
    points = sum(row.points for row in rows)
    keys = {key for row in rows for key in row.key.split(", ")}
    direct = sum(row.points for row in rows if row.grade in {"A", "B"}) / max(points, 1)
    spreads = _spreads(forecast)
    belief = max((each.belief for each in spreads), default=1.0)
    unexplained = max((each.belief + each.together for each in spreads), default=1.0)
    level: Literal["low", "medium", "high"] = "medium"
    if belief >= MUCH_BELIEF or points < FEW_POINTS or len(keys) < FEW_SOURCES or direct < MOSTLY:
        level = "low"
    elif unexplained <= LITTLE_BELIEF and points >= MANY_POINTS and len(keys) >= MANY_SOURCES:
        level = "high"
    return Confidence(level, points, len(keys), direct, spreads)


def _spreads(forecast: Forecast) -> tuple[Spread, ...]:
    """Shares of variance of copies, and of amplification on each task class."""
    if "diagnostics" not in forecast.tree:
        return ()
    shares = forecast.tree["diagnostics"].to_dataset()
    place = place_of(forecast)
    here = {"year": place.year, "actor": place.actor}
    found = [("AI copies", shares["share_copies"].sel(here))]
    values = shares["share_amplification"].sel({**here, "regime": place.regime})
    found += [
        (f"amplification, {name} tasks", values.sel(task_class=name))
        for name in forecast.plan.task_classes
    ]
    return tuple(
        Spread(what, *(max(0.0, float(one.sel(source=name))) for name in _SOURCES))
        for what, one in found
    )


_SOURCES = ("evidence", "belief", "interaction")
