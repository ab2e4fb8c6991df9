"""Every view held against WCAG 2.2 AA by axe, and by the keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.base import AXE_SCRIPT

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=7/16.7/98.5&from=2024-03-11&to=2025-03-10"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def faults(page, **only):
    """What axe finds wrong on the page as it stands: rule, where, and why."""
    page.evaluate(AXE_SCRIPT)
    result = page.evaluate(
        "options => axe.run(document, {resultTypes: ['violations'], ...options})",
        only or {"runOnly": WCAG},
    )
    return [
        (fault["id"], " ".join(map(str, node["target"])), node["failureSummary"])
        for fault in result["violations"]
        for node in fault["nodes"]
    ]


def faults_of_both_schemes(page):
    """All of axe's rules in the light; in the dark only what colours change."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = faults(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return found + faults(page, runOnly={"type": "rule", "values": ["color-contrast"]})


def unfold(page):
    page.evaluate("for (const item of document.querySelectorAll('details')) item.open = true")


VIEWS = {
    "the map": "",
    "a site": "&site=kk-park&reports=all",
    "a contested site": "&site=payathonzu",
    "a flow": "&flow=kokang-saz-to-kayin-thai-border-un",
    "gathered sites": "&place=myawaddy",
    "an actor": "&actor=dkba",
    "the method": "&page=method",
    "sites in the table": "&table=sites",
    "reports in the table": "&table=reports/-date",
    "moves in the table": "&table=moves",
    "control in the table": "&table=control",
    "two dates compared": "&compare=2024-03-10",
    "two dates on the map": "&compare=2024-03-10&swipe=50",
    "colours by actor": "&colour=actor",
}


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_fault(atlas, view):
    atlas.open(SPRING_2025 + VIEWS[view])
    if view != "the method":
        unfold(atlas.page)
    assert faults_of_both_schemes(atlas.page) == []


def test_axe_finds_no_fault_in_the_filters_and_the_search(atlas):
    atlas.open(SPRING_2025)
    atlas.page.get_by_role("button", name="Filters", exact=True).click()
    unfold(atlas.page)
    assert faults_of_both_schemes(atlas.page) == []
    atlas.page.keyboard.press("Escape")
    atlas.page.get_by_placeholder("Search names").fill("shwe")
    atlas.page.get_by_role("option").first.wait_for()
    assert faults_of_both_schemes(atlas.page) == []


@pytest.mark.parametrize("view", ["the map", "a site", "reports in the table"])
def test_axe_finds_no_fault_on_a_telephone(phone, view):
    phone.page.set_viewport_size({"width": 360, "height": 740})
    phone.open(SPRING_2025 + VIEWS[view])
    assert faults_of_both_schemes(phone.page) == []


def test_axe_finds_no_fault_in_an_embedded_map(atlas):
    atlas.open(f"?embed=1{SPRING_2025}")
    assert faults_of_both_schemes(atlas.page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/method",
        "/docs",
        "/ogc",
        "/ogc/collections",
        "/ogc/collections/reports",
        "/ogc/collections/hotspots/items?limit=3",
        "/ogc/collections/hotspots/items/kk-park",
        "/ogc/collections/sources/items?limit=3",
        "/ogc/collections/no-such-layer",
    ],
)
def test_axe_finds_no_fault_on_pages_of_the_api(atlas, path):
    atlas.forgiven = ["status of 404"]
    atlas.page.goto(f"{atlas.url}{path}")
    assert faults_of_both_schemes(atlas.page) == []


def focused(page):
    """What holds the keyboard: its name, and how it is marked."""
    return page.evaluate(
        """() => {
            const one = document.activeElement;
            const { outlineStyle, outlineWidth } = getComputedStyle(one);
            const { width, height } = one.getBoundingClientRect();
            const lit = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
            return { tag: one.tagName, lit, seen: width > 0 && height > 0,
                     what: one.id || one.className || one.textContent.trim().slice(0, 40) };
        }"""
    )


@pytest.mark.parametrize("view", ["&site=payathonzu", "&table=sites"])
def test_the_keyboard_reaches_every_control_and_each_shows_it(atlas, view):
    atlas.open(SPRING_2025 + view)
    reached, unlit = set(), []
    for _ in range(250):
        atlas.page.keyboard.press("Tab")
        now = focused(atlas.page)
        if now["tag"] == "BODY":
            break
        reached.add(now["what"])
        if not (now["lit"] and now["seen"]):
            unlit.append(now["what"])
    assert unlit == []
    assert {"skip", "skip-table", "table-switch", "map_atlas"} <= reached
    assert any("grip" in what for what in reached)


def test_skip_links_lead_to_the_list_and_to_the_table(atlas):
    atlas.open(SPRING_2025)
    atlas.page.keyboard.press("Tab")
    atlas.page.keyboard.press("Tab")
    assert focused(atlas.page)["what"] == "skip-table"
    atlas.page.keyboard.press("Enter")
    atlas.wait_for(lambda shown: shown["table"])
    assert atlas.page.evaluate("document.activeElement.closest('#table') !== null")


def test_a_change_is_said_in_one_sentence(atlas):
    atlas.open(SPRING_2025)
    live = atlas.page.locator("#live")
    assert live.get_attribute("aria-live") == "polite"
    before = live.inner_text()
    assert "10 March 2025: " in before
    atlas.page.locator(".grip-to").focus()
    atlas.page.keyboard.press("ArrowLeft")
    atlas.page.wait_for_timeout(900)  # it waits until the hand rests
    assert live.inner_text() != before
    assert "10 February 2025: " in live.inner_text()


@pytest.mark.parametrize(("width", "height"), [(360, 640), (2560, 1440)])
def test_the_page_fits_its_screen_and_a_site_is_hit_where_it_is_drawn(atlas, width, height):
    atlas.page.set_viewport_size({"width": width, "height": height})
    atlas.open("#map=6.5/16/97&from=2024-03-11&to=2025-03-10")
    size = atlas.page.evaluate(
        "(({scrollWidth, scrollHeight}) => [scrollWidth, scrollHeight])(document.documentElement)"
    )
    assert size == [width, height]
    place = atlas.page.evaluate("scamAtlas.whereIs('yangon')")
    zoom = atlas.page.evaluate("document.body.currentCSSZoom")
    assert zoom == pytest.approx(1.3 if width > 2200 else 1)
    box = atlas.page.locator("#map_atlas").bounding_box()
    atlas.page.mouse.click(box["x"] + place["x"] * zoom, box["y"] + place["y"] * zoom)
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "yangon"})
