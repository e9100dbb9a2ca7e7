"""Inputs that move no headline, and outputs that no input moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amplicast.analysis.replay import Answer, Block, Replay
from amplicast.forecast.outputs import HEADLINES, OUTPUTS, output_coords

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amplicast.forecast import Forecast

__all__ = ["Reach", "reach"]

FIRST = 4_000
"""Evaluations that all inputs share at first."""

TRIED = 500
"""Exchanges after which an input that never changed anything counts as still."""


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What has no effect in a run.

    Attributes
    ----------
    apart : tuple of str
        Inputs that vary, from which there is no path to a headline; other outputs may use them.
    fits : tuple of str
        Of these, what only says how evidence scatters: calibration alone uses it.
    idle : tuple of str
        Of these, beliefs that no output uses.
    still : tuple of str
        Inputs with a path to a headline, where no other draw of theirs changed it anywhere.
    tried : int
        Exchanges that were tried for each of `still`.
    constant : tuple of str
        Outputs that are the same in every draw.
    undefined : tuple of str
        Outputs that are defined nowhere.
    """

    apart: tuple[str, ...]
    fits: tuple[str, ...]
    idle: tuple[str, ...]
    still: tuple[str, ...]
    tried: int
    constant: tuple[str, ...]
    undefined: tuple[str, ...]


def reach(forecast: Forecast, *, scenario: str, seed: int) -> Reach:
    """Follow every input to the headlines, and every output to the inputs."""
    inputs = forecast.inputs(forecast.scenarios.index(scenario))
    varying = sorted(
        name for name, each in inputs.items() if bool((each.values != each.values[:1]).any())
    )
    replay = Replay(forecast, scenario, list(_everywhere(forecast)))
    apart = [name for name in varying if name not in replay.needs]
    there = [Block(name=name, inputs=(name,)) for name in varying if name in replay.needs]
    unmoved = _unmoved(replay, there, FIRST // max(len(there), 1), seed)
    still = _unmoved(replay, unmoved, TRIED, seed)
    constant, undefined = _outputs(forecast, scenario)
    unused = set(apart) - _used(forecast, scenario)
    beliefs = set(forecast.provenance["beliefs"])
    return Reach(
        apart=tuple(apart),
        fits=tuple(sorted(unused - beliefs)),
        idle=tuple(sorted(unused & beliefs)),
        still=tuple(block.name for block in still),
        tried=TRIED,
        constant=constant,
        undefined=undefined,
    )


def _everywhere(forecast: Forecast) -> Iterator[Answer]:
    """Every headline at every place."""
    from itertools import product

    coords = output_coords(forecast.plan)
    for name in HEADLINES:
        dims = OUTPUTS[name].dims
        for labels in product(*(coords[dim] for dim in dims)):
            yield Answer.at(name, **dict(zip(dims, labels, strict=True)))


def _unmoved(replay: Replay, blocks: Sequence[Block], each: int, seed: int) -> list[Block]:
    """Blocks whose own share of the evaluations changes no answer; all are tried in one go."""
    import numpy

    if not blocks:
        return []
    generator = numpy.random.default_rng([seed, 0xDEAD])
    rest = generator.integers(replay.draws, size=each * len(blocks))
    other = generator.integers(replay.draws, size=len(rest))
    own = numpy.repeat(numpy.arange(len(blocks)), each)
    rows = {block.name: numpy.where(own == i, other, rest) for i, block in enumerate(blocks)}
    after = replay.model(blocks)(rest, rows)
    before = replay.base[:, rest]
    moved = ~numpy.isclose(after, before, rtol=1e-9, atol=1e-12, equal_nan=True)
    hit = numpy.bincount(own, weights=moved.any(axis=0), minlength=len(blocks))
    return [block for block, hits in zip(blocks, hit, strict=True) if not hits]


def _used(forecast: Forecast, scenario: str) -> frozenset[str]:
    """Inputs from which there is a path to any output."""
    from amplicast.engine.incremental import Graph
    from amplicast.forecast.model import evaluate

    graph = Graph(forecast.inputs(forecast.scenarios.index(scenario)))
    written = evaluate(graph.math, forecast.plan, graph.symbols())
    return frozenset().union(*(node.needs for node in written.values()))


def _outputs(forecast: Forecast, scenario: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Outputs that do not vary, and those that are not defined."""
    import numpy

    constant, undefined = [], []
    for name in OUTPUTS:
        values = forecast.output(name, scenario).transpose("draw", ...).values
        known = ~numpy.isnan(values)
        if not known.any():
            undefined.append(name)
        elif not ((values != values[:1]) & known).any():
            constant.append(name)
    return tuple(constant), tuple(undefined)
