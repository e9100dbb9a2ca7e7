"""What cases start from: a structure with its fits and draws, made once for all cases on it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem, ScenarioError
from amplicast.forecast.draws import belief_priors, draw_inputs
from amplicast.forecast.plan import Plan, make_plan
from amplicast.scenario.belief import to_table
from amplicast.scenario.names import PARTS

if TYPE_CHECKING:
    import xarray

    from amplicast.analysis.sweep.design import Case
    from amplicast.engine.execute import Where
    from amplicast.engine.progress import Progress
    from amplicast.forecast import Forecast
    from amplicast.priors import Prior
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

__all__ = ["Base", "Bases", "inputs_from", "pack", "unpack"]


@dataclass(frozen=True, kw_only=True)
class Base:
    """One structure with its joint draws; cases on it move beliefs only.

    Attributes
    ----------
    key : str
        Digest of the scenario and of the draws.
    scenario : Scenario
    plan : Plan
    inputs : Mapping[str, xarray.DataArray]
    failed : tuple of str
        Checks that its fits failed.
    """

    key: str
    scenario: Scenario
    plan: Plan
    inputs: Mapping[str, xarray.DataArray]
    failed: tuple[str, ...] = ()


@dataclass
class Bases:
    """Bases by what a case changes besides beliefs.

    Attributes
    ----------
    scenario : Scenario
        Of the saved run, or the one that is fitted.
    registry : Registry
    run : Forecast or None
        Where cases that leave the structure alone take their draws from.
    """

    scenario: Scenario
    registry: Registry
    run: Forecast | None = None

    def needed(
        self, cases: Sequence[Case]
    ) -> tuple[list[tuple[str, dict[str, Prior]]], dict[str, Scenario]]:
        """By case, the base that it needs and the beliefs that it moves there; and the bases.

        A belief that evidence calibrates makes a base of its own: its plugin is fitted again.

        Raises
        ------
        ScenarioError
            Nothing in any case reads a belief, or the plugins of a case do not fit together.
        """
        told: list[tuple[str, dict[str, Prior]]] = []
        scenarios: dict[str, Scenario] = {}
        plain: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        known: dict[str, str] = {}
        stated, used = set[str](), set[str]()
        for case in cases:
            structure = json.dumps([dict(case.structure), case.seed], sort_keys=True)
            if structure not in plain:
                plain[structure] = self._read(self._changed(case, {}))
            beliefs, calibrated = plain[structure]
            refit = {name: p for name, p in case.beliefs.items() if name in calibrated}
            whole = structure + json.dumps([[n, p.to_dict()] for n, p in sorted(refit.items())])
            if whole not in known:
                scenario = self._changed(case, refit)
                known[whole] = scenario.digest()
                scenarios.setdefault(known[whole], scenario)
            told.append((known[whole], {n: p for n, p in case.beliefs.items() if n in beliefs}))
            stated |= set(case.beliefs)
            used |= set(case.beliefs) & (beliefs | calibrated)
        if stated - used:
            raise ScenarioError(*(_unread(name) for name in sorted(stated - used)))
        return told, scenarios

    def _read(self, scenario: Scenario) -> tuple[frozenset[str], frozenset[str]]:
        """Beliefs that are drawn fresh, and parameters that evidence calibrates."""
        from amplicast.engine.latents import calibrated_parameters

        plan = make_plan(scenario, self.registry)
        calibrated = {plugin.id: calibrated_parameters(plugin) for plugin in plan.plugins}
        return frozenset(belief_priors(plan, scenario, calibrated)), frozenset(
            f"{id_}.{name}" for id_, names in calibrated.items() for name in names
        )

    def _changed(self, case: Case, beliefs: Mapping[str, Prior]) -> Scenario:
        """The scenario with the structure, seed and calibrated beliefs of a case."""
        from amplicast.scenario import Scenario

        if not case.structure and case.seed is None and not beliefs:
            return self.scenario
        record = self.scenario.to_dict()
        tree = record["tree"]
        for part, choice in case.structure.items():
            if part in PARTS:
                tree["plugins"][part] = choice
            elif part == "decision":
                tree["decision"] = choice
            elif part == "techniques":
                tree["techniques"]["use"] = list(choice)
        out = set(case.structure.get("leave_out", ()))
        tree["techniques"]["use"] = [id_ for id_ in tree["techniques"]["use"] if id_ not in out]
        if case.seed is not None:
            tree["compute"]["seed"] = case.seed
        tree["assumptions"].update({name: to_table(prior) for name, prior in beliefs.items()})
        record["origins"].update(dict.fromkeys(beliefs, "the sweep"))
        return Scenario.from_dict(record)

    def make(
        self,
        scenario: Scenario,
        progress: Progress | None,
        cores: int | None,
        where: Where | None = None,
    ) -> Base:
        """A base: the draws of the run where it is the run's own scenario, else fits and draws."""
        plan = make_plan(scenario, self.registry)
        if self.run is not None and scenario.digest() == self.scenario.digest():
            failed = self.run.provenance.get("failed_checks", [])
            inputs: Mapping[str, xarray.DataArray] = self.run.inputs()
        else:
            inputs, failed = self._fitted(scenario, plan, progress, cores, where)
        bare = {name: each.drop_vars(list(each.coords)) for name, each in sorted(inputs.items())}
        return Base(
            key=_key(scenario, bare),
            scenario=scenario,
            plan=plan,
            inputs={name: each.transpose("draw", ...) for name, each in bare.items()},
            failed=tuple(failed),
        )

    def _fitted(
        self,
        scenario: Scenario,
        plan: Plan,
        progress: Progress | None,
        cores: int | None,
        where: Where | None,
    ) -> tuple[Mapping[str, xarray.DataArray], list[str]]:
        from amplicast.engine.calibrate import SamplerSettings, calibrate, calibrated_parameters

        settings = SamplerSettings(
            draws=scenario.compute.draws,
            chains=scenario.compute.chains,
            seed=scenario.compute.seed,
            cores=cores,
        )
        calibrated = {plugin.id: calibrated_parameters(plugin) for plugin in plan.plugins}
        posteriors = calibrate(plan.plugins, settings=settings, progress=progress, where=where)
        failed = [
            f"{id_}: {finding}"
            for id_, posterior in posteriors.items()
            for finding in posterior.verdict.findings
        ]
        return draw_inputs(plan, scenario, posteriors, calibrated=calibrated), failed


