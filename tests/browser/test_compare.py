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
