"""Beliefs from YAML with intervals: ``name: {ci80: [1, 5], unit: FLOP}``, nested as one likes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from amplicast.scenario.importing.found import DISTRIBUTIONS, Found, Refusals, interval

__all__ = ["read_intervals"]

INTERVAL = re.compile(r"(?:(\w+?)_)?ci_?(\d{2})")
ABOUT = {
    "unit": "unit",
    "units": "unit",
    "why": "why",
    "description": "why",
    "note": "why",
    "source": "source",
    "dist": "dist",
    "distribution": "dist",
    "median": "best",
    "best": "best",
}


def read_intervals(text: str, refusals: Refusals) -> list[Found]:
    """Every interval of the text, by the key above it; other keys are left alone."""
    import yaml

    try:
        # Only the tree with its lines: YAML's own types would turn 1e26 into a text.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f"line {mark.line + 1}" if mark else "the file"
        told = getattr(error, "problem", None) or str(error)
        refusals.add("AMP-S207", at, f"this is no YAML: {told}", fix="mend the line")
        return []
    found = list(_walked(root, "", refusals)) if root is not None else []
    if not found and not refusals.problems:
        refusals.add(
            "AMP-S208",
            "the file",
            "it states no interval",
            why="An interval is a key such as ci80 with a list of two numbers, below a name.",
            fix="write  name: {ci80: [1, 5], unit: FLOP}",
        )
    return found


def _walked(node: Any, name: str, refusals: Refusals) -> Iterator[Found]:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _walked(each, name, refusals)
    if not isinstance(node, yaml.MappingNode):
        return
    pairs = [(str(key.value), value) for key, value in node.value]
    about = {ABOUT[key]: value for key, value in pairs if key in ABOUT}
    for key, value in pairs:
        match = INTERVAL.fullmatch(key)
        if match and isinstance(value, yaml.SequenceNode):
            yield from _belief(match[1] or name, int(match[2]), value, about, refusals)
        elif not match:
            yield from _walked(value, key, refusals)


def _belief(
    name: str, mass: int, node: Any, about: dict[str, Any], refusals: Refusals
) -> Iterator[Found]:
    at = f"line {node.start_mark.line + 1}"
    texts = [str(each.value) for each in node.value]
    if len(texts) != 2 or not name:
        told = "an interval has two numbers" if name else "the interval has no name above it"
        refusals.add("AMP-S208", at, told, fix="write  name: {ci80: [1, 5]}")
        return
    numbers = [refusals.number(text, at) for text in texts]
    dist = str(about["dist"].value).lower() if "dist" in about else ""
    if dist and dist not in DISTRIBUTIONS:
        refusals.add("AMP-S205", at, f"{dist!r} is no distribution that can be read here")
        return
    low, high = numbers
    if low is None or high is None:
        return
    says = interval(DISTRIBUTIONS.get(dist, ""), low, high, mass=mass / 100)
    if "best" in about:
        best = refusals.number(str(about["best"].value), at)
        if best is None:
            return
        says["best"] = best
    texts_of = {key: str(value.value) for key, value in about.items()}
    yield Found(
        name=name,
        says=says,
        at=at,
        name_at=at,
        unit=texts_of.get("unit", ""),
        unit_at=at,
        why=texts_of.get("why", ""),
        source=texts_of.get("source", ""),
    )
