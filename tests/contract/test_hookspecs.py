"""The contract is its docstrings: every hook says what, when, which shapes and units."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from amplicast import concepts, hookspecs
from amplicast.registry import KINDS

HOOKS: dict[str, Callable[..., Any]] = {
    name: value
    for name, value in vars(hookspecs).items()
    if hasattr(value, "amplicast_spec") and inspect.isfunction(value)
}


def test_there_is_one_hook_for_each_kind() -> None:
    """Every hook carries the project's prefix, is public, and belongs to one kind."""
    assert set(HOOKS) == {f"amplicast_register_{kind}" for kind in KINDS}
    assert set(hookspecs.__all__) == {*HOOKS, "hookimpl", "hookspec"}


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_docstring_is_the_whole_contract(name: str) -> None:
    """It starts with a sentence, says when it is called, what it returns, and in which units."""
    doc = inspect.getdoc(HOOKS[name]) or ""
    kind = name.removeprefix("amplicast_register_")
    concept = KINDS[kind].__name__
    assert re.match(r"Contribute [^\n]+\.\n\nWhen: once, as the registry loads; ", doc)
    assert f"Returns\n-------\nlist of {concept}\n" in doc
    if kind not in {"forecasts", "exporters"}:
        assert re.search(r"\[[A-Za-z0-9/ ]+\]", doc), "no unit in square brackets"


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_docstring_names_every_function_of_its_concept(name: str) -> None:
    """A function that a literal must hold is described where its author looks first."""
    kind = name.removeprefix("amplicast_register_")
    doc = inspect.getdoc(HOOKS[name]) or ""
    hints = typing.get_type_hints(KINDS[kind])
    inherited = typing.get_type_hints(concepts.Plugin)
    functions = [key for key, hint in hints.items() if "Callable" in str(hint)]
    for function in set(functions) - set(inherited):
        assert f"``{function}(" in doc, function


@pytest.mark.parametrize("name", sorted(HOOKS))
def test_signature_is_typed(name: str) -> None:
    """A hook takes nothing and returns an iterable of its concept."""
    hook = HOOKS[name]
    concept = KINDS[name.removeprefix("amplicast_register_")]
    assert not inspect.signature(hook).parameters
    hints = typing.get_type_hints(hook, localns=vars(concepts))
    assert hints == {"return": Iterable[concept]}  # type: ignore[valid-type]
    assert hook() is None
