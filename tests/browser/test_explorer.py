"""The explorer in a real browser: by keyboard, by role and name, and asking nobody else."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from amplicast import Forecast, Registry
from amplicast.explorer.jobs import Jobs
from amplicast.explorer.server import Explorer, make_app
from amplicast.explorer.state import default_state
from amplicast.explorer.view import PICTURES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS = {"desk": 1280, "phone": 390}


@pytest.fixture(scope="module")
def explorer(
    finished: Forecast, installed: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Explorer:
    """The baseline's explorer."""
    return Explorer(finished, installed, Jobs(tmp_path_factory.mktemp("explored")))


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


def until(page: Page, condition: str, *, patience: float = 15.0) -> None:
    """Wait for a condition of the page; its policy forbids Playwright's own way, which evals."""
    end = time.monotonic() + patience
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(4)


def drawn(page: Page) -> None:
    """Wait until a picture is drawn and nothing is under way."""
    page.wait_for_selector("#panels svg")
    page.wait_for_timeout(50)
    until(page, "!asking && !waiting")


def axe(page: Page) -> list[Any]:
    """Violations of WCAG A and AA."""
    from axe_playwright_python.sync_playwright import Axe

    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    options = {"runOnly": {"type": "tag", "values": tags}}
    # The library puts its script into the page by the debugger, which no policy stops.
    found = Axe().run(page, options=options)
    return [
        (each["id"], [node["target"] for node in each["nodes"]])
        for each in found.response["violations"]
    ]


def measured(page: Page, name: str) -> list[float]:
    """Durations that the page measured itself [ms]."""
    found: list[float] = page.evaluate(
        "name => performance.getEntriesByName(name).map(each => each.duration)", name
    )
    return found


def test_it_asks_nobody_else(page: Page, home: str, asked: list[str]) -> None:
    """Every request of every tab goes to this computer."""
    for name in PICTURES:
        page.get_by_role("tab", name=name).click()
        drawn(page)
    assert len(asked) > len(PICTURES)
    assert [url for url in asked if not url.startswith((home, "data:"))] == []


def test_everybody_can_use_it(page: Page) -> None:
    """No violation of WCAG A or AA on any tab, with everything open and a belief moved."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    slider = page.get_by_role("slider", name="Inference share")
    slider.press("ArrowLeft")
    for name in PICTURES:
        page.get_by_role("tab", name=name).click()
        drawn(page)
        assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_sliders_by_role_and_keyboard(page: Page, explorer: Explorer) -> None:
    """Each slider is found by its name; arrow keys move it, and the headline says the answer."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for slider in explorer.sessions[explorer.first].sliders.values():
        found = page.get_by_role("slider", name=slider.label, exact=True)
        assert found.count() == 1, slider.label
        assert str(slider.grid.index(slider.default)) == found.input_value()
    before = page.inner_text("#headline")
    share = page.get_by_role("slider", name="Inference share", exact=True)
    assert "0.4715" in (share.get_attribute("aria-valuetext") or "")
    share.focus()
    for _ in range(12):
        share.press("ArrowLeft")
    drawn(page)
    assert page.inner_text("#headline") != before
    assert "set.inference_share=" in page.url
    number = page.get_by_role("spinbutton", name="Inference share, in numbers")
    assert float(number.input_value()) < 0.4715
    page.get_by_role("button", name="Reset Inference share").press("Enter")
    drawn(page)
    assert page.inner_text("#headline") == before
    number.fill("7")
    number.press("Enter")
    assert "goes from" in page.get_by_role("alert").inner_text()


