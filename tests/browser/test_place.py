"""How a place is drawn: shape, colour, certainty, precision, regions, legend; light and dark."""

from __future__ import annotations

import httpx
import pytest

from layers import symbology

pytestmark = pytest.mark.browser

SPRING = "from=2024-03-11&to=2025-03-10"
MAE_SOT = f"#map=10/16.69/98.51&{SPRING}"
REGION = f"#map=5/16/101&{SPRING}"
STATES = "State at the date shown"
ROLES = [role.value for role in symbology.ACTOR_ROLES]


def states(atlas, day="2025-03-10"):
    answer = httpx.get(f"{atlas.url}/layers/hotspots.geojson", params={"datetime": day})
    return {item["id"]: item["properties"] for item in answer.json()["features"]}


def colours_at(atlas, site, reach=9):
    """The colours about the middle of a symbol, as `#rrggbb`, the most frequent first."""
    atlas.forgiven.append("willReadFrequently")
    place = atlas.page.evaluate("id => scamAtlas.whereIs(id)", site)
    pixels = atlas.page.evaluate(
        """({x, y, reach}) => {
            const canvas = document.querySelector(".leaflet-atlas-overlay-pane canvas");
            const [map, own] = ["#map_atlas", ".leaflet-atlas-overlay-pane canvas"].map(
                (selector) => document.querySelector(selector).getBoundingClientRect());
            const ratio = canvas.width / own.width;
            const [left, top] = [x + map.left - own.left, y + map.top - own.top]
                .map((middle) => Math.round((middle - reach) * ratio));
            const side = Math.round(2 * reach * ratio);
            const {data} = canvas.getContext("2d").getImageData(left, top, side, side);
            const found = {};
            for (let at = 0; at < data.length; at += 4) {
                if (data[at + 3] < 255) continue;
                const name = "#" + [...data.slice(at, at + 3)]
                    .map((value) => value.toString(16).padStart(2, "0")).join("");
                found[name] = (found[name] ?? 0) + 1;
            }
            return found;
        }""",
        {**place, "reach": reach},
    )
    return sorted(pixels, key=pixels.get, reverse=True)


def legend(atlas, title):
    """The entries of a section of the legend, with the numbers beside them."""
    rows = atlas.page.locator(f"#legend section:has(h3:text-is('{title}')) li").all()
    texts = [[span.inner_text() for span in row.locator("span").all()] for row in rows]
    return {label: int(count or -1) for label, count in texts}


def activity_colour(code, scheme="light"):
    drawn = symbology.symbols() if scheme == "light" else symbology.symbols()["dark"]
    return next(item["colour"] for item in drawn["activity"] if item["code"] == code)


def test_the_legend_counts_what_is_in_view_and_follows_the_map(atlas):
    shown = atlas.open(REGION).snapshot()
    told = states(atlas)
    active = [
        site
        for site, activity in shown["sites"].items()
        if activity == "active" and told[site]["place_role"] == "hotspot"
    ]
    assert len(active) > 5
    # The legend counts when the map rests.
    atlas.wait_for(lambda _: legend(atlas, STATES).get("Reported active") == len(active))
    atlas.page.locator("#legend").get_by_label("Sites", exact=True).uncheck()
    atlas.wait_for(lambda shown: shown["off"])
    assert atlas.page.locator("#legend h3:text-is('State at the date shown')").count() == 0
    assert atlas.page.locator("#legend h3:text-is('Kind of place')").count() == 1


def test_colours_can_stand_for_the_actor_who_is_said_to_hold_the_place(atlas):
    atlas.open(f"#map=10/15.32/98.39&{SPRING}&site=payathonzu")
    assert activity_colour("active") in colours_at(atlas, "payathonzu")
    atlas.page.locator("#legend").get_by_label("who is said to hold the place").check()
    shown = atlas.wait_for(lambda shown: shown["colouring"] == "actor").snapshot()
    assert "colour=actor" in shown["hash"]
    held = {item["actor_id"] for item in states(atlas)["payathonzu"]["control"]
            if item["role"] in ROLES}  # fmt: skip
    assert held, "the dossier names a holder of Payathonzu"
    assert activity_colour("active") not in colours_at(atlas, "payathonzu")
    counts = legend(atlas, "Said to hold or protect it at the date")
    assert len(counts) == len(symbology.ACTORS) + 2
    again = atlas.reload().snapshot()
    assert again["colouring"] == "actor"
    assert atlas.page.locator("#legend").get_by_label("who is said to hold the place").is_checked()


def test_a_place_that_two_actors_are_said_to_hold_has_the_colours_of_both(atlas):
    told = states(atlas)
    atlas.open(f"#map=13/16.63/98.56&{SPRING}&colour=actor&site=kk-park")
    holders = {item["actor_id"] for item in told["kk-park"]["control"]
               if item["role"] == ROLES[0]}  # fmt: skip
    assert len(holders) > 1
    tip = hover(atlas, "kk-park")
    assert "Karen" in tip
    assert tip.count(",") >= 1


