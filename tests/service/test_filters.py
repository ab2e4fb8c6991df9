"""CQL2 filters over HTTP: which features they leave, alone and beside box and time."""

from __future__ import annotations

import json

import pytest

from layers.catalog import LAYERS
from layers.queryables import queryable_kinds
from tests.service.asking import features, problem

ITEMS = "/ogc/collections/reports/items"


@pytest.mark.parametrize(
    ("text", "keeps"),
    [
        ("event_kind = 'raid'", lambda r: r["event_kind"] == "raid"),
        (
            "event_kind IN ('raid', 'closure') AND credibility <= 2",
            lambda r: r["event_kind"] in ("raid", "closure") and r["credibility"] <= 2,
        ),
        ("people_min > 1000", lambda r: (r["people_min"] or 0) > 1000),
        ("people_min IS NULL", lambda r: r["people_min"] is None),
        ("NOT (people_min <= 1000)", lambda r: (r["people_min"] or 0) > 1000),
        ("CASEI(site_name) LIKE CASEI('kk park%')", lambda r: r["site_name"].startswith("KK Park")),
        ("credibility BETWEEN 2 AND 3", lambda r: r["credibility"] in (2, 3)),
        ("source_url LIKE 'http:%'", lambda r: (r["source_url"] or "").startswith("http:")),
        (
            "certain_from >= DATE('2025-03-10')",
            lambda r: (r["certain_from"] or "") >= "2025-03-10",
        ),
        (
            "T_INTERSECTS(occurred, INTERVAL('2025-03-01', '2025-03-31'))",
            lambda r: (
                (r["possible_from"] or "0") <= "2025-03-31"
                and (r["possible_to"] or "9") >= "2025-03-01"
            ),
        ),
        (
            "S_INTERSECTS(geometry, BBOX(98, 16, 99, 17))",
            lambda r: r["site_id"] in SITES_OF_THE_BOX,
        ),
    ],
)
def test_a_filter_leaves_what_it_says(client, text, keeps):
    everything = features(client, "reports")
    SITES_OF_THE_BOX.update(
        r["site_id"] for r in features(client, "reports", bbox="98,16,99,17").values()
    )
    expected = {k for k, r in everything.items() if keeps(r)}
    assert expected
    assert set(features(client, "reports", filter=text)) == expected


SITES_OF_THE_BOX: set[str] = set()


def test_text_and_json_say_the_same(client):
    tree = {"op": "and", "args": [
        {"op": "=", "args": [{"property": "country"}, "MY"]},
        {"op": ">=", "args": [{"property": "people_min"}, 50]},
    ]}  # fmt: skip
    as_json = features(client, "reports", filter=json.dumps(tree), **{"filter-lang": "cql2-json"})
    assert as_json == features(client, "reports", filter="country = 'MY' AND people_min >= 50")
    assert as_json


def test_filter_box_and_time_narrow_together_over_all_pages(client):
    asked = {"bbox": "90,0,130,30", "datetime": "2025-01-01/2025-12-31"}
    raids = features(client, "reports", filter="event_kind = 'raid'", **asked)
    everything = features(client, "reports", **asked)
    assert set(raids) == {k for k, r in everything.items() if r["event_kind"] == "raid"}
    first = client.get(ITEMS, params={"filter": "event_kind = 'raid'", "limit": "7", **asked})
    seen, body = [], first.json()
    while True:
        assert body["numberMatched"] == len(raids)
        seen += [feature["id"] for feature in body["features"]]
        following = [link["href"] for link in body["links"] if link["rel"] == "next"]
        if not following:
            break
        body = client.get(following[0]).json()
    assert seen == list(raids)


@pytest.mark.parametrize("layer", [layer.id for layer in LAYERS])
def test_every_layer_can_be_filtered(client, layer):
    known = next(x for x in LAYERS if x.id == layer)
    key = known.column_names[0]
    one = next(iter(features(client, layer)))
    assert list(features(client, layer, filter=f"{key} = '{one}'")) == [one]
    assert features(client, layer, filter=f"{key} IS NULL") == {}


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_every_queryable_can_be_asked(client, layer):
    for name in queryable_kinds(layer):
        answer = client.get(
            f"/ogc/collections/{layer.id}/items",
            params={"filter": f"{name} IS NULL OR {name} IS NOT NULL", "limit": "1"},
        )
        assert answer.status_code == 200, (name, answer.text[:300])
        assert answer.json()["numberReturned"] == 1, name


def test_a_layer_file_takes_the_same_filter(client):
    asked = {"filter": "event_kind = 'demolition'"}
    file = client.get("/layers/reports.geojson", params=asked).json()
    assert {f["id"] for f in file["features"]} == set(features(client, "reports", **asked))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("filter=THIS IS NOT A FILTER", "filter"),
        ("filter=", "filter"),
        ("filter=colour = 'red'", "filter"),
        ("filter=people_min = 'many'", "filter"),
        ("filter=evidence IS NULL", "filter"),
        ("filter=S_INTERSECTS(geometry, POINT(90 180))", "filter"),
        ("filter=summary = 'x'; DROP TABLE atlas.report", "filter"),
        ("filter=event_kind = 'raid'&filter-lang=sql", "filter-lang"),
        ("filter=event_kind = 'raid'&filter-crs=nowhere", "filter-crs"),
        ("filter=" + "(" * 3000, "filter"),
    ],
)
def test_a_bad_filter_is_named_in_a_problem_document(client, query, parameter):
    assert problem(client, f"{ITEMS}?{query}", 400)["parameter"] == parameter
