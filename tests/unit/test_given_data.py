"""Indices from given draws: closed forms, SALib's PAWN, and noise that is no signal."""

from __future__ import annotations

import numpy
import pytest
from SALib.analyze import pawn as salib_pawn
from tests.unit.block_models import ishigami, ishigami_indices, linear

from amplicast import Forecast
from amplicast.analysis.given_data import (
    SLICES,
    binned,
    correlation_ratio,
    given_data,
    pawn,
    rank_correlation,
)
from amplicast.analysis.sobol import by_rank

SDS = {"a": 1.0, "b": 0.5, "idle": 0.0}


def test_share_of_variance_is_the_first_index() -> None:
    """On Ishigami, whose third input has none alone though it acts; 4 errors are 0.05 or so."""
    model = ishigami(8000, 2)
    for name, (own, _) in ishigami_indices().items():
        told = correlation_ratio(binned(model.blocks[name], 20), model.base[None])[0]
        assert told == pytest.approx(own, abs=0.05), name


def test_linear_shares_and_rank_correlations() -> None:
    """Of a sum of normals, shares are those of the variances."""
    model = linear(SDS, 8000, 3)
    whole = sum(sd**2 for sd in SDS.values())
    for name in ("a", "b"):
        share = SDS[name] ** 2 / whole
        told = correlation_ratio(binned(model.blocks[name], 20), model.base[None])[0]
        assert told == pytest.approx(share, abs=0.03)
        rank = rank_correlation(model.blocks[name], model.base)
        assert rank == pytest.approx(6.0 / numpy.pi * numpy.arcsin(share**0.5 / 2.0), abs=0.03)
    assert rank_correlation(model.blocks["idle"], model.base) == 0.0


def test_salib_says_the_same_of_pawn() -> None:
    """Median distances are SALib's, up to where a bin's border falls."""
    model = ishigami(4000, 4)
    names = list(model.blocks)
    problem = {"num_vars": 4, "names": names, "bounds": [[-numpy.pi, numpy.pi]] * 4}
    sample = numpy.stack([model.blocks[name] for name in names], axis=1)
    told = salib_pawn.analyze(problem, sample, model.base, S=SLICES, seed=1)
    for place, name in enumerate(names):
        mine = pawn(binned(model.blocks[name], SLICES), model.base[None])[0]
        assert mine == pytest.approx(told["median"][place], abs=0.01), name


def test_ties_in_the_answer_make_no_distance() -> None:
    """An answer that is the same everywhere is no further apart in one bin than in another."""
    draws = numpy.random.default_rng(1).standard_normal(400)
    assert pawn(binned(draws, SLICES), numpy.zeros((1, 400)))[0] == 0.0
    assert correlation_ratio(binned(draws, SLICES), numpy.zeros((1, 400)))[0] == 0.0


def test_noise_is_not_taken_for_a_signal(finished: Forecast) -> None:
    """Of hundreds of inputs, hardly one is certain to move an answer of pure chance."""
    answer = numpy.random.default_rng(9).standard_normal(finished.outputs.sizes["draw"])
    found = given_data(
        finished,
        answer,
        scenario=finished.scenarios[0],
        scale=by_rank(answer),
        seed=1,
        most=1,
    )
    assert len(found) > 100
    assert sum(each.certain for each in found) <= 3


def test_an_answer_made_of_one_input_is_found(finished: Forecast) -> None:
    """The input that is the answer settles all of it, and is told first."""
    answer = finished.inputs()["inference_share"].values
    found = given_data(
        finished, answer, scenario=finished.scenarios[0], scale=by_rank(answer), seed=1, most=1
    )
    assert found[0].name == "inference_share"
    assert found[0].share.value > 0.99
    assert found[0].correlation.value == pytest.approx(1.0)
    assert not any(each.certain and each.share.value > 0.02 for each in found[1:])
