"""The time bar's axis: its zoom, what its bars are stacked by, its marks."""

from __future__ import annotations

import re
from datetime import date

import pytest

from geo.dates import DayRange, possible_days

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=6/17/99&from=2024-03-11&to=2025-03-10"
WINDOW = "#timebar .window"
CUT = DayRange(date(2025, 2, 5), date(2025, 2, 5))
"""When Thailand cut the power, by several sources."""


def axis(shown):
    """First and last day that the address zooms the axis to; None where it is not zoomed."""
    found = re.search(r"axis=([\d-]+)/([\d-]+)", shown["hash"])
    return found and found.groups()


def chart(atlas):
    return atlas.page.locator("#timebar .chart").bounding_box()


def zoomed(atlas, view="&axis=2024-10-01/2025-06-30"):
    return atlas.open(SPRING_2025 + view)


def test_the_wheel_zooms_about_the_pointer_and_a_button_brings_the_usual_years_back(atlas):
    atlas.open(SPRING_2025)
    box = chart(atlas)
    wide = atlas.page.locator(WINDOW).bounding_box()
    # The end of the window stays under the pointer.
    x = wide["x"] + wide["width"]
    atlas.page.mouse.move(x, box["y"] + 60)
    for _ in range(4):
        atlas.page.mouse.wheel(0, -120)
    shown = atlas.wait_for(lambda shown: axis(shown) is not None).snapshot()
    atlas.wait_for(lambda _: atlas.page.locator(WINDOW).bounding_box()["width"] > wide["width"] * 3)
    near = atlas.page.locator(WINDOW).bounding_box()
    assert near["x"] + near["width"] == pytest.approx(x, abs=4)
    assert shown["window"] == {"from": "2024-03-11", "to": "2025-03-10"}
    atlas.page.get_by_role("button", name="Back to the usual years").click()
    atlas.wait_for(lambda shown: axis(shown) is None)
    assert atlas.page.locator(WINDOW).bounding_box()["width"] == pytest.approx(wide["width"], abs=1)


def test_buttons_and_keys_zoom_and_the_address_keeps_it(atlas):
    atlas.open(SPRING_2025)
    atlas.page.get_by_role("button", name="Zoom in on time").click()
    once = axis(atlas.wait_for(lambda shown: axis(shown) is not None).snapshot())
    atlas.page.focus(WINDOW)
    atlas.page.keyboard.press("+")
    twice = axis(atlas.wait_for(lambda shown: axis(shown) != once).snapshot())
    assert once[0] < twice[0] < "2024-03-11" < "2025-03-10" < twice[1] < once[1]
    atlas.page.evaluate("new Promise((done) => setTimeout(done, 500))")  # the address is written
    assert axis(atlas.reload().snapshot()) == twice
    atlas.page.get_by_role("button", name="Zoom out of time").click()
    atlas.wait_for(lambda shown: axis(shown)[0] < twice[0])
    atlas.page.focus(WINDOW)
    atlas.page.keyboard.press("0")
    atlas.wait_for(lambda shown: axis(shown) is None)


def test_the_earliest_reports_are_reached_by_zooming_out(atlas, dossier):
    atlas.open(SPRING_2025)
    atlas.page.get_by_role("button", name="Zoom out of time").click()
    for _ in range(3):
        atlas.page.get_by_role("button", name="Zoom out of time").click()
    first = min(days.first for r in dossier.reports if (days := possible_days(r.occurred)).first)
    atlas.wait_for(lambda shown: axis(shown)[0] <= first.isoformat())


def test_when_zoomed_the_window_is_drawn_to_the_day(atlas):
    zoomed(atlas)
    box = chart(atlas)
    grip = atlas.page.locator("#timebar .grip-to").bounding_box()
    atlas.page.mouse.move(grip["x"] + 6, grip["y"] + 70)
    atlas.page.mouse.down()
    atlas.page.mouse.move(grip["x"] + 6 + box["width"] * 18.2 / 273, grip["y"] + 70, steps=4)
    atlas.page.mouse.up()
    shown = atlas.wait_for(lambda shown: shown["window"]["to"] > "2025-03-20").snapshot()
    assert "2025-03-28" <= shown["window"]["to"] <= "2025-03-30"


def test_the_axis_follows_the_window_out_of_sight(atlas):
    zoomed(atlas)
    before = axis(atlas.snapshot())
    atlas.page.focus(WINDOW)
    atlas.page.keyboard.press("Shift+ArrowRight")
    shown = atlas.wait_for(lambda shown: shown["window"]["to"] == "2026-03-10").snapshot()
    assert axis(shown)[0] > before[0]
    assert axis(shown)[1] >= "2026-03-10"


def test_the_strip_below_shows_where_the_axis_is_and_moves_it(atlas):
    atlas.open(SPRING_2025)
    assert atlas.page.locator("#timebar .strip").is_hidden()
    zoomed(atlas)
    strip = atlas.page.locator("#timebar .strip").bounding_box()
    atlas.page.mouse.click(strip["x"] + strip["width"] * 0.5, strip["y"] + 5)
    shown = atlas.wait_for(lambda shown: axis(shown)[1] < "2020").snapshot()
    assert shown["window"]["to"] == "2025-03-10", "looking elsewhere does not move the window"


