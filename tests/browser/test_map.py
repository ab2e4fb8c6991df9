"""What is drawn: sites, gathered sites, flows, regions, and the address that brings them back."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.browser

SPRING_2025 = "#map=6/17/99&from=2024-03-11&to=2025-03-10"
RUNS = {"active", "expanding"}


def hotspots(atlas, day):
    answer = httpx.get(f"{atlas.url}/layers/hotspots.geojson", params={"datetime": day})
    return {item["properties"]["site_id"]: item for item in answer.json()["features"]}


def test_the_first_picture_shows_sites_moves_and_the_base_map(atlas):
    shown = atlas.open().snapshot()
    assert len(shown["sites"]) > 100
    assert shown["flows"]
    assert shown["counts"]["known"] > 100
    assert "OpenStreetMap" in atlas.text(".attribution")


def test_what_is_drawn_is_what_the_api_says_of_that_day(atlas):
    shown = atlas.open(SPRING_2025).snapshot()
    told = hotspots(atlas, "2025-03-10")
    assert shown["sites"]
    for site, activity in shown["sites"].items():
        assert activity == told[site]["properties"]["activity"], site
    west, south, east, north = 93, 12, 105, 21.5
    within = {
        site
        for site, item in told.items()
        if west < item["geometry"]["coordinates"][0] < east
        and south < item["geometry"]["coordinates"][1] < north
        and item["properties"]["kind"] not in {"state", "country"}
        and item["properties"]["precision_m"] < 100_000
    }
    assert within <= set(shown["sites"])


def test_laukkai_is_drawn_running_on_1_september_2023_and_no_more_on_10_march_2025(atlas):
    running = atlas.open("#map=8/23.7/98.8&from=2022-09-02&to=2023-09-01").snapshot()
    assert running["sites"]["laukkai"] in RUNS
    later = atlas.open("#map=8/23.7/98.8&from=2024-03-11&to=2025-03-10").snapshot()
    assert later["sites"]["laukkai"] not in RUNS


def test_the_flow_from_kokang_to_the_thai_border_is_drawn_in_its_months(atlas):
    flow = "kokang-saz-to-kayin-thai-border-un"
    during = atlas.open("#map=6/20/99&from=2023-10-27&to=2024-06-30").snapshot()
    assert flow in during["flows"]
    before = atlas.open("#map=6/20/99&from=2022-01-01&to=2023-06-30").snapshot()
    assert flow not in before["flows"]


def test_the_colour_of_a_site_is_on_the_screen(atlas):
    atlas.open("#map=10/15.32/98.39&from=2024-03-11&to=2025-03-10&site=payathonzu")
    place = atlas.page.evaluate("scamAtlas.whereIs('payathonzu')")
    red, green, blue = atlas.page.evaluate(
        """({x, y}) => {
            const canvas = document.querySelector(".leaflet-atlas-overlay-pane canvas");
            const [map, own] = ["#map_atlas", ".leaflet-atlas-overlay-pane canvas"].map(
                (selector) => document.querySelector(selector).getBoundingClientRect());
            const ratio = canvas.width / own.width;
            const at = [(x + map.left - own.left) * ratio, (y + map.top - own.top) * ratio];
            return [...canvas.getContext("2d").getImageData(...at.map(Math.round), 1, 1).data];
        }""",
        place,
    )[:3]
    assert red > 180
    assert red > green + 80
    assert red > blue + 80


def test_states_and_countries_are_never_pins(atlas):
    shown = atlas.open("#map=5/16/100&from=2024-03-11&to=2025-03-10").snapshot()
    regions = {"myanmar", "kayin-state", "shan-state", "thailand", "cambodia", "lao-pdr"}
    assert not regions & set(shown["sites"])
    assert set(shown["regions"]) & regions
    atlas.page.get_by_text("Region-wide reports in the window").click()
    atlas.page.locator("#panel [data-site='kayin-state']").click()
    atlas.page.get_by_role("heading", name="Kayin State").wait_for()


def test_sites_that_share_a_point_are_gathered_and_fan_out_on_a_click(atlas):
    shown = atlas.open("#map=10/16.69/98.51&from=2024-03-11&to=2025-03-10").snapshot()
    [gathered] = [group for group in shown["gathered"] if "myawaddy" in group]
    assert len(gathered) > 10
    assert shown["fanned"] == []
    atlas.click("myawaddy")
    opened = atlas.wait_for(lambda shown: shown["fanned"]).snapshot()
    assert sorted(opened["fanned"]) == sorted(gathered)
    assert f"{len(gathered)} sites gathered here" in atlas.text("#panel h2")
    atlas.click("apollo-park")
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "apollo-park"})
    assert "Apollo Park" in atlas.text("#panel h2")


def test_near_sites_that_a_zoom_can_part_are_zoomed_to(atlas):
    atlas.open("#map=5/16.6/98.5&from=2024-03-11&to=2025-03-10")
    atlas.click("myawaddy")
    atlas.wait_for(lambda shown: shown["view"]["zoom"] > 6)


def test_circles_of_precision_appear_for_the_chosen_site_and_near_by_for_all(atlas):
    far = atlas.open(SPRING_2025).snapshot()
    assert far["circles"] == []
    chosen = atlas.open(f"{SPRING_2025}&site=payathonzu").snapshot()
    assert chosen["circles"] == ["payathonzu"]
    near = atlas.open("#map=10/16.69/98.51&from=2024-03-11&to=2025-03-10").snapshot()
    told = hotspots(atlas, "2025-03-10")
    assert "shwe-kokko" in near["circles"]
    assert all(told[site]["properties"]["precision_m"] <= 30_000 for site in near["circles"])


@pytest.mark.parametrize(
    ("label", "emptied"),
    [
        ("Reported moves", "flows"),
        ("Sites", "sites"),
        ("Circles of precision", "circles"),
        ("Region-wide reports", "regions"),
    ],
)
def test_a_layer_that_is_switched_off_is_not_drawn(atlas, label, emptied):
    view = "#map=9.25/16.9/97.6&from=2024-03-11&to=2025-03-10"
    assert atlas.open(view).snapshot()[emptied]
    atlas.page.locator("#legend").get_by_label(label, exact=True).uncheck()
    shown = atlas.wait_for(lambda shown: shown["off"]).snapshot()
    left = shown[emptied]
    if emptied == "sites":  # the places for orientation are another layer
        told = hotspots(atlas, "2025-03-10")
        left = [site for site in left if told[site]["properties"]["place_role"] == "hotspot"]
    assert not left


def test_the_address_brings_back_the_same_view(atlas):
    atlas.open()
    atlas.page.locator("#legend").get_by_label("Places for orientation").uncheck()
    atlas.page.get_by_role("button", name="One month back").click()
    atlas.page.locator("#panel .row").first.click()
    atlas.page.get_by_role("button", name="Zoom to it").click()
    atlas.wait_for(lambda shown: shown["view"]["zoom"] > 7)
    before = atlas.wait_for(lambda shown: not shown["counting"]).snapshot()
    after = atlas.reload().wait_for(lambda shown: not shown["counting"]).snapshot()
    # The map's middle is kept to the pixel, which is no round number of degrees.
    assert after.pop("view") == pytest.approx(before.pop("view"), abs=0.003)
    del before["hash"], after["hash"]
    assert after == before


def test_the_back_button_closes_what_was_opened(atlas):
    atlas.open(SPRING_2025)
    atlas.page.locator("#panel [data-site='yangon']").click()
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "yangon"})
    atlas.page.go_back()
    atlas.wait_for(lambda shown: shown["choice"] is None)
    assert "Sites in view" in atlas.text("#panel h2")


@pytest.mark.parametrize(
    "nonsense",
    ["#map=x/y/z&from=soon&to=later", "#from=2025-03-10&to=2024-03-10", "#site=no-such-site", "#%"],
)
def test_an_address_that_makes_no_sense_still_shows_the_map(atlas, nonsense):
    assert atlas.open(nonsense).snapshot()["sites"]


def test_data_that_cannot_be_loaded_are_said_to_be_missing_until_the_page_is_loaded_anew(atlas):
    atlas.forgiven = ["status of 503"]
    atlas.page.route("**/layers/reports.geojson", lambda route: route.fulfill(status=503))
    atlas.page.goto(f"{atlas.url}/{SPRING_2025}")
    atlas.page.get_by_text("The data could not be loaded").wait_for()
    atlas.page.unroute("**/layers/reports.geojson")
    assert atlas.reload().snapshot()["counts"]["reports"]
    assert atlas.page.locator("#notice").is_hidden()


def test_a_fault_or_a_foreign_request_would_fail_the_test_that_meets_it(atlas):
    atlas.open()
    assert atlas.unforgiven == []
    atlas.page.evaluate(
        """() => new Promise((done) => {
            const image = new Image();
            image.onerror = done;
            image.src = "https://example.org/pixel.png";
        })"""
    )
    assert any("Content Security Policy" in fault for fault in atlas.unforgiven)
    atlas.forgiven = ["example.org"]
