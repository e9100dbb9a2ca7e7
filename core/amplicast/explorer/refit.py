"""What needs a new run: started, heard by server-sent events, and cancelled."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

from amplicast.errors import CheckError, Problem, RunError, ScenarioError
from amplicast.explorer.jobs import Job

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from amplicast.explorer.server import Explorer

__all__ = ["cancel", "events", "start"]

PATIENCE = 10.0
"""Time after which a silent job says that it is still there [s]."""


def start(explorer: Explorer, request: Request) -> Response:
    """Begin a run of the state in the query string, with other techniques or another rule."""
    from amplicast.explorer.files import scenario_file
    from amplicast.explorer.server import as_json

    chosen = {key: request.query_params.getlist(key) for key in ("technique", "combining")}
    session, state = explorer.asked(request)
    known = explorer.registry
    _known("technique", chosen["technique"], known.techniques)
    _known("combining", chosen["combining"], known.combining)
    if session.forecast.provenance.get("changes"):
        raise CheckError(
            Problem(
                code="AMP-E107",
                what="this page shows a re-evaluated run",
                fix="serve the run itself, then refit",
            )
        )
    text = scenario_file(
        session,
        state,
        techniques=tuple(chosen["technique"]) or None,
        combining=chosen["combining"][0] if chosen["combining"] else None,
    )
    return as_json({"job": explorer.jobs.start(text).id}, status=202)


def cancel(explorer: Explorer, request: Request) -> Response:
    """Stop a job."""
    from amplicast.explorer.server import as_json

    job = _job(explorer, request)
    job.cancel()
    return as_json({"job": job.id, "status": job.status})


def events(explorer: Explorer) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that tells what a job says, as it says it."""

    async def endpoint(request: Request) -> Response:
        from starlette.responses import StreamingResponse

        from amplicast.explorer.server import as_json

        try:
            job = _job(explorer, request)
        except RunError as error:
            return as_json({"problems": [{"what": str(error)}]}, status=404)
        return StreamingResponse(
            _stream(job), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    return endpoint


async def _stream(job: Job) -> AsyncIterator[str]:
    from starlette.concurrency import run_in_threadpool

    heard, status = 0, "running"
    while status == "running":
        lines, status = await run_in_threadpool(job.news, heard, PATIENCE)
        heard += len(lines)
        for line in lines:
            yield f"data: {json.dumps({'line': line})}\n\n"
        if not lines:
            yield ": still there\n\n"
    yield f"event: end\ndata: {json.dumps({'status': status, 'run': job.id})}\n\n"


def _job(explorer: Explorer, request: Request) -> Job:
    name = request.path_params["job"]
    if name not in explorer.jobs.jobs:
        raise RunError(
            Problem(code="AMP-E106", what=f"this page has no job {name[:40]!r}", fix="start one")
        )
    return explorer.jobs.jobs[name]


def _known(kind: str, names: list[str], known: Any) -> None:
    wrong = [name for name in names if name not in known]
    if wrong:
        raise ScenarioError(
            *(
                Problem(
                    code="AMP-E102",
                    what=f"there is no {kind} {name[:40]!r}",
                    why=f"There are: {', '.join(known)}.",
                    fix="leave it out",
                )
                for name in wrong
            )
        )
