"""The explorer in a real browser: by keyboard, by role and name, and asking nobody else."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from amplicast.explorer.server import Explorer
from amplicast.explorer.view import TABS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

from tests.browser.explorer.looking import axe, choose, drawn, measured, until

pytestmark = pytest.mark.browser


def test_it_asks_nobody_else(page: Page, home: str, asked: list[str]) -> None:
    """Every request of every tab goes to this computer."""
    for label in TABS.values():
        choose(page, label)
    assert len(asked) > len(TABS)
    assert [url for url in asked if not url.startswith((home, "data:"))] == []


def test_everybody_can_use_it(page: Page) -> None:
    """No violation of WCAG A or AA on any tab, with everything open, moved and compared."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    slider = page.get_by_role("slider", name="Inference share", exact=True)
    slider.press("ArrowLeft")
    page.get_by_label("Compare with the reference").check()
    for label in TABS.values():
        choose(page, label)
        assert axe(page) == [], label
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), label


def test_each_tab_says_what_it_is_for(page: Page) -> None:
    """Pictures with their panels, and the registers of the run where the tab is about it."""
    panels = dict.fromkeys(TABS, 1) | {"tornado": 2, "learned": 2, "about": 0}
    words = {"tornado": "median at 95 %", "learned": "grade", "about": "Run card"}
    for name, label in TABS.items():
        choose(page, label)
        assert page.locator("#panels > div").count() == panels[name], label
        assert page.locator("#panels svg").count() == panels[name], label
        assert words.get(name, "") in page.inner_text("#words"), label
        assert (page.inner_text("#words") == "") == (name not in words), label
        assert page.inner_text("#picture-title"), label
    choose(page, TABS["learned"])
    keys = page.evaluate(
        "[...document.querySelectorAll('#words a[href^=\"#\"]')].map(each => each.hash.slice(1))"
    )
    assert keys
    assert [key for key in keys if not page.evaluate("id => !!byId(id)", key)] == []


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


def test_the_years_play_and_stop(page: Page) -> None:
    """The button runs the years to the last one; while it runs nothing is read out."""
    until(page, "document.getElementById('play').hidden === false")
    last = int(page.get_attribute("#year", "max") or "")
    page.evaluate("toYear(answer.years[answer.years.length - 3])")
    drawn(page)
    button = page.get_by_role("button", name="Play the years")
    button.focus()
    button.press("Enter")
    assert page.get_attribute("#headline", "aria-live") == "off"
    page.get_by_role("button", name="Pause the years").wait_for()
    until(page, f"state.year === '{last}' && !playing")
    drawn(page)
    assert page.inner_text("#headline").startswith(f"In {last},")
    assert page.get_attribute("#headline", "aria-live") == "polite"
    button.press("Enter")  # from the beginning again, and stopped
    page.get_by_role("button", name="Pause the years").press("Enter")
    assert page.evaluate("playing") == 0
    assert page.evaluate("Number(state.year)") < last
    drawn(page)


def test_who_wants_no_motion_sees_none(chromium: Browser, home: str) -> None:
    """With reduced motion asked for, nothing plays, and the arrow keys still move the year."""
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(home)
    drawn(page)
    assert page.locator("#play").is_hidden()
    page.emulate_media(reduced_motion="no-preference")
    until(page, "!byId('play').hidden")
    page.get_by_role("button", name="Play the years").click()
    page.emulate_media(reduced_motion="reduce")
    until(page, "byId('play').hidden && !playing")
    page.close()


def test_a_slow_answer_is_told_and_never_shown_late(page: Page, home: str) -> None:
    """The page says that it works; what comes when nobody waits for it any more is dropped."""
    held: list[Any] = []
    page.route("**/api/answer*", lambda route: held.append(route), times=1)
    page.evaluate("""() => {
      window.heard = [];
      const hear_ = hear;
      hear = (told) => { heard.push(told.headline[0]); hear_(told); };
    }""")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    share = page.get_by_role("slider", name="Inference share", exact=True)
    share.focus()
    share.press("PageUp")
    until(page, "!byId('progress').hidden")
    assert "Working it out" in page.inner_text("#status")
    assert page.get_attribute("#picture", "aria-busy") == "true"
    for _ in range(6):
        share.press("ArrowLeft")
    page.wait_for_timeout(400)
    held[0].continue_()
    drawn(page)
    assert page.get_attribute("#picture", "aria-busy") == "false"
    heard = page.evaluate("heard")
    assert len(heard) == 1
    assert heard[0] == page.evaluate("answer.headline[0]")
    assert page.evaluate("new URLSearchParams(query()).get('set.inference_share')") in page.url


def test_a_belief_that_reaches_models_leaves_the_page_free(
    page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reported: the longest time for which the page could not answer a hand, and the answer's."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate("""() => {
      window.gaps = [0];
      let last = performance.now();
      const beat = () => {
        const now = performance.now();
        gaps.push(now - last);
        last = now;
        setTimeout(beat, 0);
      };
      beat();
    }""")
    size = page.locator("#r-served_size")
    size.focus()
    began = time.perf_counter()
    for _ in range(8):
        size.press("ArrowRight")
    value = size.get_attribute("aria-valuetext")
    drawn(page)
    took = time.perf_counter() - began
    with capsys.disabled():
        gap = page.evaluate("Math.max(...gaps)")
        print(f"\nslow belief: {took:.2f} s to rest; page busy for at most {gap:.0f} ms")
    assert page.evaluate("answer.headline") != page.evaluate("setup.answer.headline")
    assert (value or "").startswith(page.locator("[id='n-served_size']").input_value()[:4])


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
    page.keyboard.press("End")
    drawn(page)
    assert page.get_attribute("#picture", "aria-labelledby") == "tab-about"
    page.keyboard.press("Tab")
    assert page.evaluate("byId('picture').contains(document.activeElement)")
    page.get_by_role("tab", name="About").press("Home")
    assert page.evaluate("document.activeElement.id") == "tab-copies"
    drawn(page)


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
    assert page.get_by_text("In grey: the last reliable forecast").is_visible()
    choose(page, TABS["learned"])  # which no slider changes, and the headline is still grey
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
