"""A state as a forecast of its own, for everything that draws and writes forecasts."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from amplicast.explorer.session import SHOWN, Answer, Session
from amplicast.forecast.forecast import Forecast, label
from amplicast.report.charts.captions import last_data
from amplicast.report.left_out import PROGRESS

if TYPE_CHECKING:
    from amplicast.explorer.state import State
    from amplicast.registry import Registry
    from amplicast.report.charts.picture import Picture

__all__ = ["PICTURES", "TABS", "answered", "drawn", "story", "tab"]

TABS = {
    "copies": "Copies",
    "amplification": "Amplification",
    "frontier": "Frontier",
    "threshold": "Threshold",
    "dots": "When?",
    "tornado": "What matters",
    "learned": "Evidence",
    "about": "About",
}
"""Tabs of the page in their order, by the picture on them; the last has none."""

PICTURES = tuple(name for name in TABS if name != "about")
"""Pictures of the page."""

INPUTS = ("serial_speed", *PROGRESS)
"""Inputs that pictures speak of."""


def story(session: Session, state: State, answer: Answer) -> str:
    """The scenario with what was changed, as a title says it."""
    name = session.forecast.scenarios[0]
    parts = [state.variant] if state.variant else []
    kinds = {"scenario"} | ({"belief"} if answer.reliable else set())
    many = sum(session.sliders[each].kind in kinds for each in state.moved)
    if many:
        parts.append(f"{many} belief{'s' if many > 1 else ''} moved")
    return f"{name} ({', '.join(parts)})" if parts else name


def answered(session: Session, state: State, *, every: bool = False) -> tuple[Forecast, Answer]:
    """The state's outputs at its pool and regime as a forecast, with how they were answered.

    Parameters
    ----------
    every : bool
        With every input as the state has it, draw by draw; else with those that captions need.
    """
    import xarray

    answer = session.answer(state, SHOWN)
    whole = session.forecast
    name = story(session, state, answer)
    told = session.used(state) if every else {key: session.inputs[key] for key in INPUTS}
    for key, prior in session.priors(state, "scenario").items():
        if key in told and not every:
            told[key] = told[key] * 0.0 + prior.quantile(0.5)
    tree = xarray.DataTree.from_dict(
        {
            "/inputs": xarray.Dataset(told),
            "/forecast": label(answer.draws, answer.plan),
            "/evidence/latest": _dated(session),
        }
    )
    record = {
        key: value
        for key, value in whole.provenance.items()
        if key not in {"scenario", "plugins", "posteriors", "changes"}
    }
    record["scenarios"] = [name]
    changes = session.priors(state, "scenario")
    if answer.reliable:
        changes |= session.priors(state, "belief")
    if changes:
        record["changes"] = {key: prior.to_dict() for key, prior in sorted(changes.items())}
    tree.attrs["provenance"] = json.dumps(record, sort_keys=True)
    return Forecast(tree=tree, plan=answer.plan, scenario=whole.scenario), answer


@lru_cache(maxsize=8)
def _latest(session: Session) -> str:
    found = last_data(session.forecast)
    return json.dumps([{"date": found.isoformat()}] if found else [])


def _dated(session: Session) -> Any:
    """The evidence's latest date alone."""
    import xarray

    return xarray.Dataset(attrs={"rows": _latest(session)})


def drawn(session: Session, state: State, name: str) -> tuple[Picture, Answer]:
    """The named picture of a state.

    Raises
    ------
    ScenarioError
        There is no such picture.
    """
    from amplicast.explorer.pairs import lessons, matters
    from amplicast.report.charts.catalogue import draw

    if name == "tornado":
        forecast, answer = answered(session, state, every=True)
        return matters(forecast, state), answer
    if name == "learned":
        return lessons(session.whole, state), session.answer(state.reference)
    forecast, answer = answered(session, state)
    asked: dict[str, Any] = {}
    if name in {"threshold", "dots"}:
        asked = {"quantity": state.quantity, "threshold": state.threshold}
    if name in {"dots", "frontier"}:
        asked["year"] = state.year
    if name in {"amplification", "dots", "frontier"}:
        asked["task_class"] = state.task_class
    return draw(forecast, name, **asked), answer


def tab(
    session: Session, state: State, name: str, registry: Registry, *, compare: bool = False
) -> dict[str, Any]:
    """What a tab shows: picture, caption and words, as plain data.

    Parameters
    ----------
    name : str
        One of `TABS`.
    compare : bool
        Outline the reference, where something is moved.
    """
    from altair.utils.schemapi import debug_mode

    from amplicast.explorer import words
    from amplicast.explorer.numbers import Numbers
    from amplicast.explorer.outline import outlined
    from amplicast.explorer.pairs import heights

    if name == "about":
        return {
            "name": name, "title": "About this run", "subtitle": [], "caption": "", "alt": "",
            "specifications": [], "words": words.about(session, registry), "reliable": True,
        }  # fmt: skip
    with debug_mode(False):  # each part would be held to the grammar as it is made
        picture, answer = drawn(session, state, name)
        record = picture.record()
    if compare and state != state.reference:
        reference = Numbers(state.reference, session.answer(state.reference))
        outlined(record, reference, lambda: drawn(session, state.reference, name)[0].record())
    if name == "tornado":
        record["words"] = words.inputs(session, picture)
    elif name == "learned":
        for specification, height in zip(record["specifications"], heights(picture), strict=True):
            specification["height"] = height
        record["words"] = words.evidence(session, registry)
    return record | {"reliable": answer.reliable}
