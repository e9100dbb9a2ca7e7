"""The explorer as a web application of this computer: routes and what they answer."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

from amplicast.errors import AmplicastError, Problem, RunError
from amplicast.explorer.guard import LOOPBACK, Guard
from amplicast.explorer.numbers import Numbers
from amplicast.explorer.session import Session
from amplicast.explorer.state import State, default_state, read_state

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

    from amplicast.explorer.jobs import Jobs
    from amplicast.forecast import Forecast
    from amplicast.registry import Registry

__all__ = ["Explorer", "make_app"]

NO_STATE = frozenset({"combining", "compare", "key", "picture", "run", "technique"})
"""Keys of a query string that ask for something else than a state."""

FIGURES = {"svg": "image/svg+xml", "png": "image/png"}


class Explorer:
    """What the routes share: the runs that may be looked at, and the jobs that make new ones.

    Parameters
    ----------
    forecast : Forecast
        The run that is shown first.
    registry : Registry
    jobs : Jobs
    whole : callable, optional
        As `Session` takes it.
    """

    def __init__(
        self,
        forecast: Forecast,
        registry: Registry,
        jobs: Jobs,
        whole: Callable[[], Forecast] | None = None,
    ) -> None:
        self.registry, self.jobs = registry, jobs
        self.first = forecast.id
        self.sessions = {forecast.id: Session(forecast, whole)}
        self.token = secrets.token_urlsafe(24)
        self._warmed = False

    def session(self, run: str | None) -> Session:
        """The named run: the first one, or one that a job of this page has made.

        Raises
        ------
        RunError
            The page knows no such run.
        """
        name = run or self.first
        made = self.jobs.finished()
        if name not in self.sessions and name in made:
            from amplicast.forecast import Forecast

            self.sessions[name] = Session(Forecast.load(made[name], self.registry))
        if name not in self.sessions:
            raise RunError(
                Problem(
                    code="AMP-E103",
                    what=f"this page knows no run {name[:40]!r}",
                    why=f"It shows: {', '.join([*self.sessions, *made])}.",
                    fix="amplicast serve RUN",
                )
            )
        return self.sessions[name]

    def asked(self, request: Request) -> tuple[Session, State]:
        """Run and state of a request.

        Raises
        ------
        RunError, ScenarioError
            What it asks for is not there.
        """
        pairs = request.query_params.multi_items()
        runs = [value for name, value in pairs if name == "run"]
        session = self.session(runs[0] if runs else None)
        rest = [pair for pair in pairs if pair[0] not in NO_STATE]
        return session, read_state(session.forecast, session.sliders, rest)

    def warm(self) -> None:
        """Do in the background, once, what the first moves would wait for."""
        if self._warmed:
            return
        self._warmed = True

        def work() -> None:
            session = self.sessions[self.first]
            session.warm(default_state(session.forecast))

        Thread(target=work, name="warm-up", daemon=True).start()


def make_app(explorer: Explorer, *, key: str = "", warm: bool = True) -> Starlette:
    """The application.

    Parameters
    ----------
    explorer : Explorer
    key : str
        What requests must show where other computers may ask; empty: this computer alone may.
    warm : bool
        Once the first picture is answered, do what the first moves of sliders would wait for.
    """
    from contextlib import asynccontextmanager

    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware
    from starlette.routing import Route

    from amplicast.explorer import files, refit

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        explorer.jobs.close()

    def route(path: str, answer: Callable[..., Response], method: str = "GET") -> Route:
        return Route(path, _told(explorer, answer), methods=[method])

    routes = [
        route("/", files.page),
        *(route(f"/{name}", files.asset) for name in files.ASSETS),
        route("/vega.js", files.vega),
        route("/api/answer", _answer),
        route("/api/picture/{name}", partial(_picture, warm=warm)),
        route("/api/pace", _pace),
        route("/figure/{name}", files.figure),
        route("/numbers.csv", files.numbers),
        route("/scenario.toml", files.scenario),
        route("/api/jobs", refit.start, "POST"),
        route("/api/jobs/{job}/cancel", refit.cancel, "POST"),
        Route("/api/jobs/{job}/events", refit.events(explorer), methods=["GET"]),
    ]
    hosts = ["*"] if key else list(LOOPBACK)
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(Guard, token=explorer.token, key=key),
            Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        ],
    )


def _told(explorer: Explorer, answer: Callable[..., Response]) -> Callable[[Request], Response]:
    """The endpoint of an answer: the user's mistakes become messages."""

    def endpoint(request: Request) -> Response:
        try:
            return answer(explorer, request)
        except AmplicastError as error:
            told = [
                {"code": p.code, "what": p.what, "why": p.why, "fix": p.fix} for p in error.problems
            ]
            return as_json({"problems": told}, status=400)

    return endpoint


def as_json(data: Mapping[str, Any], status: int = 200) -> Response:
    """Plain data as an answer that nobody keeps."""
    from starlette.responses import Response

    return Response(
        json.dumps(data, allow_nan=False, separators=(",", ":")),
        status_code=status,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )


def _answer(explorer: Explorer, request: Request) -> Response:
    """Numbers and sentences of a state."""
    session, state = explorer.asked(request)
    answer = session.answer(state)
    return as_json({**Numbers(state, answer).record(), "seconds": round(answer.seconds, 4)})


def _pace(explorer: Explorer, request: Request) -> Response:
    """How fast each slider is answered at the state's pool and regime."""
    session, state = explorer.asked(request)
    return as_json(session.pace(state))


def _picture(explorer: Explorer, request: Request, *, warm: bool) -> Response:
    """A tab of a state: Vega-Lite specifications with their words.

    What later moves need is prepared after it, so that it never waits for that.
    """
    from starlette.background import BackgroundTask

    from amplicast.explorer.view import TABS, tab

    session, state = explorer.asked(request)
    name = require(request.path_params["name"], TABS)
    compare = request.query_params.get("compare") == "1"
    answer = as_json(tab(session, state, name, explorer.registry, compare=compare))
    answer.background = BackgroundTask(explorer.warm) if warm else None
    return answer


def require(name: str, known: Any) -> str:
    """A picture of the page by its name.

    Raises
    ------
    RunError
        There is no such picture.
    """
    if name not in known:
        raise RunError(
            Problem(
                code="AMP-E104",
                what=f"the page has no picture {name[:40]!r}",
                why=f"It has: {', '.join(known)}.",
                fix=f"ask for {next(iter(known))!r}",
            )
        )
    return name
