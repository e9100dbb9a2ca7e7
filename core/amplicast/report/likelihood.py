"""How likely something is, in words of one scale with the number beside them.

The term is that of the lower end of the probability's Monte Carlo interval, on the likely side; the
number stands in the same sentence. Scales: `ipcc` (Mastrandrea et al. 2010, guidance note of the
IPCC's Fifth Assessment Report), `icd203` (US Intelligence Community Directive 203, 2015) and
`numbers`, which has no terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amplicast.analysis.precision import share_error, share_interval
from amplicast.report.words import percent

__all__ = ["SCALES", "Chance", "Term", "chance_of", "likelihood", "sentence", "term"]


@dataclass(frozen=True)
class Term:
    """A word for every probability from `least` up to the next term's.

    Attributes
    ----------
    text : str
    least : float
        Lower end of its range [fraction]; the range itself may go on to 1.
    told : str
        The range as the scale's source states it, for the table of terms.
    """

    text: str
    least: float
    told: str


_IPCC = (
    Term("exceptionally unlikely", 0.0, "0 to 1 %"),
    Term("extremely unlikely", 0.01, "0 to 5 %"),
    Term("very unlikely", 0.05, "0 to 10 %"),
    Term("unlikely", 0.10, "0 to 33 %"),
    Term("about as likely as not", 0.33, "33 to 66 %"),
    Term("likely", 0.66, "66 to 100 %"),
    Term("very likely", 0.90, "90 to 100 %"),
    Term("extremely likely", 0.95, "95 to 100 %"),
    Term("virtually certain", 0.99, "99 to 100 %"),
)

_ICD203 = (
    Term("almost no chance", 0.0, "1 to 5 %"),
    Term("very unlikely", 0.05, "5 to 20 %"),
    Term("unlikely", 0.20, "20 to 45 %"),
    Term("roughly even chance", 0.45, "45 to 55 %"),
    Term("likely", 0.55, "55 to 80 %"),
    Term("very likely", 0.80, "80 to 95 %"),
    Term("almost certain", 0.95, "95 to 99 %"),
)

SCALES: Mapping[str, tuple[Term, ...]] = {"ipcc": _IPCC, "icd203": _ICD203, "numbers": ()}
"""Name -> terms from the least likely to the most; one scale per document, never mixed."""

EVEN = frozenset({"about as likely as not", "roughly even chance"})
"""Terms that say the same of a thing and of its contrary."""


@dataclass(frozen=True)
class Chance:
    """A probability from draws, with its Monte Carlo interval.

    Attributes
    ----------
    share : float
        Share of the draws [fraction].
    error : float
        Its Monte Carlo standard error [fraction].
    """

    share: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """90 % Monte Carlo interval [fraction]."""
        return share_interval(self.share, self.error)

    @property
    def contrary(self) -> Chance:
        """That it does not happen."""
        return Chance(1.0 - self.share, self.error)

    @property
    def text(self) -> str:
        """The number in whole per cent, coarser where its error is larger; never 0 or 100 %."""
        return percent(self.share, self.error)


def chance_of(hits: Any) -> Chance:
    """Chance of what happens in some of the draws.

    Parameters
    ----------
    hits : array
        Whether it happens in each draw (draw).
    """
    import numpy

    told = numpy.asarray(hits, dtype=float).reshape(-1)
    return Chance(float(told.mean()), share_error(told))


def term(chance: Chance, *, scale: str = "ipcc") -> str:
    """The scale's word for a chance; empty on the scale `numbers`.

    From one half on it is the term of the lower end of the Monte Carlo interval. Below, it is the
    contrary of what is said of the contrary, so that doubt always moves a term towards the middle.
    """
    terms = SCALES[scale]
    if not terms:
        return ""
    if chance.share >= 0.5:
        return _at(terms, max(chance.interval[0], 0.5))
    return _below(terms, min(chance.interval[1], 0.5))


def likelihood(chance: Chance, *, scale: str = "ipcc") -> str:
    """Term with its number: ``likely (76 %)``; on the scale `numbers` the number alone."""
    word = term(chance, scale=scale)
    return f"{word} ({chance.text})" if word else chance.text


def sentence(chance: Chance, event: str, contrary: str, *, scale: str = "ipcc") -> str:
    """A sentence that states the likely side, with term and number.

    Parameters
    ----------
    chance : Chance
        Of `event`.
    event, contrary : str
        What happens, and what happens otherwise: ``2 OOM is reached by 2033`` and
        ``2 OOM is not reached by 2033``.
    scale : {"ipcc", "icd203", "numbers"}

    Returns
    -------
    str
        ``It is likely (76 %) that 2 OOM is not reached by 2033.``
    """
    word = term(chance, scale=scale)
    turned = chance.share < 0.5 and word not in EVEN
    if turned:
        chance, event = chance.contrary, contrary
        word = term(chance, scale=scale)
    if not word:
        return f"The chance that {event} is {chance.text}."
    if word in {"roughly even chance", "almost no chance"}:
        return f"There is {'a ' if 'even' in word else ''}{word} ({chance.text}) that {event}."
    return f"It is {word} ({chance.text}) that {event}."


def _at(terms: tuple[Term, ...], share: float) -> str:
    """Term of the range in which a share of one half or more lies."""
    return next(each.text for each in reversed(terms) if share >= each.least)


def _below(terms: tuple[Term, ...], share: float) -> str:
    """The same from the other end: a share on a border belongs to the term farther from one half.

    Borders mirror those above one half, so a thing and its contrary get terms that match.
    """
    ends = [each.least for each in terms[1:]]
    return next(
        each.text for each, end in zip(terms, [*ends, 1.0], strict=True) if share <= end + 1e-12
    )
