"""T3: every assumption that a forecast rests on, with its value, basis, source and reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from amplicast.forecast.inputs import label_of
from amplicast.report.registers.columns import Register, column, plain

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior

__all__ = ["AssumptionRow", "Basis", "assumption_register", "assumption_rows"]

Basis = Literal["evidence", "judgement", "fixed"]


@dataclass(frozen=True, kw_only=True)
class AssumptionRow:
    """One assumption of the reference scenario.

    Attributes
    ----------
    id : str
        An input of the engine, or ``<plugin>.<parameter>``.
    sentence : str
        What is assumed, in words.
    low, median, high : float
        5 %, 50 % and 95 % points as the forecast used them [unit]: after the evidence, where
        there is some.
    stated : str
        As the file or the plugin states it: the prior, where evidence decides.
    unit : str
    basis : {"evidence", "judgement", "fixed"}
        Whether evidence moved it in this run; otherwise it is a stated range, or a number.
    source : str
        Key of the source, or ``judgement``.
    why, origin : str
        The reason given; the file that states it.
    """

    id: str = column("Name of the assumption.")
    sentence: str = column("What is assumed, in words.")
    low: float = column("5 % point, as used.")
    median: float = column("Median, as used.")
    high: float = column("95 % point, as used.")
    unit: str = column("Unit of the numbers.")
    basis: str = column("evidence: moved by data in this run; judgement: a range; fixed: a number.")
    source: str = column("Key of the source, or judgement.")
    why: str = column("Why this value.")
    stated: str = column("As stated; two numbers are the 5 % and 95 % points.")
    origin: str = column("Where it is stated.")


def assumption_rows(forecast: Forecast) -> tuple[AssumptionRow, ...]:
    """Every input of the forecast's reference scenario, by name."""
    from amplicast.priors import Prior

    changes = forecast.provenance.get("changes", {})
    informed = set(forecast.provenance["informed"])
    beliefs = set(forecast.provenance["beliefs"])
    defaults = {
        f"{plugin.id}.{name}": prior
        for plugin in forecast.plan.plugins
        for name, prior in plugin.priors.items()
    }
    rows = []
    for name, draws in sorted(forecast.inputs().items()):
        stated = forecast.scenario.assumptions.get(name)
        if name in changes:
            prior, origin = Prior.from_dict(changes[name]), "re-evaluated"
        elif stated is not None:
            prior, origin = stated.prior, stated.origin
        elif name in defaults:
            prior, origin = defaults[name], "default of the plugin"
        else:
            continue
        calibrated = name not in beliefs
        low, median, high = _points(prior, draws if calibrated else None)
        basis: Basis = "judgement"
        if prior.is_fixed:
            basis = "fixed"
        elif calibrated and name in informed:
            basis = "evidence"
        rows.append(
            AssumptionRow(
                id=name,
                sentence=_sentence(
                    label_of(name, forecast.plan.plugins), prior, basis, (low, median, high)
                ),
                low=low,
                median=median,
                high=high,
                unit=prior.unit,
                basis=basis,
                source=prior.source or "judgement",
                why=prior.why,
                stated=prior.statement,
                origin=origin,
            )
        )
    return tuple(rows)


def _points(prior: Prior, draws: Any | None) -> tuple[float, float, float]:
    """5 %, 50 % and 95 % points: of the draws, pooled over other dims, or of the belief itself."""
    import numpy

    points = (0.05, 0.5, 0.95)
    if draws is None or prior.is_fixed:
        low, median, high = (float(f"{prior.quantile(p):.12g}") for p in points)
    else:
        low, median, high = (float(q) for q in numpy.quantile(draws.values, points))
    return low, median, high


def _sentence(label: str, prior: Prior, basis: Basis, points: Iterable[float]) -> str:
    low, median, high = (plain(point, prior.unit) for point in points)
    unit = "" if prior.unit in {"1", "fraction"} else f" {prior.unit}"
    what = f"{label[:1].upper()}{label[1:]}"
    if basis == "fixed":
        return f"{what}: {median}{unit}, fixed."
    after = " after the evidence" if basis == "evidence" else ""
    return f"{what}: {low} to {high}{unit} with 90 % probability{after}, median {median}."


def assumption_register(rows: Sequence[AssumptionRow]) -> Register:
    """The rows as a table."""
    about = (
        "Every number that the reference scenario rests on. low and high are the 5 % and 95 % "
        "points that the forecast used, after the evidence where the basis is evidence."
    )
    return Register.of("assumptions", "Assumptions", about, AssumptionRow, rows)
