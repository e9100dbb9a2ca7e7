"""The file people edit: what it may say, what is wrong with it, and what it means."""

from __future__ import annotations

from amplicast.scenario.check import Report, check
from amplicast.scenario.diff import Change, diff
from amplicast.scenario.explain import Explanation, explain
from amplicast.scenario.from_workbook import Sheets, read_workbook
from amplicast.scenario.importing import import_beliefs
from amplicast.scenario.keys import Key, read_keys
from amplicast.scenario.load import load
from amplicast.scenario.model import Assumption, Compute, Declared, Plugins, Scenario
from amplicast.scenario.must_hold import MustHold
from amplicast.scenario.schema import schema
from amplicast.scenario.template import new
from amplicast.scenario.text import mend
from amplicast.scenario.to_workbook import write_workbook

__all__ = [
    "Assumption",
    "Change",
    "Compute",
    "Declared",
    "Explanation",
    "Key",
    "MustHold",
    "Plugins",
    "Report",
    "Scenario",
    "Sheets",
    "check",
    "diff",
    "explain",
    "import_beliefs",
    "load",
    "mend",
    "new",
    "read_keys",
    "read_workbook",
    "schema",
    "write_workbook",
]
