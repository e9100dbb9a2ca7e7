"""Joint draws as labelled arrays: NetCDF in one file, Zarr in a folder."""

from __future__ import annotations

from collections.abc import Iterable

from amplicast import Exporter, Source, hookimpl
from amplicast_plugins.exporters.arrays import files

CF = Source(
    key="cf2024",
    title="NetCDF Climate and Forecast (CF) metadata conventions: names of attributes",
    url="https://cfconventions.org",
    grade="A",
)

NETCDF = Exporter(
    id="netcdf",
    summary="NetCDF of the joint draws of every output and input.",
    write=files.netcdf,
    suffix=".nc",
    reads="document",
    sources=(CF,),
    limits="Without posteriors and evidence, which stay in the run folder.",
)

ZARR = Exporter(
    id="zarr",
    summary="Zarr of the joint draws of every output and input.",
    write=files.zarr,
    suffix="",
    reads="document",
    needs=("zarr",),
    extra="amplicast[zarr]",
    sources=(
        CF,
        Source(
            key="zarr2024",
            title="Zarr storage specification, version 3",
            url="https://zarr-specs.readthedocs.io",
            grade="A",
        ),
    ),
    limits="Without posteriors and evidence, which stay in the run folder.",
)


@hookimpl
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute NetCDF and Zarr."""
    return [NETCDF, ZARR]
