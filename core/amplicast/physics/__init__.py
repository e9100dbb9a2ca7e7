"""Physics: pure functions of labelled values, written once against a math namespace."""

from __future__ import annotations

from amplicast.physics.coverage import coverage, coverage_log_odds
from amplicast.physics.scaling import (
    LN_PARAMS_CENTRE,
    LN_TOKENS_CENTRE,
    equivalent_compute,
    largest_saving,
    log_loss,
    optimal_allocation,
    optimal_share,
    saving_at_slope,
    training_cost,
    training_cost_slope,
)

__all__ = [
    "LN_PARAMS_CENTRE",
    "LN_TOKENS_CENTRE",
    "coverage",
    "coverage_log_odds",
    "equivalent_compute",
    "largest_saving",
    "log_loss",
    "optimal_allocation",
    "optimal_share",
    "saving_at_slope",
    "training_cost",
    "training_cost_slope",
]
