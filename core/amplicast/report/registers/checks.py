"""T6: the checks of every calibration: value, bar, verdict, and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.gate import LIMITS
from amplicast.report.registers.columns import Register, column

if TYPE_CHECKING:
    from amplicast.forecast import Forecast

__all__ = ["CheckRow", "check_register", "check_rows"]

_FINDING = re.compile(r"(?P<plugin>.+?): FAIL (?P<check>[^:]+): (?P<what>.+)\. Try: (?P<try>.+)\.")

_BARS = {
    "chains": f"at least {LIMITS.chains}",
    "finite": "every parameter",
    "divergences": "0",
    "tree depth": "0 draws at the limit",
    "r_hat": f"at most {LIMITS.r_hat:g}",
    "ess": f"at least {LIMITS.ess:g}",
    "bfmi": f"at least {LIMITS.bfmi:g}",
}


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """One check of one calibration.

    Attributes
    ----------
    plugin, check : str
    value : float or None
        Its worst value over the parameters; None where a passed check keeps none.
    bar : str
        What it must reach.
    verdict : {"passed", "FAILED"}
    finding, action : str
        Of a failed check: what was found, and one thing to try.
    """

    plugin: str = column("Plugin whose calibration is checked.")
    check: str = column("What is checked.")
    value: float | None = column("Worst value over the parameters; empty where none is kept.")
    bar: str = column("What it must reach.")
    verdict: str = column("passed or FAILED.")
    finding: str = column("What was found, where it failed.")
    action: str = column("One thing to try, where it failed.")


def check_rows(forecast: Forecast) -> tuple[CheckRow, ...]:
    """Every check of every calibration; those that failed are all there, also of unknown kind."""
    failed = [_read(text) for text in forecast.provenance.get("failed_checks", [])]
    group = forecast.tree.get("sample_stats")
    nodes = {} if group is None else dict(sorted(group.children.items()))
    rows = [row for id_, node in nodes.items() for row in _of(forecast, id_, node, failed)]
    told = {(row.plugin, row.check) for row in rows}
    rows += [
        CheckRow(
            plugin=one["plugin"],
            check=one["check"],
            value=None,
            bar=_BARS.get(one["check"], ""),
            verdict="FAILED",
            finding=one["what"],
            action=one["try"],
        )
        for one in failed
        if (one["plugin"], one["check"]) not in told
    ]
    return tuple(rows)


def _read(text: str) -> dict[str, str]:
    found = _FINDING.fullmatch(text)
    if found:
        return found.groupdict()
    plugin, _, what = text.partition(": ")
    return {"plugin": plugin, "check": "other", "what": what or text, "try": ""}


def _of(
    forecast: Forecast, id_: str, node: Any, failed: Sequence[Mapping[str, str]]
) -> Iterator[CheckRow]:
    findings = {one["check"]: one for one in failed if one["plugin"] == id_}
    values = {
        "chains": float(forecast.scenario.compute.chains),
        "divergences": 0.0,
        "tree depth": 0.0,
        "r_hat": float(node["r_hat"].max()),
        "ess": float(min(node["ess_bulk"].min(), node["ess_tail"].min())),
    }
    if "sampling" in node.attrs:
        values["bfmi"] = float(json.loads(node.attrs["sampling"])["smallest_bfmi"])
    for check in forecast.provenance["checks_made"]:
        finding = findings.get(check)
        kept = finding is None or check in {"r_hat", "ess", "bfmi"}
        yield CheckRow(
            plugin=id_,
            check=check,
            value=values.get(check) if kept else None,
            bar=_BARS.get(check, ""),
            verdict="FAILED" if finding else "passed",
            finding=finding["what"] if finding else "",
            action=finding["try"] if finding else "",
        )


def check_register(rows: Sequence[CheckRow]) -> Register:
    """The rows as a table."""
    about = (
        "Passed means that no failure was detected, which is all that such checks can say. r_hat, "
        "ess and bfmi are the worst over all parameters of the plugin."
    )
    return Register.of("checks", "Checks of the calibrations", about, CheckRow, rows)
