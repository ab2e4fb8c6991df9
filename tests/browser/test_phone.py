"""The map on a telephone of 390 by 844."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=6/17/99&from=2024-03-11&to=2025-03-10"


def test_nothing_reaches_out_of_the_screen(phone):
    phone.open(SPRING_2025)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 390
    for selector in (".play", ".time-more", ".chart", ".leaflet-control-zoom", "#panel"):
        box = phone.page.locator(selector).bounding_box()
        assert box["x"] >= 0, selector
        assert box["x"] + box["width"] <= 390, selector
        assert box["y"] + box["height"] <= 844, selector


def test_the_map_keeps_half_of_the_screen_until_a_site_is_chosen(phone):
    phone.open(SPRING_2025)
    top = phone.page.locator("#map_atlas").bounding_box()["y"]
    sheet = phone.page.locator("#panel").bounding_box()["y"]
    assert sheet - top > 844 / 2


def test_a_tap_on_a_symbol_raises_the_sheet_and_leaves_the_site_in_sight(phone):
    phone.open("#map=6.5/16/97&from=2024-03-11&to=2025-03-10")
    place = phone.page.evaluate("scamAtlas.whereIs('yangon')")
    top = phone.page.locator("#map_atlas").bounding_box()["y"]
    phone.page.touchscreen.tap(place["x"], place["y"] + top)
    phone.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "yangon"})
    phone.page.wait_for_timeout(600)
    sheet = phone.page.locator("#panel").bounding_box()
    assert "Yangon" in phone.text("#panel h2")
    assert phone.page.locator("#panel h2").is_visible()
    now = phone.page.evaluate("scamAtlas.whereIs('yangon')")
    assert 0 < now["y"] + top < sheet["y"]


def test_the_sheet_opens_and_closes_by_its_handle(phone):
    phone.open(SPRING_2025)
    handle = phone.page.locator(".sheet-handle")
    assert handle.get_attribute("aria-expanded") == "false"
    handle.tap()
    phone.page.locator("#panel .row").first.wait_for()
    assert handle.get_attribute("aria-expanded") == "true"
    handle.tap()
    assert phone.page.locator("#panel .row").first.is_hidden()


def test_the_window_is_dragged_with_a_finger(phone):
    before = phone.open(SPRING_2025).snapshot()
    box = phone.page.locator("#timebar .window").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    finger = phone.page.context.new_cdp_session(phone.page)
    finger.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for step in range(1, 7):
        point = {"x": x - 10 * step, "y": y}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    after = phone.wait_for(lambda shown: shown["window"]["to"] < before["window"]["to"]).snapshot()
    assert after["counts"] != before["counts"]


def test_the_legend_is_folded_and_can_be_opened(phone):
    phone.open(SPRING_2025)
    entry = phone.page.locator("#legend").get_by_text("Reported expanding")
    assert entry.is_hidden()
    phone.page.get_by_text("Legend and layers").tap()
    assert entry.is_visible()


def test_at_360_pixels_no_control_lies_over_another(phone):
    phone.page.set_viewport_size({"width": 360, "height": 740})
    phone.open(SPRING_2025)
    assert phone.page.evaluate("document.documentElement.scrollWidth") == 360
    phone.page.get_by_role("button", name="Dates and more").tap()
    controls = phone.page.locator("#timebar").locator("button, input, select").all()
    boxes = [control.bounding_box() for control in controls if control.is_visible()]
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"]
                or other["y"] + other["height"] <= one["y"]
            )
            assert apart, (one, other)
