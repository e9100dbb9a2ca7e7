"""The gate: what it lets pass, and each way of failing it."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

from amplicast.engine.gate import LIMITS, Limits, judge, statistics

CHAINS, DRAWS = 4, 1000


def good() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return independent draws and a calm sampler."""
    generator = numpy.random.default_rng(1)
    scores = {
        "slope": generator.normal(size=(CHAINS, DRAWS)),
        "level": generator.normal(size=(CHAINS, DRAWS, 2)),
    }
    sampling = {
        "diverging": numpy.zeros((CHAINS, DRAWS), bool),
        "maxdepth_reached": numpy.zeros((CHAINS, DRAWS), bool),
        "energy": generator.normal(size=(CHAINS, DRAWS)),
    }
    return scores, sampling


def failed(scores: dict[str, Any], sampling: dict[str, Any], limits: Limits = LIMITS) -> list[str]:
    """Return the names of the checks that fail."""
    verdict = judge("toy", statistics("toy", scores), sampling, limits=limits)
    assert verdict.passed == (not verdict.findings)
    return [finding.check for finding in verdict.findings]


def test_independent_draws_pass() -> None:
    """No check fails on independent draws, and the words claim no more than that."""
    scores, sampling = good()
    assert failed(scores, sampling) == []
    verdict = judge("toy", statistics("toy", scores), sampling)
    assert str(verdict) == "toy: no failure detected"


def test_statistics_name_every_element() -> None:
    """Each element of a vector is judged by itself and named with its plugin."""
    scores, _ = good()
    rows = statistics("toy", scores)
    assert [row.name for row in rows] == ["toy.level[0]", "toy.level[1]", "toy.slope"]
    assert rows[2].contraction == pytest.approx(1 - scores["slope"].std(ddof=1) ** 2)


def test_one_divergence_fails() -> None:
    """A single divergent draw is enough."""
    scores, sampling = good()
    sampling["diverging"][2, 7] = True
    assert failed(scores, sampling) == ["divergences"]


@pytest.mark.parametrize("flag", ["maxdepth_reached", "reached_max_treedepth"])
def test_one_full_tree_fails(flag: str) -> None:
    """A draw at the largest tree fails under either sampler's name for it."""
    scores, sampling = good()
    sampling[flag] = sampling.pop("maxdepth_reached")
    sampling[flag][0, 0] = True
    assert failed(scores, sampling) == ["tree depth"]


def test_unknown_tree_depth_fails() -> None:
    """A sampler that does not say how deep its trees were is not trusted."""
    scores, sampling = good()
    del sampling["maxdepth_reached"]
    assert failed(scores, sampling) == ["tree depth"]


@pytest.mark.parametrize("bad", [numpy.nan, numpy.inf])
def test_one_draw_that_is_no_number_fails(bad: float) -> None:
    """One NaN or infinite draw fails and names its parameter."""
    scores, sampling = good()
    scores["slope"][1, 5] = bad
    verdict = judge("toy", statistics("toy", scores), sampling)
    assert [finding.check for finding in verdict.findings] == ["finite"]
    assert "toy.slope" in verdict.findings[0].what


def test_constant_parameter_fails() -> None:
    """A parameter that never moved has no finite r_hat."""
    scores, sampling = good()
    scores["slope"][:] = 0.3
    assert failed(scores, sampling) == ["finite"]


def test_stuck_chain_fails() -> None:
    """One chain elsewhere fails r_hat; the worst parameter is named in plain words."""
    scores, sampling = good()
    scores["slope"][3] += 3.0
    verdict = judge("toy", statistics("toy", scores), sampling)
    words = {finding.check: str(finding) for finding in verdict.findings}
    assert {"r_hat", "ess"} == set(words)
    assert words["r_hat"].startswith("FAIL r_hat: 1 of 3 parameters above 1.01 (worst toy.slope =")
    assert "Try: " in words["r_hat"]
    assert "draws must not be used" in str(verdict)


def test_slow_mixing_fails_with_a_factor() -> None:
    """Too few effective draws fail, and the advice says by how much to multiply."""
    scores, sampling = good()
    walk = numpy.random.default_rng(2).normal(size=(CHAINS, DRAWS))
    for step in range(1, DRAWS):
        walk[:, step] = 0.95 * walk[:, step - 1] + 0.3 * walk[:, step]
    scores["slope"] = walk
    verdict = judge("toy", statistics("toy", scores), sampling, limits=Limits(r_hat=2.0))
    assert [finding.check for finding in verdict.findings] == ["ess"]
    assert "multiply the number of draws by" in verdict.findings[0].action


def test_slow_energy_fails() -> None:
    """A chain whose energy drifts fails E-BFMI and is named."""
    scores, sampling = good()
    sampling["energy"][2] = numpy.linspace(0.0, 9.0, DRAWS)
    verdict = judge("toy", statistics("toy", scores), sampling)
    assert [finding.check for finding in verdict.findings] == ["bfmi"]
    assert verdict.findings[0].what.startswith("chain 2 has E-BFMI 0.00")


def test_constant_energy_fails() -> None:
    """An E-BFMI that is not a number is a failure, not a pass."""
    scores, sampling = good()
    sampling["energy"][:] = 1.0
    assert failed(scores, sampling) == ["bfmi"]


def test_too_few_chains_fail() -> None:
    """Two chains cannot show that they agree."""
    scores, sampling = good()
    scores = {name: draws[:2] for name, draws in scores.items()}
    sampling = {name: array[:2] for name, array in sampling.items()}
    assert failed(scores, sampling) == ["chains"]
