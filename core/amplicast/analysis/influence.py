"""What moves an answer: indices of whole blocks, and what the draws say of every single input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from amplicast.analysis.conditions import Comparison, holds
from amplicast.analysis.given_data import GivenData, given_data
from amplicast.analysis.prim import Box, discover
from amplicast.analysis.replay import Answer, Replay, blocks_of
from amplicast.analysis.sobol import Index, Scale, as_it_is, by_rank, sobol
from amplicast.analysis.tornado import Driver, drivers, elements
from amplicast.forecast.outputs import OUTPUTS

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["Discovery", "Influence", "discovery", "influences", "scale_of"]

Told = Literal["the answer", "its log10", "its rank"]


@dataclass(frozen=True, kw_only=True)
class Influence:
    """What moves one answer.

    Attributes
    ----------
    answer : Answer
    told : {"the answer", "its log10", "its rank"}
        Whose variance is shared out.
    undefined : float
        Share of the draws in which it is undefined or zero; they rank lowest.
    indices : tuple of Index
        By block.
    without : tuple of str
        Blocks from which there is no path to it.
    inputs : tuple of GivenData
        Every input, the one that settles most first.
    drivers : Mapping[str, Driver]
        By input: where its median stands while the input is low, and high; copies as log10.
    """

    answer: Answer
    told: Told
    undefined: float
    indices: tuple[Index, ...]
    without: tuple[str, ...]
    inputs: tuple[GivenData, ...]
    drivers: Mapping[str, Driver]


def influences(
    forecast: Forecast, answers: Sequence[Answer], *, scenario: str, seed: int, most: int
) -> list[Influence]:
    """What moves each of the answers.

    Parameters
    ----------
    forecast : Forecast
    answers : sequence of Answer
    scenario : str
    seed : int
        Of the exchanges and resamples; the same seed gives the same numbers.
    most : int
        Single inputs that get intervals.
    """
    blocks = blocks_of(forecast, scenario)
    replay = Replay(forecast, scenario, answers)
    live = replay.live(blocks)
    scales = [scale_of(answer, draws) for answer, draws in zip(answers, replay.base, strict=True)]
    names = [block.name for block in live]
    indices = sobol(
        replay.model(live), names, replay.base, [scale for _, scale in scales], seed=seed
    )
    found = []
    for i, answer in enumerate(answers):
        told, scale = scales[i]
        there = {block.name for block in live if replay.reaches(block, answer)}
        found.append(
            Influence(
                answer=answer,
                told=told,
                undefined=_undefined(answer, replay.base[i]),
                indices=tuple(index for index in indices[i] if index.block in there),
                without=tuple(block.name for block in blocks if block.name not in there),
                inputs=tuple(
                    given_data(
                        forecast, replay.base[i], scenario=scenario, scale=scale, seed=seed,
                        most=most,
                    )
                ),
                drivers=_drivers(forecast, answer, scenario),
            )
        )  # fmt: skip
    return found


def scale_of(answer: Answer, draws: Any) -> tuple[Told, Scale]:
    """What is told of an answer: log10 where it is wide, ranks where some draws have no number."""
    import numpy

    if _undefined(answer, draws) > 0.0:
        return "its rank", by_rank(draws)
    return ("its log10", numpy.log10) if OUTPUTS[answer.output].log else ("the answer", as_it_is)


def _undefined(answer: Answer, draws: Any) -> float:
    import numpy

    missing = ~numpy.isfinite(draws)
    if OUTPUTS[answer.output].log:
        missing |= draws <= 0.0
    return float(missing.mean())


def _drivers(forecast: Forecast, answer: Answer, scenario: str) -> dict[str, Driver]:
    import numpy

    draws: Any = forecast.output(answer.output, scenario).sel(dict(answer.place))
    if OUTPUTS[answer.output].log:
        with numpy.errstate(divide="ignore"):  # none at all: below every other
            draws = numpy.log10(draws)
    return {each.name: each for each in drivers(forecast, draws, scenario=scenario)}


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """Where a condition mostly holds.

    Attributes
    ----------
    condition : tuple of Comparison
    answers : tuple of Answer
        What each comparison is about.
    share : float
        Share of all draws in which it holds [fraction].
    box : Box or None
    """

    condition: tuple[Comparison, ...]
    answers: tuple[Answer, ...]
    share: float
    box: Box | None


def discovery(
    forecast: Forecast,
    condition: Sequence[Comparison],
    answers: Sequence[Answer],
    *,
    scenario: str,
    density: float | None = None,
) -> Discovery:
    """The box of inputs in whose draws the condition mostly holds; see `prim.discover`.

    Only inputs from which there is a path to the outputs may limit it.
    """
    replay = Replay(forecast, scenario, answers)
    inputs = forecast.inputs(forecast.scenarios.index(scenario))
    paths = {name: values for name, values in inputs.items() if name in replay.needs}
    able = {
        name: draws for name, draws in elements(forecast, paths) if not (draws == draws[0]).all()
    }
    hits = holds(condition, [each.draws(forecast, scenario) for each in answers])
    return Discovery(
        condition=tuple(condition),
        answers=tuple(answers),
        share=float(hits.mean()),
        box=discover(able, hits, density=density),
    )
