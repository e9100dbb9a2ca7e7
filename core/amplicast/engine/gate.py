"""May the draws of a fit be used? The engine's own checks, since nutpie runs none.

They look at the free random variables (the scores), never at values computed from them, and they
say "no failure detected", which is all that such checks can say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

__all__ = ["LIMITS", "Finding", "Limits", "Statistics", "Verdict", "judge", "statistics"]

Array = Any


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a fit must reach.

    Attributes
    ----------
    r_hat : float
        Rank-normalised, for every free random variable.
    ess : float
        The smaller of bulk and tail effective draws, over all chains.
    bfmi : float
        Energy Bayesian fraction of missing information, per chain.
    chains : int
    """

    r_hat: float = 1.01
    ess: float = 400.0
    bfmi: float = 0.3
    chains: int = 4


LIMITS = Limits()
"""Vehtari et al. 2021 for `r_hat` and `ess`; Betancourt 2016 for `bfmi`."""


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """One free random variable, or one element of it.

    Attributes
    ----------
    name : str
        ``plugin.parameter``, with ``[index]`` for an element.
    mean, sd : float
        Of its score; before the evidence they are 0 and 1, so ``1 - sd**2`` is the contraction.
    r_hat, ess_bulk, ess_tail : float
    """

    name: str
    mean: float
    sd: float
    r_hat: float
    ess_bulk: float
    ess_tail: float

    @property
    def contraction(self) -> float:
        """Share of the prior variance that the evidence removed."""
        return 1.0 - self.sd**2

    @property
    def ess(self) -> float:
        """The smaller of bulk and tail."""
        return min(self.ess_bulk, self.ess_tail)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check that failed.

    Attributes
    ----------
    check : {"chains", "finite", "divergences", "tree depth", "r_hat", "ess", "bfmi"}
    what, action : str
        Plain words with number, limit and the worst parameter; one thing to try.
    """

    check: str
    what: str
    action: str

    def __str__(self) -> str:
        return f"FAIL {self.check}: {self.what}. Try: {self.action}."


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the gate says of one plugin's fit."""

    plugin: str
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        """No check failed."""
        return not self.findings

    def __str__(self) -> str:
        if self.passed:
            return f"{self.plugin}: no failure detected"
        return "\n".join([f"{self.plugin}: draws must not be used", *map(str, self.findings)])


def _labels(name: str, shape: tuple[int, ...]) -> Iterable[tuple[tuple[int, ...], str]]:
    import numpy

    for index in numpy.ndindex(*shape):
        suffix = f"[{', '.join(str(i) for i in index)}]" if index else ""
        yield index, f"{name}{suffix}"


def statistics(plugin: str, scores: Mapping[str, Array]) -> tuple[Statistics, ...]:
    """Summarise every free random variable.

    Parameters
    ----------
    plugin : str
        Id, put before the names.
    scores : Mapping[str, numpy.ndarray]
        Draws, (chain, draw, ...).
    """
    import warnings

    import numpy
    from arviz_stats.base import array_stats as untyped

    array_stats: Any = untyped
    found = []
    for name in sorted(scores):
        draws: Any = numpy.asarray(scores[name])
        for index, label in _labels(f"{plugin}.{name}", draws.shape[2:]):
            one = draws[:, :, *index]
            # NaN and constant draws are findings here, not warnings.
            with warnings.catch_warnings(), numpy.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                found.append(
                    Statistics(
                        name=label,
                        mean=float(one.mean()),
                        sd=float(one.std(ddof=1)),
                        r_hat=float(array_stats.rhat(one, chain_axis=0, draw_axis=1)),
                        ess_bulk=float(array_stats.ess(one, chain_axis=0, draw_axis=1)),
                        ess_tail=float(
                            array_stats.ess(
                                one, chain_axis=0, draw_axis=1, method="tail", prob=0.05
                            )
                        ),
                    )
                )
    return tuple(found)


