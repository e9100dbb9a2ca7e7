"""Whether a document has the right keys with the right kinds of value, by the table of keys."""

from __future__ import annotations

import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from amplicast.scenario.document import UNREADABLE, Document
from amplicast.scenario.keys import Key, children, flatten

__all__ = ["check_structure", "missing_key", "near"]

_KINDS = {
    "text": "text between quotation marks",
    "years": 'text such as "2025 to 2032"',
    "texts": "a list of texts in square brackets",
    "integer": "a whole number",
    "number": "a number without quotation marks",
    "boolean": "true or false",
    "value": "a number, or a range between quotation marks",
    "belief": "a number, a range between quotation marks, or a table",
    "table": "a table",
    "tables": "a list of tables",
}


def near(word: str, words: object) -> str:
    """The known word most like this one; empty where none is near."""
    names = sorted(str(item) for item in words)  # type: ignore[attr-defined]
    folded = {name.casefold().replace("_", "-"): name for name in names}
    found = get_close_matches(word.casefold().replace("_", "-"), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def check_structure(document: Document) -> dict[str, Any]:
    """Report what is unknown, missing or of the wrong kind; give back the part that is right."""
    for table in ("assumptions", "variants"):
        inner = document.tree.get(table)
        if isinstance(inner, dict) and table == "assumptions":
            document.tree[table] = flatten(inner)
        elif isinstance(inner, dict):
            document.tree[table] = {
                name: flatten(variant) if isinstance(variant, dict) else variant
                for name, variant in inner.items()
            }
    return _table(document, document.tree, path="", pattern="")


def _table(
    document: Document, table: Mapping[str, Any], *, path: str, pattern: str
) -> dict[str, Any]:
    """Check one table; `path` is its place in the file, `pattern` its row in the table of keys."""
    allowed = children(pattern)
    clean: dict[str, Any] = {}
    for name, value in table.items():
        inner = f"{path}.{name}".lstrip(".")
        key = allowed.get(name) or allowed.get("*")
        if key is None and "dist" in table:
            key = allowed.get("+")
        if key is None:
            _unknown(document, name, allowed, path=inner, around=path)
            document.broken.add(path)
            continue
        fine, kept = (
            (False, None) if value == UNREADABLE else _value(document, value, key, path=inner)
        )
        if fine:
            clean[name] = kept
        else:
            document.broken.add(path)
    if pattern:
        _required(document, table, allowed, path=path)
    return clean


def _unknown(
    document: Document, name: str, allowed: Mapping[str, Key], *, path: str, around: str
) -> None:
    names = [key for key in allowed if key not in {"*", "+", "#"}]
    guess = near(name, names)
    place = f"in [{around}]" if around else "at the top level"
    document.fault(
        "AMP-S112",
        path,
        f"there is no key called {name!r} {place}"
        + (f"; did you mean {guess!r}?" if guess else ""),
        why=f"Known here: {', '.join(names)}.",
        fix=f"write {guess!r} instead of {name!r}" if guess else f"delete {name!r}",
    )


def _required(
    document: Document, table: Mapping[str, Any], allowed: Mapping[str, Key], *, path: str
) -> None:
    for name, key in allowed.items():
        # A missing unit has its own, better message where beliefs are read.
        if key.required == "always" and name != "unit" and name not in table:
            missing_key(document, key, path=path)


def missing_key(document: Document, key: Key, *, path: str) -> None:
    """Report that a table lacks a key."""
    example = f"{key.name} = {'0.5' if key.type == 'number' else _example(key)}"
    document.fault(
        "AMP-S115",
        path,
        f"the key {key.name!r} is missing" + (f" in [{path}]" if path else ""),
        why=key.description,
        fix=f"add  {example}",
    )


def _example(key: Key) -> str:
    if key.minimum is not None and key.type == "integer":
        return f"{key.minimum:g}"
    return "[...]" if key.type == "texts" else '"..."'


def _value(document: Document, value: Any, key: Key, *, path: str) -> tuple[bool, Any]:
    """Whether the value has the kind that the key asks for, and its clean form."""
    if key.type == "belief" and isinstance(value, dict):
        return True, _table(document, value, path=path, pattern="assumptions.*")
    if not _is(value, key.type):
        _wrong_kind(document, value, key, path=path)
        return False, None
    if key.type == "table":
        return True, _table(document, value, path=path, pattern=key.path)
    if key.type == "tables":
        return True, [
            _table(document, row, path=f"{path}.{place}", pattern=f"{key.path}.#")
            for place, row in enumerate(value)
        ]
    if key.choices:
        _choice(document, value, key, path=path)
    return _inside(document, value, key, path=path), value


def _is(value: Any, kind: str) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {
        "text": isinstance(value, str),
        "years": isinstance(value, str),
        "texts": isinstance(value, list) and all(isinstance(item, str) for item in value),
        "integer": number and isinstance(value, int),
        "number": number,
        "boolean": isinstance(value, bool),
        "value": number or isinstance(value, str),
        "belief": number or isinstance(value, str),
        "table": isinstance(value, dict),
        "tables": isinstance(value, list) and all(isinstance(item, dict) for item in value),
    }[kind]


def _wrong_kind(document: Document, value: Any, key: Key, *, path: str) -> None:
    name = path.rpartition(".")[2]
    fixes = {
        "text": f'{name} = "{value}"',
        "years": f'{name} = "{value} to {value}"',
        "texts": f'{name} = ["{value}"]',
        "table": f"write [{path}] on a line of its own, and below it  key = value",
        "tables": f"write [[{path}]] on a line of its own, and below it  key = value",
        "boolean": f"{name} = true",
    }
    plain = str(value).strip() if isinstance(value, str | float) else ""
    if key.type in {"integer", "number"}:
        try:
            number = float(plain)
            plain = f"{number:.0f}" if key.type == "integer" else plain
        except (ValueError, OverflowError):
            plain = key.default or "1"
    document.fault(
        "AMP-S116",
        path,
        f"{name!r} must be {_KINDS[key.type]}",
        why=key.description,
        fix=fixes.get(key.type, f"{name} = {plain or key.default or 1}"),
    )


def _choice(document: Document, value: Any, key: Key, *, path: str) -> None:
    """Report words that are none of the choices."""
    listed = value if isinstance(value, list) else [value]
    given = [word if isinstance(word, str) else str(word).lower() for word in listed]
    for word in given:
        if word in key.choices:
            continue
        guess = near(word, key.choices) or key.choices[0]
        code = "AMP-S187" if key.path == "format" else "AMP-S176"
        document.fault(
            code,
            path,
            f"{path.rpartition('.')[2]!r} cannot be {word!r}"
            + ("" if key.path == "format" else f"; did you mean {guess!r}?"),
            why=f"Allowed: {', '.join(key.choices)}. {key.description}",
            fix=f"write {guess} instead of {word}",
            containing=f'"{word}"' if key.type == "texts" else "",
        )


def _inside(document: Document, value: Any, key: Key, *, path: str) -> bool:
    """Whether a number lies within its bounds."""
    if key.type not in {"number", "integer", "value", "belief"} or isinstance(value, str):
        return True
    name = path.rpartition(".")[2]
    low, high = key.minimum, key.maximum
    if not math.isfinite(value):
        document.fault(
            "AMP-S186",
            path,
            f"{name!r} is not a finite number",
            why="Every number of a scenario is finite; tails reach beyond a range anyway.",
            fix=f"write a finite number after {name}",
        )
        return False
    if key.choices or ((low is None or value >= low) and (high is None or value <= high)):
        return True
    document.fault(
        "AMP-S175",
        path,
        f"{name!r} cannot be {value}",
        why=f"It must lie between {low:.15g} and {high:.15g}. {key.description}",
        fix=f"{name} = {key.default or (1 if low is None else format(max(low, 0.5), 'g'))}",
    )
    return False
