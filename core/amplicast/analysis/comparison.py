"""Two runs side by side: what they assume otherwise, and how far their headlines differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from amplicast.analysis.comparison_inputs import Changed, apart, changed_inputs, changed_settings
from amplicast.analysis.precision import difference_error, quantile_error
from amplicast.errors import Problem, RunError
from amplicast.forecast.outputs import HEADLINES, OUTPUTS

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["Comparison", "Difference", "Side", "compare"]

LEVELS = {"p05": 0.05, "p17": 0.17, "p50": 0.5, "p83": 0.83, "p95": 0.95}

DIMS = ("actor", "regime", "task_class", "year")


@dataclass(frozen=True, kw_only=True)
class Side:
    """A headline at one place in one run.

    Attributes
    ----------
    quantiles : Mapping[str, float or None]
        By column of `LEVELS`, over the draws in which it is defined; None where none is.
    error : float or None
        Monte Carlo standard error of the median.
    defined : float
        Share of draws in which it is defined.
    """

    quantiles: Mapping[str, float | None]
    error: float | None
    defined: float


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How far a headline differs at one place: the second run less the first.

    Attributes
    ----------
    quantity : str
    place : Mapping[str, str or int]
    before, after : Side
    moved : float or None
        Difference of the medians; of their log10, in OOM, where the quantity is positive and wide.
    error : float or None
        Monte Carlo standard error of `moved`; on common draws it is that of the pair.
    paired : Mapping[str, float] or None
        Quantiles of the difference draw by draw, in the unit of `moved`; None without common draws.
    higher : float or None
        Share of the common draws in which the second run has more.
    both : float
        Share of draws in which both are defined; nan without common draws.
    """

    quantity: str
    place: Mapping[str, str | int]
    before: Side
    after: Side
    moved: float | None
    error: float | None
    paired: Mapping[str, float] | None
    higher: float | None
    both: float

    @property
    def log(self) -> bool:
        """Whether `moved` is a log10 ratio."""
        return OUTPUTS[self.quantity].log

    @property
    def same(self) -> bool:
        """Whether it is the same in every draw."""
        return self.paired is not None and not any(self.paired.values()) and self.moved == 0.0


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two runs.

    Attributes
    ----------
    before, after : Forecast
    changed : tuple of Changed
        Assumptions that differ.
    settings : tuple of Changed
        Everything else that differs: plugins, years, regimes, seed, versions.
    apart : tuple of str
        Why their draws are not common; empty where they are.
    differences : tuple of Difference
    """

    before: Forecast
    after: Forecast
    changed: tuple[Changed, ...]
    settings: tuple[Changed, ...]
    apart: tuple[str, ...]
    differences: tuple[Difference, ...]


def compare(
    before: Forecast,
    after: Forecast,
    *,
    quantities: Sequence[str] = HEADLINES,
    years: Sequence[int] = (),
) -> Comparison:
    """Hold the reference scenarios of two runs against each other, where both have the place.

    Raises
    ------
    RunError
        They have no year, or no place, in common.
    """
    reasons = apart(before, after)
    found = [
        difference
        for name in quantities
        for difference in _differences(before, after, name, years, common=not reasons)
    ]
    if not found:
        raise RunError(
            Problem(
                code="AMP-R110",
                what=f"the runs {before.id} and {after.id} have no headline in common",
                why="No pool, regime, task class and year is in both.",
                fix="compare runs of scenarios that share actors and years",
            )
        )
    return Comparison(
        before=before,
        after=after,
        changed=changed_inputs(before, after),
        settings=changed_settings(before, after),
        apart=reasons,
        differences=tuple(found),
    )


def _differences(
    before: Forecast, after: Forecast, name: str, years: Sequence[int], *, common: bool
) -> Iterator[Difference]:
    left = before.output(name, before.scenarios[0])
    right = after.output(name, after.scenarios[0])
    dims = [dim for dim in DIMS if dim in left.dims and dim in right.dims]
    shared = {dim: _shared(left[dim].values, right[dim].values) for dim in dims}
    if years:
        shared["year"] = [year for year in shared["year"] if year in years]
    for labels in product(*shared.values()):
        place = dict(zip(dims, labels, strict=True))
        yield _difference(
            name, place, left.sel(place).values, right.sel(place).values, common=common
        )


def _shared(left: Any, right: Any) -> list[Any]:
    known = set(right.tolist())
    return [label for label in left.tolist() if label in known]


def _difference(
    name: str, place: Mapping[str, Any], left: Any, right: Any, *, common: bool
) -> Difference:
    import numpy

    log = OUTPUTS[name].log
    with numpy.errstate(divide="ignore", invalid="ignore"):
        first, last = (numpy.log10(each) if log else each for each in (left, right))
        # Two draws without any copies do not differ.
        step = numpy.where((first == last) & ~numpy.isnan(first), 0.0, last - first)
    kept = step[~numpy.isnan(step)] if common else step[:0]
    one, two = _median(first), _median(last)
    moved = None if one is None or two is None else two - one
    return Difference(
        quantity=name,
        place=dict(place),
        before=_side(left),
        after=_side(right),
        moved=moved,
        error=None if moved is None else difference_error(first, last, paired=common),
        paired=_quantiles(kept) if kept.size else None,
        higher=float((kept > 0.0).mean()) if kept.size else None,
        both=kept.size / step.size if common else float("nan"),
    )


def _median(values: Any) -> float | None:
    import numpy

    kept = values[~numpy.isnan(values)]
    found = float(numpy.median(kept)) if kept.size else float("nan")
    return found if numpy.isfinite(found) else None


def _quantiles(values: Any) -> dict[str, float]:
    import numpy

    # A draw, not a point between two: where one side has no copies a step is infinite.
    found = numpy.quantile(values, list(LEVELS.values()), method="nearest")
    return dict(zip(LEVELS, map(float, found), strict=True))


def _side(values: Any) -> Side:
    import numpy

    kept = values[~numpy.isnan(values)]
    defined = kept.size / values.size
    if not kept.size:
        return Side(quantiles=dict.fromkeys(LEVELS), error=None, defined=defined)
    found = numpy.quantile(kept, list(LEVELS.values()))
    quantiles = dict(zip(LEVELS, map(float, found), strict=True))
    return Side(quantiles=quantiles, error=quantile_error(kept, 0.5), defined=defined)
