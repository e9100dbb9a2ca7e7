"""A scenario after loading: frozen, complete, with the origin of every value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.concepts import TaskClass
from amplicast.scenario.belief import from_table
from amplicast.scenario.must_hold import MustHold

if TYPE_CHECKING:
    from amplicast.beliefs import Correlation
    from amplicast.priors import Prior

__all__ = ["Assumption", "Compute", "Declared", "Plugins", "Scenario"]


@dataclass(frozen=True)
class Declared:
    """An assumption that a scenario may make.

    Attributes
    ----------
    unit, description : str
    prior : Prior or None
        What holds where no scenario says anything; None where a scenario must.
    """

    unit: str
    description: str
    prior: Prior | None


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One belief of a scenario.

    Attributes
    ----------
    name : str
        Full name: an input of the engine, or ``<plugin>.<parameter>``.
    prior : Prior
        In the declared unit.
    why, source : str
    origin : str
        File or command-line option that states it.
    """

    name: str
    prior: Prior
    why: str
    source: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class Plugins:
    """Ids of the plugins that play each part; `supply` by actor."""

    model: str
    serving: str
    cost: str
    demand: str
    combining: str
    equivalence: str
    supply: Mapping[str, str]
    hardware: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Compute:
    """Draws per chain, chains, and the seed of every random number."""

    draws: int
    chains: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Everything a person decides about one forecast.

    Attributes
    ----------
    years : tuple of int
        Ends of calendar years, ascending, without gaps.
    decision : {"fixed", "planned"}
        The deployed model is given.
    techniques, left_out : tuple of str
        Ids in use, and ids that the file names as left out; sorted.
    regimes : Mapping[str, float or None]
        Copies wanted; None where demand sets them.
    assumptions : Mapping[str, Assumption]
        By full name; what is not here keeps the default of its plugin.
    variants : Mapping[str, Mapping[str, Prior]]
        By variant, the beliefs that it changes, by full name.
    must_hold : tuple of MustHold
        What is tested on the draws, by name; it moves no number.
    tree : Mapping
        The resolved file as plain tables, from which everything else here is made.
    """

    name: str
    based_on: str
    author: str
    question: str
    years: tuple[int, ...]
    actors: tuple[str, ...]
    decision: str
    plugins: Plugins
    techniques: tuple[str, ...]
    left_out: tuple[str, ...]
    regimes: Mapping[str, float | None]
    task_classes: tuple[TaskClass, ...]
    assumptions: Mapping[str, Assumption]
    variants: Mapping[str, Mapping[str, Prior]]
    correlations: tuple[Correlation, ...]
    compute: Compute
    must_hold: tuple[MustHold, ...]
    tree: Mapping[str, Any]

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Scenario:
        """Rebuild from `to_dict`; also from JSON of it."""
        from amplicast.beliefs import Correlation

        tree, origins = record["tree"], record["origins"]
        first, last = (int(year) for year in tree["years"].split(" to "))
        plugins, techniques = tree["plugins"], tree["techniques"]
        return cls(
            name=tree["name"],
            based_on=record["based_on"],
            author=tree["author"],
            question=tree["question"],
            years=tuple(range(first, last + 1)),
            actors=tuple(tree["actors"]),
            decision=tree["decision"],
            plugins=Plugins(
                model=plugins["model"],
                serving=plugins["serving"],
                cost=plugins["cost"],
                demand=plugins["demand"],
                combining=plugins["combining"],
                equivalence=plugins["equivalence"],
                supply=dict(sorted(plugins["supply"].items())),
                hardware=tuple(plugins["hardware"]),
            ),
            techniques=tuple(techniques["use"]),
            left_out=tuple(techniques["leave_out"]),
            regimes={
                name: None if regime.get("demand") else float(regime["copies"])
                for name, regime in tree["regimes"].items()
            },
            task_classes=tuple(tree["task_classes"]["use"]),
            assumptions={
                name: Assumption(
                    name=name,
                    prior=from_table(spec),
                    why=spec.get("why", ""),
                    source=spec.get("source", ""),
                    origin=origins.get(name, ""),
                )
                for name, spec in sorted(tree["assumptions"].items())
            },
            variants={
                variant: {name: from_table(spec) for name, spec in sorted(changes.items())}
                for variant, changes in tree["variants"].items()
            },
            correlations=tuple(
                Correlation(a=row["a"], b=row["b"], rank=row["rank"])
                for row in tree["correlations"]
            ),
            compute=Compute(**tree["compute"]),
            # A scenario without them says nothing of them.
            must_hold=tuple(
                MustHold.of(name, table) for name, table in sorted(tree.get("beliefs", {}).items())
            ),
            tree=tree,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain tables, lists, texts and numbers; `from_dict` gives the same scenario back."""
        return {
            "tree": json.loads(json.dumps(self.tree)),
            "based_on": self.based_on,
            "origins": {name: belief.origin for name, belief in self.assumptions.items()},
        }

    def digest(self) -> str:
        """SHA-256 of the resolved content; where it came from does not count."""
        text = json.dumps(
            self.tree, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
        )
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def apply_sets(self, sets: Sequence[str], *, declared: Mapping[str, Declared]) -> Scenario:
        """Change single beliefs, as ``--set NAME=VALUE`` does.

        Raises
        ------
        ScenarioError
            With every mistake of every setting.
        """
        from amplicast.scenario.sets import apply_sets

        return apply_sets(self, sets, declared=declared)

    def resolved_toml(self) -> str:
        """One complete file that loads to the same content, with nothing inherited."""
        from amplicast.scenario.write import write_toml

        return write_toml(self)
