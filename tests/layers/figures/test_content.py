"""What a sheet shows is what the API answers, and its hash stands for it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from geo.errors import NotFound
from layers.figures.drawing import draw
from layers.figures.request import FigureFormat
from tests.layers.figures.making import drawn_panel, gathered_content, with_sites


def test_it_shows_the_states_of_the_api(border, client):
    answer = client.get(
        "/ogc/collections/hotspots/items", params={"datetime": "2025-03-10", "limit": 1000}
    ).json()
    api = {item["properties"]["site_id"]: item["properties"] for item in answer["features"]}
    assert len(border.days[-1].sites) > 20
    for site in border.days[-1].sites:
        assert site.activity == api[site.site_id]["activity"]
        assert site.contested == api[site.site_id]["contested"]
        assert len(site.evidence) == len(api[site.site_id]["evidence"])


def test_moves_are_those_of_the_year_before(border):
    assert border.window == (date(2024, 3, 11), date(2025, 3, 10))
    for flow in border.flows:
        assert flow.possible_from is None or flow.possible_from <= border.at
        assert flow.possible_to is None or flow.possible_to >= border.window[0]


def test_the_hash_is_that_of_the_data_not_of_the_drawing(border, database_url):
    other = gathered_content(
        database_url, frame="thai-border", at="2025-03-10", format="png", dpi="72", labels="latin"
    )
    assert other.content_hash == border.content_hash
    later = gathered_content(database_url, frame="thai-border", at="2025-03-11")
    assert later.content_hash != border.content_hash


def test_every_feature_shown_is_there_to_be_checked(border):
    shown = {(item.layer, item.id) for item in border.features}
    for site in border.days[-1].sites:
        assert ("hotspots", f"{site.site_id}@2025-03-10") in shown
    for flow in border.flows:
        assert ("displacement", flow.flow_id) in shown
    for item in border.features:
        assert json.loads(item.text)["type"] == "Feature"


def test_the_same_filter_as_in_the_api(database_url, client):
    text = "reports_count > 5 AND activity = 'active'"
    content = gathered_content(
        database_url, frame="south-east-asia", at="2025-03-10", filter=text, country="MM"
    )
    answer = client.get(
        "/ogc/collections/hotspots/items",
        params={"datetime": "2025-03-10", "filter": text, "country": "MM", "limit": 1000},
    ).json()
    assert {site.site_id for site in content.days[-1].sites} == {
        item["properties"]["site_id"] for item in answer["features"]
    }
    known = {site.site_id for site in content.days[-1].sites}
    assert all({flow.from_site_id, flow.to_site_id} & known for flow in content.flows)


def test_a_site_with_a_radius(database_url):
    content = gathered_content(database_url, site="kk-park", radius="10", at="2025-03-10")
    panel, _ = drawn_panel(content)
    assert content.place == "KK Park and 10 km around"
    assert any(site.site_id == "kk-park" for symbol in panel.symbols for site in symbol.sites)


def test_a_site_that_is_not_there(database_url):
    with pytest.raises(NotFound):
        gathered_content(database_url, site="no-such-site", at="2025-03-10")


def test_nothing_to_show_is_a_sheet_that_says_so(database_url):
    content = gathered_content(database_url, bbox="60,-30,70,-20", at="2025-03-10")
    assert content.days[-1].sites == ()
    text = draw(content, FigureFormat.SVG).decode()
    assert "No report matches; nothing is drawn." in text


def test_a_frame_across_180_degrees(database_url):
    content = gathered_content(database_url, bbox="175,-20,-175,-12", at="2025-03-10")
    view = content.view
    assert view.shows(179.9, -16)
    assert view.shows(-179.9, -16)
    assert not view.shows(0, -16)
    box = view.lonlat_box()
    assert box.west > box.east
    assert b"beyond the base map" in draw(content, FigureFormat.SVG)


def _moved(site, number, lon, lat):
    return replace(site, site_id=f"made-{number}", name=f"Made place {number}", lon=lon, lat=lat)


def test_one_site(border):
    site = next(site for site in border.days[-1].sites if site.site_id == "kk-park")
    content = with_sites(border, site)
    panel, _ = drawn_panel(content)
    assert [symbol.numbers for symbol in panel.symbols] == ["1"]
    assert "beside" not in draw(content, FigureFormat.SVG).decode()


def test_a_site_on_the_very_edge_has_its_label_inside(border):
    site = next(site for site in border.days[-1].sites if site.site_id == "kk-park")
    view = border.view
    corners = [
        view.to_degrees(x, y) for x in (view.west, view.east) for y in (view.south, view.north)
    ]
    made = [_moved(site, i, lon, lat) for i, (lon, lat) in enumerate(corners)]
    content = with_sites(border, *made)
    panel, _ = drawn_panel(content)
    labelled = [label for label in panel.placer.placed if label.of.startswith("symbol")]
    assert len(labelled) == 4
    assert all(label.box.within(panel.box) for label in labelled)


def test_seven_hundred_sites(border):
    site = next(site for site in border.days[-1].sites if site.site_id == "kk-park")
    view = border.view
    made = []
    for number in range(700):
        x = view.west + (view.east - view.west) * ((number * 0.618034) % 1)
        y = view.south + (view.north - view.south) * ((number * 0.754877) % 1)
        made.append(_moved(site, number, *view.to_degrees(x, y)))
    content = with_sites(border, *made)
    panel, _ = drawn_panel(content)
    assert sum(len(symbol.sites) for symbol in panel.symbols) == 700
    labelled = {label.of for label in panel.placer.placed}
    silent = [symbol for symbol in panel.symbols if f"symbol {symbol.first}" not in labelled]
    assert {s.first for s in silent} == {s.first for s in panel.unlabelled}
    assert len(silent) <= 0.02 * len(panel.symbols)
    assert draw(content, FigureFormat.PDF).startswith(b"%PDF-1.7")
