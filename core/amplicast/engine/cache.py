"""Fits kept by the digest of everything that went into them, so that none is made twice."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from amplicast.engine.environment import cache_folder
from amplicast.engine.latents import reads
from amplicast.engine.posterior import SCHEMA, Posterior

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.fit import SamplerSettings
    from amplicast.engine.rows import Rows

__all__ = ["Cache", "key_of"]

_LIBRARIES = ("numba", "numpy", "nutpie", "pymc", "pytensor", "scipy")
_ENGINE = (
    "math.py", "prior_families.py", "priors.py", "physics/*.py", "engine/correlated.py",
    "engine/families.py", "engine/fit.py", "engine/gate.py", "engine/latents.py",
    "engine/model.py", "engine/rows.py", "engine/tensors.py",
)  # fmt: skip
"""Files of amplicast that decide what a fit gives."""

_ABANDONED = 3600.0
"""Age at which a file that is being written counts as left behind [s]."""


@cache
def _engine_digest() -> str:
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for pattern in _ENGINE:
        for path in sorted(root.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def _versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _modules(function: Callable[..., Any]) -> Iterator[ModuleType]:
    """Walk the modules of one distribution that a function's own module draws on."""
    waiting, seen = [str(function.__module__)], set()
    family = waiting[0].partition(".")[0]
    while waiting:
        name = waiting.pop()
        module = sys.modules.get(name)
        if module is None or name in seen:
            continue
        seen.add(name)
        yield module
        for value in list(vars(module).values()):
            own = value.__name__ if inspect.ismodule(value) else getattr(value, "__module__", None)
            if isinstance(own, str) and own.partition(".")[0] == family:
                waiting.append(own)


def source_digest(plugin: Plugin) -> str | None:
    """Digest the source files of a plugin's predictors; None where a file does not tell all."""
    files: dict[str, bytes] = {}
    for evidence in plugin.evidence:
        function = evidence.predictor
        # What a closure or a bound argument holds is not in the source.
        plain = inspect.isfunction(function) and function.__closure__ is None
        modules = list(_modules(function)) if plain else []
        if not modules:
            return None
        for module in modules:
            path = getattr(module, "__file__", None)
            if path is None or not Path(path).is_file():
                return None
            files[module.__name__] = Path(path).read_bytes()
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


def key_of(plugin: Plugin, rows: Mapping[str, Rows], settings: SamplerSettings) -> str | None:
    """Return the digest of what decides a fit; None where source files do not tell all.

    It covers the plugin's id, version, calibrated priors, groups, families, rows and source, the
    sampler's settings and seed, the engine's own files and the versions of the libraries.
    Citations and reasons are left out, and so is everything a scenario asks of the posterior.
    """
    source = source_digest(plugin)
    if source is None:
        return None
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "plugin": [plugin.id, plugin.version, plugin.api],
        "priors": {
            name: {**plugin.priors[name].to_dict(), "source": "", "why": ""}
            for evidence in plugin.evidence
            for name in reads(plugin, evidence, rows[evidence.id])
        },
        "coords": {dim: list(labels) for dim, labels in plugin.coords.items()},
        "dims": {name: list(dims) for name, dims in plugin.dims.items()},
        "evidence": [
            {
                "id": evidence.id,
                "predictor": evidence.predictor.__qualname__,
                "family": {
                    name: value
                    for name, value in vars(evidence.family).items()
                    if name != "covariance"
                },
                "groups": {name: vars(group) for name, group in evidence.groups.items()},
                "rows": [dict(record) for record in rows[evidence.id].records],
                "covariance": (
                    None if (matrix := rows[evidence.id].covariance) is None else matrix.tolist()
                ),
            }
            for evidence in sorted(plugin.evidence, key=lambda one: one.id)
        ],
        "settings": settings.to_dict(),
        "source": source,
        "engine": _engine_digest(),
        "libraries": _versions(),
        "python": list(sys.version_info[:2]),
        "fastmath": False,
    }
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Cache:
    """A folder of fits, one NetCDF file per key; any number of processes may share it.

    Parameters
    ----------
    folder : Path, optional
        Instead of ``calibrations`` in the user's cache (`AMPLICAST_CACHE_DIR`).
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder or cache_folder("calibrations")

    def path(self, key: str) -> Path:
        """Return where the fit of `key` is, or would be."""
        return self.folder / f"{key}.nc"

    def read(self, key: str) -> Posterior | None:
        """Return the fit of `key`; None if there is none, or its file is damaged."""
        try:
            found = Posterior.from_bytes(self.path(key).read_bytes())
        except Exception:
            # Whatever a damaged file makes the libraries raise, the remedy is one more fit.
            return None
        return found if found.key == key else None

    def write(self, posterior: Posterior) -> None:
        """Keep a fit; a reader sees the whole file or none. A full disk loses the file, no more."""
        content = posterior.to_bytes()
        with contextlib.suppress(OSError):
            for left in self.folder.glob(".*.part"):
                # A process that was killed while writing left it.
                if time.time() - left.stat().st_mtime > _ABANDONED:
                    left.unlink(missing_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
            try:
                with os.fdopen(handle, "wb") as part:
                    part.write(content)
                Path(name).replace(self.path(posterior.key))
            finally:
                Path(name).unlink(missing_ok=True)