def pack(base: Base) -> bytes:
    """A base as bytes that another process opens; equal bases give equal bytes."""
    import numpy

    arrays: dict[str, Any] = {f"values:{name}": each.values for name, each in base.inputs.items()}
    about = {
        "key": base.key,
        "scenario": base.scenario.to_dict(),
        "dims": {name: list(each.dims) for name, each in base.inputs.items()},
    }
    text = json.dumps(about, sort_keys=True).encode()
    out = io.BytesIO()
    numpy.savez(out, about=numpy.frombuffer(text, dtype="uint8"), **arrays)
    return out.getvalue()


def unpack(content: bytes, registry: Registry) -> Base:
    """The base that `pack` wrote."""
    from amplicast.scenario import Scenario

    scenario, key, inputs = inputs_from(content)
    found = Scenario.from_dict(scenario)
    return Base(key=key, scenario=found, plan=make_plan(found, registry), inputs=inputs)


def inputs_from(content: bytes) -> tuple[dict[str, Any], str, dict[str, xarray.DataArray]]:
    """Scenario, key and draws of a packed base."""
    import numpy
    import xarray

    with numpy.load(io.BytesIO(content), allow_pickle=False) as file:
        about = json.loads(file["about"].tobytes())
        inputs = {
            name: xarray.DataArray(file[f"values:{name}"], dims=tuple(dims))
            for name, dims in about["dims"].items()
        }
    return about["scenario"], about["key"], inputs


def _key(scenario: Scenario, inputs: Mapping[str, xarray.DataArray]) -> str:
    import numpy

    digest = hashlib.sha256(scenario.digest().encode())
    for name, each in inputs.items():
        values = numpy.ascontiguousarray(each.values)
        digest.update(f"\0{name}{each.dims}{values.dtype.str}{values.shape}".encode())
        digest.update(values.tobytes())
    return digest.hexdigest()


def _unread(name: str) -> Problem:
    return Problem(
        code="AMP-G110",
        what=f"nothing in any case reads {name!r}",
        why="It belongs to a plugin that no case uses, so it would change nothing.",
        fix="leave it out, or use the plugin: a part of [structure]",
    )
