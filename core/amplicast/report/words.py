"""Numbers as people write them: copies in words, OOM to one decimal, never 0 or 100 %."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, isfinite, log10

__all__ = [
    "count",
    "decimals",
    "duration",
    "factor",
    "gain",
    "interval",
    "oom",
    "percent",
    "size",
    "span",
    "value",
    "year",
]

PERCENT_STEPS = (0.01, 0.05, 0.10)
"""What a probability is rounded to: whole per cent, else as fine as its error allows."""

_NAMES = ((1e15, "quadrillion"), (1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def significant(number: float, digits: int = 2) -> float:
    """`number` rounded to significant digits."""
    if number == 0 or not isfinite(number):
        return number
    return round(number, digits - 1 - floor(log10(abs(number))))


def decimals(mcse: float, most: int) -> int:
    """Decimals that a Monte Carlo error supports, `most` at the most: no step finer than the error.

    Parameters
    ----------
    mcse : float
        Monte Carlo standard error, in the unit of the number.
    most : int
        Decimals of a number without error.
    """
    if not mcse > 0.0:
        return most
    return min(most, floor(-log10(mcse)))


def count(number: float, mcse: float = 0.0) -> str:
    """A count at two significant figures in words: ``23 million``, ``8,100``.

    Parameters
    ----------
    number : float
    mcse : float
        Its Monte Carlo standard error; where that exceeds the second figure, one is told.
    """
    if not isfinite(number):
        return "n/a"
    digits = 2 if number == 0 or mcse <= 10.0 ** (floor(log10(abs(number))) - 1) else 1
    rounded = significant(number, digits)
    if rounded >= 1e18:
        return f"{rounded:.1e}".replace("e+", "e")
    for size, name in _NAMES:
        if rounded >= size:
            return f"{rounded / size:.3g} {name}"
    if rounded >= 1000:
        return f"{rounded:,.0f}"
    return f"{rounded:.3g}"


def oom(number: float, mcse: float = 0.0) -> str:
    """Orders of magnitude to one decimal, or to none where the error is larger than that."""
    if not isfinite(number):
        return "n/a"
    text = f"{number:.{max(decimals(mcse, 1), 0)}f}"
    return text.removeprefix("-") if float(text) == 0.0 else text


def factor(number: float) -> str:
    """The factor that an OOM stands for, two significant figures: ``×12``, ``×1,300``."""
    return f"×{count(10.0**number)}" if isfinite(number) else "n/a"


def shown_factor(number: float, mcse: float = 0.0) -> str:
    """The factor of an OOM as it is printed beside it, so that readers find the two agree."""
    return factor(float(oom(number, mcse))) if isfinite(number) else "n/a"


def gain(number: float, mcse: float = 0.0) -> str:
    """OOM with the factor that it stands for: ``1.1 OOM (×12)``."""
    if not isfinite(number):
        return "n/a"
    return f"{oom(number, mcse)} OOM ({shown_factor(number, mcse)})"


def year(number: float | None, *, last: int) -> str:
    """A whole year; ``after 2032`` where a quantile lies beyond the horizon or nowhere."""
    if number is None or not number <= last:
        return f"after {last}"
    return str(round(number))


def percent(probability: float, mcse: float = 0.0) -> str:
    """A probability in whole per cent, never 0 or 100; coarser where its error is larger."""
    if not isfinite(probability):
        return "n/a"
    if probability < 0.01:
        return "< 1 %"
    if probability > 0.99:
        return "> 99 %"
    step = next((each for each in PERCENT_STEPS if each >= mcse), PERCENT_STEPS[-1])
    shown = round(100 * step * round(probability / step))
    return f"{min(max(shown, 1), 99)} %"


def duration(seconds: float) -> str:
    """A time that is only estimated: ``about 40 s``, ``about 3 min``."""
    if seconds < 90.0:
        return f"about {max(5 * round(seconds / 5), 5)} s"
    return f"about {round(seconds / 60)} min"


def size(byte: float) -> str:
    """The size of a file: ``8 kB``, ``110 MB``."""
    for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if byte >= scale:
            return f"{significant(byte / scale):g} {unit}"
    return f"{byte:.0f} B"


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


def span(quantiles: Mapping[str, float], unit: str) -> str:
    """Median with both intervals: ``23 million (66 %: 8 to 61 million; 90 %: 4 to 120 million)``.

    Parameters
    ----------
    quantiles : Mapping[str, float]
        By name: p05, p17, p50, p83, p95.
    unit : str
    """
    q = quantiles
    return (
        f"{value(q['p50'], unit)} (66 %: {interval(q['p17'], q['p83'], unit)}; "
        f"90 %: {interval(q['p05'], q['p95'], unit)})"
    )
