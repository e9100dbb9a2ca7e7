"""What tests do with the page of the explorer: wait, choose, measure, and ask axe."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page


def until(page: Page, condition: str, *, patience: float = 60.0) -> None:
    """Wait for a condition of the page; its policy forbids Playwright's own way, which evals."""
    end = time.monotonic() + patience
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(4)


def drawn(page: Page) -> None:
    """Wait until a picture is drawn and nothing is under way."""
    page.wait_for_timeout(50)
    until(page, "!asking && !waiting && shown === picture")


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


def choose(page: Page, label: str) -> None:
    """Show a tab, with everything on it open."""
    page.get_by_role("tab", name=label, exact=True).click()
    drawn(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
