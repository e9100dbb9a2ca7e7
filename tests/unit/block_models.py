"""Models with known answers, as functions of rows of draws by block, for sensitivity and worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy


@dataclass(frozen=True)
class BlockModel:
    """A function of blocks, with draws of each.

    Attributes
    ----------
    function : callable
        From the blocks by name to the answer; what a block holds is its own affair.
    blocks : Mapping[str, array]
        Draws (..., draw).
    """

    function: Callable[..., Any]
    blocks: Mapping[str, Any]

    @property
    def base(self) -> Any:
        """The answer of every draw (draw)."""
        return self.function(**self.blocks)

    def __call__(self, rest: Any, rows: Mapping[str, Any]) -> Any:
        """As `amplicast.analysis.replay.Model`."""
        drawn = {name: each[..., rows.get(name, rest)] for name, each in self.blocks.items()}
        return self.function(**drawn)[None]


def ishigami(draws: int, seed: int) -> BlockModel:
    """Ishigami & Homma 1990, with a block that does nothing."""
    generator = numpy.random.default_rng(seed)

    def function(a: Any, b: Any, c: Any, idle: Any) -> Any:
        del idle
        return numpy.sin(a) + 7.0 * numpy.sin(b) ** 2 + 0.1 * c**4 * numpy.sin(a)

    drawn = generator.uniform(-numpy.pi, numpy.pi, size=(4, draws))
    return BlockModel(function, dict(zip(("a", "b", "c", "idle"), drawn, strict=True)))


def ishigami_indices() -> dict[str, tuple[float, float]]:
    """First-order and total indices in closed form."""
    one = 0.5 * (1.0 + 0.1 * numpy.pi**4 / 5.0) ** 2
    two = 7.0**2 / 8.0
    both = 0.1**2 * numpy.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = one + two + both
    return {
        "a": (one / whole, (one + both) / whole),
        "b": (two / whole, two / whole),
        "c": (0.0, both / whole),
        "idle": (0.0, 0.0),
    }


def product(sigmas: Mapping[str, float], draws: int, seed: int) -> BlockModel:
    """Product of independent log-normals with these standard deviations of the logarithm."""
    generator = numpy.random.default_rng(seed)
    blocks = {
        name: numpy.exp(sigma * generator.standard_normal(draws)) for name, sigma in sigmas.items()
    }
    return BlockModel(lambda **each: numpy.prod(list(each.values()), axis=0), blocks)


def linear(sds: Mapping[str, float], draws: int, seed: int) -> BlockModel:
    """Sum of independent normals with these standard deviations."""
    generator = numpy.random.default_rng(seed)
    blocks = {name: sd * generator.standard_normal(draws) for name, sd in sds.items()}
    return BlockModel(lambda **each: numpy.sum(list(each.values()), axis=0), blocks)
