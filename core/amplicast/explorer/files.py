"""The page itself, and what can be downloaded from it."""

from __future__ import annotations

import csv
import io
from importlib.resources import files as resources
from typing import TYPE_CHECKING

from amplicast.explorer.view import PICTURES, drawn

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from amplicast.explorer.server import Explorer
    from amplicast.explorer.session import Session
    from amplicast.explorer.state import State

__all__ = ["ASSETS", "asset", "figure", "numbers", "page", "scenario", "scenario_file", "vega"]

ASSETS = ("page.css", "state.js", "picture.js", "controls.js", "play.js", "begin.js")
"""Style and scripts of the page, in the order of loading."""

KINDS = {".css": "text/css", ".js": "text/javascript"}


def page(explorer: Explorer, request: Request) -> Response:
    """The page, with the numbers of its first state already in it."""
    from starlette.responses import HTMLResponse

    from amplicast.explorer.page import html

    session, state = explorer.asked(request)
    text = html(explorer, session, state, nonce=request.scope["nonce"])
    return HTMLResponse(text, headers={"cache-control": "no-store"})


def asset(explorer: Explorer, request: Request) -> Response:
    """Style or script of the page; the route names which, the request nothing."""
    from starlette.responses import Response

    name = request.url.path.rpartition("/")[2]
    text = resources("amplicast.explorer").joinpath(name).read_text(encoding="utf-8")
    kind = KINDS[f".{name.rpartition('.')[2]}"]
    return Response(text, media_type=kind, headers={"cache-control": "no-cache"})


def vega(explorer: Explorer, request: Request) -> Response:
    """The runtime that draws the pictures."""
    from starlette.responses import Response

    from amplicast.explorer.runtime import vega_script

    return Response(
        vega_script(), media_type="text/javascript", headers={"cache-control": "max-age=86400"}
    )


def figure(explorer: Explorer, request: Request) -> Response:
    """A picture of a state as a file: ``copies.svg`` or ``copies.png``."""
    from starlette.responses import Response

    from amplicast.explorer.server import FIGURES, require

    asked = request.path_params["name"]
    require(asked, [f"{name}.{kind}" for name in PICTURES for kind in FIGURES])
    name, _, kind = asked.rpartition(".")
    session, state = explorer.asked(request)
    picture, _ = drawn(session, state, name)
    data = picture.svg().encode() if kind == "svg" else picture.png()
    return Response(data, media_type=FIGURES[kind], headers=_saved(session, asked))


def numbers(explorer: Explorer, request: Request) -> Response:
    """The numbers behind a picture of a state, as CSV."""
    from starlette.responses import Response

    from amplicast.explorer.server import require

    session, state = explorer.asked(request)
    name = require(request.query_params.get("picture", PICTURES[0]), PICTURES)
    picture, _ = drawn(session, state, name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(picture.values.header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in picture.values.rows)
    return Response(text.getvalue(), media_type="text/csv", headers=_saved(session, f"{name}.csv"))


def scenario(explorer: Explorer, request: Request) -> Response:
    """The scenario of a state, as a file that ``amplicast run`` takes."""
    from starlette.responses import Response

    session, state = explorer.asked(request)
    return Response(
        scenario_file(session, state),
        media_type="application/toml",
        headers=_saved(session, "scenario.toml"),
    )


def scenario_file(
    session: Session,
    state: State,
    *,
    techniques: tuple[str, ...] | None = None,
    combining: str | None = None,
) -> str:
    """The scenario of a state as one complete file; its notes say what was changed.

    Parameters
    ----------
    techniques, combining : optional
        Other techniques, or another combining rule.
    """
    from amplicast.scenario import Scenario
    from amplicast.scenario.belief import to_table

    base = session.forecast.scenario
    changes = {**session.priors(state, "scenario"), **session.priors(state, "belief")}
    record = base.to_dict()
    tree = record["tree"]
    notes = []
    for name, prior in sorted(changes.items()):
        table = to_table(prior)
        if name in state.moved:
            slider = session.sliders[name]
            table["why"] = f"Moved in the explorer from {slider.prior.statement}. {prior.why}"
            table["source"] = "judgement"
        tree["assumptions"][name] = table
        record["origins"][name] = f"the explorer, run {session.forecast.id}"
        notes.append(f"{name} = {prior.statement} {prior.unit}")
    if techniques is not None:
        tree["techniques"]["use"] = sorted(techniques)
        tree["techniques"]["leave_out"] = []
        notes.append(f"techniques: {', '.join(sorted(techniques))}")
    if combining is not None:
        tree["plugins"]["combining"] = combining
        notes.append(f"combining rule: {combining}")
    if notes:
        tree["name"] = f"{base.name}, explored"
    head = [f"# Made by the explorer from run {session.forecast.id}; changed against it:"]
    head += [f"#   {note}" for note in notes] or ["#   nothing"]
    return "\n".join(head) + "\n" + Scenario.from_dict(record).resolved_toml()


def _saved(session: Session, name: str) -> dict[str, str]:
    """Headers of a download; the name is made here, never by the request."""
    return {
        "content-disposition": f'attachment; filename="{session.forecast.id}-{name}"',
        "cache-control": "no-store",
    }
