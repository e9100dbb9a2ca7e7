"""What one document says: beliefs, variants, correlations, regimes and years, each checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amplicast.errors import Problem
from amplicast.scenario.belief import read_belief
from amplicast.scenario.document import Document
from amplicast.scenario.names import find_assumption

if TYPE_CHECKING:
    from amplicast.priors import Prior
    from amplicast.scenario.model import Declared

__all__ = ["read_beliefs", "read_correlations", "read_regimes", "read_variants", "read_years"]

FIRST_YEAR, LAST_YEAR, MOST_YEARS = 2015, 2100, 50
"""Bounds of the years: no plugin has data before the first, and beyond the rest means nothing."""

_OF_UNIT = frozenset({"AMP-S113", "AMP-S114"})


def _place(document: Document, problem: Problem, path: str, spec: Mapping[str, Any]) -> None:
    """Report a problem of a belief at the key that it is about."""
    keys = ["unit"] if problem.code in _OF_UNIT else [k for k in spec if k not in {"why", "source"}]
    keys = [key for key in keys if key in spec and f"{path}.{key}" in document.places.first]
    where = f"{path}.{keys[0]}" if keys else path
    document.fault(problem.code, where, problem.what, why=problem.why, fix=problem.fix)


def read_beliefs(document: Document, declared: Mapping[str, Declared]) -> dict[str, Prior]:
    """Beliefs under ``[assumptions]``, by full name, in their declared units."""
    beliefs: dict[str, Prior] = {}
    for name, spec in document.tree.get("assumptions", {}).items():
        path = f"assumptions.{name}"
        full = find_assumption(document, name, declared, path=path)
        if not full or path in document.broken:
            continue
        about = declared[full]
        prior, problems = read_belief(spec, name=name, unit=about.unit, prior=about.prior)
        if full in beliefs:
            document.fault(
                "AMP-S111",
                path,
                f"{full!r} is given twice, once by its short name",
                why="Only one of the two could count, and nobody could see which.",
                fix="delete one of the two tables",
            )
        for problem in problems:
            _place(document, problem, path, spec)
        if prior is not None:
            beliefs[full] = prior
    return beliefs


def read_variants(
    document: Document, declared: Mapping[str, Declared], beliefs: Mapping[str, Prior]
) -> dict[str, dict[str, Prior]]:
    """Variants by name; `beliefs` are those of the reference, whose shape a variant keeps."""
    variants: dict[str, dict[str, Prior]] = {}
    for variant, changes in document.tree.get("variants", {}).items():
        variants[variant] = {}
        for name, value in changes.items():
            path = f"variants.{variant}.{name}"
            full = find_assumption(document, name, declared, path=path, code="AMP-S184")
            if not full or path in document.broken:
                continue
            about = declared[full]
            stated = value if isinstance(value, dict) else {"value": value}
            prior, problems = read_belief(
                {"unit": about.unit, **stated},
                name=name,
                unit=about.unit,
                prior=beliefs.get(full, about.prior),
            )
            for problem in problems:
                fix = problem.fix.replace("value = ", f"{name} = ", 1)
                told = Problem(code=problem.code, what=problem.what, why=problem.why, fix=fix)
                _place(document, told, path, stated)
            if prior is not None:
                variants[variant][full] = prior
    return variants


def read_correlations(
    document: Document, declared: Mapping[str, Declared]
) -> dict[tuple[str, str], float]:
    """Rank correlations by sorted pair of full names."""
    found: dict[tuple[str, str], float] = {}
    for place, row in enumerate(document.tree.get("correlations", ())):
        path = f"correlations.{place}"
        names = [
            find_assumption(document, row[end], declared, path=f"{path}.{end}")
            for end in ("a", "b")
            if end in row
        ]
        if len(names) < 2 or not all(names) or "rank" not in row:
            continue
        first, second = sorted(names)
        if first == second:
            document.fault(
                "AMP-S180",
                f"{path}.b",
                f"{first!r} is correlated with itself",
                why="A correlation ties two different beliefs.",
                fix="name another assumption as b, or delete this table",
            )
        elif abs(row["rank"]) >= 1.0:
            document.fault(
                "AMP-S181",
                f"{path}.rank",
                f"a rank correlation cannot be {row['rank']}",
                why="At 1 or -1 the two would be one belief; it lies between, both excluded.",
                fix=f"rank = {0.9 if row['rank'] > 0 else -0.9}",
            )
        elif (first, second) in found:
            document.fault(
                "AMP-S182",
                path,
                f"{first!r} and {second!r} are correlated twice",
                why="Only one of the two could count.",
                fix="delete one of the two tables",
            )
        else:
            found[first, second] = float(row["rank"])
    return found


def read_regimes(document: Document) -> dict[str, dict[str, Any]]:
    """Regimes by name, each with exactly one of ``copies`` and ``demand``."""
    regimes: dict[str, dict[str, Any]] = {}
    for name, regime in document.tree.get("regimes", {}).items():
        if len(regime) == 1:
            # A whole number may be written as 1e6 or as 1000000; both are one content.
            regimes[name] = {
                key: value if key == "demand" else float(value) for key, value in regime.items()
            }
        elif f"regimes.{name}" not in document.broken:
            document.fault(
                "AMP-S183",
                f"regimes.{name}",
                f"the regime {name!r} must have one of: copies, demand",
                why="Either a number of copies is wanted, or as many as users ask for.",
                fix="copies = 1e6   or   demand = true",
            )
    return regimes


def read_years(document: Document) -> str:
    """Years as ``"2025 to 2032"``; empty where the document gives none that can be used."""
    text = document.tree.get("years")
    if text is None:
        return ""
    found = re.fullmatch(r"\s*(\d{4})(?:\s+to\s+(\d{4}))?\s*", text)
    if not found:
        numbers = re.findall(r"(?<!\d)\d{4}(?!\d)", text)
        document.fault(
            "AMP-S172",
            "years",
            f"{text!r} is not a range of years",
            why='Two whole years of four digits with "to" between them.',
            fix=f'years = "{numbers[0]} to {numbers[-1]}"' if numbers else 'years = "2025 to 2032"',
        )
        return ""
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        document.fault(
            "AMP-S173",
            "years",
            "the years run backwards",
            why="The second year must not be earlier than the first.",
            fix=f'years = "{last} to {first}"',
        )
        return ""
    if first < FIRST_YEAR or last > LAST_YEAR or last - first >= MOST_YEARS:
        start = min(max(first, FIRST_YEAR), LAST_YEAR)
        document.fault(
            "AMP-S174",
            "years",
            f"the years {first} to {last} reach beyond what can be forecast",
            why=f"At most {MOST_YEARS} years, between {FIRST_YEAR} and {LAST_YEAR}.",
            fix=f'years = "{start} to {min(last, start + MOST_YEARS - 1, LAST_YEAR)}"',
        )
        return ""
    return f"{first} to {last}"
