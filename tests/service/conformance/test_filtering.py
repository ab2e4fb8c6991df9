"""OGC API - Features Part 3 (19-079r2): queryables, queryables as parameters, filter."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from pyproj import Transformer

from tests.service.conformance.asking import (
    CRS84,
    EPSG,
    IDS,
    QUERYABLES,
    UNSUPPORTED,
    every_layer,
    get,
    ids,
    items_path,
    links,
    refused,
    spatial_layers,
    whole_layer,
)

SCHEMA = {"Accept": "application/schema+json"}


def queryables(client, layer_id):
    answer = client.get(f"/ogc/collections/{layer_id}/queryables", headers=SCHEMA)
    assert answer.status_code == 200
    return answer.json()


def scalars(client, layer_id):
    """Queryables with one value, which are parameters too."""
    return {
        name: described
        for name, described in queryables(client, layer_id)["properties"].items()
        if described.get("type") in ("string", "integer", "number", "boolean")
        and name != "datetime"  # which is the parameter of that name
    }


def a_value(features, name):
    return next(
        (f["properties"][name] for f in features if f["properties"][name] is not None), None
    )


def as_text(value):
    return json.dumps(value) if isinstance(value, bool) else str(value)


# Queryables


@every_layer
def test_get_queryables_uris_the_link_header_of_items_has_it(client, layer_id):
    for answer in (client.get(items_path(layer_id)), client.head(items_path(layer_id))):
        url = f"{client.base_url}/ogc/collections/{layer_id}/queryables".replace("//ogc", "/ogc")
        assert f'<{url}>; rel="{QUERYABLES}"' in answer.headers["link"]


@every_layer
def test_queryables_link_the_collection_has_it(client, layer_id):
    (link,) = links(get(client, f"/ogc/collections/{layer_id}").json(), QUERYABLES)
    assert link["type"] == "application/schema+json"
    assert get(client, link["href"]).json() == queryables(client, layer_id)


@every_layer
def test_get_queryables_response(client, layer_id):
    answer = client.get(f"/ogc/collections/{layer_id}/queryables", headers=SCHEMA)
    assert answer.headers["content-type"] == "application/schema+json"
    schema = answer.json()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == str(answer.url).split("?")[0]
    assert schema["type"] == "object"
    for name, described in schema["properties"].items():
        if described.get("format", "").startswith("geometry-"):
            assert not {"type", "$ref"} & set(described), name
        else:
            assert described["type"], name


@every_layer
def test_get_queryables_dates_are_texts_with_a_format(client, layer_id):
    features = whole_layer(client, layer_id)
    for name, described in queryables(client, layer_id)["properties"].items():
        if described.get("format") == "date":
            assert described["type"] == "string"
            value = a_value(features, name)
            assert value is None or len(value) == len("2025-03-10")


@every_layer
def test_get_queryables_the_address_is_the_same_whatever_the_query(client, layer_id):
    path = f"/ogc/collections/{layer_id}/queryables"
    assert get(client, path, f="json").json()["$id"] == get(client, path).json()["$id"]


@every_layer
def test_expression_construction_an_unknown_property_is_400(client, layer_id):
    assert queryables(client, layer_id)["additionalProperties"] is False
    refused(client, items_path(layer_id), "filter", filter="no_such_property = 1")
    refused(client, items_path(layer_id), "filter", filter="no_such_property IS NULL")


@every_layer
def test_expression_construction_every_queryable_can_be_asked(client, layer_id):
    for name, described in queryables(client, layer_id)["properties"].items():
        if described.get("format", "").startswith("geometry-"):
            text = f"S_INTERSECTS({name}, BBOX(-180,-90,180,90))"
        elif described.get("format") == "interval-array":
            text = f"T_INTERSECTS({name}, INTERVAL('..', '2025-01-01'))"
        else:
            text = f"{name} IS NULL"
        get(client, items_path(layer_id), filter=text, limit="1")


# Queryables as parameters


@every_layer
def test_query_param_only_features_with_that_value(client, layer_id):
    features = whole_layer(client, layer_id)
    for name in scalars(client, layer_id):
        value = a_value(features, name)
        if value is None:
            continue
        found = get(client, items_path(layer_id), **{name: as_text(value), "limit": "100"}).json()
        assert found["features"], name
        assert {f["properties"][name] for f in found["features"]} == {value}
        expected = sum(f["properties"][name] == value for f in features)
        assert found["numberMatched"] == expected, name


@every_layer
def test_query_param_a_value_of_another_type_is_400(client, layer_id):
    for name, described in scalars(client, layer_id).items():
        if described["type"] != "string" or "oneOf" in described or "format" in described:
            if described.get("format") == "iri":
                continue
            refused(client, items_path(layer_id), name, **{name: "no such value"})
            refused(client, items_path(layer_id), name, **{name: ""})


@every_layer
def test_query_param_two_are_both_asked_for(client, layer_id):
    features = whole_layer(client, layer_id)
    first, second = list(scalars(client, layer_id))[:2]
    chosen = features[-1]["properties"]
    expected = {
        f["id"]
        for f in features
        if all(f["properties"][name] == chosen[name] for name in (first, second))
    }
    asked = {name: as_text(chosen[name]) for name in (first, second)}
    assert ids(client, layer_id, **asked) == expected


# Filter


@every_layer
def test_filter_param_text_is_the_default_language(client, layer_id):
    name = next(iter(scalars(client, layer_id)))
    text = f"{name} IS NULL"
    named = ids(client, layer_id, **{"filter": text, "filter-lang": "cql2-text"})
    assert named == ids(client, layer_id, filter=text)
    as_json = json.dumps({"op": "isNull", "args": [{"property": name}]})
    assert ids(client, layer_id, **{"filter": as_json, "filter-lang": "cql2-json"}) == named


@every_layer
@pytest.mark.parametrize("wrong", ["THIS IS NOT A FILTER", "", "(", "1", "'a'", "{}"])
def test_filter_param_what_is_no_filter_is_400(client, layer_id, wrong):
    refused(client, items_path(layer_id), "filter", filter=wrong)


@every_layer
@pytest.mark.parametrize("wrong", ["cql-text", "sql", "", "CQL2-TEXT"])
def test_filter_lang_param_an_unknown_language_is_400(client, layer_id, wrong):
    asked = {"filter": "true", "filter-lang": wrong}
    refused(client, items_path(layer_id), "filter-lang", **asked)


@pytest.mark.parametrize("layer_id", IDS)
def test_filter_lang_param_is_declared_with_its_languages(client, layer_id):
    document = get(client, "/ogc/api").json()
    for ref in document["paths"][f"/collections/{layer_id}/items"]["get"]["parameters"]:
        if ref.get("$ref", "").endswith("/filter-lang"):
            schema = document["components"]["parameters"]["filter-lang"]["schema"]
            assert (schema["enum"], schema["default"]) == (["cql2-text", "cql2-json"], "cql2-text")
            break
    else:
        pytest.fail("filter-lang is not a parameter")


@spatial_layers
def test_filter_crs_wgs84_the_box_of_the_extent_leaves_all(client, layer_id):
    (bbox,) = get(client, f"/ogc/collections/{layer_id}").json()["extent"]["spatial"]["bbox"]
    text = f"S_INTERSECTS(geometry, BBOX({','.join(map(str, bbox))}))"
    assert ids(client, layer_id, filter=text) == ids(client, layer_id)


@spatial_layers
def test_filter_crs_wgs84_coordinates_beyond_it_are_400(client, layer_id):
    for text in ("BBOX(1000000,1000000,1000001,1000001)", "POINT(1000000 1000000)"):
        refused(client, items_path(layer_id), "filter", filter=f"S_INTERSECTS(geometry, {text})")


@spatial_layers
@pytest.mark.parametrize("code", [4326, 3857, 32647])
def test_filter_crs_param_leaves_the_same_in_every_system(client, layer_id, code):
    corners = [(98.0, 16.0), (99.0, 16.0), (99.0, 17.0), (98.0, 17.0), (98.0, 16.0)]
    there = Transformer.from_crs("OGC:CRS84", code)
    moved = ", ".join("{} {}".format(*there.transform(*corner)) for corner in corners)
    plain = ", ".join(f"{lon} {lat}" for lon, lat in corners)
    asked = {
        "filter": f"S_INTERSECTS(geometry, POLYGON(({moved})))",
        "filter-crs": f"{EPSG}{code}",
    }
    text = f"S_INTERSECTS(geometry, POLYGON(({plain})))"
    found = ids(client, layer_id, **asked)
    assert found == ids(client, layer_id, filter=text)
    assert found == ids(client, layer_id, **{"filter": text, "filter-crs": CRS84})


@every_layer
@pytest.mark.parametrize("wrong", [UNSUPPORTED, ""])
def test_filter_crs_param_an_unknown_system_is_400(client, layer_id, wrong):
    asked = {"filter": "true", "filter-crs": wrong}
    refused(client, items_path(layer_id), "filter-crs", **asked)


# Everything at once


def test_mixing_expression_all_have_to_be_true(client):
    asked = {
        "filter": "credibility <= 3",
        "bbox": "98,16,99,17",
        "datetime": "2024-01-01/2025-12-31",
        "event_kind": "raid",
    }
    apart = [ids(client, "reports", **{name: text}) for name, text in asked.items()]
    together = ids(client, "reports", **asked)
    assert together == set.intersection(*apart)
    assert together


@every_layer
def test_mixing_expression_a_box_elsewhere_is_200_and_empty(client, layer_id):
    asked = {"filter": "true", "bbox": "-10,-60,-9,-59"}
    expected = {f["id"] for f in whole_layer(client, layer_id) if f["geometry"] is None}
    assert ids(client, layer_id, **asked) == expected
