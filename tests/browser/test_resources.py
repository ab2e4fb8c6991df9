"""Pages of resources in a real browser: the small map, the table, narrow screens, the keyboard."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AROUND_MYAWADDY = "/ogc/collections/reports/items?bbox=98,16,99,17&limit=20"
KK_PARK = "/ogc/collections/hotspots/items/kk-park"
MOVES = "/ogc/collections/displacement/items"
RESOURCES = (
    "/ogc",
    "/ogc/conformance",
    "/ogc/collections",
    "/ogc/collections/reports",
    "/ogc/collections/hotspots/queryables",
    "/ogc/collections/reports/schema",
    "/ogc/collections/hotspots/items",
    "/ogc/collections/control/items",
    KK_PARK,
    "/ogc/collections/sources/items?limit=1",
    "/docs",
)
PATIENCE_S = 15.0


def open_with_map(page: Page, address: str) -> None:
    page.goto(address)
    deadline = time.monotonic() + PATIENCE_S
    # The policy forbids `eval`, so Playwright's own waiting does not work on this page.
    while not page.evaluate("Boolean(globalThis.smallMap)"):
        assert time.monotonic() < deadline, "the map never came"
        page.wait_for_timeout(25)
    page.evaluate("smallMap.basemap.ready")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def places(page: Page) -> list[dict[str, Any]]:
    """Where each place is drawn, in pixels of the window, and the rows of its features."""
    found = page.evaluate(
        """(() => {
            const { left, top } = document.getElementById("map").getBoundingClientRect();
            return smallMap.places.map(({ features }) => {
                const [lon, lat] = features[0].at[0];
                const { x, y } = smallMap.map.latLngToContainerPoint([lat, lon]);
                const rows = features.map(({ row }) => row);
                return { x: x + left, y: y + top, rows, colour: features[0].colour };
            });
        })()"""
    )
    assert isinstance(found, list)
    return found


def not_painted(page: Page, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The places that have none of their colour on the map within a few pixels."""
    missing = page.evaluate(
        """(places) => {
            const canvas = smallMap.canvas.container;
            const { left, top, width } = canvas.getBoundingClientRect();
            const ratio = canvas.width / width;
            const context = canvas.getContext("2d");
            // Read once: a browser complains of a canvas that is read again and again.
            const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
            const has = ({ x, y, colour }) => {
                const wanted = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
                for (let u = x - left - 7; u < x - left + 7; u++) {
                    for (let v = y - top - 7; v < y - top + 7; v++) {
                        const [column, row] = [u, v].map((pixel) => Math.round(pixel * ratio));
                        const at = (row * canvas.width + column) * 4;
                        const alike = wanted.every((one, n) => Math.abs(one - data[at + n]) < 12);
                        if (alike) return true;
                    }
                }
                return false;
            };
            return places.filter((place) => !has(place));
        }""",
        found,
    )
    assert isinstance(missing, list)
    return missing


def test_every_place_of_the_page_is_drawn(atlas):
    open_with_map(atlas.page, f"{atlas.url}{AROUND_MYAWADDY}")
    found = places(atlas.page)
    assert len(found) > 1
    assert sum(len(place["rows"]) for place in found) == 20
    assert not_painted(atlas.page, found) == []


def test_a_click_on_a_place_goes_to_its_rows(atlas):
    open_with_map(atlas.page, f"{atlas.url}{AROUND_MYAWADDY}")
    place = max(places(atlas.page), key=lambda place: len(place["rows"]))
    atlas.page.mouse.click(place["x"], place["y"])
    chosen = atlas.page.locator("tr.chosen")
    ids = chosen.evaluate_all("rows => rows.map(({ id }) => id)")
    assert sorted(ids) == sorted(f"row-{row}" for row in place["rows"])
    first = atlas.page.locator(f"#row-{place['rows'][0]}")
    assert first.evaluate("row => row.querySelector('a') === document.activeElement")
    box = first.bounding_box()
    assert box
    assert 0 <= box["y"] < 900
    assert atlas.text("#map-says")


def test_the_page_of_a_site_shows_its_circle_of_precision(atlas):
    open_with_map(atlas.page, f"{atlas.url}{KK_PARK}")
    found = places(atlas.page)
    assert len(found) == 1
    assert not_painted(atlas.page, found) == []
    reach = atlas.page.evaluate(
        """(() => {
            const [lon, lat] = smallMap.data.features[0].at[0];
            const bounds = L.latLng(lat, lon).toBounds(2 * smallMap.data.features[0].precision[0]);
            return smallMap.map.getBounds().contains(bounds);
        })()"""
    )
    assert reach


def test_moves_are_drawn_as_lines(atlas):
    open_with_map(atlas.page, f"{atlas.url}{MOVES}")
    points = atlas.page.evaluate("smallMap.data.features.map(({ at }) => at.length)")
    assert 2 in points


def test_the_wheel_scrolls_the_page_and_not_the_map(atlas):
    open_with_map(atlas.page, f"{atlas.url}{AROUND_MYAWADDY}")
    zoom = atlas.page.evaluate("smallMap.map.getZoom()")
    [place, *_] = places(atlas.page)
    atlas.page.mouse.move(place["x"], place["y"])
    atlas.page.mouse.wheel(0, 200)
    atlas.page.wait_for_timeout(200)
    assert atlas.page.evaluate("smallMap.map.getZoom()") == zoom
    assert atlas.page.evaluate("scrollY") > 0


def test_pages_are_turned_by_their_links(atlas):
    atlas.page.goto(f"{atlas.url}{AROUND_MYAWADDY}")
    first = atlas.page.locator("table.features tbody th").all_inner_texts()
    atlas.page.get_by_role("link", name="Next page").first.click()
    second = atlas.page.locator("table.features tbody th").all_inner_texts()
    assert not set(first) & set(second)
    atlas.page.get_by_role("link", name="Previous page").first.click()
    assert atlas.page.locator("table.features tbody th").all_inner_texts() == first


def test_a_row_leads_to_its_feature_and_from_there_to_its_source(atlas):
    atlas.page.goto(f"{atlas.url}{AROUND_MYAWADDY}")
    atlas.page.locator("table.features tbody th a").first.click()
    assert "Reported by" in atlas.text(".kicker")
    assert "Who says so" in atlas.text(".source")
    atlas.page.locator(".source a[href*='/sources/items/']").click()
    assert "Published by" in atlas.text(".kicker")


def test_without_scripts_the_table_stays_and_no_empty_map(browser: Browser, site_url: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}{AROUND_MYAWADDY}")
    assert page.locator("table.features tbody tr").count() == 20
    assert not page.locator("#map").is_visible()
    context.close()


@pytest.mark.parametrize("path", RESOURCES)
def test_no_page_is_wider_than_a_narrow_telephone(atlas, path):
    atlas.page.set_viewport_size({"width": 360, "height": 740})
    atlas.page.goto(f"{atlas.url}{path}")
    assert atlas.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_id_of_a_row_stays_in_view_while_the_table_is_scrolled(atlas):
    atlas.page.goto(f"{atlas.url}{AROUND_MYAWADDY}")
    box = atlas.page.locator("table.features tbody th").first.bounding_box()
    assert box
    atlas.page.locator(".scroll.features").evaluate("box => { box.scrollLeft = 900 }")
    after = atlas.page.locator("table.features tbody th").first.bounding_box()
    assert after
    assert abs(after["x"] - box["x"]) < 2


def test_what_has_the_keyboard_is_seen(atlas):
    atlas.page.goto(f"{atlas.url}/ogc/collections/reports")
    atlas.page.keyboard.press("Tab")
    seen = atlas.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert seen == "solid"
