"""The page as HTML: everything that is known before the first move is in it."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from amplicast.explorer.numbers import Numbers
from amplicast.explorer.sliders import Slider
from amplicast.explorer.view import PICTURES, TABS
from amplicast.report.charts.catalogue import PICTURES as CATALOGUE
from amplicast.report.charts.place import spoken
from amplicast.report.left_out import left_out
from amplicast.report.words import count

if TYPE_CHECKING:
    from amplicast.explorer.server import Explorer
    from amplicast.explorer.session import Session
    from amplicast.explorer.state import State

__all__ = ["html"]

OPEN = 7
"""Sliders that are seen at once; the others wait behind one line."""


def html(explorer: Explorer, session: Session, state: State, *, nonce: str) -> str:
    """The page of one state.

    Parameters
    ----------
    nonce : str
        That scripts and styles of this answer carry.
    """
    template = Template(files("amplicast.explorer").joinpath("page.html").read_text("utf-8"))
    forecast, numbers = session.forecast, Numbers(state, session.answer(state))
    sliders = list(session.sliders.values())
    record = forecast.provenance
    draws = forecast.outputs["copies"].sizes["draw"]
    failed = record.get("failed_checks") or []
    told = "; ".join(failed)
    banner = f'<p class="banner">Checks failed, do not quote: {escape(told)}</p>' if failed else ""
    return template.substitute(
        nonce=nonce,
        title=escape(forecast.scenario.name),
        card=escape(f"{forecast.scenario.question} Run {forecast.id}, {draws:,} draws."),
        banner=banner,
        headline="".join(f"<p>{escape(line)}</p>" for line in numbers.headline()),
        places=_places(session, state),
        tabs=_tabs(),
        first=numbers.years[0], last=numbers.years[-1], year=state.year, draws=f"{draws:,}",
        left_out="".join(f"<li>{escape(each)}</li>" for each in left_out(forecast)),
        scenario=_sliders([each for each in sliders if each.kind == "scenario"]),
        belief=_sliders([each for each in sliders if each.kind == "belief"]),
        structure=_structure(explorer, session),
        footer=escape(
            f"amplicast {record['versions']['amplicast']}, run {forecast.id}. "
            "Served by this computer; nothing is sent anywhere."
        ),
        setup=_data(
            {
                "run": _run(explorer, session),
                "token": explorer.token,
                "tabs": list(TABS),
                "state": dict(state.query()),
                "usual": dict(state.reference.query()),
                "sliders": [slider.record() for slider in sliders],
                "answer": numbers.record(),
            }
        ),
    )  # fmt: skip


def _run(explorer: Explorer, session: Session) -> str:
    """What a link says to come back to this run; nothing for the first."""
    name = next(name for name, each in explorer.sessions.items() if each is session)
    return "" if name == explorer.first else name


def _data(record: object) -> str:
    """JSON that may stand in a page: no tag can begin in it."""
    text = json.dumps(record, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _places(session: Session, state: State) -> str:
    plan = session.forecast.plan
    regimes = {
        name: f"{spoken(name)}: " + ("what users ask for" if n is None else f"{count(n)} copies")
        for name, n in plan.regimes.items()
    }
    variants = {"": f"{session.forecast.scenario.name} (the reference)"}
    variants |= {name: spoken(name) for name in session.forecast.scenario.variants}
    quantities = {"amplification": "OOM of amplification", "copies": "copies"}
    units = _options("quantity", quantities, state.quantity, "Unit of the threshold")
    number = f'<input type="number" id="threshold" step="any" value="{state.threshold:g}">'
    fields = (
        _select("actor", "Pool", {name: spoken(name) for name in plan.actors}, state.actor),
        _select("regime", "Copies wanted", regimes, state.regime),
        _select("task_class", "Tasks", {c: c for c in plan.task_classes}, state.task_class),
        _select("variant", "Start from", variants, state.variant),
        (
            '<p class="field"><label for="threshold">Threshold</label>'
            f'<span class="pair">{number}{units}</span></p>'
        ),
    )
    return "\n".join(fields)


def _select(name: str, label: str, options: dict[str, str], chosen: str) -> str:
    body = _options(name, options, chosen)
    return f'<p class="field"><label for="{name}">{escape(label)}</label>{body}</p>'


def _options(name: str, options: dict[str, str], chosen: str, label: str = "") -> str:
    told = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(text)}</option>"
        for value, text in options.items()
    )
    named = f' aria-label="{escape(label)}"' if label else ""
    return f'<select id="{name}"{named}>{told}</select>'


def _tabs() -> str:
    asks = {name: CATALOGUE[name].answers for name in PICTURES}
    asks |= {"about": "What does the run leave out, and how is it cited?"}
    first = PICTURES[0]
    return "\n".join(
        f'<button type="button" role="tab" id="tab-{name}" aria-controls="picture" '
        f'aria-selected="{"true" if name == first else "false"}" '
        f'tabindex="{0 if name == first else -1}" title="{escape(asks[name])}">'
        f"{escape(label)}</button>"
        for name, label in TABS.items()
    )


def _sliders(sliders: list[Slider]) -> str:
    shown, more = sliders[:OPEN], sliders[OPEN:]
    text = "\n".join(_slider(slider) for slider in shown)
    if more:
        inner = "\n".join(_slider(slider) for slider in more)
        text += f"\n<details><summary>{len(more)} more</summary>\n{inner}\n</details>"
    return text or "<p>None in this run.</p>"


def _slider(slider: Slider) -> str:
    name, unit = escape(slider.name), slider.prior.unit
    told = "" if unit in {"1", "fraction"} else f" {unit}"
    low, high = slider.interval
    wide = f"90 % in this run: {low:g} to {high:g}{told}."
    if slider.prior.is_fixed:
        wide = "A plain number in this run."
    elif slider.kind == "belief":
        before = slider.prior.statement
        wide = f"Believed before: {before}{told}; 90 % after: {low:g} to {high:g}{told}."
    at = slider.grid.index(slider.default) if slider.default in slider.grid else 0
    source = slider.prior.source or "judgement"
    symbol = "weighed" if slider.kind == "belief" else "…"
    return (
        f'<div class="slider" data-name="{name}"><div class="head">'
        f'<label for="r-{name}">{escape(slider.label)}</label>'
        f'<span class="badge" id="b-{name}">{symbol}</span></div>'
        f'<div class="row"><div class="track"><input type="range" id="r-{name}" min="0" '
        f'max="{len(slider.grid) - 1}" step="1" value="{at}" aria-describedby="d-{name}" '
        f'aria-valuetext="{slider.default:g}{escape(told)}"><span class="bar"></span>'
        f'<span class="tick"></span></div>'
        f'<input type="number" id="n-{name}" step="any" min="{slider.grid[0]!r}" '
        f'max="{slider.grid[-1]!r}" value="{slider.default:g}" '
        f'aria-label="{escape(slider.label)}, in numbers">'
        f'<span class="unit">{escape(unit if unit != "1" else "")}</span>'
        f'<button type="button" class="back" aria-label="Reset {escape(slider.label)}" '
        f'disabled>Reset</button></div>'
        f'<p class="about" id="d-{name}">{escape(slider.about)} {escape(wide)} '
        f"Source: {escape(source)}.</p></div>"
    )  # fmt: skip


def _structure(explorer: Explorer, session: Session) -> str:
    plan = session.forecast.plan
    used = {technique.id for technique in plan.techniques}
    boxes = "\n".join(
        f'<label><input type="checkbox" name="technique" value="{escape(id_)}"'
        f"{' checked' if id_ in used else ''}> {escape(spoken(id_))}</label>"
        for id_ in explorer.registry.techniques
    )
    rules = {id_: spoken(id_) for id_ in explorer.registry.combining}
    return (
        f'<fieldset class="boxes"><legend>Techniques</legend>{boxes}</fieldset>'
        f"{_select('combining', 'Combining rule', rules, plan.combining.id)}"
    )
