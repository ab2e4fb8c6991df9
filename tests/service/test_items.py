"""OGC API - Features Part 1 at /ogc: pages, boxes, times, single features."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from geojson_pydantic import Feature, FeatureCollection

from geo.dates import DayRange, possible_days
from layers.catalog import LAYERS
from tests.service.asking import features, problem

LAYER_IDS = [layer.id for layer in LAYERS]
ITEMS = "/ogc/collections/reports/items"


@pytest.mark.parametrize("layer", LAYERS, ids=LAYER_IDS)
def test_every_answer_is_geojson_with_every_property_of_the_catalogue(client, layer):
    answer = client.get(f"/ogc/collections/{layer.id}/items", params={"limit": "10000"})
    assert answer.headers["content-type"] == "application/geo+json"
    body = answer.json()
    FeatureCollection.model_validate(body)
    assert body["numberReturned"] == body["numberMatched"] == len(body["features"]) > 0
    for feature in body["features"]:
        assert tuple(feature["properties"]) == layer.column_names
        assert feature["id"] == next(iter(feature["properties"].values()))


@pytest.mark.parametrize("layer", LAYERS, ids=LAYER_IDS)
def test_pages_hold_every_feature_once_and_in_order(client, layer):
    whole = list(features(client, layer.id))
    paged = []
    url, query = f"/ogc/collections/{layer.id}/items", {"limit": "37"}
    while url:
        body = client.get(url, params=query).json()
        assert body["numberMatched"] == len(whole)
        assert body["numberReturned"] == len(body["features"]) <= 37
        paged += [feature["id"] for feature in body["features"]]
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
        query = None
    assert paged == whole


@pytest.mark.parametrize("layer", LAYER_IDS)
def test_a_feature_is_the_same_alone_as_in_its_collection(client, layer):
    among = client.get(f"/ogc/collections/{layer}/items", params={"limit": "1"}).json()
    first = among["features"][0]
    alone = client.get(f"/ogc/collections/{layer}/items/{first['id']}").json()
    Feature.model_validate(alone)
    links = {link["rel"] for link in alone.pop("links")}
    assert alone == first
    assert links >= {"self", "collection"}


def test_a_limit_above_the_maximum_means_the_maximum(client):
    assert client.get(ITEMS, params={"limit": "99999999"}).json()["numberReturned"] == 703


def test_a_box_keeps_what_lies_in_it_and_what_has_no_place(client):
    inside = features(client, "reports", bbox="98,16,99,17")
    everything = features(client, "reports")
    assert 0 < len(inside) < len(everything)
    assert {r["site_id"] for r in inside.values()} >= {"myawaddy", "kk-park", "shwe-kokko"}
    assert not any(r["country"] == "MY" for r in inside.values())
    assert features(client, "actors", bbox="0,0,1,1") == features(client, "actors")


def test_a_box_includes_a_site_on_its_edge(client):
    myawaddy = client.get("/ogc/collections/hotspots/items/myawaddy").json()
    lon, lat = myawaddy["geometry"]["coordinates"]
    assert "myawaddy" in features(client, "hotspots", bbox=f"{lon},{lat},{lon + 1},{lat + 1}")


def test_a_box_finds_the_lines_that_cross_it(client):
    everything = features(client, "displacement")
    for box in ("98,16,99,17", "98,17.5,99.5,18.5", "170,-80,-170,-70"):
        shape = shapely.box(*map(float, box.split(",")))
        body = client.get("/ogc/collections/displacement/items", params={"limit": "1000"}).json()
        expected = {
            feature["id"]
            for feature in body["features"]
            if shape.intersects(shapely.geometry.shape(feature["geometry"]))
        }
        assert set(features(client, "displacement", bbox=box)) == expected
    assert 0 < len(features(client, "displacement", bbox="98,17.5,99.5,18.5")) < len(everything)


def test_a_box_with_heights_or_across_180_degrees_is_understood(client):
    flat = features(client, "reports", bbox="98,16,99,17")
    assert features(client, "reports", bbox="98,16,-100,99,17,100") == flat
    around = features(client, "reports", bbox="110,-90,-170,90")
    assert {r["country"] for r in around.values()} == {"PH", "MY"}


def test_a_time_keeps_what_possibly_holds_in_it_with_both_ends(client, dossier):
    asked = DayRange(date(2024, 2, 29), date(2024, 3, 15))
    expected = {r.report_id for r in dossier.reports if possible_days(r.occurred).overlaps(asked)}
    shown = features(client, "reports", datetime="2024-02-29/2024-03-15")
    assert set(shown) == expected
    assert len(expected) > 5


@pytest.mark.parametrize(
    ("open_ended", "asked"),
    [
        ("../2017-12-31", DayRange(None, date(2017, 12, 31))),
        ("/2017-12-31", DayRange(None, date(2017, 12, 31))),
        ("2026-01-01/..", DayRange(date(2026, 1, 1), None)),
        ("2026-01-01T00:00:00Z/", DayRange(date(2026, 1, 1), None)),
        ("../..", DayRange(None, None)),
        ("2025-03-10", DayRange(date(2025, 3, 10), date(2025, 3, 10))),
        ("2025-03-10T23:00:00Z", DayRange(date(2025, 3, 10), date(2025, 3, 10))),
        ("2025-03-10T23:00:00-05:00", DayRange(date(2025, 3, 11), date(2025, 3, 11))),
    ],
)
def test_instants_and_open_intervals_are_understood(client, dossier, open_ended, asked):
    expected = {r.report_id for r in dossier.reports if possible_days(r.occurred).overlaps(asked)}
    assert set(features(client, "reports", datetime=open_ended)) == expected


def test_undated_features_match_every_time(client):
    assert features(client, "actors", datetime="1900-01-01") == features(client, "actors")
    undated = {k for k, s in features(client, "sources").items() if s["published"] is None}
    assert undated <= set(features(client, "sources", datetime="1900-01-01"))


@pytest.mark.parametrize("query", ["bbox=0,0,1,1", "datetime=1900-01-01", "bbox=0,0,1,1&limit=5"])
def test_a_layer_without_place_and_time_is_counted_whole_whatever_is_asked(client, dossier, query):
    body = client.get(f"/ogc/collections/actors/items?{query}").json()
    assert body["numberMatched"] == len(dossier.actors)


def test_box_and_time_narrow_together(client):
    both = features(client, "reports", bbox="98,16,99,17", datetime="2025-01-01/2025-03-31")
    box = features(client, "reports", bbox="98,16,99,17")
    time = features(client, "reports", datetime="2025-01-01/2025-03-31")
    assert set(both) == set(box) & set(time)
    assert both


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,3,4,5", "bbox"),
        ("bbox=1,2,3,nan", "bbox"),
        ("bbox=1,2,3,inf", "bbox"),
        ("bbox=1,2,3,91", "bbox"),
        ("bbox=1,2,181,3", "bbox"),
        ("bbox=1,5,3,4", "bbox"),
        ("bbox=", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=1_0,2,3,4", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2025-02-30", "datetime"),
        ("datetime=2025-13-01", "datetime"),
        ("datetime=2025-03-11/2025-03-10", "datetime"),
        ("datetime=2025-03", "datetime"),
        ("datetime=2025-03-10/2025-03-11/2025-03-12", "datetime"),
        ("datetime=0000-01-01", "datetime"),
        ("datetime=10000-01-01", "datetime"),
        ("datetime=", "datetime"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=abc", "limit"),
        ("limit=1.5", "limit"),
        ("limit=unlimited", "limit"),
        ("limit=1&limit=2", "limit"),
        ("token=junk", "token"),
        ("token=WyJhY3RvcnMiLCAieCJd", "token"),
        ("token=%C3%A9", "token"),
        ("f=gml", "f"),
        ("colour=red", "colour"),
    ],
)
def test_a_bad_or_unknown_parameter_is_named_in_a_problem_document(client, query, parameter):
    body = problem(client, f"{ITEMS}?{query}", 400)
    assert body["parameter"] == parameter
    assert len(body["detail"]) > 10


@pytest.mark.parametrize(
    "path",
    [
        "/ogc",
        "/ogc/conformance",
        "/ogc/collections",
        "/ogc/collections/reports",
        f"{ITEMS}/kk-park-202503-un-hotspot",
        "/layers/reports.geojson",
        "/healthz",
        "/readyz",
    ],
)
def test_every_resource_refuses_a_parameter_that_it_does_not_have(client, path):
    assert client.get(path).status_code == 200
    assert problem(client, f"{path}?unknown=1", 400)["parameter"] == "unknown"


@pytest.mark.parametrize(
    "path",
    [
        "/ogc/collections/nothing",
        "/ogc/collections/nothing/items",
        "/layers/nothing.geojson",
        f"{ITEMS}/nothing",
        f"{ITEMS}/%00",
        f"{ITEMS}/'; DROP TABLE atlas.report; --",
        "/nothing",
    ],
)
def test_what_is_not_there_is_404(client, path):
    problem(client, path, 404)


def test_a_page_is_one_statement(database_url):
    """The rows, their number and the next page come from PostGIS in one round trip, as JSON."""
    from sqlalchemy import event

    from geo.store.database import open_engine
    from layers.catalog import REPORTS
    from layers.listing import select_listed
    from layers.selection import PageRequest, SortKey

    engine, statements = open_engine(database_url), []
    event.listen(
        engine, "before_cursor_execute", lambda *args: statements.append(args[2]), named=False
    )
    page = PageRequest(sort=(SortKey("country"),), limit=1000)
    with engine.connect() as connection:
        rows = connection.execute(select_listed(REPORTS, page)).mappings().all()
    assert len(statements) == 1
    assert len(rows) == 703
    assert all(row["feature"].startswith('{"type":"Feature"') for row in rows)