def bfmi(energy: Array) -> numpy.ndarray[Any, Any]:
    """Energy Bayesian fraction of missing information per chain (Betancourt 2016).

    Parameters
    ----------
    energy : numpy.ndarray
        (chain, draw).
    """
    import numpy

    energy = numpy.asarray(energy)
    with numpy.errstate(all="ignore"):
        steps = numpy.square(numpy.diff(energy, axis=1)).mean(axis=1)
        found: numpy.ndarray[Any, Any] = steps / energy.var(axis=1, ddof=1)
    return found


_DEPTH_FLAGS = ("maxdepth_reached", "reached_max_treedepth")
"""What nutpie and PyMC call a draw that ended at the largest tree."""


def judge(
    plugin: str,
    table: Iterable[Statistics],
    sampling: Mapping[str, Array],
    *,
    limits: Limits = LIMITS,
) -> Verdict:
    """Judge a fit.

    Parameters
    ----------
    plugin : str
        Whose fit it is, for the messages.
    table : iterable of Statistics
        Of the free random variables.
    sampling : Mapping[str, numpy.ndarray]
        ``diverging``, ``energy`` and ``maxdepth_reached`` (or ``reached_max_treedepth``),
        (chain, draw).

    Returns
    -------
    Verdict
        A statistic that is missing or not finite counts as a failure.
    """
    import numpy

    rows = tuple(table)
    found: list[Finding] = []

    def add(check: str, what: str, action: str) -> None:
        found.append(Finding(check=check, what=what, action=action))

    chains = numpy.shape(sampling["energy"])[0]
    if chains < limits.chains:
        add("chains", f"{chains} chains, at least {limits.chains} are needed", "run 4 chains")

    divergences = int(numpy.sum(sampling["diverging"]))
    if divergences:
        draws = numpy.size(sampling["diverging"])
        add(
            "divergences",
            f"{divergences} of {draws} draws diverged, none may",
            f"narrow the prior of the least informed scale of {plugin}",
        )

    flag = next((name for name in _DEPTH_FLAGS if name in sampling), "")
    deepest = int(numpy.sum(sampling[flag])) if flag else -1
    if deepest:
        said = "depth of the trees is unknown" if deepest < 0 else f"{deepest} draws hit the limit"
        add("tree depth", f"{said}, none may", "raise target_accept, or give rows their own scale")

    odd = [row for row in rows if not numpy.isfinite([row.mean, row.sd, row.r_hat, row.ess]).all()]
    if odd or not rows:
        worst = odd[0].name if odd else plugin
        add(
            "finite",
            f"{worst} is constant or not a number in some chain ({len(odd)} such parameters)",
            f"check that the evidence of {plugin} is finite wherever its priors reach",
        )

    usable = [row for row in rows if row not in odd]
    apart = [row for row in usable if row.r_hat > limits.r_hat]
    if apart:
        worst_row = max(apart, key=lambda row: row.r_hat)
        add(
            "r_hat",
            f"{len(apart)} of {len(rows)} parameters above {limits.r_hat} "
            f"(worst {worst_row.name} = {worst_row.r_hat:.3f})",
            f"look for two explanations of one fact around {worst_row.name}",
        )

    few = [row for row in usable if row.ess < limits.ess]
    if few:
        worst_row = min(few, key=lambda row: row.ess)
        times = int(numpy.ceil(limits.ess / max(worst_row.ess, 1.0)))
        add(
            "ess",
            f"{len(few)} of {len(rows)} parameters below {limits.ess:.0f} effective draws "
            f"(worst {worst_row.name} = {worst_row.ess:.0f})",
            f"multiply the number of draws by {times}",
        )

    energy = bfmi(sampling["energy"])
    low = ~(energy >= limits.bfmi)
    if low.any():
        chain = int(numpy.argmax(low))
        add(
            "bfmi",
            f"chain {chain} has E-BFMI {energy[chain]:.2f}, below {limits.bfmi}",
            f"give {plugin} a lighter-tailed prior for the scale of its groups",
        )
    return Verdict(plugin=plugin, findings=tuple(found))
