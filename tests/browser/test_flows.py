"""Reported displacement: bundled far away, parted near by, with a direction and open ends."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.browser

SPRING = "from=2024-03-11&to=2025-03-10"


def claims(atlas):
    answer = httpx.get(
        f"{atlas.url}/layers/displacement.geojson", params={"datetime": "2024-03-11/2025-03-10"}
    )
    return {item["id"]: item["properties"] for item in answer.json()["features"]}


def arrows(shown):
    return {flow: arrow for arrow in shown["arrows"] for flow in arrow["flows"]}


def move_to(atlas, drawn_id):
    place = atlas.page.evaluate("id => scamAtlas.whereIs(id)", drawn_id)
    box = atlas.page.locator("#map_atlas").bounding_box()
    atlas.page.mouse.move(box["x"] + place["x"], box["y"] + place["y"])
    atlas.page.locator("#tip").wait_for(state="visible")
    return atlas.text("#tip")


def test_far_away_claims_are_bundled_by_region_and_near_by_each_has_its_arrow(atlas):
    told = claims(atlas)
    far = atlas.open(f"#map=5/17/101&{SPRING}").snapshot()
    bundled = [arrow for arrow in far["arrows"] if len(arrow["flows"]) > 1]
    assert bundled
    assert max(len(arrow["flows"]) for arrow in bundled) >= 4
    assert set(arrows(far)) <= set(told)
    near = atlas.open(f"#map=10/16.69/98.51&{SPRING}").snapshot()
    assert near["arrows"]
    assert all(len(arrow["flows"]) == 1 for arrow in near["arrows"])


def test_a_bundle_says_how_many_claims_it_holds_and_parts_on_a_click(atlas):
    far = atlas.open("#map=5/14/103&from=2025-05-06&to=2026-05-05").snapshot()
    route = (["Kayin State"], ["Banteay Meanchey"])
    [bundle] = [a["flows"] for a in far["arrows"] if (a["from"], a["to"]) == route]
    assert len(bundle) > 1
    assert move_to(atlas, bundle[0]).startswith(f"{len(bundle)} claims of moves: ")
    atlas.click(bundle[0])
    atlas.wait_for(lambda shown: shown["view"]["zoom"] > 6)


def test_a_single_flow_opens_on_a_click(atlas):
    shown = atlas.open(f"#map=9.5/16.69/98.51&{SPRING}").snapshot()
    told = claims(atlas)
    flow = next(i for i in shown["flows"] if told[i]["to_site_id"] == "phop-phra")
    tip = move_to(atlas, flow)
    assert tip.startswith("Reported move: ")
    atlas.click(flow)
    atlas.wait_for(lambda shown: shown["choice"] and shown["choice"]["kind"] == "flow")


def test_an_end_that_nobody_names_fades_out(atlas):
    told = claims(atlas)
    shown = atlas.open(f"#map=7/16.69/98.51&{SPRING}").snapshot()
    drawn = arrows(shown)
    nowhere = [i for i in drawn if told[i]["to_site_id"] is None]
    known = [
        i
        for i in drawn
        if told[i]["from_kind"] not in (None, "state", "country", "zone")
        and told[i]["to_kind"] not in (None, "state", "country", "zone")
    ]
    assert nowhere
    assert known
    assert all(drawn[i]["fades"] == {"start": False, "end": True} for i in nowhere)
    assert not any(drawn[i]["fades"]["start"] or drawn[i]["fades"]["end"] for i in known)


def test_arrows_move_while_time_plays_and_stand_still_otherwise(atlas):
    atlas.open("#map=5/17/101&from=2024-03-11&to=2024-09-10")
    assert atlas.snapshot()["dots"] == 0
    atlas.page.get_by_role("button", name="Play", exact=True).click()
    dots = wait_for_dots(atlas)
    assert dots > 10
    atlas.page.get_by_role("button", name="Pause", exact=True).click()
    atlas.wait_for(lambda shown: not shown["playing"] and shown["dots"] == 0)


def test_arrows_never_move_for_a_reader_who_wants_no_motion(atlas):
    atlas.page.emulate_media(reduced_motion="reduce")
    atlas.open("#map=5/17/101&from=2024-03-11&to=2024-09-10")
    atlas.page.get_by_role("button", name="Play", exact=True).click()
    seen = [atlas.snapshot() for _ in range(12)]
    assert any(shown["playing"] for shown in seen)
    assert {shown["dots"] for shown in seen} == {0}


def wait_for_dots(atlas):
    for _ in range(200):
        dots = atlas.snapshot()["dots"]
        if dots:
            return dots
        atlas.page.wait_for_timeout(25)
    return 0


def test_the_legend_counts_moves_by_credibility(atlas):
    shown = atlas.open(f"#map=5/17/101&{SPRING}").snapshot()
    told = claims(atlas)
    atlas.page.get_by_text("All other symbols").click()
    rows = atlas.page.locator("#legend section:has(h3:text-is('Moves in the window')) li")
    doubtful = rows.filter(has_text="Doubtful").locator(".count")
    known = len([i for i in shown["flows"] if told[i]["credibility"] == 4])
    assert known
    atlas.wait_for(lambda _: doubtful.inner_text() == str(known))
