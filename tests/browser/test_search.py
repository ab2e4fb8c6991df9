"""Search: names in every script and spelling, by keyboard and mouse."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

FAR = "#map=5/4/116&from=2024-03-11&to=2025-03-10"
NAMES = {
    "Shwe Koko": "shwe-kokko",
    "shwekokko": "shwe-kokko",
    "KK园区": "kk-park",
    "KK園區": "kk-park",
    "မြဝတီ": "myawaddy",
    "เมียวดี": "myawaddy",
    "เมี่ยวดี": "myawaddy",
    "妙瓦底": "myawaddy",
    "Myawady": "myawaddy",
    "Sihanukville": "sihanoukville",
    "laokai": "laukkai",
    "golden tringle": "golden-triangle-sez",
    "SIHANOUKVÍLLE": "sihanoukville",
}


def box(atlas):
    return atlas.page.get_by_role("combobox", name="Search sites, actors and places")


def options(atlas, group):
    """Ids of what is offered of a group, in their order."""
    offered = atlas.page.locator(f"#search-results .search-{group}")
    return [option.get_attribute("data-found") for option in offered.all()]


def search(atlas, text):
    box(atlas).fill(text)
    atlas.page.locator("#search-results [role=option]").first.wait_for()
    # Names come when the box is first entered; the last option needs none.
    atlas.page.locator("#search-results").get_by_role("group").first.wait_for()


def test_a_name_is_found_in_any_script_and_spelling(atlas):
    atlas.open(FAR)
    for typed, first in NAMES.items():
        search(atlas, typed)
        assert options(atlas, "site")[0] == first, typed


def test_the_keyboard_chooses_a_site_which_opens_and_comes_into_view(atlas):
    atlas.open(FAR)
    keys = atlas.page.keyboard
    search(atlas, "Myawady")
    assert box(atlas).get_attribute("aria-expanded") == "true"
    assert box(atlas).get_attribute("aria-activedescendant") is None
    keys.press("ArrowUp")
    last = atlas.page.locator("#search-results [role=option]").last
    assert last.get_attribute("aria-selected") == "true"
    keys.press("ArrowDown")
    active = box(atlas).get_attribute("aria-activedescendant")
    option = atlas.page.locator(f"#{active}")
    assert option.get_attribute("aria-selected") == "true"
    assert "Myawady" in option.inner_text()
    keys.press("Enter")
    shown = atlas.wait_for(lambda shown: "myawaddy" in shown["sites"]).snapshot()
    assert shown["choice"] == {"kind": "site", "id": "myawaddy"}
    assert "Myawaddy" in atlas.text("#panel h2")
    assert box(atlas).get_attribute("aria-expanded") == "false"
    assert box(atlas).input_value() == ""


def test_escape_closes_the_list_and_then_clears_the_box(atlas):
    atlas.open(FAR)
    search(atlas, "bavet")
    atlas.page.keyboard.press("Escape")
    assert atlas.page.locator("#search-results").is_hidden()
    assert box(atlas).input_value() == "bavet"
    atlas.page.keyboard.press("Escape")
    assert box(atlas).input_value() == ""


def test_actors_and_places_are_found_in_groups_of_their_own(atlas):
    atlas.open(FAR)
    search(atlas, "DKBA")
    groups = atlas.page.locator("#search-results").get_by_role("group")
    assert groups.first.get_attribute("aria-labelledby") == "search-site"
    assert options(atlas, "actor")[0] == "dkba"
    atlas.page.locator("#search-results .search-actor").first.click()
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "actor", "id": "dkba"})
    search(atlas, "Chiang Mai")
    place = atlas.page.locator("#search-results .search-place").first
    assert "Thailand" in place.inner_text()
    place.click()
    view = atlas.wait_for(lambda shown: shown["view"]["zoom"] >= 10).snapshot()["view"]
    assert abs(view["lat"] - 18.79) < 0.1
    assert abs(view["lon"] - 98.98) < 0.1


def test_a_name_that_is_not_there_is_said_and_its_words_can_be_looked_for_in_claims(atlas):
    everything = atlas.open(FAR).snapshot()["counts"]["reports"]
    search(atlas, "bavet")
    box(atlas).fill("freed")
    atlas.page.locator("#search-results").get_by_text("No name like this").wait_for()
    assert atlas.text(".search [role=status]") == "0 names found"
    atlas.page.keyboard.press("Enter")
    shown = atlas.wait_for(lambda shown: shown["q"] == "freed").snapshot()
    assert 0 < shown["counts"]["reports"] < everything
    assert "q=freed" in shown["hash"]


def test_a_finger_chooses_on_a_small_phone(phone):
    phone.page.set_viewport_size({"width": 360, "height": 740})
    phone.open(FAR)
    search(phone, "poipet")
    results = phone.page.locator("#search-results").bounding_box()
    assert results["x"] >= 0
    assert results["x"] + results["width"] <= 360
    option = phone.page.locator("#search-results [data-found=poipet]")
    assert option.bounding_box()["height"] >= 24
    option.tap()
    phone.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "poipet"})
