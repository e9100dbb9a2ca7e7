"""Numbers as people write them: copies in words, OOM to one decimal, never 0 or 100 %."""

from __future__ import annotations

from math import floor, isfinite, log10

__all__ = ["count", "factor", "interval", "oom", "percent", "value"]

_NAMES = ((1e15, "quadrillion"), (1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def significant(number: float, digits: int = 2) -> float:
    """`number` rounded to significant digits."""
    if number == 0 or not isfinite(number):
        return number
    return round(number, digits - 1 - floor(log10(abs(number))))


def count(number: float) -> str:
    """A count at two significant figures in words: ``23 million``, ``8,100``."""
    if not isfinite(number):
        return "n/a"
    rounded = significant(number)
    if rounded >= 1e18:
        return f"{rounded:.1e}".replace("e+", "e")
    for size, name in _NAMES:
        if rounded >= size:
            return f"{rounded / size:.3g} {name}"
    if rounded >= 1000:
        return f"{rounded:,.0f}"
    return f"{rounded:.3g}"


def oom(number: float) -> str:
    """Orders of magnitude to one decimal."""
    if not isfinite(number):
        return "n/a"
    text = f"{number:.1f}"
    return "0.0" if text == "-0.0" else text


def factor(number: float) -> str:
    """The factor that an OOM stands for, two significant figures: ``×12``."""
    return f"×{significant(10.0**number):,.3g}" if isfinite(number) else "n/a"


def percent(probability: float) -> str:
    """A probability in whole per cent, never 0 or 100."""
    if not isfinite(probability):
        return "n/a"
    if probability < 0.01:
        return "< 1 %"
    if probability > 0.99:
        return "> 99 %"
    return f"{100 * probability:.0f} %"


def value(number: float, unit: str) -> str:
    """A number in the form its unit asks for."""
    if unit.startswith("OOM"):
        return oom(number)
    if unit == "fraction":
        return percent(number)
    if unit == "FLOP":
        return f"{significant(number):.1e}".replace("e+", "e") if isfinite(number) else "n/a"
    return count(number)


def interval(low: float, high: float, unit: str) -> str:
    """A range; the word for a size is said once where both ends share it."""
    first, last = value(low, unit), value(high, unit)
    head, _, word = first.rpartition(" ")
    if head and last.endswith(" " + word):
        first = head
    return f"{first} to {last}"
