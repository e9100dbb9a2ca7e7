"""Reads every format back into one form: numbers by quantity, place and quantile."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy
import xarray

from amplicast import Forecast, Prior
from amplicast.forecast.outputs import OUTPUTS
from amplicast.report.table import KEYS, LEVELS

Key = tuple[str, frozenset[tuple[str, str]], str]
Numbers = dict[Key, float | None]


def expected(forecast: Forecast) -> Numbers:
    """Every quantile, straight from the draws by NumPy."""
    found: Numbers = {}
    for name, values in forecast.outputs.data_vars.items():
        dims = [str(dim) for dim in values.dims if dim != "draw"]
        array = values.transpose("draw", *dims).values
        labels = [
            list(forecast.scenarios) if dim == "scenario" else list(values[dim].values)
            for dim in dims
        ]
        for index in numpy.ndindex(*array.shape[1:]):
            draws = array[(slice(None), *index)]
            kept = draws[~numpy.isnan(draws)]
            place = {d: str(each[i]) for d, each, i in zip(dims, labels, index, strict=True)}
            for scenario in [place.pop("scenario")] if "scenario" in dims else forecast.scenarios:
                whole = frozenset({**place, "scenario": scenario}.items())
                for level, share in LEVELS.items():
                    number = float(numpy.quantile(kept, share)) if kept.size else None
                    found[str(name), whole, level] = number
    return found


def _key(name: str, row: Mapping[str, Any], level: str) -> Key:
    place = {key: str(row[key]) for key in KEYS if row.get(key) not in {None, ""}}
    return name, frozenset(place.items()), level


def _number(text: str) -> float | None:
    return float(text) if text else None


def read_csv(files: Mapping[str, Any], _: Forecast) -> Numbers:
    """Long CSV, alone or in a data package."""
    rows = csv.DictReader(io.StringIO(files.get("") or files["forecast.csv"], newline=""))
    return {_key(r["variable"], r, r["quantile"]): _number(r["value"]) for r in rows}


def read_json(files: Mapping[str, Any], _: Forecast) -> Numbers:
    """JSON."""
    rows = json.loads(files[""])["data"]
    return {_key(row["quantity"], row, level): row[level] for row in rows for level in LEVELS}


def read_iamc(files: Mapping[str, Any], forecast: Forecast) -> Numbers:
    """Wide CSV: places are parts of the variable's name."""
    names = {name.replace("_", " ").title(): name for name in OUTPUTS}
    levels = {f"{level.lstrip('p').lstrip('0')}": level for level in LEVELS}
    found: Numbers = {}
    for row in csv.DictReader(io.StringIO(files[""], newline="")):
        title, *parts, last = row["Variable"].split("|")
        name = names[title]
        dims = [dim for dim in OUTPUTS[name].dims if dim not in {"year", "actor"}]
        place = dict(zip(dims, parts, strict=True)) | {"scenario": row["Scenario"]}
        if "frontier_spend" in place:
            place["frontier_spend"] = place["frontier_spend"].split(" ")[0]
        if "actor" in OUTPUTS[name].dims:
            place["actor"] = row["Region"]
        level = levels["".join(c for c in last if c.isdigit())]
        for year in forecast.plan.years:
            if "year" in OUTPUTS[name].dims:
                place["year"] = str(year)
            found[_key(name, place, level)] = _number(row[str(year)])
    return found