def hover(atlas, site):
    place = atlas.page.evaluate("id => scamAtlas.whereIs(id)", site)
    box = atlas.page.locator("#map_atlas").bounding_box()
    atlas.page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
    atlas.page.locator("#tip").wait_for(state="visible")
    return atlas.text("#tip")


def test_dark_is_dark_on_the_canvas_too_and_the_choice_is_the_readers(atlas):
    atlas.page.emulate_media(color_scheme="dark")
    atlas.open(f"#map=10/15.32/98.39&{SPRING}&site=payathonzu")
    assert activity_colour("active", "dark") in colours_at(atlas, "payathonzu")
    assert symbology.BASEMAP["dark"].land in ground_colours(atlas)
    atlas.page.emulate_media(color_scheme="light")
    atlas.wait_for(lambda _: activity_colour("active") in colours_at(atlas, "payathonzu"))
    assert symbology.BASEMAP["light"].land in ground_colours(atlas)


def ground_colours(atlas):
    atlas.forgiven.append("willReadFrequently")
    return atlas.page.evaluate(
        """() => {
            const canvas = document.querySelector(".leaflet-atlas-basemap-pane canvas");
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const found = {};
            for (let at = 0; at < data.length; at += 400) {
                const name = "#" + [...data.slice(at, at + 3)]
                    .map((value) => value.toString(16).padStart(2, "0")).join("");
                found[name] = (found[name] ?? 0) + 1;
            }
            return Object.entries(found).sort((a, b) => b[1] - a[1]).slice(0, 4).map(([n]) => n);
        }"""
    )


def test_numbers_of_gathered_sites_are_those_that_the_date_leaves(atlas):
    late = atlas.open(MAE_SOT).snapshot()
    [many] = [group for group in late["gathered"] if "myawaddy" in group]
    early = atlas.open("#map=10/16.69/98.51&from=2019-01-01&to=2020-12-31").snapshot()
    known = states(atlas, "2020-12-31")
    drawn = [site for group in early["gathered"] for site in group]
    assert set(early["sites"]) <= set(known)
    assert set(drawn) <= set(known)
    assert len(early["sites"]) < len(many)


def test_sites_without_a_report_in_the_window_can_be_left_out_and_come_back_with_it(atlas):
    view = "#map=5/16/101&from=2025-02-01&to=2025-03-10"
    atlas.open(view)
    atlas.page.locator("#legend").get_by_label("Sites without a report in the window").uncheck()
    few = atlas.wait_for(lambda shown: shown["off"] == ["quiet"]).snapshot()
    told = states(atlas)
    reports = httpx.get(
        f"{atlas.url}/layers/reports.geojson", params={"datetime": "2025-02-01/2025-03-10"}
    ).json()["features"]
    reported = {item["properties"]["site_id"] for item in reports}
    hotspots = {site for site in few["sites"] if told[site]["place_role"] == "hotspot"}
    assert hotspots
    assert hotspots <= reported
    atlas.page.locator("#legend").get_by_label("Sites without a report in the window").check()
    all_of_them = atlas.wait_for(lambda shown: not shown["off"]).snapshot()
    assert len(all_of_them["sites"]) > len(few["sites"])


def test_what_is_said_of_a_whole_region_stands_at_the_border_of_a_near_view(atlas):
    near = atlas.open(f"#map=11/11.07/106.13&{SPRING}").snapshot()
    assert "cambodia" in near["regions"]
    assert "cambodia" in near["atBorder"]
    assert "cambodia" not in near["sites"]
    assert "philippines" not in near["regions"]
    atlas.click("cambodia")
    atlas.wait_for(lambda shown: shown["choice"] == {"kind": "site", "id": "cambodia"})
    far = atlas.open(f"#map=6/13/105&{SPRING}").snapshot()
    assert "cambodia" in far["regions"]
    assert "cambodia" not in far["atBorder"]


def test_a_region_whose_middle_lies_under_the_legend_is_told_beside_it(atlas):
    shown = atlas.open(MAE_SOT).snapshot()
    assert "kayin-state" in shown["atBorder"]
    place = atlas.page.evaluate("scamAtlas.whereIs('kayin-state')")
    legend = atlas.page.locator("#legend").bounding_box()
    box = atlas.page.locator("#map_atlas").bounding_box()
    assert box["x"] + place["x"] > legend["x"] + legend["width"]


def test_a_site_not_observed_for_long_is_an_outline_and_not_told_as_closed(atlas):
    told = states(atlas)
    stale = [
        site
        for site, state in told.items()
        if state["activity"] == "unknown"
        and state["last_known_activity"]
        and state["place_role"] == "hotspot"
    ]
    assert stale
    atlas.open(REGION)
    shown = atlas.snapshot()["sites"]
    known = len([site for site in stale if site in shown])
    assert known
    atlas.wait_for(lambda _: legend(atlas, STATES).get("Not observed for long") == known)
