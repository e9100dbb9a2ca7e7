"""T4: the measurements that calibrated a forecast, by source."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.report.registers.columns import Register, column

if TYPE_CHECKING:
    from amplicast.concepts import Evidence
    from amplicast.forecast import Forecast

__all__ = ["EvidenceRow", "evidence_register", "evidence_rows"]


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """What one source gives to one evidence of one plugin.

    Attributes
    ----------
    key, plugin, evidence : str
    informs : str
        What the rows teach, in one sentence.
    points : int
        Rows that were fitted.
    share : float
        Of all rows of that evidence; not the weight in the answer.
    grade : str
        A direct measurement, B derived, C argument, D judgement.
    title, url, accessed : str
    """

    key: str = column("Key of the source.")
    plugin: str = column("Plugin that it calibrates.")
    evidence: str = column("Which evidence of the plugin.")
    informs: str = column("What it teaches.")
    points: int = column("Rows that were fitted.", unit="rows")
    share: float = column("Share of the rows of that evidence.", unit="1", form="percent")
    grade: str = column("A direct measurement, B derived, C argument, D judgement.")
    title: str = column("What it is.")
    url: str = column("Where it is.")
    accessed: str = column("When it was read.")


def evidence_rows(forecast: Forecast) -> tuple[EvidenceRow, ...]:
    """Evidence by plugin, evidence and source; empty for a run that was re-evaluated."""
    group = forecast.tree.get("evidence")
    if group is None:
        return ()
    plugins = {plugin.id: plugin for plugin in forecast.plan.plugins}
    rows: list[EvidenceRow] = []
    for id_, node in sorted(group.children.items()):
        for one in plugins[id_].evidence if id_ in plugins else ():
            fitted = json.loads(node.attrs[one.id]) if one.id in node.attrs else []
            rows += _rows(id_, one, fitted)
    return tuple(rows)


def _rows(plugin: str, evidence: Evidence, fitted: Sequence[dict[str, Any]]) -> list[EvidenceRow]:
    """Rows without the key of a source count for all sources of the evidence together."""
    known = {source.key: source for source in evidence.sources}
    whole = ", ".join(known)
    keys = (str(row.get("source", "")) for row in fitted)
    counts = Counter(key if key in known else whole for key in keys)
    found = []
    for key, points in sorted(counts.items()):
        source = known.get(key)
        of = [known[one] for one in key.split(", ") if one in known] if source is None else [source]
        found.append(
            EvidenceRow(
                key=key,
                plugin=plugin,
                evidence=evidence.id,
                informs=evidence.informs,
                points=points,
                share=points / len(fitted),
                grade=max((one.grade for one in of), default=""),
                title="; ".join(one.title for one in of),
                url=of[0].url if len(of) == 1 else "",
                accessed=of[0].accessed if len(of) == 1 else "",
            )
        )
    return found


def evidence_register(rows: Sequence[EvidenceRow]) -> Register:
    """The rows as a table."""
    about = (
        "Measurements that the plugins were calibrated on. Rows of one source may share their "
        "problems; the share counts rows, it is not the weight in the answer. Grade A: a direct "
        "measurement; B: derived; C: argument; D: judgement."
    )
    return Register.of("evidence", "Evidence", about, EvidenceRow, rows)
