"""How long each format takes from a loaded run; reported, not asserted. ``make bench`` runs it."""

from __future__ import annotations

import pytest

from amplicast.report import ForecastDocument
from amplicast.report.export import rendered

pytestmark = pytest.mark.benchmark


@pytest.mark.parametrize(
    "kind",
    [
        "bib",
        "csl-json",
        "csv",
        "datapackage",
        "iamc",
        "json",
        "md",
        "netcdf",
        "tex",
        "trace",
        "xlsx",
    ],
)
def test_export(kind, finished, installed, benchmark):
    """A document made anew each time, so that nothing is kept from one round to the next."""
    benchmark.pedantic(
        lambda: rendered(
            installed.exporters[kind], ForecastDocument(finished, installed), stem="x"
        ),
        rounds=2,
    )
