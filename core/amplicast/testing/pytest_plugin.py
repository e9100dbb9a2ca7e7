"""For pytest: a test for each law of each plugin that a distribution names.

``pytest_plugins = ["amplicast.testing.pytest_plugin"]`` in a ``conftest.py``, the names of the
plugins' entry points in the ini option ``amplicast_plugins``, and a test that takes
``amplicast_law`` and calls it. What is no mistake in a draft (the laws of `laws.WARNINGS`) is a
warning of pytest.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from amplicast.testing.check import LawReport, check, check_loading
from amplicast.testing.laws import LAWS, law_of

if TYPE_CHECKING:
    import pytest

__all__ = ["DraftWarning", "pytest_addoption", "pytest_generate_tests"]

FIXTURE = "amplicast_law"


class DraftWarning(UserWarning):
    """A plugin is not ready to be published."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini option that names the plugins."""
    parser.addini("amplicast_plugins", "Entry points of amplicast to hold to the laws.", "args")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each law for each plugin."""
    if FIXTURE not in metafunc.fixturenames:
        return
    names = metafunc.config.getini("amplicast_plugins")
    pairs = [(name, law) for name in names for law in LAWS]
    metafunc.parametrize(
        FIXTURE,
        [_held(name, law) for name, law in pairs],
        ids=[f"{name}-{law}" for name, law in pairs],
    )


def _held(name: str, law: str) -> Callable[[], None]:
    return partial(_hold, name, law)


def _hold(name: str, law: str) -> None:
    report = _report(name)
    told = [str(problem) for problem in report.problems if law_of(problem) == law]
    if told:
        raise AssertionError("\n\n".join(told))
    for problem in report.warnings:
        if law_of(problem) == law:
            warnings.warn(str(problem), DraftWarning, stacklevel=1)


@cache
def _report(name: str) -> LawReport:
    """Everything that is wrong with the plugin of an entry point; looked for once."""
    from importlib.metadata import entry_points

    from amplicast.discovery import GROUP
    from amplicast.registry import KINDS, Registry

    points = [one for one in entry_points(group=GROUP) if one.name == name]
    if not points:
        raise AssertionError(
            f"no plugin {name!r} is installed.\nFix: pip install -e .  and correct "
            "amplicast_plugins in pyproject.toml"
        )
    registry = Registry.load(entry_points=points)
    report = LawReport(problems=registry.problems).joined(check_loading(name))
    for kind in KINDS:
        for plugin in getattr(registry, kind).values():
            report = report.joined(check(plugin))
    return report
