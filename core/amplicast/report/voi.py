"""What knowledge is worth, on a terminal and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import floor, log10
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sobol import Estimate
from amplicast.analysis.tornado import unit_of
from amplicast.forecast.inputs import label_of
from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.charts.place import spoken
from amplicast.report.charts.tornado import amount
from amplicast.report.layout import Block, Grid, Text, grid, note, text_of
from amplicast.report.sensitivity import answer_title, estimate, input_title, unreliable
from amplicast.report.words import significant, value

if TYPE_CHECKING:
    from amplicast.analysis.decision import Action
    from amplicast.analysis.information import Information
    from amplicast.analysis.voi import Worth
    from amplicast.forecast import Forecast

__all__ = ["by_error", "information_record", "information_text"]

ABOUT = note("""\
worth: what choosing with that knowledge would gain on average (EVPPI), with its Monte Carlo
standard error. narrower: share of the answer's 90 % interval that would go on average, with a 90 %
Monte Carlo interval. Worths do not add up. year by year: what is still to come; it can be waited
for, not studied.""")

CLEAR = 2.0
"""Standard errors above nothing from which a worth is told as one."""


def information_text(forecast: Forecast, found: Information, *, top: int) -> Text:
    """The decision, what to measure next, and the tables behind it."""
    parts: list[Block] = [
        _title(found),
        _actions(found),
        _now(found),
        _next(forecast, found),
        _blocks(found, top),
        _inputs(forecast, found, top),
    ]
    if found.measured:
        parts.append(_measured(forecast, found))
    return text_of([*parts, ABOUT, _null(found), unreliable(forecast)])


def by_error(number: float, error: float) -> str:
    """A number as fine as its error, and the error to one figure: ``12.4 ± 0.3``."""
    if not error > 0.0:
        return f"{significant(number, 2):g}"
    step = floor(log10(error))
    told = significant(error, 1)
    if told >= 10.0 ** (step + 1):
        step += 1
    shown = round(number, -step) + 0.0
    return f"{shown:,.{max(-step, 0)}f} ± {told:,.{max(-step, 0)}f}"


def _title(found: Information) -> str:
    if found.decision.name:
        return f"{found.decision.name} It depends on {answer_title(found.answer)}."
    number = found.decision.actions[0].steps[0].at_least
    unit = OUTPUTS[found.answer.output].unit
    return (
        f"The call: {answer_title(found.answer)}, at least {value(number, unit)} {unit}, or not? "
        "A right call is worth 100, a wrong one nothing."
    )


def _actions(found: Information) -> Grid:
    rows = [
        [action.name, _rule(action, found), _mean(found.expected[action.name])]
        for action in found.decision.actions
    ]
    unit = found.decision.unit
    return grid("", [["action", f"payoff, {unit}", "expected now"], *rows])


def _mean(told: Estimate) -> str:
    return by_error(told.value, told.error) if told.error > 0.0 else f"{told.value:g}"


def _rule(action: Action, found: Information) -> str:
    unit = OUTPUTS[found.answer.output].unit
    log = OUTPUTS[found.answer.output].log
    parts = [f"{action.payoff:g}"]
    if action.slope:
        parts.append(f"{action.slope:+g} per {'OOM of ' if log else ''}{unit}")
    parts += [
        f"{step.adds:+g} from {value(step.at_least, unit)} {unit} on" for step in action.steps
    ]
    return ", ".join(parts)


def _now(found: Information) -> str:
    unit = found.decision.unit
    return (
        f"Best without more knowledge: {found.best}. To know everything would be worth "
        f"{by_error(found.perfect.value, found.perfect.error)} {unit}."
    )


def _next(forecast: Forecast, found: Information) -> str:
    """What to measure next, in words."""
    able = [each for each in found.blocks if each.name not in found.luck and _clear(each.worth)]
    if not able:
        return (
            "No block that can be studied is worth more than its Monte Carlo error: the decision "
            "stands, or asks for more draws."
        )
    unit = found.decision.unit
    first = able[0]
    text = (
        f"Measure next: {_name(first.name)}. To know it exactly is worth "
        f"{by_error(first.worth.value, first.worth.error)} {unit}"
    )
    if _clear(first.narrower):
        text += f", and would make the 90 % interval {estimate(first.narrower)} narrower"
    inside = [each for each in found.inputs if _clear(each.worth)]
    if inside:
        text += (
            f". The single input that is worth most: {input_title(forecast, inside[0].name)}, "
            f"{by_error(inside[0].worth.value, inside[0].worth.error)} {unit}"
        )
    return f"{text}."


def _clear(told: Estimate) -> bool:
    return told.value > CLEAR * told.error and told.value > 0.0


def _name(block: str) -> str:
    return spoken(block).replace("_", " ")


def _cells(each: Worth) -> list[str]:
    return [
        by_error(each.worth.value, each.worth.error) if _clear(each.worth) else "none clear",
        estimate(each.narrower) if _clear(each.narrower) else "not clearly",
    ]


def _blocks(found: Information, top: int) -> Grid:
    rows = [[_name(each.name), *_cells(each)] for each in found.blocks[:top]]
    rest = [each.name for each in found.blocks[top:]] + list(found.faint)
    if rest:
        clear = [each for each in found.blocks[top:] if _clear(each.worth)]
        most = f"at most {significant(clear[0].worth.value, 2):g}" if clear else "nothing clear"
        rows.append([f"{len(rest)} more blocks: each worth {most}"])
    head = ["block of inputs", f"worth, {found.decision.unit}", "narrower"]
    return grid("Known exactly, by nested Monte Carlo", [head, *rows])


def _inputs(forecast: Forecast, found: Information, top: int) -> Grid | str:
    shown = [each for each in found.inputs[:top] if _clear(each.worth) or _clear(each.narrower)]
    if not shown:
        return "No single input is clearly worth anything by itself."
    rows = [[input_title(forecast, each.name), *_cells(each)] for each in shown]
    head = ["single input", f"worth, {found.decision.unit}", "narrower"]
    return grid("Known exactly, by regression on the stored draws", [head, *rows])


def _measured(forecast: Forecast, found: Information) -> Grid:
    rows = []
    for each in found.measured:
        unit = unit_of(forecast, each.name)
        told = "" if unit in {"1", "fraction"} else f" {unit}"
        rows.append(
            [
                label_of(each.name, forecast.plan.plugins),
                f"± {amount(each.error, unit)}{told}",
                *_cells(each.worth),
            ]
        )
    head = ["single input", "measured to", f"worth, {found.decision.unit}", "narrower"]
    return grid("Measured with a normal error", [head, *rows])


def _null(found: Information) -> str:
    """What the cheaper estimates find where there is nothing to find."""
    nulls = [each.null for each in (*found.inputs[:1], *(m.worth for m in found.measured))]
    if not nulls or not max(nulls) > 0.0:
        return ""
    return (
        f"Where an input says nothing, regression still finds {significant(nulls[0], 2):g} "
        f"{found.decision.unit} (the permuted null); it is taken off. Single inputs are told as "
        "evidence ties them to others."
    )


def information_record(found: Information) -> dict[str, Any]:
    """The same as plain data."""
    decision = found.decision
    return {
        "decision": {
            "name": decision.name,
            "output": decision.output,
            "unit": decision.unit,
            "actions": [asdict(action) for action in decision.actions],
        },
        "place": dict(found.answer.place),
        "expected": {name: asdict(each) for name, each in found.expected.items()},
        "best": found.best,
        "perfect_information": asdict(found.perfect),
        "blocks": [{**asdict(each), "luck": each.name in found.luck} for each in found.blocks],
        "faint_blocks": list(found.faint),
        "inputs": [asdict(each) for each in _with_interval(found.inputs)],
        "measured": [asdict(each) for each in found.measured],
    }


def _with_interval(inputs: Sequence[Worth]) -> Iterator[Worth]:
    """Those whose Monte Carlo error was worked out."""
    yield from (each for each in inputs if each.worth.error > 0.0 or each.narrower.error > 0.0)