def test_two_fingers_zoom_and_one_pans(phone):
    phone.open(SPRING_2025)
    box = chart(phone)
    y = box["y"] + 60
    finger = phone.page.context.new_cdp_session(phone.page)

    def touch(kind, *places):
        points = [{"x": x, "y": y, "id": n} for n, x in enumerate(places)]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    middle = box["x"] + box["width"] * 0.4
    touch("touchStart", middle - 20)
    touch("touchStart", middle - 20, middle + 20)
    for step in range(1, 7):
        touch("touchMove", middle - 20 - 15 * step, middle + 20 + 15 * step)
    touch("touchEnd")
    pinched = phone.wait_for(lambda shown: axis(shown) is not None).snapshot()
    assert pinched["window"] == {"from": "2024-03-11", "to": "2025-03-10"}
    touch("touchStart", middle)
    for step in range(1, 7):
        touch("touchMove", middle + 15 * step)
    touch("touchEnd")
    panned = phone.wait_for(lambda shown: axis(shown)[0] < axis(pinched)[0]).snapshot()
    assert panned["window"] == pinched["window"]


def test_bars_are_stacked_by_activity_or_by_event(atlas):
    atlas.open(SPRING_2025)
    key = atlas.page.locator("#timebar .key")
    assert "reported active" in key.inner_text()
    colours = atlas.page.evaluate("document.querySelector('#timebar canvas').toDataURL()")
    atlas.page.get_by_role("group", name="Bars by").get_by_role("radio", name="Event").check()
    atlas.wait_for(lambda shown: "bars=kind" in shown["hash"])
    assert "raids, closures, demolitions" in key.inner_text()
    assert atlas.page.evaluate("document.querySelector('#timebar canvas').toDataURL()") != colours
    assert "bars=kind" in atlas.reload().snapshot()["hash"]


def test_the_bar_under_the_mouse_says_what_it_counts(atlas, dossier):
    zoomed(atlas, "&axis=2025-01-20/2025-03-01&bars=kind")
    exact = [report for report in dossier.reports if possible_days(report.occurred) == CUT]
    box = chart(atlas)
    atlas.page.mouse.move(box["x"] + box["width"] * 16.5 / 41, box["y"] + 80)
    said = atlas.text("#timebar .readout")
    assert said.startswith("5 February 2025")
    counted = int(re.search(r"(\d+) reports", said)[1])
    assert len(exact) <= counted <= len(exact) + 3, "and parts of those that are dated less exactly"
    assert "sanctions, power cuts" in said


def test_marks_tell_the_event_its_sources_and_the_rule_and_move_nothing(atlas, dossier):
    zoomed(atlas)
    before = atlas.snapshot()["window"]
    mark = atlas.page.get_by_role(
        "button", name=re.compile("5 February 2025: power, internet or fuel cut, .* reports")
    )
    assert "with credibility 1 to 3" in mark.get_attribute("title")
    mark.click()
    told = atlas.page.get_by_role("dialog", name=re.compile("5 February 2025"))
    cuts = [
        report
        for report in dossier.reports
        if report.event_kind == "infrastructure-cut" and possible_days(report.occurred) == CUT
    ]
    assert told.get_by_role("listitem").count() == len(cuts)
    assert cuts[0].summary in told.inner_text()
    assert "raids that concern at least 1,000 people" in told.inner_text()
    links = told.get_by_role("link").evaluate_all("links => links.map((a) => a.href)")
    assert len(links) == len(cuts)
    assert atlas.snapshot()["window"] == before


def test_a_mark_brings_the_window_only_when_asked(atlas):
    atlas.open("#map=6/17/99&from=2022-01-01&to=2022-12-31&axis=2024-10-01/2025-06-30")
    atlas.page.locator("#timebar .marks [tabindex='0']").focus()
    atlas.page.keyboard.press("End")
    atlas.page.keyboard.press("ArrowLeft")
    name = atlas.page.evaluate("document.activeElement.ariaLabel")
    atlas.page.keyboard.press("Enter")
    told = atlas.page.get_by_role("dialog", name=name)
    assert atlas.snapshot()["window"]["to"] == "2022-12-31"
    told.get_by_role("button", name="Show in window").first.click()
    shown = atlas.wait_for(lambda shown: shown["window"]["to"] > "2025").snapshot()
    assert shown["window"]["from"] > "2024"
    atlas.page.keyboard.press("Escape")
    assert told.is_hidden()
    assert atlas.page.evaluate("document.activeElement.ariaLabel") == name


def test_marks_follow_the_filters(atlas):
    atlas.open(SPRING_2025)
    everywhere = atlas.page.locator("#timebar .mark").count()
    atlas.open(SPRING_2025 + "&f.country=PH")
    assert atlas.page.locator("#timebar .mark").count() < everywhere
