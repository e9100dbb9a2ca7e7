"""Functions by name, so that another process finds the same one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["address_of", "function_at"]


def address_of(function: Callable[..., Any]) -> tuple[str, str, str] | None:
    """Module, its file, and name in it; None where another process could not find the function.

    That is so for functions of a running script or notebook, and for functions in functions.
    """
    module = sys.modules.get(getattr(function, "__module__", ""))
    path = getattr(module, "__file__", None)
    name = getattr(function, "__qualname__", "")
    known = module is not None and path is not None and module.__name__ != "__main__"
    if not known or _inside(module, name) is not function:
        return None
    assert module is not None
    return module.__name__, str(path), name


def function_at(address: Sequence[str]) -> Any:
    """The function of an address, whose module is imported where it is not yet.

    Raises
    ------
    ImportError
        There is no such module here.
    """
    module, path, name = address
    return _inside(_module(module, path), name)


def _inside(module: object, qualified_name: str) -> Any:
    found: Any = module
    for name in qualified_name.split("."):
        found = getattr(found, name, None)
    return found


def _module(name: str, path: str) -> Any:
    """Import a module by name, or from its file where that is another one or not on the path."""
    import importlib.util

    found = sys.modules.get(name)
    if found is None:
        with contextlib.suppress(ImportError):
            found = importlib.import_module(name)
    if getattr(found, "__file__", None) == path:
        return found
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no module can be read from {path}")
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
