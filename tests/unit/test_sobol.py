"""Sobol indices by block: closed forms, SALib, honest intervals, the same numbers for a seed."""

from __future__ import annotations

import math

import numpy
import pytest
from SALib.analyze import sobol as salib_analyze
from SALib.sample import sobol as salib_sample
from tests.unit.block_models import BlockModel, ishigami, ishigami_indices, product

from amplicast.analysis.sobol import Estimate, Index, as_it_is, by_rank, sobol
from amplicast.errors import RunError

SIGMAS = {"large": 0.5, "middle": 0.3, "small": 0.1}


def indices(model: BlockModel, seed: int = 1, scale=as_it_is) -> dict[str, Index]:
    """Indices of all blocks of a model."""
    found = sobol(model, list(model.blocks), model.base[None], [scale], seed=seed)[0]
    return {index.block: index for index in found}


def near(told: Estimate, exact: float) -> bool:
    """Whether the closed form lies within 4 Monte Carlo errors."""
    return abs(told.value - exact) <= 4.0 * told.error + 1e-12


@pytest.mark.parametrize("block", list(ishigami_indices()))
def test_ishigami(block: str) -> None:
    """Both indices are those in closed form; the block that does nothing has exactly zero."""
    told, (own, total) = indices(ishigami(4000, 3))[block], ishigami_indices()[block]
    assert near(told.own, own)
    assert near(told.total, total)
    assert told.total.error < 0.03
    assert (told.changed == 0.0) == (block == "idle")


@pytest.mark.parametrize("log", [True, False])
def test_product_of_lognormals(log: bool) -> None:
    """Shares are exact on the log scale, where effects add, and on the natural one."""
    model = product(SIGMAS, 4000, 5)
    found = indices(model, scale=numpy.log if log else as_it_is)
    whole = sum(sigma**2 for sigma in SIGMAS.values())
    for name, sigma in SIGMAS.items():
        own = total = sigma**2 / whole
        if not log:
            own = math.expm1(sigma**2) / math.expm1(whole)
            total = 1.0 - math.expm1(whole - sigma**2) / math.expm1(whole)
        assert near(found[name].own, own), name
        assert near(found[name].total, total), name


def test_salib_says_the_same() -> None:
    """SALib's estimator on its own sample of the Ishigami function agrees."""
    model = ishigami(4000, 7)
    found = indices(model)
    names = list(model.blocks)
    problem = {
        "num_vars": len(names),
        "names": names,
        "bounds": [[-math.pi, math.pi]] * len(names),
    }
    sample = salib_sample.sample(problem, 1024, calc_second_order=False, seed=1)
    answers = model.function(*sample.T)
    told = salib_analyze.analyze(problem, answers, calc_second_order=False, seed=1)
    for place, name in enumerate(names):
        assert found[name].own.value == pytest.approx(told["S1"][place], abs=0.05)
        assert found[name].total.value == pytest.approx(told["ST"][place], abs=0.05)


def test_dependence_inside_a_block_is_kept() -> None:
    """A block of two inputs that cancel out moves nothing, though each alone would."""
    generator = numpy.random.default_rng(2)
    first = generator.standard_normal(4000)
    pair = numpy.stack([first, -first + 1e-3 * generator.standard_normal(4000)])
    model = BlockModel(
        lambda pair, other: pair[0] + pair[1] + other,
        {"pair": pair, "other": generator.standard_normal(4000)},
    )
    found = indices(model)
    assert found["pair"].total.value < 1e-5
    assert found["other"].own.value == pytest.approx(1.0, abs=1e-3)


def test_intervals_hold_what_they_say() -> None:
    """Of 60 intervals at 90 %, at least 46 hold the closed form (1 in 500 by chance has fewer)."""
    exact = ishigami_indices()
    inside = dict.fromkeys(("a", "b", "c"), 0)
    for seed in range(60):
        found = indices(ishigami(2000, seed), seed=seed)
        for name in inside:
            told = found[name].total
            inside[name] += told.low <= exact[name][1] <= told.high
    assert min(inside.values()) >= 46, inside


def test_same_seed_same_numbers() -> None:
    """The seed decides, and nothing else."""
    model = ishigami(1000, 1)
    assert indices(model, seed=4) == indices(model, seed=4)
    assert indices(model, seed=4) != indices(model, seed=5)


def test_undefined_answers_rank_lowest() -> None:
    """Ranks are shares of draws below, ties halved; what is undefined or nothing is the lowest."""
    draws = numpy.array([numpy.nan, 0.0, 0.0, 5.0])
    rank = by_rank(draws)
    assert list(rank(draws)) == [0.125, 0.5, 0.5, 0.875]
    assert list(rank(numpy.array([-1.0, 9.0]))) == [0.25, 1.0]


def test_too_few_draws_are_refused() -> None:
    """The message names how many would do."""
    with pytest.raises(RunError, match="--draws"):
        indices(ishigami(60, 1))
