"""A belief about one quantity: stated in words or numbers, with its unit, source and reason.

Two numbers are the 5 % and the 95 % point. The unit decides the shape (positive -> lognormal,
fraction -> logit-normal, else normal) unless a distribution is named; equal tails hold exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from amplicast import prior_checks as checks
from amplicast.prior_families import FAMILIES, Coefficients, z_of
from amplicast.prior_text import belief_error, parse, shown
from amplicast.units import canonical

if TYPE_CHECKING:
    import numpy

    from amplicast.math import MathNamespace

__all__ = ["Prior"]

Value = Any
Statement = float | str | Mapping[str, Any]
"""``3``, ``"2 to 5"``, or a table such as ``{"low": 1, "best": 2, "high": 5}``."""

_DEFAULT = {"positive": "lognormal", "fraction": "logitnormal", "real": "normal"}


@dataclass(frozen=True, init=False)
class Prior:
    """A belief about one quantity.

    Parameters
    ----------
    value : float, str or mapping, optional
        A number (fixed), ``"2 to 5"`` (5 % and 95 % points), ``"80%: 2 to 5"`` (10 % and 90 %),
        or a mapping of the keywords below.
    unit : str
        One of `amplicast.units.UNITS`.
    source, why : str
        Citation key, or ``judgement``; the reason in one sentence.
    dist : str, optional
        Family, where the unit should not decide it.
    **numbers : float
        ``low``, ``high`` and optionally ``best`` (the median: two-piece normal, lognormal or
        logit-normal) and ``mass`` (0.9); or what states a named family directly: normal ``mean,
        sd``; lognormal ``mu, sigma`` of the natural logarithm; logitnormal ``mu, sigma`` of the
        log-odds; uniform and loguniform ``min, max``; triangular ``min, mode, max``; beta and
        kumaraswamy ``a, b``; gamma ``shape, scale``; fixed ``value``.

    Attributes
    ----------
    dist : str
        Name of the family without hyphens; see `family` for two-piece ones.
    numbers : tuple of (str, float)
        What states it, by name, in a fixed order.

    Raises
    ------
    ScenarioError, UnitError
        The statement cannot be read, contradicts itself or does not fit its unit.

    Examples
    --------
    >>> Prior("2 to 5", unit="FLOP").family
    'lognormal'
    >>> round(Prior("2 to 5", unit="FLOP").quantile(0.95), 9)
    5.0
    """

    dist: str
    numbers: tuple[tuple[str, float], ...]
    unit: str
    source: str
    why: str
    _coefficients: Coefficients = field(compare=False, repr=False)

    def __init__(
        self,
        value: Statement | None = None,
        *,
        unit: str,
        source: str = "",
        why: str = "",
        dist: str = "",
        **numbers: float,
    ) -> None:
        stated = _read(value, dist, numbers)
        name = canonical(unit)
        if name.name == "%":
            raise checks.percent_error(stated)
        kind = stated.pop("dist", "")
        if not kind:
            kind = "fixed" if "value" in stated else _DEFAULT[name.kind]
        kind, ordered = checks.statement(kind, stated)
        _set(self, dist=kind, numbers=ordered, unit=name.name, source=source, why=why)
        checks.support(kind, dict(ordered), name)
        solved = checks.solved(kind, dict(ordered), self.statement, name)
        _set(self, _coefficients=solved)

    @property
    def family(self) -> str:
        """Name of the family, ``split-`` before it for a two-piece one."""
        return f"split-{self.dist}" if "best" in dict(self.numbers) else self.dist

    @property
    def is_fixed(self) -> bool:
        """Whether it is a single number."""
        return self.dist == "fixed"

    @property
    def statement(self) -> str:
        """The belief as a person would write it, without unit."""
        by = dict(self.numbers)
        if self.is_fixed:
            return shown(by["value"])
        if set(by) == {"low", "high", "mass"}:
            mass = "" if by["mass"] == 0.9 else f"{by['mass'] * 100:.10g}%: "
            return f"{mass}{shown(by['low'])} to {shown(by['high'])}"
        return ", ".join(f"{name} {shown(number)}" for name, number in self.numbers)

    def transform(self, m: MathNamespace, z: Value) -> Value:
        """Map standard-normal scores to values, keeping their order, shape and labels.

        Parameters
        ----------
        m : MathNamespace
            `amplicast.math.NUMPY` for draws, its twin over PyTensor inside a model.
        z : Value
            Scores, any shape.

        Returns
        -------
        Value
            Same shape, in `unit`.
        """
        return FAMILIES[self.dist].transform(m, z, self._coefficients)

    def from_scores(self, z: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
        """`transform` on NumPy that overwrites `z` where the family allows it: use the result."""
        import numpy

        rule = FAMILIES[self.dist]
        plain = rule.unlink is not None and self._coefficients[1] == self._coefficients[2]
        if not plain or rule.link not in {"", "exp"} or not z.flags.writeable:
            from amplicast.math import NUMPY

            return numpy.asarray(self.transform(NUMPY, z))
        centre, sd, _ = self._coefficients
        numpy.multiply(z, sd, out=z)
        numpy.add(z, centre, out=z)
        return numpy.exp(z, out=z) if rule.link else z

    def quantile(self, p: Value) -> Value:
        """Value below which the quantity lies with probability `p` [fraction], float or array."""
        import numpy

        from amplicast.math import NUMPY

        if numpy.ndim(p) == 0:
            return float(self.transform(NUMPY, z_of(float(p))))
        from scipy.special import ndtri

        return self.transform(NUMPY, ndtri(numpy.asarray(p, dtype=float)))

    def describe(self) -> dict[str, Any]:
        """Quantiles ``p05`` to ``p95``, family, unit and a sentence; no mean, which misleads."""
        points = {f"p{p:02d}": self.quantile(p / 100) for p in (5, 25, 50, 75, 95)}
        low, middle, high = (f"{points[key]:.4g}" for key in ("p05", "p50", "p95"))
        unit = "" if self.unit == "1" else f" {self.unit}"
        words = f"between {low} and {high}{unit} with 90 % probability, median {middle}"
        return {
            **points,
            "family": self.family,
            "unit": self.unit,
            "statement": self.statement,
            "words": f"{middle}{unit}, fixed" if self.is_fixed else words,
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain data that `from_dict` turns into an equal belief."""
        return {
            "type": "prior",
            "dist": self.dist,
            "numbers": dict(self.numbers),
            "unit": self.unit,
            "source": self.source,
            "why": self.why,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Prior:
        """Rebuild what `to_dict` wrote.

        Raises
        ------
        ScenarioError
            The record is not one of a belief.
        """
        if data.get("type") != "prior" or not {"dist", "numbers", "unit"} <= set(data):
            raise belief_error(
                "AMP-S131",
                f"a record with the keys {', '.join(sorted(data)) or 'none'} is not a belief",
                'A stored belief has type = "prior", dist, numbers and unit.',
                "write it with Prior.to_dict()",
            )
        return cls(
            unit=data["unit"],
            source=data.get("source", ""),
            why=data.get("why", ""),
            dist=data["dist"],
            **data["numbers"],
        )

    def with_value(
        self, value: Statement, *, unit: str = "", source: str = "", why: str = ""
    ) -> Prior:
        """Return a new belief about the same quantity, in the same unit.

        A range takes the shape that keeps to where the old belief lies, so what was declared
        above zero stays above zero. Source and reason are those of the new belief.

        Parameters
        ----------
        value : float, str or mapping
            As in `Prior`; a mapping may carry ``unit``, ``source`` and ``why`` itself.
        unit : str, optional
            Another unit in which `value` is stated; its points are converted.
        """
        table = dict(value) if isinstance(value, Mapping) else {"value": value}
        unit = str(table.pop("unit", "") or unit or self.unit)
        source, why = str(table.pop("source", source)), str(table.pop("why", why))
        stated = _read(table, "", {})
        if canonical(unit).name != self.unit:
            stated = checks.converted(stated, unit, self.unit)
        support = FAMILIES[self.dist].support
        if "dist" not in stated and "value" not in stated and support != "any":
            stated["dist"] = _DEFAULT[support]
        return Prior(stated, unit=self.unit, source=source, why=why)


def _set(prior: Prior, **values: Any) -> None:
    for name, value in values.items():
        object.__setattr__(prior, name, value)


def _read(value: Statement | None, dist: str, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return one table: ``dist``, where named, and the numbers, checked later.

    Raises
    ------
    ScenarioError
        The text cannot be read, or the belief is stated twice.
    """
    stated = dict(numbers)
    if isinstance(value, Mapping):
        stated = {**value, **stated}
        value = stated.pop("value", None)
    dist = str(stated.pop("dist", "") or dist)
    if isinstance(value, str):
        value = parse(value)
    elif value is not None:
        value = {"value": value}
    twice = sorted(set(stated) & set(value or ()))
    if twice or (value and stated and set(stated) != {"mass"}):
        raise belief_error(
            "AMP-S132",
            "a belief is stated twice: by its value and by " + ", ".join(sorted(stated)),
            "It cannot be known which one is meant.",
            "keep one of them",
        )
    stated.update(value or {})
    return {"dist": dist, **stated} if dist else stated
