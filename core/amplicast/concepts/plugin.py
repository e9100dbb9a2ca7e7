"""What every plugin declares, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from amplicast.beliefs import Correlation
from amplicast.concepts.evidence import Evidence, Source
from amplicast.priors import Prior

__all__ = ["API_OLDEST", "API_VERSION", "Plugin"]

API_VERSION = 1
"""Version of the plugin contract; a plugin for a newer one is refused by name."""

API_OLDEST = 1
"""Oldest version that is still understood; a plugin for an older one is refused by name."""


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """What every plugin declares.

    Attributes
    ----------
    id : str
        Lower case with hyphens; unique within its kind.
    summary : str
        One sentence for lists.
    priors : Mapping[str, Prior]
        Every parameter its functions take, with unit and source. A parameter that the predictor
        of some evidence names is calibrated; the others are beliefs.
    labels : Mapping[str, str]
        What people call a parameter, in a few words that need no unit and not the plugin's name;
        one without is called by its name.
    evidence : tuple of Evidence
    coords, dims : Mapping
        Labels of the plugin's own dimensions, and the dims of parameters that are not scalar.
        The dim ``year`` is always there: one independent draw per forecast year.
    correlations : tuple of Correlation
        Rank correlations between its own beliefs, by their bare names. A scenario that states one
        for the same pair replaces it.
    sources : tuple of Source
    limits : str
        Where it holds and what it leaves out, in plain words.
    version : str
    api : int
        Version of the contract that it was written for, `API_VERSION` of that day. A plugin that
        does not say was written for the first.
    """

    id: str
    summary: str
    sources: tuple[Source, ...]
    limits: str
    priors: Mapping[str, Prior] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    coords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    correlations: tuple[Correlation, ...] = ()
    version: str = "1"
    api: int = 1
