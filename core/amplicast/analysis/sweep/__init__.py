"""Many scenarios in one go: what they move, how they are done, and the table that comes out."""

from __future__ import annotations

from amplicast.analysis.sweep.design import Case, Design, Keep
from amplicast.analysis.sweep.grid_file import read_design
from amplicast.analysis.sweep.results import Results
from amplicast.analysis.sweep.sweeping import Swept, sweep

__all__ = ["Case", "Design", "Keep", "Results", "Swept", "read_design", "sweep"]
