"""Beliefs that must hold, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.charts.place import spoken
from amplicast.report.words import percent, value

if TYPE_CHECKING:
    from amplicast.forecast.must_hold import Judged
    from amplicast.scenario import MustHold

__all__ = ["FAILURE", "bound_of", "broken_sentence", "must_hold_lines", "sentence_of"]

FAILURE = "belief"
"""Name of the check under which a broken belief of that severity fails a run."""


def bound_of(belief: MustHold) -> str:
    """``at least 750 billion tokens/day``."""
    low = None if belief.low is None else value(belief.low, belief.unit)
    high = None if belief.high is None else value(belief.high, belief.unit)
    if high is None:
        return f"at least {low} {belief.unit}"
    return f"at most {high} {belief.unit}" if low is None else f"{low} to {high} {belief.unit}"


def sentence_of(belief: MustHold) -> str:
    """What must hold, where, and in how many draws."""
    title = OUTPUTS[belief.quantity].title if belief.quantity in OUTPUTS else belief.quantity
    place = ", ".join(spoken(str(label)) for label in belief.place.values())
    where = f" ({place})" if place else ""
    return f"{title}{where}: {bound_of(belief)}, in {percent(belief.chance)} of draws or more"


def broken_sentence(told: Judged) -> str:
    """In how many draws it does not hold, and on which side."""
    whole = f"does not hold in {percent(told.broken)} of the draws"
    if told.below and told.above:
        return f"{whole} ({percent(told.below)} below and {percent(told.above)} above)"
    return f"{whole}, which lie {'below' if told.below else 'above'}"


def must_hold_lines(found: Sequence[Judged]) -> str:
    """What a run says of its beliefs; empty where there are none that apply."""
    tested = [each for each in found if not each.elsewhere]
    if not tested:
        return ""
    broken = [each for each in tested if not each.holds]
    lines = [f"Beliefs that must hold: {len(tested) - len(broken)} of {len(tested)} do."]
    for each in broken:
        mark = "FAILED" if each.belief.severity == "failure" else "Warning"
        lines.append(
            f"  {mark}: {each.belief.name} {broken_sentence(each)}. {sentence_of(each.belief)}. "
            f"Source: {each.belief.source}."
        )
    return "\n".join(lines)
