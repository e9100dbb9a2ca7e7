"""Loads one plugin in a fresh process and tells what that did; run by `loading`.

``python -m amplicast.testing.probe NAME`` for an installed plugin, or the path of a file.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from importlib.metadata import entry_points
from pathlib import Path

from amplicast.discovery import GROUP
from amplicast.registry import Registry
from amplicast.testing.watch import seen_while

HEAVY = (
    "altair", "arviz", "dask", "jax", "matplotlib", "numba", "numpy", "nutpie", "pandas",
    "polars", "pymc", "pytensor", "requests", "scipy", "sklearn", "tensorflow", "torch", "xarray",
)  # fmt: skip
"""Modules that cost everybody tenths of seconds at every command."""


def main(name: str) -> None:
    """Load the plugin as every command does, and print a record of it as JSON."""
    is_file = name.endswith(".py") and Path(name).is_file()
    points = [] if is_file else [one for one in entry_points(group=GROUP) if one.name == name]
    printed = io.StringIO()
    before = set(sys.modules)
    start = time.perf_counter()
    with seen_while() as seen, contextlib.redirect_stdout(printed):
        Registry.load([Path(name)] if is_file else [], entry_points=points)
    record = {
        "seconds": time.perf_counter() - start,
        "heavy": sorted(set(HEAVY) & (set(sys.modules) - before)),
        "printed": printed.getvalue(),
        "seen": seen,
    }
    sys.__stdout__.write(json.dumps(record))  # type: ignore[union-attr]


if __name__ == "__main__":
    main(sys.argv[1])
