"""All checks of a saved run: what is judged, part by part, and how it is told."""

from __future__ import annotations

from amplicast.report.check.run import Checked, check_run
from amplicast.report.check.text import checked_record, checked_text

__all__ = ["Checked", "check_run", "checked_record", "checked_text"]
