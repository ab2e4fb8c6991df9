"""Two dates compared: what is said of each site on the one and on the other."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.browser

RUNS = {"active", "expanding"}
AUTUMN_2025 = "#map=5/14/103&from=2025-01-01&to=2025-12-31"
THEN, NOW = "2025-08-31", "2025-12-31"


def hotspots(atlas, day):
    answer = httpx.get(f"{atlas.url}/layers/hotspots.geojson", params={"datetime": day})
    return {
        item["properties"]["site_id"]: item["properties"]
        for item in answer.json()["features"]
        if item["properties"]["place_role"] == "hotspot"
    }


def rested(atlas):
    return atlas.wait_for(lambda shown: shown["compared"] and not shown["counting"]).snapshot()


def sites(shown, kind):
    return {site for site, found in shown["compared"].items() if found == kind}


def test_sites_are_told_apart_by_what_the_api_says_of_both_dates(atlas):
    atlas.open(f"{AUTUMN_2025}&compare={THEN}")
    shown = rested(atlas)
    before, after = hotspots(atlas, THEN), hotspots(atlas, NOW)
    ran = {site for site, state in before.items() if state["activity"] in RUNS}
    runs = {site for site, state in after.items() if state["activity"] in RUNS}
    reported = {site for site, state in before.items() if state["reports_count"]}
    assert sites(shown, "appeared") == runs - reported != set()
    assert sites(shown, "resumed") == (runs & reported) - ran != set()
    assert sites(shown, "same") == runs & ran
    assert sites(shown, "gone") | sites(shown, "moved") | sites(shown, "unknown") == ran - runs
    assert "kk-park" in sites(shown, "moved")
    assert all(after[site]["activity"] == "unknown" for site in sites(shown, "unknown"))
    assert all(after[site]["activity"] != "unknown" for site in sites(shown, "gone"))
    assert set(shown["compared"]) == set(before) | set(after)


def test_the_list_counts_each_class_in_careful_words_and_opens_a_site(atlas):
    atlas.open(f"{AUTUMN_2025}&compare={THEN}")
    shown = rested(atlas)
    classes = atlas.page.locator("#sheet-compare .class")
    for kind in ("appeared", "resumed", "gone", "moved", "unknown", "same", "neither"):
        told = classes.and_(atlas.page.locator(f"[data-kind={kind}]"))
        assert told.locator(".class-count").inner_text() == str(len(sites(shown, kind))), kind
    words = atlas.text("#sheet-compare")
    assert "Not reported before; reported active as of 31 December 2025" in words
    assert "does not mean that nothing was there" in words
    row = atlas.page.locator("#sheet-compare [data-site=kk-park]")
    assert "a place not known" in row.inner_text() or "move to" in row.inner_text()
    row.click()
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "kk-park"})
    assert atlas.page.locator("#sheet-compare").is_hidden()
    assert "KK Park" in atlas.text("#panel h2")
    atlas.page.locator("#chips .chip-compare").click()
    assert atlas.page.locator("#sheet-compare").is_visible()


def test_the_map_marks_what_differs_and_no_more_when_the_comparison_ends(atlas):
    atlas.open(AUTUMN_2025)
    assert atlas.snapshot()["comparisonMarks"] == []
    atlas.page.locator("#compare-switch").click()
    shown = rested(atlas)
    assert shown["compare"] == "2024-12-31"
    atlas.page.get_by_role("button", name="3 months before").click()
    atlas.wait_for(lambda shown: shown["compare"] == "2025-09-30")
    shown = rested(atlas)
    signs = {"appeared": "+", "resumed": "↻", "gone": "−", "moved": "→", "unknown": "?"}
    drawn = " ".join(shown["comparisonMarks"])
    for kind, sign in signs.items():
        assert (sign in drawn) == bool(sites(shown, kind) & set(shown["sites"])), kind
    assert _painted(atlas) > 300
    atlas.page.locator("#sheet-compare").get_by_role("button", name="End comparison").click()
    atlas.wait_for(lambda shown: shown["compare"] is None and not shown["comparisonMarks"])
    assert atlas.page.locator("#sheet-compare").is_hidden()


def _painted(atlas):
    return atlas.page.evaluate(
        """() => {
            const canvas = document.querySelector(".leaflet-atlas-comparison-pane canvas");
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            let count = 0;
            for (let at = 3; at < data.length; at += 4) count += data[at] > 0;
            return count;
        }"""
    )


def test_filters_hold_for_the_comparison_and_the_address_for_both(atlas):
    atlas.open(f"{AUTUMN_2025}&compare={THEN}&f.country=KH")
    shown = rested(atlas)
    then, now = hotspots(atlas, THEN), hotspots(atlas, NOW)
    here = {site for site, state in (then | now).items() if state["country"] == "KH"}
    assert set(shown["compared"]) == here
    assert shown["hash"].endswith(f"&f.country=KH&compare={THEN}")
    again = atlas.open(shown["hash"])
    assert rested(again)["compared"] == shown["compared"]


def test_the_other_date_is_typed_and_may_be_the_later_one(atlas):
    atlas.open(f"#map=5/14/103&from=2025-01-01&to={THEN}&compare=2025-03-01")
    rested(atlas)
    date = atlas.page.get_by_label("Compare the date shown with")
    date.fill(NOW)
    date.press("Enter")
    atlas.wait_for(lambda shown: shown["compare"] == NOW)
    shown = rested(atlas)
    assert "as of 31 August 2025, and as of 31 December 2025" in atlas.text("#sheet-compare")
    assert "kk-park" in sites(shown, "moved")


# KK Park and what shares its symbol stand apart here; what reaches over the divider is off.
WINDOW = "from=2025-09-01&to=2025-12-31"
NEAR = "#map=12/16.63/98.52&off=circles,displacement"
SWIPED = f"{NEAR}&{WINDOW}&compare=2025-08-31"


def swiped(atlas, holds=bool):
    """Both sides, once they are drawn."""
    atlas.wait_for(lambda shown: not shown["counting"] and shown["swipe"] and holds(shown["swipe"]))
    return atlas.snapshot()["swipe"]


def where(atlas, site, side=None):
    return atlas.page.evaluate("([id, side]) => scamAtlas.whereIs(id, side)", [site, side])


def divider(atlas):
    return atlas.page.get_by_role("slider", name="Divider between the two dates")


def middle_of(element):
    box = element.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def symbol(atlas, site, side=None):
    """The middle of its symbol, as it is seen."""
    spot, box = where(atlas, site, side), atlas.page.locator("#map_atlas").bounding_box()
    corner = {"x": box["x"] + spot["x"] - 5, "y": box["y"] + spot["y"] - 5}
    return atlas.page.screenshot(clip={**corner, "width": 10, "height": 10})


def test_a_swipe_shows_the_other_date_left_of_a_divider_and_the_date_shown_right_of_it(atlas):
    atlas.open(f"{AUTUMN_2025}&compare={THEN}")
    rested(atlas)
    assert atlas.snapshot()["swipe"] is None
    atlas.page.get_by_label("Swipe on the map").check()
    swipe = swiped(atlas)
    assert swipe["at"] == 50
    for side, day in (("left", THEN), ("right", NOW)):
        assert swipe[side]["day"] == day
        states = hotspots(atlas, day)
        drawn = {site: told for site, told in swipe[side]["sites"].items() if site in states}
        assert len(drawn) > 5, side
        assert drawn == {site: states[site]["activity"] for site in drawn}
        spots = [where(atlas, site, {"left": "other"}.get(side)) for site in drawn]
        assert all((spot["x"] <= swipe["edge"]) == (side == "left") for spot in spots)
    assert atlas.text(".swipe-left") == "← 31 August 2025"
    assert atlas.text(".swipe-right") == "31 December 2025 →"
    atlas.page.get_by_label("Swipe on the map").uncheck()
    atlas.wait_for(lambda shown: shown["swipe"] is None and "swipe" not in shown["hash"])
    assert divider(atlas).count() == 0
    assert atlas.snapshot()["sites"].keys() >= swipe["right"]["sites"].keys()


def test_the_divider_is_dragged_and_a_site_looks_as_on_the_date_of_its_side(atlas):
    atlas.open(f"{NEAR}&from=2025-05-01&to=2025-08-31")
    then = symbol(atlas, "kk-park")
    atlas.open(f"{NEAR}&{WINDOW}")
    now = symbol(atlas, "kk-park")
    assert then != now
    atlas.open(f"{SWIPED}&swipe=10")
    assert "kk-park" in swiped(atlas)["right"]["sites"]
    assert symbol(atlas, "kk-park") == now
    handle, whole = divider(atlas), atlas.page.locator("#map_atlas").bounding_box()
    assert min(handle.bounding_box()["width"], handle.bounding_box()["height"]) >= 24
    x, y = middle_of(handle)
    atlas.page.mouse.move(x, y)
    atlas.page.mouse.down()
    atlas.page.mouse.move(whole["x"] + whole["width"] * 0.9, y, steps=3)
    dragged = atlas.snapshot()
    assert "kk-park" in dragged["swipe"]["left"]["sites"]
    assert dragged["hash"].endswith("&swipe=10"), "the address waits for the end"
    atlas.page.mouse.up()
    shown = atlas.wait_for(lambda shown: shown["hash"].endswith("&swipe=90")).snapshot()
    assert shown["view"] == dragged["view"], "the map stays"
    assert symbol(atlas, "kk-park", "other") == then


def test_the_divider_listens_to_the_keyboard_and_the_address_brings_it_back(atlas):
    atlas.open(f"{SWIPED}&swipe=40")
    swiped(atlas)
    handle = divider(atlas)
    said = "divider at 40 % of the map; left: 31 August 2025, right: 31 December 2025"
    assert handle.get_attribute("aria-valuetext") == said
    handle.focus()
    for key, at in (("ArrowRight", 41), ("Shift+ArrowLeft", 31), ("End", 100), ("Home", 0)):
        handle.press(key)
        atlas.wait_for(lambda shown, at=at: shown["swipe"]["at"] == at)
        assert handle.get_attribute("aria-valuenow") == str(at)
    handle.press("PageUp")
    shown = atlas.wait_for(lambda shown: shown["hash"].endswith("&swipe=10")).snapshot()
    atlas.open(shown["hash"])
    assert swiped(atlas)["at"] == 10
    atlas.page.locator("#chips").get_by_role("button", name="End comparison").click()
    atlas.wait_for(lambda shown: shown["swipe"] is None and "swipe" not in shown["hash"])


def test_pointing_and_clicking_act_on_the_side_under_the_pointer(atlas):
    atlas.open(f"{SWIPED}&swipe=90")
    swiped(atlas)
    spot, box = where(atlas, "kk-park", "other"), atlas.page.locator("#map_atlas").bounding_box()
    atlas.page.mouse.move(box["x"] + spot["x"], box["y"] + spot["y"])
    gathered = atlas.snapshot()["swipe"]["left"]["gathered"]
    [here] = [members for members in gathered if "kk-park" in members]
    tip = atlas.text("#tip")
    assert tip.startswith(f"{len(here)} sites here")
    assert tip.endswith("(as of 31 August 2025)")
    atlas.page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    chosen = atlas.wait_for(lambda shown: shown["choice"] is not None).snapshot()["choice"]
    assert chosen["kind"] == "place"
    assert chosen["id"] in here
    divider(atlas).press("Home")
    spot = where(atlas, "mae-htaw-tha-lay")
    atlas.page.mouse.move(box["x"] + spot["x"], box["y"] + spot["y"])
    assert atlas.text("#tip").endswith("(as of 31 December 2025)")


def test_filters_hold_on_both_sides(atlas):
    atlas.open(f"{AUTUMN_2025}&compare={THEN}&swipe=50&f.country=KH")
    swipe = swiped(atlas)
    states = hotspots(atlas, THEN) | hotspots(atlas, NOW)
    for side in ("left", "right"):
        countries = {states[site]["country"] for site in swipe[side]["sites"] if site in states}
        assert countries <= {"KH"}, side
    assert swipe["right"]["sites"]


def test_paper_shows_both_dates(atlas):
    atlas.open(f"{AUTUMN_2025}&compare={THEN}&swipe=40")
    swiped(atlas)
    atlas.page.emulate_media(media="print")
    swipe = swiped(atlas, lambda swipe: swipe["edge"] == pytest.approx(0.4 * 1040, abs=2))
    assert swipe["left"]["sites"]
    assert swipe["right"]["sites"]
    assert "Left of the divider: what reports said as of 31 August 2025" in atlas.text(
        "#printed-head"
    )


def test_on_a_telephone_a_finger_drags_the_divider_that_no_sheet_covers(phone):
    phone.open(f"{SWIPED}&swipe=30")
    swiped(phone)
    assert phone.page.locator("#sheet-compare").is_hidden()
    x, y = middle_of(divider(phone))
    finger = phone.page.context.new_cdp_session(phone.page)
    for kind, at in (("touchStart", [x]), ("touchMove", [x + 78]), ("touchEnd", [])):
        points = [{"x": one, "y": y} for one in at]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    shown = phone.wait_for(lambda shown: shown["hash"].endswith("&swipe=50")).snapshot()
    assert shown["view"]["lon"] == pytest.approx(98.52, abs=1e-3), "the map stays"
