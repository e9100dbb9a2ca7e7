"""Sweeps of a run, for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from amplicast import Forecast, Registry
from amplicast.analysis.sweep import Design, Swept, read_design, sweep
from amplicast.cli.common import known_ids
from amplicast.forecast.inputs import declared
from amplicast.forecast.outputs import output_coords

HEAD = 'format = 1\nname = "A sweep"\n'

SHARES = (
    HEAD
    + """\
[keep]
years = [2026, 2030]
actors = ["world"]
[grid]
inference_share = ["0.3 to 0.5", 0.6, "0.5 to 0.8"]
lab_demand_share = { from = 0.2, to = 0.4, count = 2 }
"""
)


def designed(finished: Forecast, installed: Registry, folder: Path, text: str) -> Design:
    """A design from the text of a file, on a finished run."""
    path = folder / "grid.toml"
    path.write_text(text, encoding="utf-8")
    coords = output_coords(finished.plan)
    beliefs = {name: each.prior for name, each in finished.scenario.assumptions.items()}
    return read_design(
        path,
        declared=declared(installed),
        known=known_ids(installed),
        base=lambda run, scenario: {**coords, "others": coords, "beliefs": beliefs},
    )


def swept(
    finished: Forecast,
    installed: Registry,
    design: Design,
    folder: Path,
    done: Callable[[int, int], None] = lambda _, __: None,
    **how: Any,
) -> Swept:
    """The sweep, done."""
    return sweep(
        design,
        installed,
        scenario=finished.scenario,
        run=finished,
        folder=lambda _: folder,
        done=done,
        **how,
    )


def contents(found: Swept) -> list[bytes]:
    """Bytes of the two tables."""
    return [found.results.csv.read_bytes(), found.results.netcdf.read_bytes()]
