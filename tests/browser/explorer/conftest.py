"""The explorer as the command serves it, opened in a browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from amplicast.explorer.server import Explorer, make_app
from amplicast.explorer.state import default_state

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

from tests.browser.explorer.looking import drawn

WIDTHS = {"desk": 1280, "phone": 390}


@pytest.fixture(scope="module")
def home(explorer: Explorer) -> Iterator[str]:
    """Its address, served as the command serves it."""
    import uvicorn

    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_app(explorer), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    explorer.sessions[explorer.first].warm(
        default_state(explorer.sessions[explorer.first].forecast)
    )
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    server.should_exit = True
    thread.join(10.0)
    listening.close()


@pytest.fixture
def asked() -> list[str]:
    """Addresses that a page asked for."""
    return []


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS.keys())
def page(
    chromium: Browser, home: str, asked: list[str], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The page with its first picture drawn; whatever it complains of fails the test."""
    page = chromium.new_page(viewport={"width": request.param, "height": 900})
    complaints: list[str] = []
    page.on("request", lambda each: asked.append(each.url))
    page.on("console", lambda each: complaints.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda each: complaints.append(str(each)))
    page.goto(home)
    drawn(page)
    yield page
    page.close()
    assert not complaints
