"""Run, save and load forecasts: joint draws with provenance."""

from __future__ import annotations

from amplicast.forecast.forecast import Forecast
from amplicast.forecast.run import run

__all__ = ["Forecast", "load", "run"]

load = Forecast.load
