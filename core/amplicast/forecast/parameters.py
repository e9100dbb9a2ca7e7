"""Which of a plugin's parameters one of its functions takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from amplicast.concepts import Plugin

__all__ = ["parameters"]

Value = Any


def parameters(
    plugin: Plugin, function: Callable[..., Value], inputs: Mapping[str, Value]
) -> dict[str, Value]:
    """Those of the plugin's parameters that one of its functions takes, by bare name."""
    signature = inspect.signature(function).parameters
    takes_all = any(p.kind is p.VAR_KEYWORD for p in signature.values())
    return {
        name: inputs[f"{plugin.id}.{name}"]
        for name in sorted(plugin.priors)
        if takes_all or name in signature
    }
