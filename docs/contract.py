"""The pages of the contract: every hook and what it hands over, and the laws it is held to."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Mapping
from typing import Any

from wording import markdown, page, table


def hooks() -> str:
    """The contract of plugins: every hook, and what it hands over."""
    from amplicast import concepts, hookspecs

    parts = [markdown(inspect.getdoc(hookspecs))]
    shown: Mapping[str, Any] = {name: getattr(concepts, name) for name in concepts.__all__}
    used = []
    for name in (each for each in hookspecs.__all__ if each.startswith("amplicast_register_")):
        hook = getattr(hookspecs, name)
        kind = re.search(r"\[(\w+)\]", str(inspect.signature(hook).return_annotation))
        assert kind is not None
        used.append(kind[1])
        parts += [f"## {name}", markdown(inspect.getdoc(hook)), _concept(shown[kind[1]], 3)]
    parts.append("## What they share")
    rest = [kind for name, kind in shown.items() if name not in used]
    parts += [_concept(kind, 3) for kind in rest if dataclasses.is_dataclass(kind)]
    return page("Hooks", *parts)


def laws() -> str:
    """Every law that a plugin is held to, with its remedy."""
    from amplicast.testing.laws import LAWS, WARNINGS

    about = (
        "`amplicast plugins check NAME` holds a plugin to these laws, and so does "
        "`amplicast.testing` in a test: [write a technique plugin](../how-to/write-a-technique-"
        "plugin.md). A breach names the law, the place and the remedy. Those of "
        + ", ".join(f"`{name}`" for name in WARNINGS)
        + " are warnings in a draft, and breaches under `--strict`, before publishing."
    )
    rows = [(f"`{law.name}`", law.code, law.says, law.fix) for law in LAWS.values()]
    return page("Laws", about, table(["law", "code", "what it asks", "how to mend"], rows))


def _concept(kind: Any, level: int) -> str:
    base = kind.__bases__[0]
    inherited = dataclasses.fields(base) if dataclasses.is_dataclass(base) else ()
    fields = []
    for field in dataclasses.fields(kind):
        if field.name in {one.name for one in inherited}:
            continue
        missing = dataclasses.MISSING
        default = "" if field.default is missing else f" = {field.default!r}"
        if field.default_factory is not missing:
            default = f" = {field.default_factory()!r}"
        fields.append(f"{field.name}: {field.type}{default}".replace("'", '"'))
    title = f"{kind.__name__}({base.__name__})" if inherited else kind.__name__
    code = "\n".join(["```text", f"class {title}:", *(f"    {f}" for f in fields), "```"])
    return f"{'#' * level} {kind.__name__}\n\n{code}\n\n{markdown(inspect.getdoc(kind))}"
