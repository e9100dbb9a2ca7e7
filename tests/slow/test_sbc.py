"""Every calibrated plugin gives back what it is told: simulation-based calibration.

200 simulations of each plugin, and 100 of the costly ones, take half an hour of a core, half
of that on two. Seeds are fixed, and all parameters of all plugins together are refused by chance in
one of a hundred seeds. ``SBC_SIMULATIONS=200`` asks for as many simulations of every plugin.
"""

from __future__ import annotations

import os

import pytest
from tests.unit.simulations import calibrated_plugins, simulated

from amplicast import Registry
from amplicast.analysis.sbc_ranks import LEVEL

pytestmark = pytest.mark.slow

USUAL = 200
ASKED = int(os.environ.get("SBC_SIMULATIONS", "0"))
COSTLY = {
    "chain-of-thought",
    "language-tree-search",
    "resampling",
    "resampling-limited",
    "roofline",
}
"""They take a second or more for each simulation."""

COSTLY_USUAL = 100

KNOWN = calibrated_plugins(Registry.load(strict=True))
NAMES = sorted(KNOWN, key=lambda name: (name not in COSTLY, name))
"""The costly ones first, so that no worker is left with one at the end."""

UNSEEN = {"distillation"}
"""Rows that moved are not seen in its ranks: what this test cannot find there."""

CONTROLS = [name for name in NAMES if name not in COSTLY | UNSEEN]
SHIFT, CONTROLLED = 1.0, 100


@pytest.mark.parametrize("name", NAMES)
def test_true_values_lie_anywhere_in_their_posteriors(name: str) -> None:
    """Ranks are uniform, few chains diverge, and hardly one is too short."""
    found = simulated(name, ASKED or (COSTLY_USUAL if name in COSTLY else USUAL))
    assert found.p_value >= LEVEL / len(NAMES), found.table[0]
    assert found.diverged <= 0.2 * found.simulations
    assert found.short <= 0.1 * found.simulations


@pytest.mark.parametrize("name", CONTROLS)
def test_rows_that_moved_are_caught(name: str) -> None:
    """Negative control: rows a standard deviation too high, which the model is not told."""
    assert simulated(name, CONTROLLED, SHIFT).p_value < LEVEL / len(NAMES)
