"""What to measure next: what knowing a block or an input of a run is worth to a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from amplicast.analysis.decision import Decision, call
from amplicast.analysis.known import Measured, known_exactly, known_to
from amplicast.analysis.replay import Answer, Replay, blocks_of
from amplicast.analysis.sobol import Estimate, by_rank, sobol
from amplicast.analysis.tornado import elements
from amplicast.analysis.voi import Worth, expected, mean_of, nested, perfect
from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.outputs import OUTPUTS

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["Information", "information", "usual_call"]

SCREENED = 1_000
"""Draws on which blocks are tried at first."""

LEAST = 0.005
"""Total index of the answer's rank below which a block is not tried further."""


@dataclass(frozen=True, kw_only=True)
class Information:
    """What knowledge is worth to a decision.

    Attributes
    ----------
    decision : Decision
    answer : Answer
    expected : Mapping[str, Estimate]
        Payoff of every action without more knowledge.
    best : str
        Action with the highest one.
    perfect : Estimate
        Worth of knowing everything (EVPI).
    blocks : tuple of Worth
        By nested Monte Carlo.
    luck : frozenset of str
        Those of the blocks that are still to come, which nobody can study.
    faint : tuple of str
        Blocks that can reach the answer but hardly move it; they were not tried further.
    inputs : tuple of Worth
        Single inputs that can be studied, from the stored draws.
    measured : tuple of Measured
        Inputs to a stated precision.
    """

    decision: Decision
    answer: Answer
    expected: Mapping[str, Estimate]
    best: str
    perfect: Estimate
    blocks: tuple[Worth, ...]
    luck: frozenset[str]
    faint: tuple[str, ...]
    inputs: tuple[Worth, ...]
    measured: tuple[Measured, ...]


def usual_call(forecast: Forecast, answer: Answer, scenario: str) -> Decision:
    """The call that is hardest: whether it is at least its median where defined, to two figures."""
    import numpy

    draws = answer.draws(forecast, scenario)
    middle = float(numpy.nanmedian(draws)) if numpy.isfinite(draws).any() else 0.0
    return call(answer.output, float(f"{middle:.2g}"))


def information(
    forecast: Forecast,
    decision: Decision,
    answer: Answer,
    *,
    scenario: str,
    seed: int,
    most: int,
    precision: Mapping[str, float] | None = None,
) -> Information:
    """What each block and each input would be worth to know.

    Parameters
    ----------
    forecast : Forecast
    decision : Decision
    answer : Answer
        What its payoffs depend on.
    scenario : str
    seed : int
    most : int
        Single inputs that get an interval.
    precision : Mapping[str, float], optional
        Standard errors of measurements, by input, in its unit.

    Raises
    ------
    ScenarioError
        A payoff cannot be told, or a measurement is of no input that varies.
    """
    replay = Replay(forecast, scenario, [answer])
    base = replay.base[0]
    _require_defined(answer, base)
    paid = decision.payoffs(base)
    best, _ = expected(paid)
    heights = _Heights(answer, base)
    live = replay.live(blocks_of(forecast, scenario))
    model = replay.model(live)
    few = replay.base[:, :SCREENED]
    screened = sobol(model, [block.name for block in live], few, [by_rank(few[0])], seed=seed)[0]
    moving = [index.block for index in screened if index.total.value >= LEAST]
    inputs = forecast.inputs(forecast.scenarios.index(scenario))
    paths = {name: each for name, each in inputs.items() if name in replay.needs}
    luck = {name for block in live if block.luck for name in block.inputs}
    drawn = {
        name: draws for name, draws in elements(forecast, paths) if not (draws == draws[0]).all()
    }
    asked = precision or {}
    _require(asked, drawn)
    return Information(
        decision=decision,
        answer=answer,
        expected={
            action.name: mean_of(each)
            for action, each in zip(decision.actions, paid, strict=True)
        },
        best=decision.actions[best].name,
        perfect=perfect(paid),
        blocks=tuple(nested(model, sorted(moving), base, decision.payoffs, heights, seed=seed)),
        luck=frozenset(block.name for block in live if block.luck),
        faint=tuple(sorted(index.block for index in screened if index.block not in moving)),
        inputs=tuple(
            known_exactly(
                {name: each for name, each in drawn.items() if name.partition("[")[0] not in luck},
                base, decision.payoffs, heights, seed=seed, most=most,
            )
        ),
        measured=tuple(
            known_to(name, drawn[name], error, base, decision.payoffs, heights, seed=seed)
            for name, error in asked.items()
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class _Heights:
    """Answers on the scale of their interval: OOM where it is wide; none at all lies lowest."""

    answer: Answer
    base: Any

    def __call__(self, answers: Any) -> Any:
        import numpy

        told, base = self._scaled(answers), self._scaled(self.base)
        lowest = float(base[numpy.isfinite(base)].min())
        return numpy.where(numpy.isfinite(told), told, lowest)

    def _scaled(self, answers: Any) -> Any:
        import numpy

        if not OUTPUTS[self.answer.output].log:
            return numpy.asarray(answers, dtype=float)
        with numpy.errstate(divide="ignore", invalid="ignore"):
            return numpy.log10(answers)


def _require_defined(answer: Answer, base: Any) -> None:
    import numpy

    if not numpy.isfinite(base).any():
        raise ScenarioError(
            Problem(
                code="AMP-V113",
                what=f"{answer.output} is defined in no draw there",
                why="Where copies cannot be run in any draw, knowing more changes nothing.",
                fix="choose another --regime, --actor or --year",
            )
        )


def _require(asked: Mapping[str, float], known: Mapping[str, Any]) -> None:
    problems = []
    for name in asked:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            problems.append(
                Problem(
                    code="AMP-V121",
                    what=f"{name!r} is no input that varies and can move this answer",
                    why="Only such an input can be measured to some purpose.",
                    fix=f"--precision {near[0] if near else next(iter(known))}={asked[name]:g}",
                )
            )
    if problems:
        raise ScenarioError(*problems)
