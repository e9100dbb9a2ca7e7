"""A belief with another median, its shape kept; and what that does to the weight of a draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from amplicast.prior_families import FAMILIES, FamilyRule, z_of

if TYPE_CHECKING:
    import numpy

    from amplicast.priors import Prior

__all__ = ["can_move", "log_ratio", "moved", "point", "rounded"]

FIGURES = 6
"""Significant figures of what states a moved belief: as exact as any file that a person writes."""


def can_move(prior: Prior) -> bool:
    """Whether a belief has a scale on which it can be moved, or is a plain number."""
    return prior.is_fixed or FAMILIES[prior.dist].unlink is not None


def moved(prior: Prior, median: float) -> Prior:
    """The belief about `median`, moved on its own scale: log, log-odds, or plain.

    A plain number stays one. The result is stated in rounded numbers, so that a file that a
    person could have written gives the same draws.

    Raises
    ------
    ScenarioError
        The new belief does not fit its unit.
    """
    if prior.is_fixed:
        return prior.with_value(median, source=prior.source, why=prior.why)
    rule = FAMILIES[prior.dist]
    if rule.unlink is None:
        raise ValueError(f"a belief of the family {prior.dist} cannot be moved")
    shift = rule.unlink(median) - rule.unlink(point(prior, 0.5))
    numbers = dict(prior.numbers)
    if "low" in numbers:
        for name in {"low", "best", "high"} & set(numbers):
            numbers[name] = rounded(_linked(rule, rule.unlink(numbers[name]) + shift))
    else:
        numbers[rule.named[0]] = rounded(numbers[rule.named[0]] + shift)
    return type(prior)(
        unit=prior.unit, source=prior.source, why=prior.why, dist=prior.dist, **numbers
    )


def point(prior: Prior, share: float) -> float:
    """Quantile of a belief; where it can be moved in plain Python, so that a page needs no SciPy.

    Parameters
    ----------
    share : float
        Between 0 and 1.
    """
    rule = FAMILIES[prior.dist]
    if prior.is_fixed or rule.unlink is None:
        return float(prior.quantile(share))
    centre, below, above = prior._coefficients
    score = z_of(share)
    return _linked(rule, centre + score * (above if score > 0.0 else below))


def rounded(number: float, figures: int = FIGURES) -> float:
    """A number to significant figures."""
    return float(f"{number:.{figures}g}")


def log_ratio(prior: Prior, other: Prior, draws: Any) -> numpy.ndarray[Any, Any]:
    """Log density of `other` over that of `prior` at each draw, up to a constant (draw).

    Both are of the family of `prior`. The change of scale is the same in both and cancels.
    """
    import numpy

    values = numpy.asarray(draws, dtype=float)
    link = FAMILIES[prior.dist].link
    if link == "exp":
        values = numpy.log(values)
    elif link == "expit":
        values = numpy.log(values) - numpy.log1p(-values)
    ratio: numpy.ndarray[Any, Any] = _log_density(other, values) - _log_density(prior, values)
    return ratio


def _log_density(prior: Prior, linked: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """Of the two-piece normal, each half of which holds one half of the probability."""
    import numpy

    centre, below, above = prior._coefficients
    sd = numpy.where(linked < centre, below, above)
    density: numpy.ndarray[Any, Any] = -0.5 * ((linked - centre) / sd) ** 2 - numpy.log(sd)
    return density


def _linked(rule: FamilyRule, value: float) -> float:
    """From the normal scale to the value."""
    from math import exp

    if rule.link == "exp":
        return exp(value)
    return 1.0 / (1.0 + exp(-value)) if rule.link == "expit" else value
