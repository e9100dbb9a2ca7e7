"""The report and the memo in a real browser: nothing fetched, readable by all, on any device."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from amplicast import Forecast, Registry
from amplicast.report import ForecastDocument
from amplicast.report.export import MAIN
from amplicast.report.html import report_html
from amplicast.report.memo import Asked, memo_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.browser

PAGES = ("report", "memo")
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@pytest.fixture(scope="module")
def folder(
    finished: Forecast, installed: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Both pages as files."""
    document, found = ForecastDocument(finished, installed), tmp_path_factory.mktemp("pages")
    (found / "report.html").write_text(report_html(document), encoding="utf-8")
    memo = memo_files(document, "html", stem="memo", asked=Asked(view="Ours."))[MAIN]
    (found / "memo.html").write_text(str(memo), encoding="utf-8")
    return found


def test_the_report_of_the_baseline_can_be_sent(folder: Path) -> None:
    """By mail, in one piece."""
    assert (folder / "report.html").stat().st_size < 2.5e6


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[list[BrowserContext]]:
    """Contexts that are closed at the end."""
    opened: list[BrowserContext] = []
    yield opened
    for each in opened:
        each.close()


def shown(
    chromium: Browser, contexts: list[BrowserContext], path: Path, **how: Any
) -> tuple[Any, list[str], list[str]]:
    """The page of a file, what it asked for, and what the browser complained of."""
    context = chromium.new_context(**how)
    contexts.append(context)
    page, asked, said = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    return page, asked, said


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_for(
    name: str, chromium: Browser, contexts: list[BrowserContext], folder: Path
) -> None:
    """One request, for the file itself; the page's own policy stops nothing of it."""
    path = folder / f"{name}.html"
    _, asked, said = shown(chromium, contexts, path, viewport=WIDE)
    assert asked == [path.as_uri()]
    assert said == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_no_rule_of_accessibility_is_broken(
    name: str, viewport: Any, chromium: Browser, contexts: list[BrowserContext], folder: Path
) -> None:
    """WCAG A and AA and axe's best practices, with every table open."""
    from axe_playwright_python.sync_playwright import Axe

    page, _, _ = shown(chromium, contexts, folder / f"{name}.html", viewport=viewport)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    options = {"runOnly": {"type": "tag", "values": list(RULES)}}
    found = Axe().run(page, options=options).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_telephone_needs_no_scrolling_sideways(
    name: str, chromium: Browser, contexts: list[BrowserContext], folder: Path
) -> None:
    """The page is as wide as the screen, and no letter of a drawing is too small to read."""
    page, _, _ = shown(chromium, contexts, folder / f"{name}.html", viewport=NARROW)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('svg')]
          .filter(svg => svg.getBoundingClientRect().width > 0)
          .map(svg => 11 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""
    )
    assert smallest >= 7.0


def test_the_report_is_whole_without_javascript(
    chromium: Browser, contexts: list[BrowserContext], folder: Path
) -> None:
    """The same words and drawings; tables open by themselves."""
    path = folder / "report.html"
    plain, _, _ = shown(chromium, contexts, path, viewport=WIDE, java_script_enabled=False)
    page, _, _ = shown(chromium, contexts, path, viewport=WIDE)
    every = "figure svg.wide:not(details *), figure svg.any:not(details *)"
    drawings = plain.locator(every)
    assert drawings.count() == page.locator(every).count() > 10
    assert all(drawings.nth(i).is_visible() for i in range(drawings.count()))
    assert plain.locator("main").inner_text() == page.locator("main").inner_text()
    first = plain.locator("details").first
    assert not first.locator("table").is_visible()
    first.locator("summary").click()
    assert first.locator("table").is_visible()


def test_a_reader_finds_what_she_asks_for(
    chromium: Browser, contexts: list[BrowserContext], folder: Path
) -> None:
    """By heading and by link: the chance of 2 OOM by 2030, what drives it, what it rests on."""
    page, _, _ = shown(chromium, contexts, folder / "report.html", viewport=WIDE)
    line = page.get_by_role("region", name="Bottom line").inner_text()
    for lead in ("Chance of 2 OOM (×100) by 2030", "What drives it", "What it rests on"):
        assert lead in line
    for name in ("Assumptions", "Evidence and its grades", "Checks", "Cite and reproduce"):
        page.get_by_role("link", name=name, exact=True).click()
        assert page.get_by_role("heading", name=name, exact=True).is_visible()
    assert page.get_by_role("img").count() > 10


def test_the_keyboard_reaches_every_table(
    chromium: Browser, contexts: list[BrowserContext], folder: Path
) -> None:
    """Tab goes to the bottom line first; Enter opens a table."""
    page, _, _ = shown(chromium, contexts, folder / "report.html", viewport=WIDE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the bottom line"
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.evaluate("each => each.open")


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_paper_holds_all(
    size: str, chromium: Browser, contexts: list[BrowserContext], folder: Path
) -> None:
    """Tables open for printing; the memo takes two pages."""
    page, _, _ = shown(chromium, contexts, folder / "report.html", viewport=WIDE)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[...document.querySelectorAll('details')].every(each => each.open)")
    memo, _, _ = shown(chromium, contexts, folder / "memo.html", viewport=WIDE)
    data = memo.pdf(format=size, prefer_css_page_size=False)
    assert data.count(b"/Type /Page\n") == 2
