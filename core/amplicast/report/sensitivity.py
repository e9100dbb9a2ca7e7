"""What moves the answers of a run, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sobol import Estimate
from amplicast.analysis.tornado import Driver, unit_of
from amplicast.forecast.inputs import label_of
from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.charts.place import spoken
from amplicast.report.charts.tornado import amount
from amplicast.report.layout import Block, Grid, Text, grid, note, text_of
from amplicast.report.prose import listed
from amplicast.report.words import count, decimals, oom, percent

if TYPE_CHECKING:
    from amplicast.analysis.influence import Influence
    from amplicast.analysis.reach import Reach
    from amplicast.analysis.replay import Answer
    from amplicast.forecast import Forecast

__all__ = [
    "answer_title",
    "estimate",
    "input_title",
    "is_score",
    "lowered",
    "sensitivity_record",
    "sensitivity_text",
    "unreliable",
]

ABOUT = note("""\
alone: share of the variance that goes once the block is known. with others: share that stays while
only the block is unknown; above alone where blocks act together. Blocks are independent; inputs
inside one stay tied as evidence ties them. year by year: what is still to come, which no study can
settle. In brackets: 90 % Monte Carlo interval.""")

ABOUT_INPUTS = note("""\
median moves: where the input is at its 5 % and at its 95 % value. rank: Spearman's correlation.
alone: as above, for one input; what evidence ties together speaks for each other. distance: between
the answer where the input lies in one tenth of its range and the answer anywhere (PAWN, 0 to
100 %). score: place of what is not known yet among what is, as a standard normal.""")

LEAST = 0.01
"""Total index below which blocks are summed up in a line."""

FINE, COARSE = 0.01, 0.05
"""Steps of a share."""

FINE_ERROR = 0.025
"""Standard error up to which the fine step is told."""


def sensitivity_text(
    forecast: Forecast, found: Sequence[Influence], reach: Reach, *, top: int
) -> Text:
    """Blocks and inputs for every answer, then what has no effect."""
    parts: list[Block] = []
    for each in found:
        parts += [_blocks(each, top), _sum(each)]
        parts += _inputs(forecast, each, top)
    return text_of([*parts, ABOUT, ABOUT_INPUTS, *_reach(forecast, reach), unreliable(forecast)])


def unreliable(forecast: Forecast) -> str:
    """A warning where the run failed its checks; else nothing."""
    failed = forecast.provenance.get("failed_checks", [])
    return f"Checks FAILED; do not quote this: {'; '.join(failed)}." if failed else ""


def answer_title(answer: Answer) -> str:
    """``AI copies, leading lab, 2032``."""
    names = {"copies": "AI copies", "amplification": "Amplification"}
    name = names.get(answer.output, OUTPUTS[answer.output].title)
    place = dict(answer.place)
    year = [str(place.pop("year"))] if "year" in place else []
    if "task_class" in place:
        place["task_class"] = f"{place['task_class']} tasks"
    return ", ".join([name, *(spoken(str(label)) for label in place.values()), *year])


def input_title(forecast: Forecast, name: str) -> str:
    """Name of an input with its unit; a score is the place of a case that is not known yet."""
    unit = "score" if is_score(forecast, name) else unit_of(forecast, name)
    told = "" if unit in {"1", "fraction"} else f", {unit}"
    return f"{label_of(name, forecast.plan.plugins)}{told}"


def is_score(forecast: Forecast, name: str) -> bool:
    """Whether a plugin states it as a standard normal."""
    id_, _, parameter = name.partition("[")[0].partition(".")
    plugin = next((each for each in forecast.plan.plugins if each.id == id_), None)
    prior = plugin.priors.get(parameter) if plugin else None
    return (
        prior is not None
        and prior.dist == "normal"
        and dict(prior.numbers) == {"mean": 0.0, "sd": 1.0}
    )


def estimate(told: Estimate) -> str:
    """A share with its interval, ``38 % (36 to 39 %)``, in steps that its error allows.

    The interval is left out where both ends read the same.
    """
    step = FINE if told.error < FINE_ERROR else COARSE
    middle, first, last = (_stepped(each, step) for each in (told.value, told.low, told.high))
    if first == last:
        return middle
    return f"{middle} ({first.removesuffix(' %')} to {last})"


def _stepped(number: float, step: float) -> str:
    inner = min(max(number, 0.0), 1.0)
    return percent(inner if inner < LEAST else max(step * round(inner / step), LEAST))


def _blocks(each: Influence, top: int) -> Grid:
    kept = [index for index in each.indices if index.total.value >= LEAST][:top]
    rows = [
        [spoken(index.block).replace("_", " "), estimate(index.own), estimate(index.total)]
        for index in kept
    ]
    rest = [index for index in each.indices if index not in kept]
    if rest:
        most = max(index.total.value for index in rest)
        below = f"at most {percent(most)}" if most >= LEAST else "below 1 %"
        rows.append([f"{len(rest)} more blocks: each {below} with others"])
    return grid(
        f"What moves {lowered(answer_title(each.answer))}: share of the variance of {each.told}",
        [["block of inputs", "alone", "with others"], *rows],
    )


def lowered(title: str) -> str:
    """A title as it stands inside a sentence."""
    return title if title.startswith("AI") else title[:1].lower() + title[1:]


def _sum(each: Influence) -> str:
    total = sum(max(index.own.value, 0.0) for index in each.indices)
    error = sum(index.own.error**2 for index in each.indices) ** 0.5
    together = percent(min(total, 1.0), error)
    none = ""
    if each.undefined:
        none = f" {percent(each.undefined)} of the draws cannot run such copies; they rank lowest."
    return (
        f"Alone, the blocks settle {together} together; the rest comes from blocks that act "
        f"together. {len(each.without)} blocks cannot reach this answer.{none}"
    )


def _inputs(forecast: Forecast, each: Influence, top: int) -> list[Block]:
    certain = [given for given in each.inputs if given.certain]
    if not certain:
        return ["No single input moves it by more than chance would."]
    rows = []
    for given in certain[:top]:
        driver = each.drivers.get(given.name)
        places = max(decimals(given.correlation.error, 2), 1)
        rows.append(
            [
                input_title(forecast, given.name),
                _range(driver),
                _moves(driver, OUTPUTS[each.answer.output].log),
                f"{given.correlation.value:+.{places}f}",
                estimate(given.share),
                estimate(given.pawn),
            ]
        )
    others = len(certain) - len(rows)
    moves = f"median moves, {OUTPUTS[each.answer.output].unit}"
    head = ["single input", "5 % to 95 %", moves, "rank", "alone", "distance"]
    return [
        grid(f"Single inputs: {lowered(answer_title(each.answer))}", [head, *rows]),
        f"{others} more inputs move it by more than chance would." if others else "",
    ]


def _range(driver: Driver | None) -> str:
    if driver is None:
        return ""
    return f"{amount(driver.low, driver.unit)} to {amount(driver.high, driver.unit)}"


def _moves(driver: Driver | None, log: bool) -> str:
    if driver is None:
        return ""
    error = driver.error / 2.0**0.5  # of one end
    return " to ".join(
        count(10.0**end, 10.0**end * (10.0**error - 1.0)) if log else oom(end, error)
        for end in (driver.at_low, driver.at_high)
    )


def _reach(forecast: Forecast, found: Reach) -> Iterator[str]:
    """What has no effect, in a few lines."""
    apart = [name for name in found.apart if name not in {*found.fits, *found.idle}]
    if apart:
        yield f"Reach no headline, only other outputs: {_names(apart)}."
    if found.still:
        yield (
            f"Could reach a headline but changed none in {found.tried} exchanges of their draws: "
            f"{_names(found.still)}."
        )
    if found.idle:
        yield f"Beliefs that nothing uses in this run: {_names(found.idle)}."
    if found.fits:
        yield (
            f"{len(found.fits)} fitted parameters serve calibration alone: {_names(found.fits)}."
        )
    outputs = [*found.constant, *found.undefined]
    if outputs:
        yield f"Outputs that no input moves: {_names(outputs)}."
    elif not found.idle:
        yield "Every output is moved by some input, and every belief reaches some output."


def _names(names: Sequence[str]) -> str:
    return listed([str(name) for name in names])


def sensitivity_record(found: Sequence[Influence], reach: Reach) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "answers": [
            {
                "output": each.answer.output,
                **dict(each.answer.place),
                "variance_of": each.told,
                "share_undefined": each.undefined,
                "blocks": [asdict(index) for index in each.indices],
                "blocks_without_path": list(each.without),
                "inputs": [
                    {
                        **asdict(given),
                        "tornado": asdict(each.drivers[given.name])
                        if given.name in each.drivers
                        else None,
                    }
                    for given in each.inputs
                    if given.certain
                ],
            }
            for each in found
        ],
        "reach": asdict(reach),
    }
