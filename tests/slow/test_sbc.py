"""Every calibrated plugin gives back what it is told: simulation-based calibration.

100 simulations of each plugin (40 of the one that takes seconds for each) take some ten minutes on
two cores; ``SBC_SIMULATIONS=200`` asks for as many of all. Seeds are fixed, and all parameters of
all plugins together are refused by chance in one of a hundred seeds.
"""

from __future__ import annotations

import os

import pytest

from amplicast import Plugin, Registry
from amplicast.analysis.sbc import simulate_calibration
from amplicast.analysis.sbc_ranks import LEVEL
from amplicast.engine.latents import latents, rows_of
from amplicast.registry import KINDS

pytestmark = pytest.mark.slow

ASKED = int(os.environ.get("SBC_SIMULATIONS", "0"))
SIMULATIONS = ASKED or 100
COSTLY = {"resampling": ASKED or 40}
SEED = 20260101


def _calibrated(registry: Registry) -> dict[str, Plugin]:
    plugins = [
        plugin
        for kind in KINDS
        for plugin in getattr(registry, kind).values()
        if getattr(plugin, "evidence", ())
    ]
    return {plugin.id: plugin for plugin in plugins if latents(plugin, rows_of(plugin))}


NAMES = sorted(_calibrated(Registry.load(strict=True)))


@pytest.mark.parametrize("name", NAMES)
def test_true_values_lie_anywhere_in_their_posteriors(name: str, installed: Registry) -> None:
    """Ranks are uniform, few chains diverge, and hardly one is too short."""
    many = COSTLY.get(name, SIMULATIONS)
    found = simulate_calibration(_calibrated(installed)[name], simulations=many, seed=SEED)
    assert found.p_value >= LEVEL / len(NAMES), found.table[0]
    assert found.diverged <= 0.2 * many
    assert found.short <= 0.1 * many


@pytest.mark.parametrize("name", ["overtraining", "tokens-served"])
def test_rows_that_moved_are_caught(name: str, installed: Registry) -> None:
    """Negative control: rows a standard deviation too high, which the model is not told."""
    plugin = _calibrated(installed)[name]
    found = simulate_calibration(plugin, simulations=SIMULATIONS, seed=SEED, shift=1.0)
    assert found.p_value < LEVEL / len(NAMES)
