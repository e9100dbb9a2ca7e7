"""Tables as CSV: quantiles long and wide, the trace of a draw, and a folder with all registers."""

from __future__ import annotations

from collections.abc import Iterable

from amplicast import Exporter, Source, hookimpl
from amplicast_plugins.exporters.delimited import iamc, long, package, trace

RFC4180 = Source(key="rfc4180", title="RFC 4180, Common format for CSV files", grade="A")
DATA_PACKAGE = Source(
    key="datapackage", title="Data Package, version 1", url="https://datapackage.org", grade="A"
)
IAMC = Source(
    key="iamc",
    title="Data model of the Integrated Assessment Modeling Consortium, as pyam reads it",
    url="https://pyam-iamc.readthedocs.io/en/stable/data.html",
    grade="A",
)

CSV = Exporter(
    id="csv",
    summary="Long CSV: variable, unit, scenario, year, quantile, value; with a data dictionary.",
    write=long.write,
    suffix=".csv",
    sources=(RFC4180, DATA_PACKAGE),
    limits="Quantiles only; the joint draws stay in the run folder.",
)

WIDE = Exporter(
    id="iamc",
    summary="Wide CSV of the IAMC: model, scenario, region, variable, unit, years.",
    write=iamc.write,
    suffix=".csv",
    sources=(RFC4180, IAMC),
    limits="Quantiles only, each a variable of its own; what has no year stands in every year.",
)

TRACE = Exporter(
    id="trace",
    summary="Every quantity in one draw as CSV, with unit and expression.",
    write=trace.write,
    suffix=".csv",
    reads="document",
    sources=(RFC4180,),
    limits="One draw of the reference scenario, near the median of copies.",
)

PACKAGE = Exporter(
    id="datapackage",
    summary="A folder of CSV files: quantiles and every register, with a data dictionary.",
    write=package.write,
    suffix="",
    reads="document",
    sources=(RFC4180, DATA_PACKAGE),
    limits="Quantiles only; the joint draws stay in the run folder.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute everything that is written as CSV."""
    return [CSV, PACKAGE, TRACE, WIDE]
