"""Every calibrated plugin gives back what it is told: simulation-based calibration.

100 simulations of each plugin, and 40 of the costly ones, take some twenty minutes of a core, half
of that on two. Seeds are fixed, and all parameters of all plugins together are refused by chance in
one of a hundred seeds. ``SBC_SIMULATIONS=200`` asks for as many simulations of every plugin.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from tests.unit.simulations import calibrated_plugins, simulated

from amplicast import Registry
from amplicast.analysis.sbc_ranks import LEVEL, SimulatedCalibration

pytestmark = pytest.mark.slow

USUAL = 100
ASKED = int(os.environ.get("SBC_SIMULATIONS", "0"))
COSTLY = {
    "chain-of-thought": 40,
    "language-tree-search": 40,
    "resampling": 40,
    "resampling-limited": 40,
    "roofline": 40,
}
"""Simulations of those that take a second or more for each."""

NAMES = list(calibrated_plugins(Registry.load(strict=True)))
CONTROLS = ["overtraining", "tokens-served"]
SHIFT = 1.0

Ask = Callable[[str, float], SimulatedCalibration]


def _many(name: str, shift: float) -> int:
    """Simulations; a control keeps its own number, which it is known to need."""
    return USUAL if shift else ASKED or COSTLY.get(name, USUAL)


@pytest.fixture(scope="module")
def ask(request: pytest.FixtureRequest, cache_dir: str) -> Iterator[Ask]:
    """What simulations say of a plugin; those of all tests that were asked for go on at once.

    Compiling holds the interpreter, so they do in processes; the costly ones come first. Where
    pytest itself spreads the tests over processes, each goes on by itself.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        yield lambda name, shift: simulated(name, _many(name, shift), shift)
        return
    wanted: list[tuple[Any, Any]] = [
        (item.callspec.params["name"], item.callspec.params["shift"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.module is request.module
    ]
    wanted.sort(key=lambda one: one[0] not in COSTLY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
        pool = ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"))
        try:
            told = {one: pool.submit(simulated, one[0], _many(*one), one[1]) for one in wanted}
            yield lambda name, shift: told[name, shift].result()
        finally:
            pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("shift", [0.0])
@pytest.mark.parametrize("name", NAMES)
def test_true_values_lie_anywhere_in_their_posteriors(name: str, shift: float, ask: Ask) -> None:
    """Ranks are uniform, few chains diverge, and hardly one is too short."""
    found = ask(name, shift)
    assert found.p_value >= LEVEL / len(NAMES), found.table[0]
    assert found.diverged <= 0.2 * found.simulations
    assert found.short <= 0.1 * found.simulations


@pytest.mark.parametrize("shift", [SHIFT])
@pytest.mark.parametrize("name", CONTROLS)
def test_rows_that_moved_are_caught(name: str, shift: float, ask: Ask) -> None:
    """Negative control: rows a standard deviation too high, which the model is not told."""
    assert ask(name, shift).p_value < LEVEL / len(NAMES)