def read_xlsx(files: Mapping[str, Any], _: Forecast) -> Numbers:
    """The sheet Forecast, and Wide, which must say the same."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(files[""]), read_only=True)
    head, *rows = book["Forecast"].iter_rows(values_only=True)
    found: Numbers = {}
    for cells in rows:
        row = dict(zip(head, cells, strict=True))
        found |= {_key(str(row["quantity"]), row, level): row[level] for level in LEVELS}
    head, *rows = book["Wide"].iter_rows(values_only=True)
    years = [str(name) for name in head if str(name).isdigit()]
    for cells in rows:
        row = dict(zip(map(str, head), cells, strict=True))
        for year in years:
            key = _key(str(row["quantity"]), row | {"year": year}, str(row["quantile"]))
            assert found[key] == row[year]
    return found


def read_netcdf(files: Mapping[str, Any], forecast: Forecast) -> Numbers:
    """Draws, whose quantiles are taken here."""
    with xarray.open_dataset(io.BytesIO(files[""]), engine="h5netcdf") as data:
        return _of_draws(data.load(), forecast)


def read_zarr(files: Mapping[str, Any], forecast: Forecast) -> Numbers:
    """Draws, whose quantiles are taken here."""
    from zarr.core.buffer import default_buffer_prototype
    from zarr.storage import MemoryStore

    make = default_buffer_prototype().buffer.from_bytes
    store = MemoryStore({path: make(content) for path, content in files.items()})
    return _of_draws(xarray.open_zarr(store, consolidated=False).load(), forecast)


def _of_draws(data: Any, forecast: Forecast) -> Numbers:
    found: Numbers = {}
    for name, about in OUTPUTS.items():
        values = data[name]
        assert values.attrs["units"] == about.unit
        dims = [str(dim) for dim in values.dims if dim != "draw"]
        labels = [[str(one) for one in values[dim].values] for dim in dims]
        array = values.transpose("draw", *dims).values
        for index in numpy.ndindex(*array.shape[1:]):
            draws = array[(slice(None), *index)]
            kept = draws[~numpy.isnan(draws)]
            place = {d: each[i] for d, each, i in zip(dims, labels, index, strict=True)}
            for scenario in [place.get("scenario")] if "scenario" in dims else forecast.scenarios:
                for level, share in LEVELS.items():
                    number = float(numpy.quantile(kept, share)) if kept.size else None
                    found[_key(name, {**place, "scenario": scenario}, level)] = number
    return found


READERS: Mapping[str, Callable[[Mapping[str, Any], Forecast], Numbers]] = {
    "csv": read_csv,
    "datapackage": read_csv,
    "iamc": read_iamc,
    "json": read_json,
    "netcdf": read_netcdf,
    "xlsx": read_xlsx,
    "zarr": read_zarr,
}
"""Formats that keep every digit."""


def shipped_scenarios() -> list[Path]:
    """Scenario files of the repository."""
    root = Path(__file__).parents[2] / "forecasts" / "amplicast_forecasts"
    return sorted(root.glob("*/scenario.toml"))


def joined(finished: Forecast, name: str, changes: Mapping[str, Prior]) -> Forecast:
    """A run of two scenarios, as `amplicast.run` stores it, from two of one."""
    other = finished.reevaluate(changes)
    outputs = xarray.concat([finished.outputs, other.outputs], "scenario")
    mine, theirs = finished.inputs(), other.inputs()
    inputs = {
        key: xarray.concat([mine[key], theirs[key]], "scenario") if key in changes else mine[key]
        for key in mine
    }
    tree = finished.tree.copy()
    tree["inputs"] = xarray.DataTree(xarray.Dataset(inputs))
    tree["forecast"] = xarray.DataTree(outputs)
    record = finished.provenance | {"scenarios": [finished.scenario.name, name]}
    tree.attrs["provenance"] = json.dumps(record)
    return dataclasses.replace(finished, tree=tree)


def with_provenance(forecast: Forecast, record: Mapping[str, Any]) -> Forecast:
    """The same draws under another record."""
    tree = forecast.tree.copy()
    tree.attrs["provenance"] = json.dumps(record)
    return dataclasses.replace(forecast, tree=tree)


UNKNOWN = {
    r"\textquotedbl{}": '"',
    r"\textbar{}": "|",
    r"\textbraceleft{}": r"\{",
    r"\textbraceright{}": r"\}",
}
"""Commands of LaTeX that the parser leaves out, and what they print."""


def latex_rows(text: str) -> list[list[str]]:
    """Rows of a table as text: the head, once, then the body."""
    from pylatexenc.latex2text import LatexNodes2Text

    plain = LatexNodes2Text(math_mode="text", strict_latex_spaces=True).latex_to_text
    head = text.split("\\toprule\n")[1].split("\n")[0]
    body = text.split("\\endfoot\n")[1].split("\n\\end{longtable}")[0]
    rows = []
    for line in [head, *body.split("\n")]:
        line = line.removesuffix(r" \\").removeprefix(r"\addlinespace")
        line = re.sub(r"^\\multicolumn\{\d+\}\{@\{\}l\}", "", line)
        # An ampersand that is printed has a backslash before it.
        cells = re.split(r"(?<!\\) & ", line)
        shown = [cell.replace("$-$", "-").replace(r"\allowbreak{}", "") for cell in cells]
        for macro, sign in UNKNOWN.items():
            shown = [cell.replace(macro, sign) for cell in shown]
        rows.append([plain(cell).translate({0xA0: " ", 0x2C6: "^"}).strip() for cell in shown])
    return rows