def test_a_moved_band_is_the_answers(page: Page) -> None:
    """While dragged and when rested, the rows in the picture are the server's quantiles."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    read = """() => {
      const { sets, result } = views[0];
      const name = Object.keys(sets).find(each => 'p05' in (sets[each][0] || {}));
      const rows = result.view.data(name);
      return [rows.map(row => row.p50), answer.copies.p50.map(Math.log10)];
    }"""
    share = page.get_by_role("slider", name="Inference share", exact=True)
    share.press("ArrowLeft")
    until(page, "performance.getEntriesByName('amplicast-redraw').length > 0")
    dragged, told = page.evaluate(read)
    assert dragged == pytest.approx(told, abs=1e-4)
    drawn(page)
    rested, told = page.evaluate(read)
    assert rested == pytest.approx(told, abs=1e-4)


def test_the_year_cursor_reads_out(page: Page) -> None:
    """Arrow keys on the picture and on its slider move the year, and the year is said."""
    last = int(page.inner_text("#year-shown"))
    chart = page.locator("#chart")
    chart.focus()
    chart.press("ArrowLeft")
    chart.press("ArrowLeft")
    drawn(page)
    assert page.inner_text("#readout").startswith(f"{last - 2}: copies: median")
    assert page.inner_text("#headline").startswith(f"In {last - 2},")
    year = page.get_by_role("slider", name="Year", exact=True)
    year.press("ArrowRight")
    drawn(page)
    assert (year.get_attribute("aria-valuetext") or "").startswith(f"{last - 1}:")


def test_the_whole_page_by_keyboard(page: Page) -> None:
    """Tab reaches the pictures, the arrow keys change them, and focus is never lost."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"actor", "regime", "task_class", "variant", "threshold", "chart"} <= set(reached)
    tab = page.get_by_role("tab", name="Copies")
    tab.focus()
    tab.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-amplification"
    drawn(page)
    assert page.get_by_role("tab", name="Amplification").get_attribute("aria-selected") == "true"


def test_the_lamp_keeps_the_last_reliable_picture(page: Page, explorer: Explorer) -> None:
    """Too far from what was fitted: grey, said in words, and a new run is offered."""
    session = explorer.sessions[explorer.first]
    far = [slider for slider in session.sliders.values() if slider.kind == "belief"]
    before = page.inner_text("#headline")
    pairs = "&".join(f"set.{slider.name}={slider.grid[0]!r}" for slider in far)
    page.evaluate(
        """pairs => { for (const [key, value] of new URLSearchParams(pairs)) state[key] = value;
        changed(); }""",
        pairs,
    )
    page.get_by_role("button", name="Refit").wait_for()
    drawn(page)
    assert "Too far from what was fitted" in page.inner_text("#lamp-text")
    assert page.inner_text("#headline") == before
    assert "stale" in page.evaluate("document.body.className")
    assert axe(page) == []


def test_a_link_opens_the_same_page(page: Page, chromium: Browser) -> None:
    """What the address holds, another window shows."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.get_by_role("slider", name="Inference share", exact=True).press("ArrowLeft")
    page.get_by_role("tab", name="Threshold").click()
    page.get_by_label("Copies wanted").select_option("internal")
    drawn(page)
    other = chromium.new_page()
    other.goto(page.url)
    drawn(other)
    for place in ("#headline", "#caption", "#picture-title", "#rows"):
        assert other.inner_text(place) == page.inner_text(place)
    other.close()


def test_pictures_are_redrawn_at_once(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    """Reported: key press to changed bands, as the page measures it."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    share = page.get_by_role("slider", name="Inference share", exact=True)
    share.focus()
    whole = []
    for _ in range(10):
        many = len(measured(page, "amplicast-redraw"))
        began = time.perf_counter()
        share.press("ArrowLeft")
        until(page, f"performance.getEntriesByName('amplicast-redraw').length > {many}")
        whole.append(1000.0 * (time.perf_counter() - began))
    drawn(page)
    with capsys.disabled():
        print(
            f"\nredraw after a key press: {median(whole):.0f} ms median "
            f"({min(whole):.0f} to {max(whole):.0f}), of which drawing "
            f"{median(measured(page, 'amplicast-redraw')):.0f} ms; whole picture "
            f"{median(measured(page, 'amplicast-picture')):.0f} ms"
        )
    assert len(whole) == 10
