"""A fit as plain data that another process can carry out."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.concepts import Evidence, Family, Group, Plugin, Table
from amplicast.priors import Prior

if TYPE_CHECKING:
    from amplicast.engine.fit import SamplerSettings

__all__ = ["Job", "make_job", "read_job"]


@dataclass(frozen=True)
class Job:
    """One fit, ready to be sent.

    Attributes
    ----------
    plugin : str
    key : str
        Where the result will be in the cache.
    record : Mapping[str, Any]
        The plugin's priors and evidence and the settings, as plain data; predictors by name.
    """

    plugin: str
    key: str
    record: Mapping[str, Any]


def _find(module: object, qualified_name: str) -> Any:
    found: Any = module
    for name in qualified_name.split("."):
        found = getattr(found, name, None)
    return found


def make_job(plugin: Plugin, key: str, settings: SamplerSettings) -> Job | None:
    """Return a job for `plugin`; None if its functions cannot be found by another process.

    That is so for functions of a running script or notebook, and for functions in functions.
    """
    evidence = []
    for one in plugin.evidence:
        module = sys.modules.get(getattr(one.predictor, "__module__", ""))
        path = getattr(module, "__file__", None)
        name = getattr(one.predictor, "__qualname__", "")
        if (
            module is None
            or path is None
            or module.__name__ == "__main__"
            or _find(module, name) is not one.predictor
        ):
            return None
        covariance = one.family.covariance
        evidence.append(
            {
                "id": one.id,
                "table": str(one.table.path),
                "predictor": [module.__name__, str(path), name],
                "family": vars(one.family)
                | {"covariance": None if covariance is None else str(covariance.path)},
                "groups": {parameter: vars(group) for parameter, group in one.groups.items()},
                "where": dict(one.where),
            }
        )
    record = {
        "key": key,
        "id": plugin.id,
        "version": plugin.version,
        "priors": {name: prior.to_dict() for name, prior in plugin.priors.items()},
        "coords": {dim: list(labels) for dim, labels in plugin.coords.items()},
        "dims": {name: list(dims) for name, dims in plugin.dims.items()},
        "evidence": evidence,
        "settings": settings.to_dict(),
    }
    return Job(plugin.id, key, record)


def _module(name: str, path: str) -> Any:
    """Import a module by name, or from its file where that is another one or not on the path."""
    import importlib.util

    found = sys.modules.get(name)
    if found is None:
        with contextlib.suppress(ImportError):
            found = importlib.import_module(name)
    if getattr(found, "__file__", None) == path:
        return found
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no module can be read from {path}")
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_job(record: Mapping[str, Any]) -> Plugin:
    """Return the plugin of a job's record, as far as a fit needs it."""
    evidence = []
    for one in record["evidence"]:
        module, path, name = one["predictor"]
        covariance = one["family"]["covariance"]
        table = None if covariance is None else Table(Path(covariance))
        evidence.append(
            Evidence(
                id=one["id"],
                table=Table(Path(one["table"])),
                predictor=_find(_module(module, path), name),
                family=Family(**(one["family"] | {"covariance": table})),
                informs="",
                sources=(),
                groups={parameter: Group(**group) for parameter, group in one["groups"].items()},
                where=one["where"],
            )
        )
    return Plugin(
        id=record["id"],
        summary="",
        sources=(),
        limits="",
        priors={name: Prior.from_dict(prior) for name, prior in record["priors"].items()},
        evidence=tuple(evidence),
        coords={dim: tuple(labels) for dim, labels in record["coords"].items()},
        dims={name: tuple(dims) for name, dims in record["dims"].items()},
        version=record["version"],
    )
