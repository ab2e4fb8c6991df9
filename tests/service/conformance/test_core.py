"""OGC API - Features Part 1, Core (17-069r4): a test for each line of its abstract tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import shapely

from tests.service.conformance.asking import (
    GEOJSON,
    JSON,
    PROBLEM,
    SPATIAL,
    documents,
    every_layer,
    everything,
    get,
    ids,
    items_path,
    links,
    pages,
    refused,
    spatial_layers,
    timed_layers,
    whole_layer,
)

ITEMS_MEDIA = {GEOJSON, "application/geo+json-seq", "text/csv", "text/html"}
DOCUMENTS = documents()
# A JSON Schema has no links.
LINKING = [path for path in DOCUMENTS if not path.endswith(("queryables", "schema"))]
SOME_RESOURCES = [
    *DOCUMENTS,
    "/ogc/api",
    "/ogc/collections/hotspots/items",
    "/ogc/collections/reports/items",
    "/ogc/collections/sources/items",
]


def one_id(client, layer_id):
    return get(client, items_path(layer_id), limit="1").json()["features"][0]["id"]


# Landing page, API definition, conformance


def test_root_op_and_root_success(client):
    body = get(client, "/ogc").json()
    assert links(body, "service-desc")
    assert links(body, "service-doc")
    assert links(body, "conformance")
    assert links(body, "data")


@pytest.mark.parametrize("rel", ["service-desc", "service-doc"])
def test_api_definition_op_and_success(client, rel):
    for link in links(get(client, "/ogc").json(), rel):
        answer = client.get(link["href"], headers={"Accept": link["type"]})
        assert answer.status_code == 200
        assert answer.headers["content-type"].replace("; charset=utf-8", "") == link["type"]


def test_conformance_op_and_success(client):
    declared = get(client, "/ogc/conformance").json()["conformsTo"]
    part1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
    for name in ("core", "geojson", "html", "oas30"):
        assert part1 + name in declared
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in declared
    for name in ("queryables", "queryables-query-parameters", "filter", "features-filter"):
        assert f"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{name}" in declared
    assert all(isinstance(uri, str) for uri in declared)
    assert len(declared) == len(set(declared))


# HTTP


@pytest.mark.parametrize("path", SOME_RESOURCES)
def test_http_head_is_get_without_a_body(client, path):
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code == 200
    assert head.content == b""
    for name in ("content-type", "vary", "cache-control", "content-crs"):
        assert head.headers.get(name) == got.headers.get(name), name


@pytest.mark.parametrize("path", SOME_RESOURCES)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_http_other_methods_are_405_and_say_what_is_allowed(client, path, method):
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.headers["content-type"] == PROBLEM


# Collections


def test_fc_md_op_and_success(client):
    body = get(client, "/ogc/collections").json()
    assert isinstance(body["links"], list)
    assert isinstance(body["collections"], list)


@pytest.mark.parametrize("path", LINKING)
def test_fc_md_links_self_and_alternates_carry_their_type(client, path):
    body = get(client, path).json()
    (own,) = links(body, "self")
    assert own["type"] == "application/json"
    assert [link["type"] for link in links(body, "alternate")] == ["text/html"]


@every_layer
def test_fc_md_items_every_collection_is_listed(client, layer_id):
    listed = get(client, "/ogc/collections").json()["collections"]
    (collection,) = [c for c in listed if c["id"] == layer_id]
    assert collection["title"]
    assert collection["description"]
    assert collection["itemType"] == ("feature" if layer_id in SPATIAL else "record")


@every_layer
def test_fc_md_items_links_one_for_each_encoding(client, layer_id):
    listed = get(client, "/ogc/collections").json()["collections"]
    (collection,) = [c for c in listed if c["id"] == layer_id]
    found = links(collection, "items")
    assert {link["type"] for link in found} == ITEMS_MEDIA
    for link in found:
        answer = get(client, link["href"])
        assert answer.headers["content-type"].split(";")[0] == link["type"]


@spatial_layers
def test_fc_md_extent_holds_every_geometry(client, layer_id):
    (bbox,) = get(client, f"/ogc/collections/{layer_id}").json()["extent"]["spatial"]["bbox"]
    box = shapely.box(*bbox)
    for feature in whole_layer(client, layer_id):
        assert box.covers(shapely.geometry.shape(feature["geometry"]))


@timed_layers
def test_fc_md_extent_holds_every_possible_day(client, layer_id):
    extent = get(client, f"/ogc/collections/{layer_id}").json()["extent"]
    ((first, last),) = extent["temporal"]["interval"]
    for feature in whole_layer(client, layer_id):
        start, end = (feature["properties"][f"possible_{end}"] for end in ("from", "to"))
        assert first is None or (start is not None and first[:10] <= start)
        assert last is None or (end is not None and end <= last[:10])


@every_layer
def test_sfc_md_op_and_success_one_collection_is_as_it_is_listed(client, layer_id):
    listed = get(client, "/ogc/collections").json()["collections"]
    (collection,) = [c for c in listed if c["id"] == layer_id]
    alone = get(client, f"/ogc/collections/{layer_id}").json()
    for name in set(collection) - {"links"}:
        assert alone[name] == collection[name], name
    hrefs = {(link["rel"], link["href"]) for link in alone["links"]}
    assert {(link["rel"], link["href"]) for link in collection["links"]} <= hrefs


@pytest.mark.parametrize("tail", ["", "/items", "/items/x", "/queryables", "/schema"])
def test_sfc_md_op_an_unknown_collection_is_404(client, tail):
    answer = client.get(f"/ogc/collections/dUmmYColLection{tail}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM


# Features: limit


@every_layer
def test_fc_op_and_fc_response(client, layer_id):
    answer = get(client, items_path(layer_id))
    body = answer.json()
    assert answer.headers["content-type"] == GEOJSON
    assert body["type"] == "FeatureCollection"
    assert body["features"]
    assert all(feature["type"] == "Feature" for feature in body["features"])


@every_layer
def test_fc_limit_response_1(client, layer_id):
    assert len(get(client, items_path(layer_id), limit="1").json()["features"]) == 1
    assert len(get(client, items_path(layer_id), limit="7").json()["features"]) <= 7
    beyond = get(client, items_path(layer_id), limit="10001").json()["features"]
    most = get(client, items_path(layer_id), limit="10000").json()["features"]
    assert beyond == most


@every_layer
@pytest.mark.parametrize("wrong", ["0", "-1", "abc", "1.5", "", "unlimited", "1e3", "٣"])
def test_fc_limit_definition_what_is_no_number_of_features_is_400(client, layer_id, wrong):
    refused(client, items_path(layer_id), "limit", limit=wrong)


# Features: bbox

SUITE_BOXES = (
    (-1.5, 50.0, 1.5, 53.0),
    (-80.0, -5.0, -70.0, 5.0),
    (177.0, 65.0, -177.0, 70.0),
    (-180.0, 85.0, 180.0, 90.0),
    (-180.0, -90.0, 180.0, -85.0),
)


def inside(box):
    west, south, east, north = box
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(
        shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)
    )


def in_box(feature, box):
    if feature["geometry"] is None:
        return True
    return shapely.geometry.shape(feature["geometry"]).intersects(inside(box))


@every_layer
@pytest.mark.parametrize(
    "box", [*SUITE_BOXES, (98.0, 16.0, 99.0, 17.0), (100.0, -20.0, 98.6, 25.0)], ids=str
)
def test_fc_bbox_response_what_touches_the_box_and_what_has_no_place(client, layer_id, box):
    expected = {f["id"] for f in whole_layer(client, layer_id) if in_box(f, box)}
    text = ",".join(map(str, box))
    assert ids(client, layer_id, bbox=text) == expected
    for page in pages(client, layer_id, bbox=text):
        assert page["numberMatched"] == len(expected)


@spatial_layers
def test_fc_bbox_response_the_extent_of_the_collection_holds_all(client, layer_id):
    (bbox,) = get(client, f"/ogc/collections/{layer_id}").json()["extent"]["spatial"]["bbox"]
    assert ids(client, layer_id, bbox=",".join(map(str, bbox))) == ids(client, layer_id)


@spatial_layers
def test_fc_bbox_response_the_edge_belongs_to_the_box(client, layer_id):
    feature = whole_layer(client, layer_id)[0]
    lon, lat = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]))[0]
    for box in ((lon, lat, lon, lat), (lon, lat, 180, 90), (-180, -90, lon, lat)):
        assert feature["id"] in ids(client, layer_id, bbox=",".join(map(str, box)))


@every_layer
def test_fc_bbox_definition_heights_are_read_over(client, layer_id):
    flat = ids(client, layer_id, bbox="98,16,99,17")
    assert ids(client, layer_id, bbox="98,16,-100,99,17,8000") == flat


@every_layer
@pytest.mark.parametrize(
    "wrong",
    [
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,4,5,6,7",
        "a,b,c,d",
        "NaN,NaN,NaN,NaN",
        "1,2,inf,4",
        "0,0,10,91",
        "0,-91,10,10",
        "-181,0,10,10",
        "0,0,181,10",
        "0,10,10,0",
        "",
        "1,2,,4",
        "1 ,2,3,4",
    ],
)
def test_fc_bbox_definition_what_is_no_box_is_400(client, layer_id, wrong):
    refused(client, items_path(layer_id), "bbox", bbox=wrong)


# Features: datetime


def in_time(feature, first, last):
    start, end = (feature["properties"][f"possible_{end}"] for end in ("from", "to"))
    return (start is None or last is None or start <= last) and (
        end is None or first is None or end >= first
    )


def a_day_after(day, days):
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


@timed_layers
def test_fc_time_response_both_ends_belong_to_the_interval(client, layer_id):
    features = whole_layer(client, layer_id)
    bounded = [
        f for f in features if f["properties"]["possible_from"] and f["properties"]["possible_to"]
    ]
    chosen = bounded[len(bounded) // 2]
    first, last = chosen["properties"]["possible_from"], chosen["properties"]["possible_to"]
    for asked, (a, b) in {
        first: (first, first),
        last: (last, last),
        f"{first}/{last}": (first, last),
        f"../{first}": (None, first),
        f"/{first}": (None, first),
        f"{last}/..": (last, None),
        f"{last}/": (last, None),
        f"{last}T00:00:00Z": (last, last),
        f"{first}T23:59:59.5Z/{last}T23:59:59Z": (first, last),
    }.items():
        found = ids(client, layer_id, datetime=asked)
        assert chosen["id"] in found, asked
        assert found == {f["id"] for f in features if in_time(f, a, b)}, asked
    for asked in (f"../{a_day_after(first, -1)}", f"{a_day_after(last, 1)}/.."):
        assert chosen["id"] not in ids(client, layer_id, datetime=asked), asked


@timed_layers
def test_fc_time_response_features_without_a_time_match(client, layer_id):
    undated = {
        f["id"]
        for f in whole_layer(client, layer_id)
        if f["properties"]["possible_from"] is None and f["properties"]["possible_to"] is None
    }
    assert undated <= ids(client, layer_id, datetime="1900-01-01")


def test_fc_time_response_layers_without_time_match_whole(client):
    assert ids(client, "actors", datetime="1900-01-01") == ids(client, "actors")


@every_layer
@pytest.mark.parametrize(
    "wrong",
    [
        "yesterday",
        "2025",
        "2025-02-30",
        "2025-03-01/2025-02-01",
        "2025-01-01/2025-02-01/2025-03-01",
        "",
        "2025-03-01T25:00:00Z",
        "2025-03-01T00:00:00",
        "../2025-13-01",
        "2025-01-01/P2D",
        "0000-01-01",
        "10000-01-01",
    ],
)
def test_fc_time_definition_what_is_no_time_is_400(client, layer_id, wrong):
    refused(client, items_path(layer_id), "datetime", datetime=wrong)


# Parameters


@pytest.mark.parametrize("path", SOME_RESOURCES)
def test_query_param_unknown_is_400_everywhere(client, path):
    refused(client, path, "unknownQueryParameter", unknownQueryParameter="1")


@every_layer
def test_query_param_unknown_is_400_for_one_feature(client, layer_id):
    path = f"{items_path(layer_id)}/{one_id(client, layer_id)}"
    refused(client, path, "unknownQueryParameter", unknownQueryParameter="1")


@pytest.mark.parametrize("path", SOME_RESOURCES)
def test_query_param_invalid_a_parameter_that_stands_twice_is_400(client, path):
    answer = client.get(f"{path}?f=json&f=json")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "f"


# Links, numbers and time of an answer


@every_layer
def test_fc_links_and_rel_type(client, layer_id):
    body = get(client, items_path(layer_id), limit="5").json()
    assert all(link["type"] for link in body["links"])
    (own,) = links(body, "self")
    assert own["type"] == GEOJSON
    assert get(client, own["href"]).json()["features"] == body["features"]
    alternates = links(body, "alternate")
    assert {link["type"] for link in alternates} == ITEMS_MEDIA - {GEOJSON}
    for link in alternates:
        answer = get(client, link["href"])
        assert answer.headers["content-type"].split(";")[0] == link["type"]


@every_layer
def test_fc_next_leads_through_all_features_each_once(client, layer_id):
    whole = everything(client, layer_id, limit="10000")
    size = max(1, len(whole) // 7)
    seen, last = [], None
    for page in pages(client, layer_id, limit=str(size)):
        last = page
        assert page["numberMatched"] == len(whole)
        assert page["numberReturned"] == len(page["features"]) <= size
        seen += page["features"]
    assert seen == whole
    assert not links(last, "next")


@every_layer
def test_fc_prev_leads_back_the_same_way(client, layer_id):
    size = max(1, len(whole_layer(client, layer_id)) // 5)
    forth = list(pages(client, layer_id, limit=str(size)))
    assert not links(forth[0], "prev")
    back, body = [forth[-1]["features"]], forth[-1]
    while found := links(body, "prev"):
        assert len(back) <= len(forth)
        body = get(client, found[0]["href"]).json()
        back.append(body["features"])
    assert back[::-1] == [page["features"] for page in forth]


@every_layer
def test_fc_time_stamp_is_the_time_of_the_answer(client, layer_id):
    answer = get(client, items_path(layer_id), limit="1")
    stamp = datetime.fromisoformat(answer.json()["timeStamp"])
    assert abs(stamp - datetime.now(UTC)) < timedelta(minutes=1)
    if "date" in answer.headers:
        sent = parsedate_to_datetime(answer.headers["date"])
        assert abs(stamp - sent) < timedelta(minutes=1)


@every_layer
def test_fc_number_matched_is_that_of_the_same_filter(client, layer_id):
    for params in ({"bbox": "98,16,99,17"}, {"datetime": "2024-01-01/2024-12-31"}):
        found = list(pages(client, layer_id, limit="50", **params))
        total = sum(len(page["features"]) for page in found)
        assert {page["numberMatched"] for page in found} == {total}


# One feature


@every_layer
def test_f_op_and_f_success(client, layer_id):
    body = get(client, items_path(layer_id), limit="5").json()
    for feature in body["features"]:
        answer = get(client, f"{items_path(layer_id)}/{feature['id']}")
        assert answer.headers["content-type"] == GEOJSON
        alone = answer.json()
        for name in ("type", "id", "geometry", "properties"):
            assert alone[name] == feature[name]


@every_layer
@pytest.mark.parametrize("unknown", ["no-such-feature", "NoSlug", "a%00b", "'", "-1"])
def test_f_op_an_unknown_feature_is_404(client, layer_id, unknown):
    answer = client.get(f"{items_path(layer_id)}/{unknown}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM


@every_layer
def test_f_links(client, layer_id):
    body = get(client, f"{items_path(layer_id)}/{one_id(client, layer_id)}").json()
    (own,) = links(body, "self")
    (collection,) = links(body, "collection")
    assert own["type"] == GEOJSON
    assert get(client, own["href"]).json()["id"] == body["id"]
    assert [link["type"] for link in links(body, "alternate")] == ["text/html"]
    assert get(client, collection["href"]).json()["id"] == layer_id


@spatial_layers
def test_crs84_without_a_crs_positions_are_longitude_and_latitude(client, layer_id):
    for feature in whole_layer(client, layer_id):
        for lon, lat in shapely.get_coordinates(shapely.geometry.shape(feature["geometry"])):
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90


def test_crs84_longitude_comes_first(client):
    feature = get(client, f"{items_path('hotspots')}/kk-park").json()
    lon, lat = feature["geometry"]["coordinates"]
    assert (round(lon), round(lat)) == (99, 17)


# Recommendations


@every_layer
def test_rec_etag_an_answer_that_is_held_is_304(client, layer_id):
    for path in (items_path(layer_id), f"{items_path(layer_id)}/{one_id(client, layer_id)}"):
        tag = get(client, path).headers["etag"]
        assert not tag.startswith("W/")
        again = client.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 304
        assert again.content == b""


@pytest.mark.parametrize("path", SOME_RESOURCES)
def test_rec_cross_origin_any_page_may_read(client, path):
    answer = client.get(path, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"


@every_layer
def test_rec_link_header_has_the_links_of_the_document(client, layer_id):
    answer = get(client, items_path(layer_id), limit="1")
    for link in answer.json()["links"]:
        assert f'<{link["href"]}>; rel="{link["rel"]}"' in answer.headers["link"]


@every_layer
def test_rec_fc_md_license(client, layer_id):
    collection = client.get(f"/ogc/collections/{layer_id}", headers=JSON).json()
    assert links(collection, "license")
