"""A sweep on a terminal and as plain data: its span, and which inputs move it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.results import column
from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.charts.place import spoken
from amplicast.report.layout import Block, Grid, Text, grid, note, text_of
from amplicast.report.words import interval, value

if TYPE_CHECKING:
    from amplicast.analysis.sweep import Design, Results, Swept

__all__ = ["outline_text", "sweep_outline", "sweep_record", "sweep_text"]

SHOWN, VALUES = 5, 6
"""Cases that are told from lowest to highest, and most values of an input that are."""

LEVELS = (0.05, 0.5, 0.95)

ABOUT = note("""\
Numbers of a case: over those of its draws in which the quantity is defined. on average: mean of
the medians of all cases with that value, geometric for counts; with a full grid, the effect of that
input alone. The files hold every case, year, pool, regime and task class that is kept.""")


@dataclass(frozen=True)
class _Told:
    """Quantiles of one output at one place: the last year, first pool, last regime, middle class.

    Attributes
    ----------
    output : str
    place : dict
    low, median, high : array
        By case.
    """

    output: str
    place: dict[str, Any]
    low: Any
    median: Any
    high: Any


def sweep_text(swept: Swept) -> Text:
    """What a finished sweep says, in a screen."""
    results = swept.results
    parts: list[Block] = [_title(results)]
    for told in _told(results):
        parts += [_ends(results, told), *_effects(results, told)]
    parts += [ABOUT, _files(results)]
    if swept.failed:
        parts.append("Checks failed: " + "; ".join(swept.failed))
    return text_of(parts)


def _title(results: Results) -> str:
    design = results.design
    start = f"the scenario {design.scenario}" if design.scenario else f"the run {design.run}"
    return f"{design.name}: {len(design.cases):,} cases, from {start}"


def _told(results: Results) -> list[_Told]:
    """Every output that is kept, where readers look first."""
    keep = results.design.keep
    chosen = {level: _nearest(keep.quantiles, level) for level in LEVELS}
    found, _ = results.quantiles()
    usual: dict[str, Any] = {}
    for dim, labels in keep.labels.items():
        at = {"year": -1, "regime": -1, "task_class": len(labels) // 2}.get(dim, 0)
        usual[dim] = labels[at]
    told, start = [], 0
    for output in keep.outputs:
        places = keep.places(output)
        place = {dim: usual[dim] for dim in OUTPUTS[output].dims}
        numbers = found[:, start + places.index(place)]
        start += len(places)
        told.append(_Told(output, place, *(numbers[:, chosen[level]] for level in LEVELS)))
    return told


def _nearest(quantiles: Sequence[float], level: float) -> int:
    return min(range(len(quantiles)), key=lambda i: abs(quantiles[i] - level))


def _where(told: _Told) -> str:
    place = [str(label) if dim == "year" else spoken(str(label)) for dim, label in
             told.place.items()]  # fmt: skip
    about = OUTPUTS[told.output]
    return f"{about.title} [{about.unit}], {', '.join(place)}"


def _ends(results: Results, told: _Told) -> Grid:
    """Cases from the lowest median to the highest; undefined ones come last."""
    import numpy

    quantiles = results.design.keep.quantiles
    unit = OUTPUTS[told.output].unit
    order = numpy.argsort(told.median, kind="stable")
    count = int(numpy.isfinite(told.median).sum())
    picked = sorted({round(i * (count - 1) / (SHOWN - 1)) for i in range(SHOWN)}) if count else []
    names = _inputs(results)
    head = [f"{column(quantiles[_nearest(quantiles, level)])}" for level in LEVELS]
    rows = [["case", *names, "median" if head[1] == "p50" else head[1], f"{head[0]} to {head[2]}"]]
    for rank in picked:
        i = int(order[rank])
        case = results.design.cases[i]
        rows.append(
            [
                case.name,
                *(results.stated(case, name) for name in names),
                value(float(told.median[i]), unit),
                interval(float(told.low[i]), float(told.high[i]), unit),
            ]
        )
    missing = len(told.median) - count
    more = f" In {missing:,} cases it is undefined in every draw." if missing else ""
    return grid(f"{_where(told)}: cases from lowest to highest.{more}", rows)


def _inputs(results: Results, most: int = 4) -> tuple[str, ...]:
    return results.inputs[:most]


def _effects(results: Results, told: _Told) -> list[Block]:
    """Average median by value of each input, the input that moves it most first.

    Inputs without a difference that could be printed are named below the table.
    """
    import numpy

    about, cases = OUTPUTS[told.output], results.design.cases
    with numpy.errstate(divide="ignore", invalid="ignore"):
        scaled = numpy.log10(told.median) if about.log else told.median
    found = []
    for name in results.inputs:
        by: dict[str, list[float]] = {}
        for case, number in zip(cases, scaled, strict=True):
            if numpy.isfinite(number):
                by.setdefault(results.stated(case, name), []).append(float(number))
        if not 2 <= len(by) <= max(VALUES, len(cases) // 2):
            continue
        means = {stated: float(numpy.mean(each)) for stated, each in by.items()}
        ends = sorted(means, key=means.__getitem__)
        found.append((means[ends[-1]] - means[ends[0]], name, ends[0], ends[-1], means))
    rows = [["input", "lowest at", "on average", "highest at", "on average"]]
    same = []
    for _, name, low, high, means in sorted(found, key=lambda each: (-each[0], each[1])):
        numbers = [10.0 ** means[end] if about.log else means[end] for end in (low, high)]
        shown = [value(number, about.unit) for number in numbers]
        if shown[0] == shown[1]:
            same.append(name)
        else:
            rows.append([name, low, shown[0], high, shown[1]])
    table = grid("What moves its median, most first", rows) if len(rows) > 1 else ""
    rest = f"No difference in its median to the digits shown: {', '.join(same)}." if same else ""
    return [table, rest]


def _files(results: Results) -> str:
    return f"Every case: {results.csv} and {results.netcdf.name} beside it"


def sweep_record(swept: Swept) -> dict[str, Any]:
    """The same as plain data; every quantile is in the files."""
    results = swept.results
    return {
        "sweep": results.sweep,
        "folder": str(swept.folder),
        "csv": str(results.csv),
        "netcdf": str(results.netcdf),
        "cases": len(results.design.cases),
        "inputs": list(results.inputs),
        "record": dict(swept.record),
        "headlines": [
            {
                "quantity": told.output,
                "unit": OUTPUTS[told.output].unit,
                **told.place,
                "lowest_median": _least(told.median, lowest=True),
                "highest_median": _least(told.median, lowest=False),
            }
            for told in _told(results)
        ],
    }


def _least(numbers: Any, *, lowest: bool) -> float | None:
    import numpy

    defined = numpy.asarray(numbers)[numpy.isfinite(numbers)]
    if not len(defined):
        return None
    return float(defined.min() if lowest else defined.max())


def sweep_outline(design: Design, *, by_structure: Sequence[int], size: int) -> dict[str, Any]:
    """What a sweep would do, as plain data.

    Parameters
    ----------
    design : Design
    by_structure : sequence of int
        Cases on each structure.
    size : int
        Cases in a slice.
    """
    keep = design.keep
    return {
        "cases": len(design.cases),
        "structures": len(by_structure),
        "slices": sum(-(-number // size) for number in by_structure),
        "values": sum(len(keep.places(output)) for output in keep.outputs),
        "quantiles": list(keep.quantiles),
        "draws": keep.draws,
    }


def outline_text(found: dict[str, Any]) -> Text:
    """The same in words."""

    def several(number: int, noun: str) -> str:
        return f"{number:,} {noun}{'' if number == 1 else 's'}"

    cases, structures = several(found["cases"], "case"), several(found["structures"], "structure")
    kept = several(len(found["quantiles"]), "quantile")
    lines = [
        f"Would evaluate {cases} on {structures}, in {several(found['slices'], 'slice')}.",
        f"Would keep {kept} of {several(found['values'], 'value')} for each case"
        + (", and every draw." if found["draws"] else "."),
        "Nothing was run.",
    ]
    return text_of(["\n".join(lines)])
