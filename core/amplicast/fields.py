"""What the fields of a literal may hold: words from lists, names of parameters, figures."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import get_args

from amplicast.concepts import Evidence, Hardware, Mechanism, Plugin, Role, TaskClass, Technique
from amplicast.errors import Problem
from amplicast.prior_families import FAMILIES
from amplicast.priors import Prior

__all__ = [
    "check_groups",
    "check_hardware",
    "check_labels",
    "check_words",
    "did_you_mean",
    "name_of",
]

LONGEST_LABEL = 60

PRECISIONS = ("fp32", "tf32", "bf16", "fp8", "int8", "fp4")


def check_labels(plugin: Plugin) -> list[Problem]:
    """A label belongs to a parameter, and says it in a line."""
    lacks = {
        name: "belongs to no parameter" + did_you_mean(name, plugin.priors)
        if name not in plugin.priors
        else f"has {len(label)} characters"
        for name, label in plugin.labels.items()
        if name not in plugin.priors or not 0 < len(label.strip()) <= LONGEST_LABEL
    }
    return [
        Problem(
            code="AMP-P135",
            what=f"the label {name!r} of {name_of(plugin)} {lack}",
            why=f"Labels stand beside bars and sliders: 1 to {LONGEST_LABEL} characters.",
            fix="Correct the name, or say it in a few words without unit.",
        )
        for name, lack in lacks.items()
    ]


def check_words(plugin: Plugin) -> list[Problem]:
    """Fields with a closed list of words use one of them."""
    if not isinstance(plugin, Technique):
        return []
    fields: list[tuple[str, Iterable[str], tuple[str, ...]]] = [
        ("mechanism", [plugin.mechanism], get_args(Mechanism)),
        ("role", [plugin.role], get_args(Role)),
        ("task class", plugin.task_classes, get_args(TaskClass)),
    ]
    return [
        Problem(
            code="AMP-P129",
            what=f"{word!r} is no {field} ({name_of(plugin)})",
            why=f"One of: {', '.join(allowed)}.",
            fix=f"Use one of them.{did_you_mean(word, allowed)}",
        )
        for field, words, allowed in fields
        for word in words
        if word not in allowed
    ]


def check_groups(plugin: Plugin, evidence: Evidence, label: str) -> list[Problem]:
    """A group pools a parameter by another; the scale of centred levels is above zero."""
    pooled = {*evidence.groups}
    for group in evidence.groups.values():
        pooled |= {group.scale, *([group.new] if group.new else [])}
    unknown = [
        Problem(
            code="AMP-P128",
            what=f"{label} pools by {name!r}, which is no parameter",
            why="A pooled parameter and its between-level scale both need a prior."
            + did_you_mean(name, plugin.priors),
            fix=f"Add {name!r} to priors, or correct the name.",
        )
        for name in sorted(pooled - set(plugin.priors))
    ]
    return unknown + [
        Problem(
            code="AMP-P128",
            what=f"{label} centres levels of {parameter!r}, and {group.scale!r} may be zero",
            why="Levels that are sampled themselves have it as their standard deviation.",
            fix=f"Give {group.scale!r} a prior above zero, such as a log-normal, or do not centre.",
        )
        for parameter, group in sorted(evidence.groups.items())
        if group.centred and group.scale in plugin.priors
        if _reaches_zero(plugin.priors[group.scale])
    ]


def _reaches_zero(prior: Prior) -> bool:
    """Told from how it is stated, since listing plugins evaluates nothing."""
    support = FAMILIES[prior.dist].support
    return support == "real" or (support == "any" and min(dict(prior.numbers).values()) <= 0.0)


def check_hardware(plugin: Plugin) -> list[Problem]:
    """Device data are positive, cited, and hold the 8-bit rate that stock is counted in."""
    if not isinstance(plugin, Hardware):
        return []
    faults = [
        f"has a rate for {key!r}; known are {', '.join(PRECISIONS)}"
        for key in sorted(set(plugin.flop_per_s) - set(PRECISIONS))
    ]
    if not plugin.flop_per_s:
        faults.append("has no dense rate at any precision")
    numbers: dict[str, float] = {f"flop_per_s[{k!r}]": v for k, v in plugin.flop_per_s.items()}
    fields = ("memory_bytes", "bandwidth", "link_bandwidth", "domain", "power_w")
    numbers |= {field: getattr(plugin, field) for field in fields}
    faults += [
        f"has {field} = {value!r}, which is not a positive number"
        for field, value in numbers.items()
        if not 0 < value < float("inf")
    ]
    if not plugin.sources:
        faults.append("names no source for its numbers")
    return [
        Problem(
            code="AMP-P130",
            what=f"{name_of(plugin)} {fault}",
            why="Copies and costs follow from these numbers directly.",
            fix="Take them from the vendor's data sheet, and name it in sources.",
        )
        for fault in faults
    ]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` with the nearest of the known words, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def name_of(plugin: Plugin) -> str:
    """Kind and id, as messages name a literal."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(plugin).__name__)
    return f"{words.lower()} {plugin.id!r}"
