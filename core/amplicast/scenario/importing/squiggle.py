"""Beliefs from lines of Squiggle or squigglepy: ``x = 5 to 10``, ``x = sq.lognorm(1, 3)``.

Only what states a belief by numbers is read; nothing is evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from amplicast.scenario.importing.found import Found, Refusals, interval

__all__ = ["read_squiggle"]

SUFFIXES: Mapping[str, float] = {
    "": 1.0, "%": 0.01, "k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12,
}  # fmt: skip
"""Squiggle's own; its ``m`` is a thousandth and so often meant as a million that it is refused."""

NUMBER = r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:%|[kKMBGT](?![A-Za-z]))?"
LINE = re.compile(r"(?:let\s+|const\s+)?([A-Za-z_][\w.-]*)\s*[:=]\s*(.+?);?\s*")
RANGE = re.compile(rf"({NUMBER})\s+to\s+({NUMBER})")
CALL = re.compile(r"(?:sq\.|squigglepy\.|PointSet\.|Sym\.)?([A-Za-z]+)\((.*)\)")
PART = re.compile(rf"(?:([A-Za-z]\w*)\s*[=:]\s*)?({NUMBER})")
COMMENT = re.compile(r"\s*(?://|#)\s*(.*)$")


def read_squiggle(text: str, refusals: Refusals) -> list[Found]:
    """Every belief of the text; a comment behind it, or right above it, is its reason."""
    found: list[Found] = []
    above = ""
    for number, line in enumerate(text.splitlines(), start=1):
        at = f"line {number}"
        comment = COMMENT.search(line)
        told = comment[1].strip() if comment else ""
        code = line[: comment.start()] if comment else line
        if not code.strip():
            above = told
            continue
        if re.match(r"\s*(?:import|from)\s", code):
            continue
        match = LINE.fullmatch(code.strip())
        says = _says(match[2].strip()) if match else None
        if match is None or says is None:
            refusals.add(
                "AMP-S206",
                at,
                f"{code.strip()!r} states no belief by numbers",
                why="Read are: name = 5 to 10, a number, and normal, lognormal, uniform and "
                "triangular with numbers in brackets; k, M, B and T behind a number. Nothing is "
                "calculated.",
                fix="write the 5 % and the 95 % point of what comes out: name = 5 to 10",
            )
        else:
            reason = told or above
            found.append(Found(name=match[1], says=says, at=at, name_at=at, unit_at=at, why=reason))
        above = ""
    return found


def _number(text: str) -> float:
    plain = text.replace("_", "")
    suffix = plain[-1] if plain[-1] in SUFFIXES else ""
    return float(plain.removesuffix(suffix)) * SUFFIXES[suffix] if suffix else float(plain)


def _says(text: str) -> dict[str, float | str] | None:
    """Keywords of a belief; None where the text is none."""
    if re.fullmatch(NUMBER, text):
        return {"value": _number(text)}
    if match := RANGE.fullmatch(text):
        return interval("", _number(match[1]), _number(match[2]))
    match = CALL.fullmatch(text)
    if match is None:
        return None
    inside = match[2].strip().removeprefix("{").removesuffix("}")
    parts = [PART.fullmatch(part.strip()) for part in inside.split(",") if part.strip()]
    if not parts or not all(parts):
        return None
    values = [_number(part[2]) for part in parts if part]
    names = [part[1] or "" for part in parts if part]
    rule = _CALLS.get(match[1].lower())
    return rule(names, values, match[1], "sq." in text) if rule else None


def _points(names: list[str], values: list[float]) -> dict[str, float] | None:
    """Equal-tailed points by their names, such as ``p5`` and ``p95``."""
    at = {int(n[1:]): v for n, v in zip(names, values, strict=True) if re.fullmatch(r"p\d+", n)}
    if len(at) != len(names) or len(at) != 2 or sum(at) != 100:
        return None
    low, high = sorted(at)
    return {"low": at[low], "high": at[high], "mass": (high - low) / 100}


def _normal(
    names: list[str], values: list[float], called: str, is_python: bool
) -> dict[str, float | str] | None:
    """Squigglepy's two numbers are a 90 % interval, Squiggle's mean and standard deviation."""
    family = "lognormal" if called.lower().startswith("log") else "normal"
    own = ("mu", "sigma") if family == "lognormal" else ("mean", "sd")
    spelt = {"stdev": own[1], "sd": own[1], "mean": own[0], "mu": own[0], "sigma": own[1]}
    if points := _points(names, values):
        return {"dist": family, **points}
    if names == ["", ""] and is_python:
        return interval(family, *values)
    if names == ["", ""]:
        return {"dist": family, own[0]: values[0], own[1]: values[1]}
    named = {spelt.get(name, ""): value for name, value in zip(names, values, strict=True)}
    # The mean of a log-normal is not its mu.
    if family == "lognormal" and not {*names} <= {"mu", "sigma"}:
        return None
    return {"dist": family, **named} if set(named) == set(own) else None


def _two(
    names: list[str], values: list[float], called: str, is_python: bool
) -> dict[str, float | str] | None:
    family = "" if called.lower() == "to" else "uniform"
    return interval(family, *values) if names == ["", ""] else None


def _three(
    names: list[str], values: list[float], called: str, is_python: bool
) -> dict[str, float | str] | None:
    if names != ["", "", ""]:
        return None
    return {"dist": "triangular", "min": values[0], "mode": values[1], "max": values[2]}


def _one(
    names: list[str], values: list[float], called: str, is_python: bool
) -> dict[str, float | str] | None:
    return {"value": values[0]} if names == [""] else None


_CALLS: Mapping[str, Callable[..., dict[str, float | str] | None]] = {
    "norm": _normal,
    "normal": _normal,
    "lognorm": _normal,
    "lognormal": _normal,
    "to": _two,
    "uniform": _two,
    "triangular": _three,
    "const": _one,
    "pointmass": _one,
}
