"""Beliefs and parts of the structure as a sweep states them, with every mistake at its key."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.design import MOST_CASES, STRUCTURE, Case
from amplicast.scenario.belief import read_belief
from amplicast.scenario.document import Document
from amplicast.scenario.keys import BELIEF_MARKS
from amplicast.scenario.names import PARTS, find_assumption
from amplicast.scenario.structure import near

if TYPE_CHECKING:
    from amplicast.priors import Prior
    from amplicast.scenario import Declared

__all__ = ["Choice", "Reader", "flat"]

RANGE = ("from", "to", "count", "scale")

Choice = str | tuple[str, ...]


@dataclass
class Reader:
    """Reads beliefs and parts of the structure, and tells what is wrong at the key.

    Attributes
    ----------
    document : Document
    declared : Mapping[str, Declared]
    known : Mapping[str, collection of str]
        Ids of the plugins by kind.
    beliefs : Mapping[str, Prior]
        Those of the base, whose shape a new one keeps.
    """

    document: Document
    declared: Mapping[str, Declared]
    known: Mapping[str, Collection[str]]
    beliefs: Mapping[str, Prior]

    def fault(self, path: str | int, what: str, why: str = "", fix: str = "") -> None:
        """Report a mistake at a key."""
        self.document.fault("AMP-G101", path, what, why=why, fix=fix)

    def belief(self, name: str, stated: Any, *, path: str) -> tuple[str, Prior] | None:
        """Full name and belief; None, with the mistake told, where it cannot be read."""
        full = find_assumption(self.document, name, self.declared, path=path, code="AMP-G102")
        if not full:
            return None
        if not isinstance(stated, int | float | str | dict) or isinstance(stated, bool):
            self.fault(path, f"{name!r} is no belief", fix=f'{name} = ["2 to 5", 7]')
            return None
        about = self.declared[full]
        table = stated if isinstance(stated, dict) else {"value": stated}
        prior, problems = read_belief(
            {"unit": about.unit, **table},
            name=name,
            unit=about.unit,
            prior=self.beliefs.get(full, about.prior),
        )
        for problem in problems:
            self.document.fault(problem.code, path, problem.what, why=problem.why, fix=problem.fix)
        return (full, prior) if prior is not None else None

    def axes(self, table: Mapping[str, Any]) -> dict[str, list[tuple[str, Prior]]]:
        """Beliefs of every name of a grid."""
        found: dict[str, list[tuple[str, Prior]]] = {}
        for name, stated in flat(table).items():
            path = f"grid.{name}"
            values: Any = self._range(stated, path) if _is_range(stated) else stated
            listed = values if isinstance(values, list) else [values]
            if not listed:
                self.fault(path, f"{name!r} has no values", fix=f'{name} = ["2 to 5", 7]')
            read = [self.belief(name, each, path=path) for each in listed]
            found[name] = [each for each in read if each is not None]
            full = [each[0] for each in found[name][:1]]
            if any(full == [other[0][0]] for key, other in found.items() if other and key != name):
                self.fault(path, f"{full[0]!r} is in the grid twice", fix="delete one of the two")
        return found

    def _range(self, table: Mapping[str, Any], path: str) -> list[float]:
        """Evenly spaced fixed values, on a linear or a log scale."""
        unknown = sorted(set(table) - set(RANGE))
        numbers = [table.get(key) for key in ("from", "to")]
        count, scale = table.get("count"), table.get("scale", "linear")
        good = all(
            isinstance(each, int | float) and not isinstance(each, bool) and math.isfinite(each)
            for each in numbers
        )
        fix = "{ from = 10, to = 100, count = 5 }"
        if unknown or not good or not isinstance(count, int) or isinstance(count, bool):
            more = f"; it has no {unknown[0]!r}" if unknown else ""
            self.fault(path, f"a range needs from, to and count{more}", "scale may be log.", fix)
            return []
        low, high = float(numbers[0] or 0.0), float(numbers[1] or 0.0)
        if count > MOST_CASES:
            self.fault(
                path, f"that makes {count:,} cases", f"At most {MOST_CASES:,} are done.", fix
            )
            return []
        if count < 2 or scale not in ("linear", "log"):
            self.fault(
                path,
                "count is at least 2, and scale is linear or log",
                "One value is no range.",
                fix,
            )
            return []
        if scale == "log" and not (low > 0.0 and high > 0.0):
            self.fault(path, "on a log scale both ends lie above zero", "", fix)
            return []
        steps = [i / (count - 1) for i in range(count)]
        if scale == "log":
            told = [low ** (1.0 - s) * high**s for s in steps]
        else:
            told = [low * (1.0 - s) + high * s for s in steps]
        return [float(f"{each:.12g}") for each in told]

    def structures(self, table: Mapping[str, Any]) -> dict[str, list[tuple[str, Choice]]]:
        """Choices of every part of the structure."""
        found: dict[str, list[tuple[str, Choice]]] = {}
        for part, stated in table.items():
            path = f"structure.{part}"
            choices = stated if isinstance(stated, list) else [stated]
            found[part] = [
                (part, choice)
                for each in choices
                if (choice := self.choice(part, each, path=path)) is not None
            ]
            if not choices:
                self.fault(path, f"{part} has no choices", fix=f'{part} = ["a", "b"]')
        return found

    def choice(self, part: str, stated: Any, *, path: str | int) -> Choice | None:
        """One choice of a part; None, with the mistake told, where there is no such thing."""
        if part not in STRUCTURE:
            guess = near(part, STRUCTURE)
            self.fault(
                path,
                f"the structure has no part {part!r}"
                + (f"; did you mean {guess}?" if guess else ""),
                f"It has: {', '.join(STRUCTURE)}.",
                f"write {guess}" if guess else "move beliefs under [grid]",
            )
            return None
        if part == "decision":
            known: Collection[str] = ("fixed", "planned")
        else:
            known = self.known[PARTS.get(part, "techniques")]
        many = part in ("techniques", "leave_out")
        ids = stated if isinstance(stated, list) else [stated]
        if many and ids in ([""], ["none"]):
            ids = []
        for id_ in ids:
            if id_ not in known:
                guess = near(str(id_), known)
                self.fault(
                    path,
                    f"{part}: there is no {id_!r}"
                    + (f"; did you mean {guess!r}?" if guess else ""),
                    f"There are: {', '.join(sorted(known))}.",
                    f'write "{guess}"' if guess else "amplicast plugins list shows all",
                )
                return None
        if many:
            return tuple(sorted(set(ids)))
        if len(ids) != 1:
            self.fault(path, f"{part} is one thing in each case", fix=f'{part} = "{ids[0]}"')
            return None
        return str(ids[0])

    def case(self, number: int, row: Mapping[str, Any], *, path: str | None, line: int = 0) -> Case:
        """One case from its row; what it leaves out stays as it is in the base."""
        beliefs: dict[str, Prior] = {}
        structure: dict[str, Choice] = {}
        name, seed = str(row.get("name") or number), row.get("seed")
        for key, stated in row.items():
            where = f"{path}.{key}" if path is not None else line
            if key == "name":
                continue
            if key == "seed":
                if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
                    self.fault(
                        where, f"{stated!r} is no seed", "A seed is a whole number.", "seed = 1"
                    )
            elif key in STRUCTURE:
                choice = self.choice(key, stated, path=where)
                if choice is not None:
                    structure[key] = choice
            else:
                read = self.belief(key, stated, path=where)  # type: ignore[arg-type]
                if read and read[0] in beliefs:
                    self.fault(where, f"{read[0]!r} is stated twice", fix="delete one of the two")
                elif read:
                    beliefs[read[0]] = read[1]
        return Case(
            name=name,
            beliefs=beliefs,
            structure=structure,
            seed=seed if isinstance(seed, int) else None,
        )


def _is_range(stated: Any) -> bool:
    return isinstance(stated, dict) and bool(set(stated) & {"from", "to", "count"})


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Join dotted names; tables that state a belief or a range stay whole."""
    joined: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and not _is_range(value) and not BELIEF_MARKS & value.keys():
            joined.update(flat(value, f"{name}."))
        else:
            joined[name] = value
    return joined
