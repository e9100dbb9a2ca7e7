"""The draws of a document as one data set, and that as bytes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray

    from amplicast.report import ForecastDocument

__all__ = ["dataset", "netcdf", "zarr"]

COMPRESSION = 1
"""Of zlib: higher levels take several times as long for a few per cent."""


def dataset(document: ForecastDocument) -> xarray.Dataset:
    """Outputs and, as ``input.NAME``, inputs along ``draw``, with units, titles and provenance."""
    forecast = document.forecast
    outputs = document.draws
    inputs = forecast.tree["inputs"].to_dataset()
    units = {row.id: row.unit for row in document.assumptions}
    about = {row.id: row.sentence for row in document.assumptions}
    named: dict[str, Any] = {
        str(name): _described(values, values.attrs["unit"], values.attrs["title"])
        for name, values in outputs.data_vars.items()
    }
    named |= {
        f"input.{name}": _described(
            values.reset_coords(drop=True), units.get(str(name), ""), about.get(str(name), "")
        )
        for name, values in inputs.data_vars.items()
    }
    whole = outputs.drop_vars(list(outputs.data_vars)).assign(named)
    several = "scenario" in whole.dims
    if several:
        whole = whole.assign_coords(scenario=list(forecast.scenarios))
    return whole.assign_attrs(
        title=document.scenario,
        source=f"amplicast {forecast.provenance['versions']['amplicast']}",
        run=document.run,
        history=f"{document.created} forecast drawn",
        checks=document.stamp or "passed",
        provenance=json.dumps(forecast.provenance, sort_keys=True),
    )


def _described(values: xarray.DataArray, unit: str, title: str) -> xarray.DataArray:
    """The same numbers with the attributes that readers of such files know."""
    plain = values.copy(deep=False)
    plain.attrs = {"units": unit, "long_name": title}
    return plain


def netcdf(document: ForecastDocument) -> bytes:
    """One file, numbers to the last digit."""
    whole = dataset(document)
    encoding = {
        name: {"zlib": True, "complevel": COMPRESSION}
        for name, values in whole.data_vars.items()
        if values.ndim
    }
    return bytes(whole.to_netcdf(engine="h5netcdf", encoding=encoding))


def zarr(document: ForecastDocument) -> dict[str, bytes]:
    """The files of a Zarr store, by path."""
    from zarr.storage import MemoryStore

    held: dict[str, Any] = {}
    dataset(document).to_zarr(MemoryStore(held), consolidated=False)
    return {path: held[path].to_bytes() for path in sorted(held)}
