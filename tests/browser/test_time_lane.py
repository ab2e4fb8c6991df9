"""The lane of the chosen site below the time bar."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

KK_PARK = "#map=6/17/99&from=2024-03-11&to=2025-03-10&site=kk-park"


@pytest.fixture
def lane(atlas):
    """The lane of KK Park."""
    atlas.open(KK_PARK)
    found = atlas.page.get_by_role("region", name="Time lane of KK Park")
    found.wait_for()
    return found


def where(lane, selector):
    """Left and right edge of a thing in the lane, as shares of the plot."""
    plot = lane.locator(".ticks").bounding_box()
    box = lane.locator(selector).first.bounding_box()
    return (
        (box["x"] - plot["x"]) / plot["width"],
        (box["x"] + box["width"] - plot["x"]) / plot["width"],
    )


def test_it_appears_with_a_site_and_goes_with_it_and_the_window_stays(atlas):
    atlas.open(KK_PARK.replace("&site=kk-park", ""))
    lane = atlas.page.get_by_role("region", name=re.compile("Time lane of"))
    assert lane.is_hidden()
    before = atlas.snapshot()["window"]
    atlas.page.locator("#panel .row").first.click()
    lane.wait_for()
    assert atlas.snapshot()["window"] == before
    atlas.page.go_back()
    lane.wait_for(state="hidden")


def test_every_role_of_an_actor_is_a_row_in_the_order_of_roles(lane, dossier):
    said = {(c.actor_id, c.role) for c in dossier.control if c.site_id == "kk-park"}
    rows = lane.locator(".timelane-row[data-role]")
    assert rows.count() == len(said)
    roles = rows.evaluate_all("rows => rows.map((row) => row.dataset.role)")
    assert roles[0] == "controls-territory"
    assert roles == sorted(roles, key=roles.index), "one role after the other"


def test_bars_are_strong_where_certain_and_fade_where_the_ends_are_not_known(lane):
    row = '.timelane-row[data-role="protects"]:has-text("Tin Win")'
    certain, before, after = (
        where(lane, f"{row} .stretch-{look}") for look in ("certain", "before", "after")
    )
    assert before[1] == pytest.approx(certain[0], abs=0.01)
    assert after[0] == pytest.approx(certain[1], abs=0.01)
    faded = lane.locator(f"{row} .stretch-before").evaluate(
        "e => getComputedStyle(e).backgroundImage"
    )
    assert "linear-gradient" in faded
    # Mulaei Alin's contract ran from 17 February 2020 to 8 May 2022: neither end is open.
    contract = lane.locator('.timelane-row:has-text("Mulaei Alin") .timelane-plot')
    assert contract.locator(".stretch-certain").count() == 1
    assert contract.locator(".stretch-before, .stretch-after, .stretch-possible").count() == 0


def test_disputed_control_is_hatched_and_said(lane):
    row = lane.locator('.timelane-row[data-role="controls-territory"]').first
    hatch = row.locator(".stretch-disputed").evaluate("e => getComputedStyle(e).backgroundImage")
    assert "repeating-linear-gradient" in hatch
    assert "Disputed for part of the time." in row.get_by_role("button").inner_text()
    assert lane.locator('[data-role="protects"] .stretch-disputed').count() == 0


def test_a_row_tells_who_says_so_and_opens_its_actor(atlas, lane):
    lane.get_by_role("button", name=re.compile("^Tin Win ?: said that it protects")).click()
    told = atlas.page.get_by_role("dialog", name="Tin Win")
    assert "certain: 29 October 2024" in told.inner_text()
    assert "Credibility 3" in told.inner_text()
    assert told.get_by_role("link").get_attribute("href").startswith("http")
    told.get_by_role("button", name="All on this actor").click()
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "actor", "id": "tin-win"})
    assert told.is_hidden()


def test_reports_are_ticks_with_names_walked_by_key(atlas, lane, dossier):
    ticks = lane.get_by_role("listbox", name="Reports of KK Park, by date")
    options = ticks.get_by_role("option")
    assert options.count() == sum(report.site_id == "kk-park" for report in dossier.reports)
    ticks.focus()
    chosen = ticks.get_by_role("option", selected=True)
    first = chosen.get_attribute("aria-label")
    assert re.search(r"2024: .+; .+; Credibility \d", first), "the first one in the window"
    atlas.page.keyboard.press("ArrowRight")
    assert chosen.get_attribute("aria-label") != first
    assert ticks.get_attribute("aria-activedescendant") == chosen.get_attribute("id")


def test_a_tick_tells_its_report_and_moves_the_window_only_when_asked(atlas, lane, dossier):
    before = atlas.snapshot()["window"]
    lane.get_by_role("listbox").focus()
    atlas.page.keyboard.press("End")
    atlas.page.keyboard.press("Enter")
    told = atlas.page.get_by_role("dialog", name="KK Park")
    summaries = [r.summary for r in dossier.reports if r.site_id == "kk-park"]
    assert sum(summary in told.inner_text() for summary in summaries) == 1
    assert "Reliability" in told.inner_text()
    assert atlas.snapshot()["window"] == before
    told.get_by_role("button", name="Show in window").click()
    moved = atlas.wait_for(lambda shown: shown["window"]["to"] > "2025-12").snapshot()
    assert moved["choice"] == {"kind": "site", "id": "kk-park"}
    assert told.get_by_role("button", name="In the window").is_disabled()


def test_a_press_near_a_tick_opens_it(atlas, lane):
    tick = lane.get_by_role("option", name=re.compile("^7 January 2025: People released"))
    box = tick.bounding_box()
    atlas.page.mouse.click(box["x"] + box["width"] / 2 - 3, box["y"] + 4)
    told = atlas.page.get_by_role("dialog", name="KK Park")
    assert "7 January 2025" in told.inner_text()


def test_it_keeps_in_step_with_the_axis(atlas, lane):
    before = where(lane, ".stretch-certain")
    atlas.page.get_by_role("button", name="Zoom in on time").click()
    atlas.wait_for(lambda shown: "axis=" in shown["hash"])
    assert where(lane, ".stretch-certain") != before
    band = lane.locator(".timelane-window").evaluate(
        """e => {
            const { left, width } = getComputedStyle(e, "::before");
            return [left, width].map(parseFloat);
        }"""
    )
    plot = lane.locator(".ticks").bounding_box()
    window = atlas.page.locator("#timebar .window").bounding_box()
    assert band[0] == pytest.approx(window["x"] - plot["x"], abs=2)
    assert band[1] == pytest.approx(window["width"], abs=3)


def test_it_can_be_folded_and_is_folded_on_a_phone(atlas, lane, phone):
    lane.get_by_role("button", name="Time lane of KK Park").click()
    assert lane.get_by_role("listbox").is_hidden()
    phone.open(KK_PARK)
    toggle = phone.page.get_by_role("button", name="Time lane of KK Park")
    assert toggle.get_attribute("aria-expanded") == "false"
    toggle.tap()
    row = phone.page.locator('.timelane-row:has-text("Tin Win")')
    row.scroll_into_view_if_needed()
    assert "protects or guards" in row.locator(".role-beside").inner_text()
    assert row.locator(".stretch-certain").bounding_box()["width"] >= 3
