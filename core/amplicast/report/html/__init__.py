"""The report of a run: one HTML file that fetches nothing and is complete without a program."""

from __future__ import annotations

from amplicast.report.html.page import report_html

__all__ = ["report_html"]
