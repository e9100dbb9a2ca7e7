"""Every calibrated plugin gives back what it is told: simulation-based calibration.

200 simulations of each plugin. Seeds are fixed, and all parameters of all plugins together are
refused by chance in one of a hundred seeds. The first 20 are those of the usual tests.
"""

from __future__ import annotations

import pytest
from tests.unit.simulations import COSTLY, NAMES, QUICK, simulated

from amplicast.analysis.sbc_ranks import LEVEL

pytestmark = pytest.mark.slow

COSTLY_FIRST = (*COSTLY, *QUICK)
"""So that no worker is left with one of them at the end."""

SHIFT = 1.0
CONTROLLED = {
    "beam-search": 20, "best-of-n": 20, "chain-of-thought": 20, "language-tree-search": 20,
    "majority-vote": 20, "resampling": 40, "roofline": 20, "weighted-vote": 20,
}  # fmt: skip
"""So many show rows that moved; elsewhere 60 are taken, which are soon done."""


@pytest.mark.parametrize("name", COSTLY_FIRST)
def test_rows_that_moved_are_caught(name: str) -> None:
    """Negative control: rows a standard deviation too high, which the model is not told."""
    found = simulated(name, CONTROLLED.get(name, 60), SHIFT)
    assert found.p_value < LEVEL / len(NAMES)


@pytest.mark.parametrize("name", COSTLY_FIRST)
def test_true_values_lie_anywhere_in_their_posteriors(name: str) -> None:
    """Ranks are uniform, few chains diverge, and hardly one is too short."""
    found = simulated(name, 200)
    assert found.p_value >= LEVEL / len(NAMES), found.table[0]
    assert found.diverged <= 0.2 * found.simulations
    assert found.short <= 0.1 * found.simulations
