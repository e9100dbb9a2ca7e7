"""What each belief of a scenario says, in numbers and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from amplicast.scenario.model import Declared, Scenario

__all__ = ["Explanation", "explain"]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One belief.

    Attributes
    ----------
    name, unit : str
    p05, p25, p50, p75, p95 : float
        Quantiles [unit].
    sentence : str
        The belief in words.
    description, why, source : str
    origin : str
        File that states it, or ``default``.
    """

    name: str
    unit: str
    p05: float
    p25: float
    p50: float
    p75: float
    p95: float
    sentence: str
    description: str
    why: str
    source: str
    origin: str


def explain(
    scenario: Scenario, *, declared: Mapping[str, Declared] | None = None
) -> tuple[Explanation, ...]:
    """Explain every belief, by name.

    Parameters
    ----------
    scenario : Scenario
    declared : Mapping[str, Declared], optional
        Adds the description of each assumption, and the defaults that the scenario leaves alone.
    """
    declared = declared or {}
    priors = {
        name: (about.prior, "default")
        for name, about in declared.items()
        if about.prior is not None
    }
    priors |= {name: (belief.prior, belief.origin) for name, belief in scenario.assumptions.items()}
    rows = []
    for name, (prior, origin) in sorted(priors.items()):
        words = prior.describe()
        about = declared.get(name)
        rows.append(
            Explanation(
                name=name,
                unit=prior.unit,
                **{key: float(words[key]) for key in ("p05", "p25", "p50", "p75", "p95")},
                sentence=f"{name} is {words['words']}.",
                description=about.description if about else "",
                why=prior.why,
                source=prior.source,
                origin=origin,
            )
        )
    return tuple(rows)
