"""Shipped calibrations give back what they are told: 20 simulations of each.

The slow tests do 200 of every plugin, and hold all to failing where rows are moved.
"""

from __future__ import annotations

import pytest
from tests.unit.simulations import NAMES, simulated

from amplicast.analysis.sbc_ranks import LEVEL


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_calibration_gives_back_what_it_is_told(name: str) -> None:
    """Ranks are uniform, over all plugins together, and nearly all chains can be trusted."""
    found = simulated(name, 20)
    assert found.p_value >= LEVEL / len(NAMES), found.table[0]
    assert found.diverged + found.short <= 4
