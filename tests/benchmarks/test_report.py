"""How long a finished run takes to be written for people; ``make bench`` prints it."""

from __future__ import annotations

import pytest
from tests.benchmarks.turns import fastest

from amplicast.report import ForecastDocument
from amplicast.report.html import report_html
from amplicast.report.memo import FORMATS, memo_files

pytestmark = pytest.mark.benchmark


def test_report_and_memo(benchmark, finished, installed):
    """Seconds for the report and for each format of the memo, from a loaded run."""

    def fresh():
        finished.memory.clear()  # as it is when it was just loaded
        return ForecastDocument(finished, installed)

    ways = {"report": lambda: report_html(fresh())}
    for kind in FORMATS:
        ways[f"memo {kind}"] = lambda kind=kind: memo_files(fresh(), kind, stem="memo")
    found = fastest(benchmark, ways, rounds=3)
    size = len(report_html(fresh()).encode()) / 1e6
    benchmark.extra_info["report MB"] = size
    print(f"report {size:.2f} MB")
    assert found.keys() == ways.keys()
