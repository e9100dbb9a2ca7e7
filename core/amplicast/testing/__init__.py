"""The laws that plugins keep, for this project and for third parties alike.

>>> from amplicast import testing
>>> testing.check(MY_TECHNIQUE).problems  # doctest: +SKIP
()

In a distribution of plugins, a test for each law of each plugin::

    # tests/conftest.py
    pytest_plugins = ["amplicast.testing.pytest_plugin"]

    # pyproject.toml
    [tool.pytest.ini_options]
    amplicast_plugins = ["my-technique"]

    # tests/test_laws.py
    def test_keeps_the_law(amplicast_law):
        amplicast_law()
"""

from __future__ import annotations

from amplicast.testing.check import LawReport, assert_lawful, check, check_loading
from amplicast.testing.laws import LAWS, Law
from amplicast.testing.techniques import (
    broken_laws,
    broken_laws_at,
    parameter_draws,
    same_on_both_sides,
)

__all__ = [
    "LAWS",
    "Law",
    "LawReport",
    "assert_lawful",
    "broken_laws",
    "broken_laws_at",
    "check",
    "check_loading",
    "parameter_draws",
    "same_on_both_sides",
]
