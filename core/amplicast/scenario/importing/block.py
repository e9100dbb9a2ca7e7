"""Beliefs that were found, held to the house's names and units, and written as a scenario does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from amplicast.errors import AmplicastError, ScenarioError
from amplicast.prior_text import shown
from amplicast.scenario.importing.found import Found, Refusals
from amplicast.scenario.names import full_name
from amplicast.scenario.structure import near
from amplicast.scenario.write import toml_key, toml_text
from amplicast.units import canonical, convert

if TYPE_CHECKING:
    from amplicast.scenario.model import Declared

__all__ = ["CUT", "block", "settled"]

CUT = 0.01
"""Largest share of a belief beyond a clip that is left out without a word of refusal."""


def settled(
    found: Sequence[Found],
    refusals: Refusals,
    *,
    declared: Mapping[str, Declared],
    rename: Mapping[str, str],
) -> list[Found]:
    """Those that can be placed, under our names and in units that we know; others are refused."""
    first: dict[str, Found] = {}
    placed: dict[str, Found] = {}
    for name in sorted(set(rename) - {one.name for one in found}):
        refusals.add("AMP-S210", "its names", f"there is no {name!r} to rename")
    for one in found:
        ours = _name(one, refusals, declared, rename)
        if not ours:
            continue
        if ours in first:
            refusals.add(
                "AMP-S211",
                one.at,
                f"{one.name!r} stands twice: here, and at {first[ours].at}",
                why="A scenario has one belief of a name"
                + (f": {first[ours].told} or {one.told}?" if one.told else "."),
                fix="choose rows, for example  --where lab=NAME",
            )
            continue
        first[ours] = one
        kept = _held(replace(one, name=ours), refusals, declared[ours])
        if kept is not None:
            placed[ours] = kept
    return [placed[name] for name in sorted(placed)]


def _name(
    one: Found, refusals: Refusals, declared: Mapping[str, Declared], rename: Mapping[str, str]
) -> str:
    wanted = rename.get(one.name, one.name)
    meant = full_name(wanted, declared)
    if len(meant) == 1:
        return meant[0]
    short = {full.rpartition(".")[2]: full for full in sorted(declared)}
    guess = near(wanted, declared) or short.get(near(wanted, short), "")
    told = f"can mean {' or '.join(meant)}" if meant else "is no assumption"
    refusals.add(
        "AMP-S212",
        one.name_at,
        f"{wanted!r} {told}" + (f"; did you mean {guess!r}?" if guess and not meant else ""),
        why="A scenario has assumptions of its own names: amplicast scenario explain baseline.",
        fix=f"--rename {one.name}={guess or (meant or ('OUR_NAME',))[0]}"
        f"  or  --leave-out {one.name}",
    )
    return ""


def _held(one: Found, refusals: Refusals, declared: Declared) -> Found | None:
    """The belief with a unit of ours, if it can be stated so."""
    from amplicast.priors import Prior

    try:
        unit = canonical(one.unit or declared.unit)
        if unit.name != declared.unit:
            convert(1.0, unit, declared.unit, through_log=True)
    except AmplicastError as error:
        for problem in error.problems:
            refusals.add(problem.code, one.unit_at, problem.what, why=problem.why, fix=problem.fix)
        return None
    try:
        prior = Prior(dict(one.says), unit=unit.name)
    except ScenarioError as error:
        refusals.take(error, one.at)
        return None
    low, high = one.clips
    beyond = (low is not None and prior.quantile(CUT) < low) or (
        high is not None and prior.quantile(1.0 - CUT) > high
    )
    if beyond and not prior.is_fixed:
        refusals.add(
            "AMP-S213",
            one.at,
            f"{one.name!r} is clipped {_bounds(low, high)}, and more than 1 % of it lies beyond",
            why="A belief here keeps its tails; one that is cut off would have other quantiles.",
            fix="narrow the range, or name a distribution that keeps within the bounds",
        )
        return None
    plain = {key: value for key, value in one.says.items() if key != "dist"}
    if {"low", "high"} <= set(plain) and Prior(plain, unit=unit.name).dist == prior.dist:
        one = replace(one, says=plain)  # what the unit decides need not be said
    return replace(one, unit=unit.name, told=_told(one, given=bool(one.unit)))


def _bounds(low: float | None, high: float | None) -> str:
    ends = (("below", low), ("above", high))
    return " and ".join(f"{side} {shown(end)}" for side, end in ends if end is not None)


def _told(one: Found, *, given: bool) -> str:
    """Where the belief comes from, as the end of its reason."""
    parts = [one.at, *([one.told] if one.told else [])]
    if not given:
        parts.append("unit taken as declared")
    if any(clip is not None for clip in one.clips):
        parts.append("clips left out: less than 1 % lies beyond each")
    return "; ".join(parts)


def block(beliefs: Iterable[Found], *, name: str, digest: str) -> str:
    """Tables of assumptions, sorted by name; the same file gives the same text."""
    lines = [f"# Imported from {name}, sha256 {digest[:16]}."]
    for one in beliefs:
        why = one.why.strip() or "No reason is given."
        ended = why if why.endswith((".", "!", "?")) else f"{why}."
        keys = {
            **_statement(one.says),
            "unit": one.unit,
            "why": f"{ended} Imported from {name}, {one.told}.",
            "source": one.source.strip() or "judgement",
        }
        lines += ["", f"[assumptions.{toml_key(one.name)}]"]
        lines += [f"{key} = {toml_text(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def _statement(says: Mapping[str, float | str]) -> dict[str, float | str]:
    """A range in words where words can say it, else its keys."""
    if set(says) <= {"low", "high", "mass"} and {"low", "high"} <= set(says):
        mass = float(says.get("mass", 0.9))
        head = "" if mass == 0.9 else f"{mass * 100:.10g}%: "
        return {"value": f"{head}{shown(float(says['low']))} to {shown(float(says['high']))}"}
    return dict(says)
