"""A fit as plain data that another process can carry out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.concepts import Evidence, Family, Group, Plugin, Table
from amplicast.engine.cache import key_of
from amplicast.engine.fit import SamplerSettings, fit
from amplicast.engine.functions import address_of, function_at
from amplicast.engine.latents import rows_of
from amplicast.errors import PluginError, Problem, RunError
from amplicast.priors import Prior

if TYPE_CHECKING:
    from amplicast.engine.execute import Done, Shared, Task, Tell

__all__ = ["Job", "carry_out", "make_job", "read_job", "require_same_fit"]


@dataclass(frozen=True)
class Job:
    """One fit, ready to be sent.

    Attributes
    ----------
    plugin : str
    key : str
        Where the result will be in the cache.
    record : Mapping[str, Any]
        The plugin's priors and evidence and the settings, as plain data; predictors and tables by
        name.
    """

    plugin: str
    key: str
    record: Mapping[str, Any]


def make_job(plugin: Plugin, key: str, settings: SamplerSettings) -> Job | None:
    """Return a job for `plugin`; None if another process could not find its functions."""
    evidence = []
    for one in plugin.evidence:
        address = address_of(one.predictor)
        if address is None:
            return None
        covariance = one.family.covariance
        evidence.append(
            {
                "id": one.id,
                "table": str(one.table.path),
                "predictor": list(address),
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
        "api": plugin.api,
        "priors": {name: prior.to_dict() for name, prior in plugin.priors.items()},
        "coords": {dim: list(labels) for dim, labels in plugin.coords.items()},
        "dims": {name: list(dims) for name, dims in plugin.dims.items()},
        "evidence": evidence,
        "settings": settings.to_dict(),
    }
    return Job(plugin.id, key, record)


def read_job(record: Mapping[str, Any]) -> Plugin:
    """Return the plugin of a job's record, as far as a fit needs it."""
    evidence = []
    for one in record["evidence"]:
        covariance = one["family"]["covariance"]
        table = None if covariance is None else Table(Path(covariance))
        evidence.append(
            Evidence(
                id=one["id"],
                table=Table(Path(one["table"])),
                predictor=function_at(one["predictor"]),
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
        api=record["api"],
    )


def require_same_fit(plugin: Plugin, key: str, settings: SamplerSettings) -> None:
    """Refuse to work on what is another fit here than where it was asked for.

    Raises
    ------
    RunError
        Its key is another one here: versions, sources or tables differ.
    """
    if key_of(plugin, rows_of(plugin), settings) != key:
        raise RunError(
            Problem(
                code="AMP-G121",
                what=f"a worker would fit another {plugin.id}",
                why="It has other versions, sources or evidence tables than the one that asks.",
                fix="install the same versions and plugins, at the same place, on every worker",
            )
        )


def carry_out(shared: Shared, task: Task, tell: Tell) -> Done:
    """Do one job.

    Parameters
    ----------
    shared : Shared
        Nothing is needed.
    task : Task
        `Job.record`.
    tell : callable
        Hears ``stage`` and the share ``done`` of it.

    Returns
    -------
    Done
        ``content``: the posterior as bytes; or ``problems``, where the evidence is broken; or
        nothing, where a function of the plugin failed in a way that shows best in the caller.
    """
    plugin = read_job(task)
    settings = SamplerSettings(**task["settings"], cores=1)
    require_same_fit(plugin, task["key"], settings)
    try:
        found = fit(
            plugin,
            rows_of(plugin),
            settings,
            key=task["key"],
            report=lambda stage, done: tell({"stage": stage, "done": done}),
        )
    except PluginError as error:
        return {"problems": [asdict(problem) for problem in error.problems]}
    except Exception:
        return {}
    return {"content": found.to_bytes()}
