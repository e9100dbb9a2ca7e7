"""Writes fits and runs as netCDF, and reads them straight from HDF5.

Some hundred small variables take longer to open through the netCDF layers than to read. Nothing
that amplicast writes would have to be decoded by those. A Ctrl-C waits until a file is done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from amplicast.interrupts import interrupts_held

if TYPE_CHECKING:
    from io import BytesIO

    import xarray

__all__ = ["read_groups", "write_groups"]

_BOOKS = frozenset({"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST"})
_NO_VARIABLE = b"This is a netCDF dimension but not a netCDF variable"


def write_groups(groups: xarray.Dataset | xarray.DataTree, file: Path | BytesIO) -> None:
    """Write one group, or a tree of them, to a file that `read_groups` reads."""
    with interrupts_held():
        groups.to_netcdf(file, engine="h5netcdf")


def read_groups(
    file: Path | IO[bytes], only: Collection[str] | None = None
) -> dict[str, xarray.Dataset]:
    """Every group of a file by its path, in the order of writing, in memory.

    Parameters
    ----------
    file : Path or binary file
    only : collection of str, optional
        Groups at the top that are wanted, with all that is in them; everything when None.

    Raises
    ------
    Exception
        Whatever a damaged file makes h5py raise.
    """
    import h5py  # type: ignore[import-untyped]

    with interrupts_held(), h5py.File(file, "r") as opened:
        return dict(_groups(opened, "/", only))


def _groups(
    group: Any, path: str, only: Collection[str] | None = None
) -> Iterator[tuple[str, xarray.Dataset]]:
    """Each group from `group` down."""
    import xarray

    items = dict(group.items())
    arrays = {name: item for name, item in items.items() if hasattr(item, "dtype")}
    # A dim is known by its identity: to ask HDF5 for its name searches the whole file.
    dims = {item.id: name for name, item in arrays.items() if "CLASS" in item.attrs}
    data: dict[str, xarray.Variable] = {}
    coords: dict[str, xarray.Variable] = {}
    for name, item in arrays.items():
        own = item.id in dims
        if own and item.attrs["NAME"].startswith(_NO_VARIABLE):
            continue
        values = item.asstr()[()].astype(str) if item.dtype.hasobject else item[()]
        along = [name] if own else [dims[dim[0].id] for dim in item.dims]
        (coords if own else data)[name] = xarray.Variable(along, values, _own(item.attrs))
    yield path, xarray.Dataset(data, coords, _own(group.attrs))
    for name, item in items.items():
        if name not in arrays and (only is None or name in only):
            yield from _groups(item, f"{path.rstrip('/')}/{name}")


def _own(attributes: Any) -> dict[str, Any]:
    """Attributes without those by which netCDF keeps its books."""
    return {
        name: attributes[name]
        for name in attributes
        if name not in _BOOKS and not name.startswith("_")
    }
