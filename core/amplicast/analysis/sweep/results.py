"""The table of a sweep: a row for each case and place, as CSV and as NetCDF."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.folder import Folder, Slice
from amplicast.files import whole
from amplicast.forecast.outputs import OUTPUTS
from amplicast.interrupts import interrupts_held

if TYPE_CHECKING:
    from amplicast.analysis.sweep.design import Case, Design
    from amplicast.scenario import Scenario

__all__ = ["Results", "column", "write_results"]

CSV, NETCDF = "results.csv", "results.nc"

DIGITS = ".7g"
"""Finer than Monte Carlo error by far; the NetCDF file has every digit."""


@dataclass(frozen=True, kw_only=True)
class Results:
    """What a finished sweep found.

    Attributes
    ----------
    sweep : str
        Digest.
    design : Design
    slices : tuple of Slice
    folder : Folder
    base : Scenario
        What the cases start from.
    failed : tuple of str
        Checks that fits failed.
    """

    sweep: str
    design: Design
    slices: tuple[Slice, ...]
    folder: Folder
    base: Scenario
    failed: tuple[str, ...] = ()

    @property
    def csv(self) -> Path:
        """The table for spreadsheets."""
        return self.folder.path / CSV

    @property
    def netcdf(self) -> Path:
        """The same with labelled dims; draws too, where they are kept."""
        return self.folder.path / NETCDF

    @property
    def inputs(self) -> tuple[str, ...]:
        """What differs between cases: parts of the structure, the seed, and beliefs by name."""
        cases = self.design.cases
        parts = sorted({part for case in cases for part in case.structure})
        seeds = ["seed"] if any(case.seed is not None for case in cases) else []
        return (*parts, *seeds, *sorted({name for case in cases for name in case.beliefs}))

    def stated(self, case: Case, name: str) -> str:
        """What a case says of an input; what the base says where it says nothing."""
        if name in case.beliefs:
            return case.beliefs[name].statement
        if name == "seed":
            return str(self.base.compute.seed if case.seed is None else case.seed)
        if name in self.base.assumptions:
            return self.base.assumptions[name].prior.statement
        choice = case.structure.get(name, self._of_base(name))
        return choice if isinstance(choice, str) else " ".join(choice)

    def _of_base(self, part: str) -> str | tuple[str, ...]:
        if part == "leave_out":
            return ()
        found: str | tuple[str, ...] = getattr(
            self.base if hasattr(self.base, part) else self.base.plugins, part, ""
        )
        return found

    def arrays(self) -> Iterator[tuple[Slice, Mapping[str, Any]]]:
        """Slices with what they hold, one at a time."""
        for piece in self.slices:
            found = self.folder.read(piece)
            assert found is not None, f"the slice {piece.name} went missing"
            yield piece, found

    def quantiles(self) -> tuple[Any, Any]:
        """Quantiles (case, value, quantile) and share defined (case, value), cases in order."""
        import numpy

        keep, cases = self.design.keep, len(self.design.cases)
        values = sum(len(keep.places(output)) for output in keep.outputs)
        found = numpy.empty((cases, values, len(keep.quantiles)))
        defined = numpy.empty((cases, values))
        for piece, arrays in self.arrays():
            found[list(piece.cases)] = arrays["quantiles"]
            defined[list(piece.cases)] = arrays["defined"]
        return found, defined


def column(quantile: float) -> str:
    """``p05`` for 0.05, as in every table."""
    whole, _, rest = f"{100.0 * quantile:.6g}".partition(".")
    return f"p{int(whole):02d}{'.' + rest if rest else ''}"


def write_results(results: Results) -> None:
    """Write the table; the same sweep gives the same bytes."""
    found, defined = results.quantiles()
    with whole(results.csv) as part:
        _write_csv(results, part, found, defined)
    with whole(results.netcdf) as part:
        _write_netcdf(results, part, found, defined)


def _write_csv(results: Results, path: Path, found: Any, defined: Any) -> None:
    keep = results.design.keep
    dims = [dim for dim in _dims(results) if dim in keep.labels]
    heads = [column(quantile) for quantile in keep.quantiles]
    places = [(output, place) for output in keep.outputs for place in keep.places(output)]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(
            ["case", *results.inputs, "quantity", "unit", *dims, *heads, "share_defined"]
        )
        for i, case in enumerate(results.design.cases):
            own = [case.name, *(results.stated(case, name) for name in results.inputs)]
            for j, (output, place) in enumerate(places):
                numbers = [f"{number:{DIGITS}}" for number in (*found[i, j], defined[i, j])]
                where = [place.get(dim, "") for dim in dims]
                row = [*own, output, OUTPUTS[output].unit, *where, *numbers]
                table.writerow("" if cell == "nan" else cell for cell in row)


def _dims(results: Results) -> list[str]:
    """Dims of the outputs that are kept, each once."""
    outputs = results.design.keep.outputs
    return list(dict.fromkeys(dim for output in outputs for dim in OUTPUTS[output].dims))


def _write_netcdf(results: Results, path: Path, found: Any, defined: Any) -> None:
    """Straight through h5netcdf, slice by slice: draws of thousands of cases fit no memory."""
    import h5netcdf
    import numpy

    design, keep = results.design, results.design.keep
    with interrupts_held(), h5netcdf.File(path, "w") as file:
        file.attrs["sweep"] = results.sweep
        file.attrs["name"] = design.name
        file.attrs["failed_checks"] = "; ".join(results.failed)
        _labels(file, "case", [case.name for case in design.cases])
        _labels(file, "quantile", list(keep.quantiles))
        for dim in _dims(results):
            _labels(file, dim, list(keep.labels[dim]))
        for name in results.inputs:
            stated = [results.stated(case, name) for case in design.cases]
            told = file.create_variable(f"input {name}", ("case",), dtype=_text())
            told[...] = numpy.array(stated, dtype=object)
            prior = results.base.assumptions.get(name)
            told.attrs["unit"] = prior.prior.unit if prior else ""
        spans, start = {}, 0
        for output in keep.outputs:
            dims = OUTPUTS[output].dims
            size = len(keep.places(output))
            spans[output] = span = slice(start, start + size)
            start += size
            shape = tuple(len(keep.labels[dim]) for dim in dims)
            values = file.create_variable(output, ("case", *dims, "quantile"), dtype="f8")
            values[...] = found[:, span].reshape(len(found), *shape, -1)
            values.attrs["unit"], values.attrs["title"] = (
                OUTPUTS[output].unit,
                OUTPUTS[output].title,
            )
            share = file.create_variable(f"{output} defined", ("case", *dims), dtype="f8")
            share[...] = defined[:, span].reshape(len(found), *shape)
        if keep.draws:
            _write_draws(results, file, spans)


def _write_draws(results: Results, file: Any, spans: Mapping[str, slice]) -> None:
    keep = results.design.keep
    for piece, arrays in results.arrays():
        draws = arrays["draws"]
        if "draw" not in file.dimensions:
            file.dimensions["draw"] = draws.shape[-1]
        for output, span in spans.items():
            dims = OUTPUTS[output].dims
            shape = tuple(len(keep.labels[dim]) for dim in dims)
            name = f"{output} draws"
            if name not in file.variables:
                made = file.create_variable(name, ("case", *dims, "draw"), dtype="f4")
                made.attrs["unit"] = OUTPUTS[output].unit
            for row, case in enumerate(piece.cases):
                file.variables[name][case] = draws[row, span].reshape(*shape, -1)


def _labels(file: Any, dim: str, labels: list[Any]) -> None:
    """A dim with its labels: numbers as numbers, all else as text."""
    import numpy

    file.dimensions[dim] = len(labels)
    if all(isinstance(each, int | float) for each in labels):
        kind = "i8" if all(isinstance(each, int) for each in labels) else "f8"
        file.create_variable(dim, (dim,), dtype=kind)[...] = numpy.array(labels, dtype=kind)
    else:
        told = file.create_variable(dim, (dim,), dtype=_text())
        told[...] = numpy.array([str(each) for each in labels], dtype=object)


def _text() -> Any:
    import h5py  # type: ignore[import-untyped]

    return h5py.string_dtype()
